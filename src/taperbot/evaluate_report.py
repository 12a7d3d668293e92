"""Reports of evaluations: as JSON, as text, compared with an earlier one, and as a plot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from taperbot.errors import UsageError
from taperbot.evaluate import Scoreboard
from taperbot.measures import Estimate

Measures = Sequence[tuple[str, str, Estimate]]


@dataclass(frozen=True, slots=True)
class Report:
    """Measures as (name, kind, estimate) and the questions that went right, under a title. `median_words` is None for retrieval alone."""

    title: str
    generation: str
    measures: tuple[tuple[str, str, Estimate], ...]
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    median_words: float | None = None


def report_of(scoreboard: Scoreboard, title: str, generation: str) -> Report:
    """The report of a scoreboard."""
    right = tuple(one.question.id for one in scoreboard.scored if one.is_right)
    wrong = tuple(one.question.id for one in scoreboard.scored if not one.is_right)
    return Report(title, generation, scoreboard.measures(), right, wrong, scoreboard.median_words)


def report_to_json(report: Report) -> dict[str, Any]:
    """The report as plain values: measures by name and kind, each with its interval."""
    measures: dict[str, dict[str, Any]] = {}
    for name, kind, found in report.measures:
        measures.setdefault(name, {})[kind] = {key: round(value, 4) for key, value in asdict(found).items()}
    return {
        "title": report.title,
        "generation": report.generation,
        "median_words": report.median_words,
        "measures": measures,
        "right": list(report.right),
        "wrong": list(report.wrong),
    }


def report_from_json(path: Path) -> Report:
    """An earlier report. Raises UsageError when the file is none."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        measures = tuple(
            (name, kind, Estimate(float(v["mean"]), float(v["low"]), float(v["high"]), int(v["count"])))
            for name, kinds in raw["measures"].items()
            for kind, v in kinds.items()
        )
        return Report(raw["title"], raw["generation"], measures, tuple(raw["right"]), tuple(raw["wrong"]), raw["median_words"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is no report of `taperbot eval`: {error!r}.") from None


def report_to_text(report: Report) -> str:
    """The report as a table for people."""
    words = "" if report.median_words is None else f"; median of {report.median_words:g} words an answer"
    lines = [f"{report.title} ({report.generation}){words}", f"{'measure':<22}{'kind':<14}{'mean':>8}  {'95 % interval':<17}{'n':>5}"]
    for name, kind, found in report.measures:
        lines.append(f"{name:<22}{kind:<14}{found.mean:>8.3f}  {found.low:.3f} to {found.high:<8.3f}{found.count:>5}")
    return "\n".join(lines)


def comparison(now: Report, before: Report) -> str:
    """What got better and worse: measures that moved, and the questions behind it."""
    earlier = {(name, kind): found.mean for name, kind, found in before.measures}
    moved = [
        f"{name:<22}{kind:<14}{earlier[name, kind]:>8.3f} -> {found.mean:.3f} ({found.mean - earlier[name, kind]:+.3f})"
        for name, kind, found in now.measures
        if (name, kind) in earlier and abs(found.mean - earlier[name, kind]) >= 0.0005
    ]
    better = sorted(set(now.right) & set(before.wrong))
    worse = sorted(set(now.wrong) & set(before.right))
    lines = [f"Against {before.title} ({before.generation}):", *(moved or ["no measure moved"])]
    lines += [f"better: {', '.join(better)}"] if better else []
    lines += [f"worse: {', '.join(worse)}"] if worse else []
    return "\n".join(lines)


def write_report(report: Report, path: Path) -> Path | None:
    """Writes the JSON to `path` and the plot beside it; the plot's path, or None where matplotlib is not installed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report_to_json(report), ensure_ascii=False, indent=2) + "\n", "utf-8")
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    picture = path.with_suffix(".png")
    shown = [(name, kind, found) for name, kind, found in report.measures if found.mean <= 1 and name in _PLOTTED]
    figure = Figure(figsize=(9, 0.9 + 0.24 * len(shown)), layout="constrained")
    axes = figure.subplots()
    means = [found.mean for *_, found in shown]
    spread = [[found.mean - found.low for *_, found in shown], [found.high - found.mean for *_, found in shown]]
    axes.barh([f"{name}, {kind}" for name, kind, _ in shown], means, xerr=spread, color="#0b5a52", ecolor="#555555")
    axes.set(xlim=(0, 1), title=report.title)
    axes.invert_yaxis()
    figure.savefig(picture, dpi=110)
    return picture


_PLOTTED = frozenset(
    {"complete_and_cited", "recall@1", "recall@5", "mrr", "ndcg@10", "p@1", "false_refusal", "right_refusal", "quote_precision"}
)
