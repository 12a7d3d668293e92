"""What a benchmark yields: figures of both sides with the target they are held against, and curves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on ours as a share of plain's (`of_plain`), or on our value itself."""

    limit: float
    at_least: bool = False
    of_plain: bool = True

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.limit:g}{' × plain' if self.of_plain else ''}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `plain` or `ours` is None where that side has no such figure; a figure without target is shown alone."""

    name: str
    unit: str
    plain: float | None
    ours: float | None
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by plain's, or None where either is missing or plain's is 0."""
        return self.ours / self.plain if self.ours is not None and self.plain else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached, or None where nothing is held against one."""
        measured = self.ratio if self.target and self.target.of_plain else self.ours
        if self.target is None or measured is None:
            return None
        return measured >= self.target.limit if self.target.at_least else measured <= self.target.limit


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, plain, ours) of one plot; a missing side is None."""

    name: str
    x_label: str
    y_label: str
    points: tuple[tuple[float, float | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The outcome of one part of the benchmark. `measured` is its date and the machine's load, `notes` are sentences for the report."""

    name: str
    title: str
    figures: tuple[Figure, ...]
    curves: tuple[Curve, ...] = ()
    notes: tuple[str, ...] = ()
    measured: str = ""
