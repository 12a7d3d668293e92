"""The level of a message from what the patterns found and, where the embedder is there, what the classifier adds.

The classifier adds; it never lowers a pattern's level, never speaks against a guard and never takes an answer away.
"""

from __future__ import annotations

import numpy as np

from taperbot.records import Certainty, Level, TriageResult
from taperbot.triage.classifier import Thresholds, classifier
from taperbot.triage.screening import Screen, firm_levels

_DANGERS = (Level.EMERGENCY, Level.CRISIS, Level.URGENT, Level.DOSING)
_GRAVE = (Level.EMERGENCY, Level.CRISIS)


def decide(screen: Screen, vectors: np.ndarray | None) -> TriageResult:
    """`vectors`: one unit row of the bundled embedder per `screen.texts`, or None when it is not to be had (patterns alone then)."""
    if screen.result:
        return screen.result
    chances = classifier().probabilities(vectors) if vectors is not None and len(vectors) else None
    firm = set(firm_levels(screen.marks)) | _steered(screen, chances)
    if Level.OFF_TOPIC in firm and not _is_off_topic(screen):
        firm.discard(Level.OFF_TOPIC)
    if not firm and _looks_off_topic(screen, chances):
        firm.add(Level.OFF_TOPIC)
    route = next((level for level in Level if level in firm), Level.QUESTION)
    danger, certainty = _danger(screen, chances, firm)
    if danger in _GRAVE and route is Level.OFF_TOPIC:
        route = Level.QUESTION
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


def _danger(screen: Screen, chances: np.ndarray | None, firm: set[Level]) -> tuple[Level | None, Certainty | None]:
    surest = next((level for level in _DANGERS if level in firm), None)
    soft = {mark.level for mark in screen.marks if mark.certainty is Certainty.SOFT} | _soft_by_classifier(screen, chances, surest)
    gravest = next((level for level in _DANGERS if level in soft), None)
    if gravest and (surest is None or _DANGERS.index(gravest) < _DANGERS.index(surest)):
        return gravest, Certainty.SOFT
    return (surest, Certainty.FIRM) if surest else (None, None)


def _soft_by_classifier(screen: Screen, chances: np.ndarray | None, surest: Level | None) -> set[Level]:
    """Levels whose chance passes the threshold in a text that no guard covers; a higher one where a pattern is already sure of less."""
    if chances is None:
        return set()
    model = classifier()
    found = set()
    for row, guarded in zip(chances, screen.guarded, strict=True):
        if guarded:
            continue
        grave = sum(row[model.column(level)] for level in _GRAVE)
        if grave >= (model.thresholds.grave_beside_firm if surest else model.thresholds.grave):
            found.add(max(_GRAVE, key=lambda level: row[model.column(level)]))
        found |= {level for level in _DANGERS[2:] if row[model.column(level)] >= _threshold(model.thresholds, level)}
    return found


def _threshold(thresholds: Thresholds, level: Level) -> float:
    return thresholds.urgent if level is Level.URGENT else thresholds.dosing


def _steered(screen: Screen, chances: np.ndarray | None) -> set[Level]:
    """Injection has no soft form: being wrong costs nobody an answer."""
    if chances is None:
        return set()
    model = classifier()
    return {Level.INJECTION} if chances[:, model.column(Level.INJECTION)].max() >= model.thresholds.injection else set()


def _is_off_topic(screen: Screen) -> bool:
    """A pattern of another sense outweighs topic words; an errand does not."""
    return not screen.has_topic_stem or any(mark.pattern_id == "off_topic.other_sense" for mark in screen.marks)


def _looks_off_topic(screen: Screen, chances: np.ndarray | None) -> bool:
    if chances is None or screen.has_topic or screen.language != "en" or screen.has_history:
        return False
    model = classifier()
    return bool(chances[0, model.column(Level.OFF_TOPIC)] >= model.thresholds.off_topic)
