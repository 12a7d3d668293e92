"""The curves as PNG files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot
from matplotlib.axes import Axes

from benchmarks.figures import Curve, Section

PLAIN_COLOUR, OUR_COLOUR = "#8a8f98", "#0b5a52"
BARS = {"start-up": ("first answer", "page served"), "ingest rate": ("whole ingest",)}


def draw(sections: Iterable[Section], folder: Path) -> None:
    """One file for each curve of the sections."""
    folder.mkdir(parents=True, exist_ok=True)
    for curve in (curve for section in sections for curve in section.curves):
        figure, axes = pyplot.subplots(figsize=(6, 3.6), layout="constrained")
        if curve.name in BARS:
            _bars(axes, curve, BARS[curve.name])
        else:
            _lines(axes, curve)
        axes.set(title=curve.name, xlabel=curve.x_label, ylabel=curve.y_label)
        axes.grid(axis="y", alpha=0.3)
        axes.legend(frameon=False)
        figure.savefig(folder / f"{curve.name.replace(' ', '-')}.png", dpi=110)
        pyplot.close(figure)


def _bars(axes: Axes, curve: Curve, labels: tuple[str, ...]) -> None:
    places = range(len(curve.points))
    for shift, side, colour, label in ((-0.2, 1, PLAIN_COLOUR, "plain recipe"), (0.2, 2, OUR_COLOUR, "TaperBot")):
        axes.bar([place + shift for place in places], [point[side] or 0 for point in curve.points], 0.38, color=colour, label=label)
    axes.set_xticks(list(places), labels[: len(curve.points)])


def _lines(axes: Axes, curve: Curve) -> None:
    for side, colour, label in ((1, PLAIN_COLOUR, "plain recipe"), (2, OUR_COLOUR, "TaperBot")):
        points = [(point[0], value) for point in curve.points if (value := point[side]) is not None]
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", color=colour, label=label)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
