"""What an ingest did: for the editor in words, for programs as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from taperbot.records import Finding


@dataclass(frozen=True, slots=True)
class Rejected:
    """An article file that was refused. `serving` tells that its last good version stays in the index."""

    path: str
    reason: str
    serving: bool = False


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """Golden questions answered as expected; `fallen` were right before and are not any more. `kinds` are (kind, right, asked)."""

    asked: int
    passed: tuple[str, ...]
    fallen: tuple[str, ...] = ()
    kinds: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """`seconds` is by step. `generation` is the one that is published now, None when there is none."""

    generation: str | None
    published: bool
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    chunks: int = 0
    quotes: int = 0
    embedded: int = 0
    warnings: tuple[Finding, ...] = ()
    golden: GoldenResult | None = None
    exact: bool = False
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


def report_to_json(report: IngestReport) -> dict[str, Any]:
    """The ingest report of the command line's `--json`."""
    golden = report.golden
    return {
        "generation": report.generation,
        "published": report.published,
        "articles": {
            "added": list(report.added),
            "changed": list(report.changed),
            "unchanged": report.unchanged,
            "removed": list(report.removed),
            "rejected": [{"path": one.path, "reason": one.reason, "last_good_version_serving": one.serving} for one in report.rejected],
        },
        "chunks": report.chunks,
        "quotes": report.quotes,
        "embedded": report.embedded,
        "warnings": [{"path": w.path, "line": w.line, "code": w.code, "message": w.message} for w in report.warnings],
        "golden": None if golden is None else _golden_to_json(golden),
        "exact_search": report.exact,
        "notes": list(report.notes),
        "seconds": {step: round(seconds, 3) for step, seconds in report.seconds.items()},
    }


def _golden_to_json(golden: GoldenResult) -> dict[str, Any]:
    kinds = {kind: {"right": right, "asked": asked} for kind, right, asked in golden.kinds}
    return {"asked": golden.asked, "right": len(golden.passed), "fallen": list(golden.fallen), "kinds": kinds}


def report_to_text(report: IngestReport, shown: int = 10) -> str:
    """A summary in words, lists cut after `shown` names."""
    lines = [_headline(report), *_named("Added", report.added, shown), *_named("Changed", report.changed, shown)]
    lines += _named("Removed", report.removed, shown)
    for one in report.rejected[:shown]:
        kept = " Its last good version stays in the index." if one.serving else ""
        lines.append(f"  Rejected: {one.path}: {one.reason}{kept}")
    if len(report.rejected) > shown:
        lines.append(f"  ... and {len(report.rejected) - shown} more rejected files.")
    if report.warnings:
        lines.append(f"  Warnings: {len(report.warnings)} (see `python -m ingest lint`).")
    if report.golden is not None:
        kinds = "".join(f"; {kind.replace('_', ' ')} {right} of {asked}" for kind, right, asked in report.golden.kinds)
        lines.append(f"  Golden questions right: {len(report.golden.passed)} of {report.golden.asked}{kinds}.")
        lines += _named("No longer right", report.golden.fallen, shown)
    lines += [f"  {note}" for note in report.notes]
    return "\n".join(lines)


def _headline(report: IngestReport) -> str:
    took = f"{report.seconds.get('total', 0.0):.1f} s"
    if not report.published and not (report.added or report.changed or report.removed):
        said = "Nothing was published" if report.rejected or report.notes else "Nothing has changed"
        return f"{said}: {report.unchanged} articles, index {report.generation} stays in use. ({took})"
    state = "Published" if report.published else "Not published"
    counts = f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, {report.unchanged} as before"
    return f"{state}: index {report.generation}, {counts}; {report.embedded} texts embedded. ({took})"


def _named(label: str, names: tuple[str, ...], shown: int) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return [f"  {label}: {', '.join(names[:shown])}{more}"]
