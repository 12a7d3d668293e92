"""Growth: the same measurements at 1,000, 10,000 and 100,000 chunks, made by repeating the public passages with changed words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Curve, Figure, Section, Target
from benchmarks.passages import PassageText, edited, first_characters, gathered, varied_passages, write_export
from benchmarks.processes import run_task
from benchmarks.workspace import Built, Workspace, percentile
from taperbot.embedding import ONNX_ROUTE

SMALL, FULL, QUICK = 1_000, 100_000, 50
ASKED = 200
CHARACTERS_A_CHUNK = 880
TOGETHER = 8
"""Passages of an article at the smallest and the largest size: articles are longer than the set's passages."""
POOL = 2_000
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Size:
    """One size of one side. `edit_seconds` is None for the plain recipe, which has no such step."""

    chunks: int
    build_seconds: float
    half: float
    slow: float
    memory: float
    build_memory: float
    disk: float
    edit_seconds: float | None = None


def measure(bench: Workspace) -> Section:
    """Query p50 and p95, memory, build, re-ingest after one edited article, and disk, by size."""
    small = QUICK if bench.quick else SMALL
    passages = _articles(bench, small)
    export = _exported(bench, "small", passages)
    ours = [
        _ours(bench, bench.build_ours(export, bench.out / "ours-small"), passages),
        _ours(bench, bench.ours, list(bench.passages)),
    ]
    plain = [_plain(bench, bench.build_plain(export, bench.out / "plain-small")), _plain(bench, bench.plain)]
    notes = [NOTE]
    if bench.full_growth:
        ours.append(_full(bench))
        notes.append(FULL_NOTE)
    return Section("growth", "Growth", (_growth(ours), *_figures(plain, ours)), curves=_curves(plain, ours), notes=tuple(notes))


NOTE = (
    "Memory is the most that a process answering the questions held, and the most that one process of the build held. Disk of ours holds "
    f"the index, the embedder and its cache. Smallest and largest size: articles of {TOGETHER} passages; between them the set as it is. "
    "Ours answers as its server does: from Chroma above 20,000 chunks, below by comparing with every chunk."
)
FULL_NOTE = (
    "The largest size: the passages over and over, each round with every sixth longer word changed. Its vectors are drawn around real ones "
    "(`benchmarks/growth_ingest.py`), because embedding a million quotes takes hours; so its build time is that of everything but embedding. "
    "The plain recipe is not built at that size: embedding its chunks alone takes most of an hour."
)


def _growth(ours: list[Size]) -> Figure:
    first, last = ours[0], ours[-1]
    target = Target(3, of_plain=False)
    return Figure(f"query p50 at {last.chunks:,} chunks against {first.chunks:,}", "×", None, last.half / first.half, target)


def _full(bench: Workspace) -> Size:
    pool = bench.out / "pool.npy"
    texts = [f"{passage.title}: {passage.text}" for passage in bench.passages[:POOL]]
    run_task("vectors", texts=texts, models=str(bench.models), route=ONNX_ROUTE, target=str(pool))
    passages = _articles(bench, FULL)
    program = ("benchmarks.growth_ingest", str(pool))
    built = bench.build_ours(_exported(bench, "full", passages), bench.out / "ours-full", program)
    return _ours(bench, built, passages, program)


def _ours(bench: Workspace, built: Built, passages: list[PassageText], program: tuple[str, ...] = ("ingest",)) -> Size:
    asked = run_task("questions_ours", index=str(built.folder), questions=_questions(bench), warm_up=_warm_up(bench), serving=True)
    disk = _disk(built.folder)
    export = _exported(bench, "edited", edited(passages, len(passages) // 2))
    again = bench.ingest(export, built.folder, program)
    if built is bench.ours:
        bench.ingest(bench.export, built.folder)
    return _size(built, asked, disk, again.seconds)


def _plain(bench: Workspace, built: Built) -> Size:
    asked = run_task("questions_plain", store=str(built.folder), questions=_questions(bench), warm_up=_warm_up(bench))
    return _size(built, asked, _disk(built.folder), None)


def _figures(plain: list[Size], ours: list[Size]) -> tuple[Figure, ...]:
    beside: list[Size | None] = [*plain, *[None] * (len(ours) - len(plain))]
    return tuple(figure for one, other in zip(beside, ours, strict=True) for figure in _figures_of(one, other))


def _figures_of(plain: Size | None, ours: Size) -> tuple[Figure, ...]:
    def both(name: str, unit: str, read: Callable[[Size], float | None]) -> Figure:
        return Figure(f"{ours.chunks:,} chunks: {name}", unit, read(plain) if plain else None, read(ours))

    return (
        both("chunks", "", lambda one: one.chunks),
        both("query p50", "ms", lambda one: one.half),
        both("query p95", "ms", lambda one: one.slow),
        both("memory", "MiB", lambda one: one.memory),
        both("memory of the build", "MiB", lambda one: one.build_memory),
        both("build", "s", lambda one: one.build_seconds),
        both("re-ingest after one edit", "s", lambda one: one.edit_seconds),
        both("disk", "MiB", lambda one: one.disk),
    )


def _curves(plain: list[Size], ours: list[Size]) -> tuple[Curve, ...]:
    def curve(name: str, unit: str, read: Callable[[Size], float | None]) -> Curve:
        plain_points = ((float(one.chunks), read(one), None) for one in plain)
        our_points = ((float(one.chunks), None, read(one)) for one in ours)
        return Curve(name, "chunks", unit, (*plain_points, *our_points))

    return (
        curve("latency by size", "ms (p50)", lambda one: one.half),
        curve("slow questions by size", "ms (p95)", lambda one: one.slow),
        curve("memory of the build by size", "MiB", lambda one: one.build_memory),
        curve("ingest rate by size", "chunks/s", lambda one: one.chunks / one.build_seconds),
    )


def _questions(bench: Workspace) -> list[str]:
    return bench.questions[: ASKED + _warm_up(bench)]


def _warm_up(bench: Workspace) -> int:
    return min(10, len(bench.questions) // 4)


def _articles(bench: Workspace, chunks: int) -> list[PassageText]:
    return first_characters(gathered(varied_passages(bench.passages), TOGETHER), chunks * CHARACTERS_A_CHUNK)


def _exported(bench: Workspace, name: str, passages: list[PassageText]) -> Path:
    export = bench.out / f"export-{name}"
    shutil.rmtree(export, ignore_errors=True)
    write_export(passages, export)
    return export


def _size(built: Built, asked: dict[str, Any], disk: float, edit_seconds: float | None) -> Size:
    times, peak = asked["milliseconds"], built.peak / MEBIBYTE
    return Size(built.chunks, built.seconds, percentile(times, 0.5), percentile(times, 0.95), asked["mebibytes"], peak, disk, edit_seconds)


def _disk(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEBIBYTE
