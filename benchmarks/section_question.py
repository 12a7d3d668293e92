"""A warm question: ours from triage to the checked answer, plain as one bare similarity search."""

from __future__ import annotations

from benchmarks.figures import Figure, Section, Target
from benchmarks.processes import run_task
from benchmarks.workspace import Workspace, interleaved, medians, percentile


def measure(bench: Workspace) -> Section:
    """p50 and p95 over all questions, each asked once a process, after a few to warm up."""
    warm_up = min(10, len(bench.questions) // 4)
    sides = interleaved(
        min(bench.repeats, 3),
        lambda: run_task("questions_plain", store=str(bench.plain.folder), questions=bench.questions, warm_up=warm_up)["milliseconds"],
        lambda: run_task("questions_ours", index=str(bench.ours.folder), questions=bench.questions, warm_up=warm_up)["milliseconds"],
    )
    halves, slow = (_percentiles(sides, share) for share in (0.5, 0.95))
    return Section(
        "question",
        "A warm question",
        (
            Figure("question to checked answer, p50", "ms", *halves, Target(0.5), "plain: similarity search alone"),
            Figure("question to checked answer, p95", "ms", *slow),
            Figure("p95 as a multiple of p50", "", slow[0] / halves[0], slow[1] / halves[1], Target(3, of_plain=False)),
        ),
        notes=(
            f"{len(bench.questions)} questions ({len(sides[1][0])} of ours were searched, the others settled by triage and not counted) over {bench.plain.chunks:,} chunks of the plain recipe and {bench.ours.chunks:,} of ours.",
        ),
    )


def _percentiles(sides: tuple[list[list[float]], list[list[float]]], share: float) -> tuple[float, float]:
    plain, ours = ([percentile(times, share) for times in side] for side in sides)
    return medians((plain, ours))
