"""The first look at a message: patterns and history, without embedder or index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from taperbot.records import Certainty, Level, TriageResult, Turn
from taperbot.triage.context import context_of
from taperbot.triage.history import amount_answered, danger_before, gravest, hedged_answer, inherited, joined_with_last, statement_answered
from taperbot.triage.judge import Judgement, Mark, judge
from taperbot.triage.language import language_of

_DANGERS = (Level.EMERGENCY, Level.CRISIS, Level.URGENT)
_SENTENCES = re.compile(r"[^.!?\n]+[.!?]*|\n")
_HONEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Screen:
    """What the patterns say. `result` is set when they alone make it a firm emergency or crisis, which stands where nothing else can be asked.

    `plain` is the message as the patterns read it, `context` what of the earlier turns it is judged with; `is_guarded` says that a guard (negation,
    past, textbook, idiom) holds somewhere in it, `is_settled_by_history` that a mark comes from the earlier turns.
    """

    message: str
    plain: str
    context: str
    marks: tuple[Mark, ...]
    language: str
    keep_help: bool
    danger_line: bool
    is_guarded: bool
    is_settled_by_history: bool
    has_danger_word: bool
    guards: frozenset[str]
    has_topic: bool
    has_topic_stem: bool
    question: str
    result: TriageResult | None = None

    @property
    def is_held_back(self) -> bool:
        """Whether a danger phrase stands in it that a guard holds back."""
        return bool(self.guards)

    @property
    def has_other_sense(self) -> bool:
        """Whether one of our words stands in it in the sense of another trade."""
        return any(mark.pattern_id == "off_topic.other_sense" for mark in self.marks)


def screen(message: str, history: Sequence[Turn] = ()) -> Screen:
    """Judge `message` in the light of `history` (oldest turn first) by patterns alone."""
    own = judge(message)
    from_history = _marks_of_history(message, own, history)
    marks = tuple(dict.fromkeys((*own.marks, *from_history)))
    screened = Screen(
        message=message,
        plain=own.text,
        context=context_of(history),
        marks=marks,
        language=language_of(own.text),
        keep_help=danger_before(history),
        danger_line=own.danger_line,
        is_guarded=own.guarded,
        is_settled_by_history=any(mark.level in _DANGERS[:2] and mark.certainty is Certainty.FIRM for mark in from_history),
        has_danger_word=own.has_danger_word,
        guards=own.guards,
        has_topic=own.has_topic,
        has_topic_stem=own.has_topic_stem,
        question=honest_part(message) if any(mark.level is Level.INJECTION for mark in marks) else message,
    )
    level = gravest(replace(own, marks=marks))
    return replace(screened, result=settled(screened, level)) if level else screened


def settled(screened: Screen, level: Level) -> TriageResult:
    """The result of a firm emergency or crisis."""
    return TriageResult(
        route=level,
        danger=level,
        certainty=Certainty.FIRM,
        also_matches=tuple(found for found in firm_levels(screened.marks) if found is not level),
        evidence=tuple(mark.pattern_id for mark in screened.marks),
        language=screened.language,
        keep_help=True,
        danger_line=screened.danger_line,
        question=screened.question,
    )


def firm_levels(marks: Sequence[Mark]) -> tuple[Level, ...]:
    """Levels with a firm mark, gravest first."""
    found = {mark.level for mark in marks if mark.certainty is Certainty.FIRM}
    return tuple(level for level in Level if level in found)


def honest_part(message: str) -> str:
    """The sentences of `message` that do not try to steer the bot; "" when none is left."""
    kept = [
        part.strip() for part in _SENTENCES.findall(message) if len(part.split()) >= _HONEST_WORDS and not judge(part).firm(Level.INJECTION)
    ]
    return " ".join(kept)


def _marks_of_history(message: str, own: Judgement, history: Sequence[Turn]) -> tuple[Mark, ...]:
    if not history or gravest(own):
        return ()
    marks: list[Mark] = []
    readings = {
        "answer": statement_answered(message, history),
        "amount": amount_answered(message, history),
        "joined": joined_with_last(message, history),
    }
    for source, text in readings.items():
        found = judge(text).marks if text else ()
        marks += [replace(mark, pattern_id=f"{source}:{mark.pattern_id}") for mark in found if mark.level in _DANGERS]
    hedged = hedged_answer(message, history)
    marks += [
        Mark(mark.level, Certainty.SOFT, f"hedged:{mark.pattern_id}")
        for mark in (judge(hedged).marks if hedged else ())
        if mark.level in _DANGERS[:2]
    ]
    level = inherited(message, history)
    if level:
        marks.append(Mark(level, Certainty.FIRM, "history:inherited"))
    return tuple(marks)
