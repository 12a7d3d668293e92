"""Fresh processes for every measurement: both sides start from nothing, in the same environment, offline and silent."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from taperbot.offline import forbid_lookups

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
OURS = str(Path(sys.executable).with_name("taperbot"))
START_SECONDS = 120
RUN_SECONDS = 7200
PEAK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended: seconds by the clock and of all processors (its children's too), exit status and what it printed.

    `peak` is the most bytes seen resident in it or in one of its children, looked at every PEAK_SECONDS.
    """

    seconds: float
    processor_seconds: float
    status: int
    stdout: str
    stderr: str
    peak: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a process and its children: resident, and proportional (shared pages counted by share)."""

    resident: int
    proportional: int


def environment() -> dict[str, str]:
    """What both sides run in: no lookups, no reports, the repository importable, no settings of the caller's."""
    forbid_lookups()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAPERBOT_")}
    return kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}


def run(command: Sequence[str], check: bool = True, timeout: float = RUN_SECONDS) -> Finished:
    """Run to the end; with `check`, a failure raises RuntimeError with the process's last words."""
    started, worked = time.perf_counter(), _processor_seconds()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        peak = _Peak(process.pid)
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            raise
    taken = time.perf_counter() - started, _processor_seconds() - worked
    finished = Finished(*taken, process.returncode, stdout, stderr, peak.bytes)
    if check and process.returncode:
        raise RuntimeError(f"{' '.join(command)[:200]} ended with {process.returncode}: {stderr.strip()[-800:]}")
    return finished


class _Peak:
    """Watches a process and its children from a thread of its own until the process ends."""

    def __init__(self, process_id: int) -> None:
        self.bytes = 0
        self._root = psutil.Process(process_id)
        threading.Thread(target=self._watch, name="peak", daemon=True).start()

    def _watch(self) -> None:
        with suppress(psutil.NoSuchProcess):
            while self._root.is_running() and self._root.status() != psutil.STATUS_ZOMBIE:
                self.bytes = max(self.bytes, *(_resident(member) for member in (self._root, *self._root.children(recursive=True))))
                time.sleep(PEAK_SECONDS)


def _resident(process: psutil.Process) -> int:
    """Bytes of a process, 0 when it is gone."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def run_task(task: str, module: str = "benchmarks.tasks", **arguments: Any) -> dict[str, Any]:
    """What the task gives, with `wall_seconds` and `processor_seconds`, the time of its whole process, and its `peak` of memory."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"task": task, **arguments}, file)
        file.flush()
        done = run([PYTHON, "-m", module, file.name])
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result | {"wall_seconds": done.seconds, "processor_seconds": done.processor_seconds, "peak": done.peak}


def start_task(task: str, module: str, **arguments: Any) -> subprocess.Popen[str]:
    """A task left running; its first line of output tells that its preparations are over."""
    file = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)  # noqa: SIM115 - the process reads it, whenever it gets there
    with file:
        json.dump({"task": task, **arguments}, file)
    return start([PYTHON, "-m", module, file.name])


def start(command: Sequence[str]) -> subprocess.Popen[str]:
    """A process left running, its output read through a pipe, its errors dropped."""
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(command: Sequence[str], port: int) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """A server process and the seconds from its start until its page came whole; stopped at the end."""
    with tempfile.TemporaryFile("w+") as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log, text=True, env=environment())
        try:
            _await_page(process, port, started, log)
            yield process, time.perf_counter() - started
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def memory_of(process_id: int) -> Memory:
    """Memory of a process and all it started."""
    root = psutil.Process(process_id)
    parts = [member.memory_full_info() for member in (root, *root.children(recursive=True))]
    return Memory(sum(part.rss for part in parts), sum(getattr(part, "pss", part.rss) for part in parts))


def _processor_seconds() -> float:
    """Of all processes that this one started and saw end."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _await_page(process: subprocess.Popen[str], port: int, started: float, log: Any) -> None:
    while time.perf_counter() - started < START_SECONDS:
        if process.poll() is not None:
            log.seek(0)
            raise RuntimeError(f"The server ended with {process.returncode} before serving: {log.read()[-800:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                answer.read()
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.01)
    raise RuntimeError(f"No page on port {port} within {START_SECONDS} seconds.")
