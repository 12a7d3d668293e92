"""Asks a generation the corpus's golden questions, fits its bands on them, and picks the starters shown to readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.plan import QUESTIONS_NAME
from taperbot.bands import Bands, Sample, fit
from taperbot.bot import Bot
from taperbot.evaluate import Scoreboard, run_golden
from taperbot.generation import Generation
from taperbot.questions import Expect, GoldenQuestion, QuestionKind, load_questions
from taperbot.records import Starter, Turn
from taperbot.settings import Settings


@dataclass(frozen=True, slots=True)
class GoldenRun:
    """What asking brought out."""

    scoreboard: Scoreboard
    starters: tuple[Starter, ...]

    @property
    def passed(self) -> tuple[str, ...]:
        """Ids of the questions answered as expected."""
        return tuple(one.question.id for one in self.scoreboard.scored if one.is_right)

    @property
    def kinds(self) -> tuple[tuple[str, int, int], ...]:
        """(kind, questions right, questions asked)."""
        asked = Counter(one.question.kind.value for one in self.scoreboard.scored)
        right = Counter(one.question.kind.value for one in self.scoreboard.scored if one.is_right)
        return tuple((kind, right[kind], count) for kind, count in asked.items())


def golden_questions(corpus: Path) -> tuple[GoldenQuestion, ...]:
    """The corpus's golden questions; none where it keeps no file of them."""
    path = corpus / QUESTIONS_NAME
    return load_questions(path) if path.is_file() else ()


def ask_golden(generation: Generation, questions: Sequence[GoldenQuestion], settings: Settings) -> GoldenRun:
    """Every question asked of `generation`."""
    bot = Bot(settings)
    scoreboard = run_golden(lambda question, history: bot.findings(generation, question, history), questions)
    starters = [
        Starter(one.question.question, one.question.articles[0])
        for one in scoreboard.scored
        if one.is_right and one.question.kind is QuestionKind.PLAIN and one.question.articles and not one.question.history
    ]
    return GoldenRun(scoreboard, tuple(starters))


def fit_bands(generation: Generation, questions: Sequence[GoldenQuestion], settings: Settings) -> Bands:
    """Bands for this generation; the shipped ones where the questions are too few."""
    bot = Bot(settings)
    samples = []
    for question in questions:
        findings = bot.findings(generation, question.question, [Turn("user", text) for text in question.history])
        if findings.parts:
            samples.append(Sample(findings.parts[0].composed.signs, question.expect is Expect.ANSWER))
    return fit(samples)


def scoreboard_to_json(generation_id: str, run: GoldenRun, fallen: Sequence[str]) -> dict[str, Any]:
    """For programs: every question with its outcome, and every measure."""
    measures = [
        {"measure": name, "kind": kind, "mean": found.mean, "count": found.count} for name, kind, found in run.scoreboard.measures()
    ]
    questions = [
        {"id": one.question.id, "kind": one.question.kind.value, "outcome": one.outcome.value, "right": one.is_right}
        for one in run.scoreboard.scored
    ]
    return {"generation": generation_id, "fallen": list(fallen), "measures": measures, "questions": questions}


def scoreboard_to_text(run: GoldenRun, fallen: Sequence[str]) -> str:
    """For editors: shares by kind, then every question that was not answered as expected."""
    lines = [f"{'kind':15} right  asked", *(f"{kind:15} {right:5}  {asked:5}" for kind, right, asked in run.kinds)]
    wrong = [one for one in run.scoreboard.scored if not one.is_right]
    lines += [f"not right: {one.question.id} ({one.outcome.value}): {one.question.question}" for one in wrong]
    lines += [f"no longer right: {name}" for name in fallen]
    lines.append(f"{len(run.passed)} of {len(run.scoreboard.scored)} golden questions are answered as expected.")
    return "\n".join(lines)
