"""The level of a message from what the patterns found and how likely the classifier holds each level.

Neither loses what the other caught: a pattern's danger is shown at least softly (numbers on top and a normal answer) however sure the classifier is
of the opposite, and the classifier alone shows danger softly where it is unsure and as the card where it is sure.
"""

from __future__ import annotations

import numpy as np

from taperbot.records import Certainty, Level, TriageResult
from taperbot.smalltalk import small_talk
from taperbot.triage.classifier import Chances, chances_of
from taperbot.triage.judge import TAKEN_BACK
from taperbot.triage.scope import BEREAVEMENT, FICTION, NEGATION, PAST
from taperbot.triage.screening import Screen, firm_levels

_DANGERS = (Level.EMERGENCY, Level.CRISIS, Level.URGENT, Level.DOSING)
_GRAVE = (Level.EMERGENCY, Level.CRISIS)
_DENIALS = frozenset({NEGATION, PAST, TAKEN_BACK, FICTION, BEREAVEMENT})
"""Guards that say it is not so, or over: the card in place of an answer needs more than a classifier there."""
_NEVER = 2.0
_STEERING_WORDS = 3
_SURELY_OFF_TOPIC = 0.6
"""Chance from which a message is about something else, whatever danger word or denial stands in it."""
Shown = dict[Level, Certainty]


def decide(screen: Screen, by_layers: np.ndarray | None) -> TriageResult:
    """`by_layers`: chances (levels,) by the tuned layers for the message in its context, or None where they are not to be had."""
    if screen.result and by_layers is None:
        return screen.result
    chances = chances_of(screen.plain, by_layers, has_context=bool(screen.context))
    shown = _lesser(screen, chances) | _grave(screen, chances)
    firm = {level for level, certainty in shown.items() if certainty is Certainty.FIRM}
    if _is_steered(screen, chances):
        firm.add(Level.INJECTION)
    danger = next((level for level in _DANGERS if level in shown), None)
    if danger not in _GRAVE and _is_off_topic(screen, chances, firm):
        firm.add(Level.OFF_TOPIC)
    route = next((level for level in Level if level in firm), Level.QUESTION)
    return TriageResult(
        route=route,
        danger=danger,
        certainty=shown[danger] if danger else None,
        also_matches=tuple(level for level in Level if level in firm and level is not route),
        evidence=tuple(mark.pattern_id for mark in screen.marks),
        language=screen.language,
        keep_help=screen.keep_help or danger in _GRAVE,
        danger_line=screen.danger_line,
        question=screen.question,
        is_open=route is Level.OFF_TOPIC and Level.OFF_TOPIC not in firm_levels(screen.marks),
    )


def _grave(screen: Screen, chances: Chances) -> Shown:
    """Emergency and crisis: what the patterns found, softened where the classifier is sure of the opposite, and what the classifier adds."""
    limits, grave = chances.thresholds, chances.grave
    found = {mark.level: mark.certainty for mark in reversed(screen.marks) if mark.level in _GRAVE}
    firm = [level for level, certainty in found.items() if certainty is Certainty.FIRM]
    if firm:
        stays = grave >= limits.pattern_stays or screen.is_settled_by_history
        return {level: Certainty.FIRM if stays and level in firm else Certainty.SOFT for level in found}
    if screen.is_held_back:
        grave, sure, heard = chances.agreed_grave, limits.held_firm, limits.held_soft
        sure = _NEVER if screen.guards & _DENIALS else sure
    elif screen.is_guarded:
        sure, heard = limits.guarded_firm, limits.guarded_soft
    else:
        sure, heard = limits.grave_with_mark if found or screen.has_danger_word else limits.grave_firm, limits.grave_soft
    if grave < (off := chances.of(Level.OFF_TOPIC)) and (off >= _SURELY_OFF_TOPIC or not screen.has_danger_word):
        return found
    if grave >= sure:
        return found | {chances.graver: Certainty.FIRM}
    return found | {chances.graver: Certainty.SOFT} if grave >= heard and not found else found


def _lesser(screen: Screen, chances: Chances) -> Shown:
    """Urgent and dosing, likewise."""
    limits = chances.thresholds
    return _one(screen, chances, Level.URGENT, limits.urgent, limits.urgent_firm, limits.urgent_stays) | _one(
        screen, chances, Level.DOSING, limits.dosing, limits.dosing_firm, limits.dosing_stays
    )


def _one(screen: Screen, chances: Chances, level: Level, heard: float, sure: float, stays: float) -> Shown:
    chance = chances.of(level)
    certainties = {mark.certainty for mark in screen.marks if mark.level is level}
    if chance < chances.thresholds.lesser_dropped:
        return {}
    if chance >= sure or (Certainty.FIRM in certainties and chance >= stays):
        return {level: Certainty.FIRM}
    return {level: Certainty.SOFT} if certainties or chance >= heard else {}


def _is_steered(screen: Screen, chances: Chances) -> bool:
    """Injection has no soft form: being wrong costs nobody an answer. Two words steer nobody."""
    if Level.INJECTION in firm_levels(screen.marks):
        return True
    return chances.of(Level.INJECTION) >= chances.thresholds.injection and len(screen.plain.split()) > _STEERING_WORDS


def _is_off_topic(screen: Screen, chances: Chances, firm: set[Level]) -> bool:
    """A pattern, unless topic words stand beside it and the classifier disagrees; or the classifier, where no topic word stands."""
    limits, chance = chances.thresholds, chances.of(Level.OFF_TOPIC)
    if firm & {Level.EMERGENCY, Level.CRISIS, Level.URGENT}:
        return False
    if screen.language != "en":  # said with the line that names the language and the help; hardly ever, and never by a pattern
        return chance >= limits.off_topic_other_language
    if Level.OFF_TOPIC in firm_levels(screen.marks):
        return not screen.has_topic_stem or screen.has_other_sense or chance >= limits.off_topic_beside_word
    wanted = limits.off_topic_beside_word if screen.has_topic or screen.has_topic_stem else limits.off_topic
    return chance >= (_SURELY_OFF_TOPIC if screen.is_held_back else wanted) and not small_talk(screen.plain)
