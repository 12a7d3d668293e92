"""Growth: the same measurements at 1,000, 10,000 and 100,000 chunks, made by repeating the public passages with changed words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Curve, Figure, Section, Target
from benchmarks.passages import PassageText, edited, first_characters, varied_passages, write_export
from benchmarks.processes import run_task
from benchmarks.workspace import Built, Workspace, percentile

SIZES = (1_000, 10_000, 100_000)
QUICK_SIZES = (50, 100)
PLAIN_UP_TO = 10_000
ASKED = 200
CHARACTERS_A_CHUNK = 840
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Size:
    """One size of one side. `edit_seconds` is None for the plain recipe, which has no such step."""

    chunks: int
    build_seconds: float
    half: float
    slow: float
    memory: float
    disk: float
    edit_seconds: float | None = None


def measure(bench: Workspace) -> Section:
    """Query p50 and p95, memory, build, re-ingest after one edited article, and disk, by size."""
    sizes = QUICK_SIZES if bench.quick else SIZES if bench.full_growth else SIZES[:-1]
    ours = [_ours(bench, size) for size in sizes]
    plain = [_plain(bench, size) for size in sizes if size <= PLAIN_UP_TO]
    first, last = ours[0], ours[-1]
    growth = Figure(
        f"query p50 at {last.chunks:,} chunks against {first.chunks:,}", "×", None, last.half / first.half, Target(3, of_plain=False)
    )
    figures = [figure for size, pair in enumerate(_pairs(plain, ours)) for figure in _figures(sizes[size], *pair)]
    return Section(
        "growth",
        "Growth",
        (growth, *figures),
        curves=_curves(plain, ours),
        notes=(
            f"The plain recipe is measured up to {PLAIN_UP_TO:,} chunks: beyond, its build alone takes most of an hour.",
            "Memory is the most that a process answering the questions held. Disk of ours holds the index, the embedder and its cache.",
        ),
    )


def _ours(bench: Workspace, size: int) -> Size:
    passages = first_characters(varied_passages(bench.passages), size * CHARACTERS_A_CHUNK)
    export, folder = bench.out / f"export-{size}", bench.out / f"ours-{size}"
    _rewrite(export, passages)
    built = bench.build_ours(export, folder)
    asked = run_task("questions_ours", index=str(folder), questions=_questions(bench), warm_up=_warm_up(bench))
    disk = _disk(folder)
    _rewrite(export, edited(passages, len(passages) // 2))
    return _size(built, asked, disk, bench.ingest(export, folder).seconds)


def _plain(bench: Workspace, size: int) -> Size:
    export, folder = bench.out / f"export-{size}", bench.out / f"plain-{size}"
    built = bench.build_plain(export, folder)
    asked = run_task("questions_plain", store=str(folder), questions=_questions(bench), warm_up=_warm_up(bench))
    return _size(built, asked, _disk(folder), None)


def _figures(size: int, plain: Size | None, ours: Size) -> tuple[Figure, ...]:
    def both(name: str, unit: str, read: Callable[[Size], float | None]) -> Figure:
        return Figure(f"about {size:,}: {name}", unit, read(plain) if plain else None, read(ours))

    return (
        both("chunks", "", lambda one: one.chunks),
        both("query p50", "ms", lambda one: one.half),
        both("query p95", "ms", lambda one: one.slow),
        both("memory", "MiB", lambda one: one.memory),
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
        curve("ingest rate by size", "chunks/s", lambda one: one.chunks / one.build_seconds),
    )


def _pairs(plain: list[Size], ours: list[Size]) -> list[tuple[Size | None, Size]]:
    return list(zip([*plain, *[None] * (len(ours) - len(plain))], ours, strict=True))


def _questions(bench: Workspace) -> list[str]:
    return bench.questions[: ASKED + _warm_up(bench)]


def _warm_up(bench: Workspace) -> int:
    return min(10, len(bench.questions) // 4)


def _rewrite(export: Path, passages: list[PassageText]) -> None:
    shutil.rmtree(export, ignore_errors=True)
    write_export(passages, export)


def _size(built: Built, asked: dict[str, Any], disk: float, edit_seconds: float | None) -> Size:
    times = asked["milliseconds"]
    return Size(built.chunks, built.seconds, percentile(times, 0.5), percentile(times, 0.95), asked["mebibytes"], disk, edit_seconds)


def _disk(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEBIBYTE
