"""Ingest: the whole set, the set unchanged, and one article edited."""

from __future__ import annotations

from benchmarks.figures import Curve, Figure, Section, Target
from benchmarks.passages import edited, write_export
from benchmarks.workspace import Workspace

UNCHANGED_SECONDS = 5.0


def measure(bench: Workspace) -> Section:
    """Plain embeds and stores chunks; ours embeds chunks and quotes, makes the lexical index, verifies and publishes."""
    passages = len(bench.passages)
    plain, ours = bench.plain, bench.ours
    same = bench.ingest(bench.export, ours.folder)
    write_export(edited(bench.passages, passages // 2), bench.out / "edited")
    one = bench.ingest(bench.out / "edited", ours.folder)
    bench.ingest(bench.export, ours.folder)
    rates = (passages / plain.seconds, passages / ours.seconds)
    return Section(
        "ingest",
        "Ingest",
        (
            Figure(f"whole ingest of {passages:,} passages", "passages/s", *rates, Target(1.2, at_least=True)),
            Figure("whole ingest", "s", plain.seconds, ours.seconds),
            Figure("whole ingest, of all processors", "s", plain.processor_seconds, ours.processor_seconds),
            Figure("texts embedded", "", plain.chunks, ours.report["embedded"], note="ours: quotes and headings too"),
            Figure("unchanged re-ingest", "s", None, same.seconds, Target(UNCHANGED_SECONDS, of_plain=False)),
            Figure("unchanged re-ingest, texts embedded", "", None, same.report["embedded"], Target(0, of_plain=False)),
            Figure("one edited article", "s", None, one.seconds),
            Figure("one edited article, texts embedded", "", None, one.report["embedded"]),
            Figure("one edited article, share of our full build", "", None, one.seconds / ours.seconds, Target(0.1, of_plain=False)),
        ),
        curves=(Curve("ingest rate", "passages", "passages/s", ((passages, *rates),)),),
        notes=(f"Seconds of our steps, as the ingest reports them: {_steps(ours.report)}.",),
    )


def _steps(report: dict[str, object]) -> str:
    seconds = report.get("seconds")
    return ", ".join(f"{name} {value:.1f}" for name, value in seconds.items()) if isinstance(seconds, dict) else "not reported"
