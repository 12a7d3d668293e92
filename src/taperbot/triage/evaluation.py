"""`taperbot eval --triage FILE.jsonl`: triage measured on judged messages.

One JSON object a line: `{"id", "text", "history"?, "expect", "also_ok"?, "register"?}`; `expect` and each of `also_ok` is a level. `history` holds turns as
for `ask`, or plain strings for earlier user turns.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from taperbot.errors import UsageError
from taperbot.records import Certainty, Level, TriageResult, Turn
from taperbot.triage.deciding import decide
from taperbot.triage.screening import screen

_GRAVE = (Level.EMERGENCY, Level.CRISIS)
Layers = Callable[[str, str], np.ndarray | None] | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with the level a person gave it; `also_ok` are levels that would do no harm."""

    judged_id: str
    text: str
    history: tuple[Turn, ...]
    expect: Level
    also_ok: frozenset[Level]
    register: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What triage made of one message; `milliseconds` without the pass over the message, which gives its vector too and takes `pass_milliseconds`."""

    judged: Judged
    result: TriageResult
    milliseconds: float
    pass_milliseconds: float

    @property
    def shown(self) -> Level:
        """The level a reader sees first: that of the card, firm or soft, else the route."""
        if self.result.danger in _GRAVE or self.result.route is Level.QUESTION:
            return self.result.danger or self.result.route
        return self.result.route

    @property
    def levels(self) -> frozenset[Level]:
        """All levels given."""
        return frozenset({self.result.route, *self.result.also_matches, *([self.result.danger] if self.result.danger else [])})

    @property
    def is_found(self) -> bool:
        """Whether the expected level was given; either card with the numbers will do for emergency and crisis."""
        wanted = set(_GRAVE) if self.judged.expect in _GRAVE else {self.judged.expect}
        return self.shown in wanted or self.judged.expect in {self.result.route, self.result.danger} or self.shown in self.judged.also_ok

    @property
    def is_firm(self) -> bool:
        """Whether the card shown is firm."""
        return self.result.certainty is Certainty.FIRM


@dataclass(frozen=True, slots=True)
class LevelScore:
    """Of `wanted` messages of a level `found` were found, `firm` of them firmly; of `given` results of that level `right` were right."""

    wanted: int
    found: int
    firm: int
    given: int
    right: int

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else float("nan")

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else float("nan")


@dataclass(frozen=True, slots=True)
class TriageReport:
    """The figures of one set. Rates are shares of the messages that expect `question` and nothing else."""

    messages: int
    levels: dict[Level, LevelScore]
    confusion: dict[tuple[Level, Level], int]
    registers: dict[str, tuple[int, int]]
    numbers_shown: float
    numbers_firm: float
    false_firm: float
    false_soft: float
    false_soft_numbers: float
    false_off_topic: float
    median_milliseconds: float
    p95_milliseconds: float
    pass_milliseconds: float
    with_layers: bool
    wrong: tuple[str, ...]


def evaluate_triage(path: Path, layers: Layers) -> TriageReport:
    """Score triage on the messages of `path`; `layers` as `OnnxJudge.judge` gives chances, None for patterns and words alone. Raises UsageError."""
    outcomes = [_outcome(judged, layers) for judged in read_judged(path)]
    ordinary = [outcome for outcome in outcomes if outcome.judged.expect is Level.QUESTION]
    grave = [outcome for outcome in outcomes if outcome.judged.expect in _GRAVE]
    times = np.array([outcome.milliseconds for outcome in outcomes])
    passes = np.array([outcome.pass_milliseconds for outcome in outcomes])
    return TriageReport(
        messages=len(outcomes),
        levels={level: _score(level, outcomes) for level in Level},
        confusion=dict(Counter((outcome.judged.expect, outcome.shown) for outcome in outcomes)),
        registers=_by_register(outcomes),
        numbers_shown=_share(outcome.result.danger in _GRAVE for outcome in grave),
        numbers_firm=_share(outcome.result.danger in _GRAVE and outcome.is_firm for outcome in grave),
        false_firm=_share(_is_false_alarm(outcome) and outcome.is_firm for outcome in ordinary),
        false_soft=_share(_is_false_alarm(outcome) and not outcome.is_firm for outcome in ordinary),
        false_soft_numbers=_share(
            outcome.result.danger in _GRAVE and not outcome.is_firm and _is_false_alarm(outcome) for outcome in ordinary
        ),
        false_off_topic=_share(outcome.result.route is Level.OFF_TOPIC for outcome in ordinary),
        median_milliseconds=float(np.median(times)),
        p95_milliseconds=float(np.quantile(times, 0.95)),
        pass_milliseconds=float(np.median(passes)),
        with_layers=layers is not None,
        wrong=tuple(outcome.judged.judged_id for outcome in outcomes if not outcome.is_found),
    )


def read_judged(path: Path) -> tuple[Judged, ...]:
    """The messages of a file. Raises UsageError, naming the line, for a file or line that cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Cannot read {path}: {error}.") from None
    judged = tuple(_judged(path, number, line) for number, line in enumerate(lines, 1) if line.strip())
    if not judged:
        raise UsageError(f"{path} holds no messages; wanted one JSON object a line.")
    return judged


def rendered(report: TriageReport) -> str:
    """The report as plain text."""
    lines = [f"{report.messages} messages, {'patterns, words and tuned layers' if report.with_layers else 'patterns and words alone'}", ""]
    lines.append(f"{'level':<10} {'wanted':>6} {'recall':>7} {'firm':>6} {'precision':>9}")
    for level, score in report.levels.items():
        firm = f"{score.firm / score.wanted:.3f}" if score.wanted else "-"
        lines.append(f"{level.value:<10} {score.wanted:>6} {score.recall:>7.3f} {firm:>6} {score.precision:>9.3f}")
    lines += ["", f"emergency and crisis that get the numbers: {report.numbers_shown:.3f} (firm alone {report.numbers_firm:.3f})"]
    lines.append(
        f"ordinary questions: false firm {report.false_firm:.3f}, false soft {report.false_soft:.3f} "
        f"(with numbers {report.false_soft_numbers:.3f}), false off-topic {report.false_off_topic:.3f}"
    )
    lines += ["", "expected -> shown", *_confusion_lines(report), "", "register: right of all"]
    lines += [f"  {name or '-':<16} {right:>4} of {total:<4} {right / total:.3f}" for name, (right, total) in report.registers.items()]
    lines += ["", f"latency: median {report.median_milliseconds:.2f} ms, p95 {report.p95_milliseconds:.2f} ms"]
    lines.append(
        f"beside the one pass over the message, median {report.pass_milliseconds:.2f} ms, which gives the vector for retrieval as well"
    )
    return "\n".join(lines)


def _outcome(judged: Judged, layers: Layers) -> Outcome:
    begun = time.perf_counter()
    screened = screen(judged.text, judged.history)
    screening = time.perf_counter() - begun
    chances = layers(judged.text, screened.context) if layers else None
    judging = time.perf_counter() - begun - screening
    begun = time.perf_counter()
    result = decide(screened, chances)
    return Outcome(judged, result, 1000 * (screening + time.perf_counter() - begun), 1000 * judging)


def _judged(path: Path, number: int, line: str) -> Judged:
    try:
        raw = json.loads(line)
        return Judged(
            judged_id=str(raw["id"]),
            text=str(raw["text"]),
            history=tuple(_turn(turn) for turn in raw.get("history") or ()),
            expect=Level(raw["expect"]),
            also_ok=frozenset(Level(level) for level in _listed(raw.get("also_ok"))),
            register=str(raw.get("register") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        levels = ", ".join(level.value for level in Level)
        raise UsageError(f"{path} line {number}: {error}. Wanted an object with id, text and expect, one of {levels}.") from None


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _turn(raw: Any) -> Turn:
    return Turn("user", raw) if isinstance(raw, str) else Turn(str(raw["role"]), str(raw["content"]))


def _score(level: Level, outcomes: Sequence[Outcome]) -> LevelScore:
    wanted = [outcome for outcome in outcomes if outcome.judged.expect is level]
    found = [outcome for outcome in wanted if outcome.is_found]
    given = [outcome for outcome in outcomes if outcome.shown is level]
    return LevelScore(
        wanted=len(wanted),
        found=len(found),
        firm=sum(outcome.is_firm or outcome.result.route is level for outcome in found),
        given=len(given),
        right=sum(outcome.judged.expect is level or level in outcome.judged.also_ok for outcome in given),
    )


def _is_false_alarm(outcome: Outcome) -> bool:
    return outcome.result.danger is not None and outcome.result.danger not in outcome.judged.also_ok


def _by_register(outcomes: Sequence[Outcome]) -> dict[str, tuple[int, int]]:
    names = sorted({outcome.judged.register for outcome in outcomes})
    groups = {name: [outcome for outcome in outcomes if outcome.judged.register == name] for name in names}
    return {name: (sum(outcome.is_found for outcome in group), len(group)) for name, group in groups.items()}


def _share(flags: Iterable[bool]) -> float:
    listed = list(flags)
    return sum(listed) / len(listed) if listed else float("nan")


def _confusion_lines(report: TriageReport) -> list[str]:
    header = f"  {'':<10}" + "".join(f"{level.value[:9]:>10}" for level in Level)
    rows = [
        f"  {expect.value:<10}" + "".join(f"{report.confusion.get((expect, shown), 0) or '.':>10}" for shown in Level) for expect in Level
    ]
    return [header, *rows]
