"""Start-up and memory: a process that answers once, a page that is served, and what the server holds after twenty questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gradio_client import Client

from benchmarks.figures import Curve, Figure, Section, Target
from benchmarks.processes import OURS, PYTHON, Memory, free_port, memory_of, run, served
from benchmarks.workspace import Workspace, interleaved, median, medians

QUESTIONS = 20
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Server:
    """Seconds until a server's page came, and its memory after the questions."""

    seconds: float
    memory: Memory


def measure(bench: Workspace) -> Section:
    """Seconds of fresh processes, the files read before, and bytes of the serving process."""
    question = bench.questions[0]
    stores = (bench.plain.folder, bench.ours.folder)
    answered = interleaved(
        bench.repeats,
        lambda: run([PYTHON, "-m", "benchmarks.plain", "ask", str(stores[0]), question]).seconds,
        lambda: run([OURS, "ask", "--index", str(stores[1]), "--json", question]).seconds,
    )
    helped = [run([OURS, "--help"]).seconds for _ in range(bench.repeats)]
    servers = interleaved(min(bench.repeats, 3), lambda: _plain_server(bench, stores[0]), lambda: _our_server(bench, stores[1]))
    answers, page_seconds = medians(answered), _medians(servers, lambda server: server.seconds)
    resident = _medians(servers, lambda server: server.memory.resident / MEBIBYTE)
    proportional = _medians(servers, lambda server: server.memory.proportional / MEBIBYTE)
    return Section(
        "start",
        "Start-up and memory",
        (
            Figure("cold process to first answer", "s", *answers, Target(0.3)),
            Figure("cold process to page served", "s", *page_seconds, Target(0.45)),
            Figure("taperbot --help", "s", None, median(helped), Target(0.3, of_plain=False)),
            Figure(f"memory of the server after {QUESTIONS} questions, resident", "MiB", *resident, Target(0.5)),
            Figure(f"memory of the server after {QUESTIONS} questions, proportional", "MiB", *proportional, Target(0.5)),
        ),
        notes=(f"Over {bench.plain.chunks:,} chunks of the plain recipe and {bench.ours.chunks:,} of ours; files read before.",),
        curves=(Curve("start-up", "", "s", ((0, *answers), (1, *page_seconds))),),
    )


def _medians(servers: tuple[list[Server], list[Server]], read: Callable[[Server], float]) -> tuple[float, float]:
    return medians(([read(server) for server in servers[0]], [read(server) for server in servers[1]]))


def _plain_server(bench: Workspace, store: Path) -> Server:
    port = free_port()
    with served([PYTHON, "-m", "benchmarks.plain", "serve", str(store), str(port)], port) as (process, seconds):
        client = _client(port)
        for question in bench.questions[:QUESTIONS]:
            client.predict(question, api_name="/reply")
        return Server(seconds, memory_of(process.pid))


def _our_server(bench: Workspace, index: Path) -> Server:
    port = free_port()
    with served([OURS, "serve", "--index", str(index), "--port", str(port)], port) as (process, seconds):
        client = _client(port)
        for question in bench.questions[:QUESTIONS]:
            client.predict(question, [], "", False, api_name="/ask")
        return Server(seconds, memory_of(process.pid))


def _client(port: int) -> Client:
    return Client(f"http://127.0.0.1:{port}/", verbose=False, analytics_enabled=False)
