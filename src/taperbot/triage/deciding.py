"""The level of a message from what the patterns found and, where the embedder is there, what the classifier adds.

The classifier adds; it never lowers a pattern's level, never speaks against a guard, and takes no answer away by itself: a card in place of an
answer needs a pattern, be it a loose one that the classifier confirms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from taperbot.records import Certainty, Level, TriageResult
from taperbot.triage.classifier import Thresholds, classifier
from taperbot.triage.judge import Mark
from taperbot.triage.screening import Screen, firm_levels, settled

_DANGERS = (Level.EMERGENCY, Level.CRISIS, Level.URGENT, Level.DOSING)
_GRAVE = (Level.EMERGENCY, Level.CRISIS)
_STEERING_WORDS = 3


def decide(screen: Screen, vectors: np.ndarray | None) -> TriageResult:
    """`vectors`: one unit row of the bundled embedder per `screen.texts`, or None when it is not to be had (patterns and words alone then)."""
    if screen.result:
        return screen.result
    chances = _chances(screen, vectors)
    level = _confirmed(screen, chances)
    if level:
        return settled(replace(screen, marks=(*screen.marks, Mark(level, Certainty.FIRM, "classifier:confirmed"))), level)
    firm = set(firm_levels(screen.marks)) | _steered(screen, chances)
    if Level.OFF_TOPIC in firm and not _is_off_topic(screen):
        firm.discard(Level.OFF_TOPIC)
    danger, certainty = _danger(screen, chances, firm)
    if not firm and danger is None and _looks_off_topic(screen, chances):
        firm.add(Level.OFF_TOPIC)
    if danger in _GRAVE:
        firm.discard(Level.OFF_TOPIC)
    route = next((level for level in Level if level in firm), Level.QUESTION)
    return TriageResult(
        route=route,
        danger=danger,
        certainty=certainty,
        also_matches=tuple(level for level in Level if level in firm and level is not route),
        evidence=tuple(mark.pattern_id for mark in screen.marks),
        language=screen.language,
        keep_help=screen.keep_help or danger in _GRAVE,
        danger_line=screen.danger_line,
        question=screen.question,
    )


@dataclass(frozen=True, slots=True)
class _Chances:
    """Chances per text; `with_vectors` is False when words spoke alone."""

    rows: np.ndarray
    with_vectors: bool

    def threshold(self, value: float, *, grave: bool = False) -> float:
        if self.with_vectors:
            return value
        thresholds = classifier().thresholds
        return max(value, thresholds.grave_words_alone if grave else thresholds.others_words_alone)

    def of(self, level: Level) -> np.ndarray:
        """Chance of `level` in each text."""
        return np.asarray(self.rows[:, classifier().column(level)])

    @property
    def grave(self) -> np.ndarray:
        """Chance of emergency and crisis together in each text."""
        return np.asarray(self.of(Level.EMERGENCY) + self.of(Level.CRISIS))


def _chances(screen: Screen, vectors: np.ndarray | None) -> _Chances:
    return _Chances(classifier().probabilities(screen.plain, vectors), vectors is not None)


def _graver(chances: _Chances, row: int) -> Level:
    return max(_GRAVE, key=lambda level: float(chances.of(level)[row]))


def _confirmed(screen: Screen, chances: _Chances) -> Level | None:
    """The grave level that a soft pattern or a loose danger word and the classifier agree on, else None."""
    pattern = next((mark.level for mark in screen.marks if mark.level in _GRAVE and mark.certainty is Certainty.SOFT), None)
    if not chances.with_vectors or not (pattern or screen.has_danger_word):
        return None
    thresholds = classifier().thresholds
    needed = thresholds.grave_with_pattern if pattern else thresholds.grave_with_word
    if firm_levels(screen.marks):
        needed = thresholds.grave_over_firm
    heard = [row for row, guarded in enumerate(screen.guarded) if not guarded and chances.grave[row] >= needed]
    return _graver(chances, max(heard, key=lambda row: float(chances.grave[row]))) if heard else None


def _danger(screen: Screen, chances: _Chances, firm: set[Level]) -> tuple[Level | None, Certainty | None]:
    surest = next((level for level in _DANGERS if level in firm), None)
    soft = {mark.level for mark in screen.marks if mark.certainty is Certainty.SOFT} | _soft_by_classifier(screen, chances, surest)
    gravest = next((level for level in _DANGERS if level in soft), None)
    if gravest and (surest is None or _DANGERS.index(gravest) < _DANGERS.index(surest)):
        return gravest, Certainty.SOFT
    return (surest, Certainty.FIRM) if surest else (None, None)


def _soft_by_classifier(screen: Screen, chances: _Chances, surest: Level | None) -> set[Level]:
    """Levels whose chance passes the threshold in a text that no guard covers; a higher one where a pattern is already sure of less."""
    thresholds = classifier().thresholds
    grave = chances.threshold(thresholds.grave_beside_firm if surest else thresholds.grave, grave=True)
    found = set()
    for row, guarded in enumerate(screen.guarded):
        if guarded:
            continue
        if chances.grave[row] >= grave:
            level = _graver(chances, row)
            found.add(Level.URGENT if level is Level.EMERGENCY and chances.of(Level.URGENT)[row] > chances.grave[row] else level)
        found |= {level for level in _DANGERS[2:] if chances.of(level)[row] >= chances.threshold(_threshold(thresholds, level))}
    return found


def _threshold(thresholds: Thresholds, level: Level) -> float:
    return thresholds.urgent if level is Level.URGENT else thresholds.dosing


def _steered(screen: Screen, chances: _Chances) -> set[Level]:
    """Injection has no soft form: being wrong costs nobody an answer. Two words steer nobody."""
    heard = chances.of(Level.INJECTION).max() >= chances.threshold(classifier().thresholds.injection)
    return {Level.INJECTION} if heard and len(screen.plain[0].split()) > _STEERING_WORDS else set()


def _is_off_topic(screen: Screen) -> bool:
    """A pattern of another sense outweighs topic words; an errand does not."""
    return not screen.has_topic_stem or any(mark.pattern_id == "off_topic.other_sense" for mark in screen.marks)


def _looks_off_topic(screen: Screen, chances: _Chances) -> bool:
    if screen.has_topic_stem or screen.is_held_back or screen.language != "en" or screen.has_history or not chances.with_vectors:
        return False
    thresholds = classifier().thresholds
    return bool(chances.of(Level.OFF_TOPIC)[0] >= (thresholds.off_topic_beside_word if screen.has_topic else thresholds.off_topic))
