"""Resilience, side by side: two writers at once, reads during a re-ingest, kills, and a re-run that changes nothing.

Plain is LangChain's `index()` into a PersistentClient in place; ours is `python -m ingest`. Only the moments of the kills are drawn.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.editions import Editions, make_editions
from benchmarks.figures import Figure, Section, Target
from benchmarks.processes import PYTHON, start, start_task
from benchmarks.processes import run_task as run
from benchmarks.workspace import Workspace

PLAIN, OURS = "benchmarks.plain_updates", "benchmarks.our_updates"
Counts = dict[str, Any]
NONE = Target(0, of_plain=False)


def measure(bench: Workspace) -> Section:
    """The four figures of both sides."""
    folder = bench.out / "resilience"
    shutil.rmtree(folder, ignore_errors=True)
    editions = make_editions(bench.passages, folder, bench.quick)
    kills = 2 if bench.quick else bench.kills
    sides = (_plain(editions, folder / "plain", kills), _ours(bench, editions, folder / "ours", kills))
    return Section("resilience", "Resilience", _figures(*sides, kills))


def _figures(plain: Counts, ours: Counts, kills: int) -> tuple[Figure, ...]:
    def both(name: str, unit: str, key: str, note: str = "") -> Figure:
        return Figure(name, unit, plain[key], ours[key], NONE, note)

    return (
        both("records lost under two writers", "%", "lost"),
        both(
            "reads failing during a re-ingest",
            "%",
            "failed",
            f"plain {plain['reads']} reads by a thread, ours {ours['reads']} by a process",
        ),
        both(f"stores broken by {kills} kills", "", "broken", "unreadable, or an article neither old nor new"),
        both("… of them unreadable", "", "unreadable"),
        both("texts embedded by an unchanged re-run of a long article", "", "embedded", f"plain has {plain['chunks']} chunks of it"),
    )


def _plain(editions: Editions, folder: Path, kills: int) -> Counts:
    base = folder / "base"
    _new(base)
    run("update", PLAIN, export=str(editions.before), store=str(base))
    seconds = run("update", PLAIN, export=str(editions.after), store=str(_copy(base, folder / "timed")))["seconds"]
    broken = [_killed_plain(editions, _copy(base, folder / "killed"), random.Random(turn).uniform(0, seconds)) for turn in range(kills)]
    reads = run(
        "reads_during_update",
        PLAIN,
        exports=[str(editions.before), str(editions.after)],
        store=str(_copy(base, folder / "read")),
        source=editions.long_id,
        question=editions.question,
    )
    return _counts(broken, reads) | _written_twice(editions, folder) | _again(editions, folder / "long")


def _killed_plain(editions: Editions, store: Path, delay: float) -> Counts:
    writer = start_task("update", PLAIN, export=str(editions.after), store=str(store))
    _kill_after(writer, delay, waits=True)
    return run("contents", PLAIN, store=str(store), exports=[str(editions.before), str(editions.after)])


def _written_twice(editions: Editions, folder: Path) -> Counts:
    shared = _new(folder / "two")
    writers = [start_task("update", PLAIN, export=str(half), store=str(shared)) for half in editions.halves]
    for writer in writers:
        writer.communicate()
    held = run("contents", PLAIN, store=str(shared), exports=[str(editions.before)])
    return {"lost": _lost(held)}


def _again(editions: Editions, store: Path) -> Counts:
    _new(store)
    first, second = (run("update", PLAIN, export=str(editions.long), store=str(store)) for _ in range(2))
    return {"embedded": second["embedded"], "chunks": first["embedded"]}


def _ours(bench: Workspace, editions: Editions, folder: Path, kills: int) -> Counts:
    before, after = bench.build_ours(editions.before, folder / "before"), bench.build_ours(editions.after, folder / "after")
    references = [str(before.folder), str(after.folder)]
    seconds = bench.ingest(editions.after, _copy(before.folder, folder / "timed")).seconds
    broken = []
    for turn in range(kills):
        index = _copy(before.folder, folder / "killed")
        _kill_after(start(_ingest(editions.after, index)), random.Random(turn).uniform(0, seconds), waits=False)
        broken.append(run("contents", OURS, index=str(index), references=references))
    reads = _reads_of_ours(bench, editions, _copy(before.folder, folder / "read"), references)
    shared = _new(folder / "two")
    shutil.copytree(bench.models, shared / "models")
    for writer in [start(_ingest(editions.before, shared)) for _ in range(2)]:
        writer.communicate()
    held = run("contents", OURS, index=str(shared), references=references[:1])
    bench.build_ours(editions.long, folder / "long")
    again = bench.ingest(editions.long, folder / "long")
    return _counts(broken, reads) | {"lost": _lost(held), "embedded": again.report["embedded"], "chunks": again.chunks}


def _reads_of_ours(bench: Workspace, editions: Editions, index: Path, references: list[str]) -> Counts:
    stop = index.parent / "stop"
    reader = start_task(
        "reads_until",
        OURS,
        index=str(index),
        references=references,
        passage_id=editions.long_id,
        question=editions.question,
        stop=str(stop),
    )
    _first_line(reader)
    bench.ingest(editions.after, index)
    stop.touch()
    return _last_object(reader)


def _ingest(export: Path, index: Path) -> list[str]:
    return [PYTHON, "-m", "ingest", "--corpus", str(export), "--index", str(index), "--json"]


def _counts(broken: list[Counts], reads: Counts) -> Counts:
    return {
        "broken": sum(not one["readable"] or one["torn"] > 0 for one in broken),
        "unreadable": sum(not one["readable"] for one in broken),
        "reads": reads["done"],
        "failed": 100 * reads["failed"] / max(1, reads["done"]),
    }


def _lost(held: Counts) -> float:
    return max(0.0, 100 - 100 * float(held["found"]) / float(held["expected"]))


def _kill_after(process: subprocess.Popen[str], delay: float, waits: bool) -> None:
    """Kill a writer and all it started; `waits`: count from the moment its preparations are over."""
    if waits:
        _first_line(process)
    time.sleep(delay)
    for member in [*_children(process.pid), process]:
        member.kill()
    process.communicate()


def _children(process_id: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(process_id).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _first_line(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.readline()


def _last_object(process: subprocess.Popen[str]) -> Counts:
    output, _ = process.communicate()
    result: Counts = json.loads(output.splitlines()[-1])
    return result


def _copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


def _new(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
