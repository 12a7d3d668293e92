"""Every reviewed pattern finds what it must and leaves alone what it must not."""

from __future__ import annotations

from collections import Counter

import pytest

from taperbot.triage.inflect import inflections
from taperbot.triage.judge import judge
from taperbot.triage.normalize import normalize
from taperbot.triage.patterns import Idiom, Pattern, idioms, patterns, without_idioms
from taperbot.triage.scope import GUARDS


def _names(pattern: Pattern) -> str:
    return pattern.pattern_id


@pytest.mark.parametrize("pattern", patterns(), ids=_names)
def test_pattern_finds_its_message_and_not_its_counterpart(pattern: Pattern) -> None:
    found, spared = judge(pattern.match), judge(pattern.miss)
    assert pattern.pattern_id in {mark.pattern_id for mark in found.marks}
    assert pattern.pattern_id not in {mark.pattern_id for mark in spared.marks}


@pytest.mark.parametrize("pattern", patterns(), ids=_names)
def test_every_phrase_compiles_and_its_anchors_hold(pattern: Pattern) -> None:
    for group in pattern.groups:
        for phrase in (*group, *pattern.unless):
            assert phrase.compiled.pattern
            assert all(phrase.anchors)


def test_pattern_names_are_unique_and_their_guards_exist() -> None:
    counts = Counter(pattern.pattern_id for pattern in patterns())
    assert max(counts.values()) == 1
    assert all(pattern.despite <= set(GUARDS) for pattern in patterns())
    assert all(pattern.pattern_id.startswith(f"{pattern.level.value}.") for pattern in patterns())


@pytest.mark.parametrize("idiom", idioms(), ids=lambda idiom: idiom.match)
def test_idiom_takes_the_weight_off_its_message(idiom: Idiom) -> None:
    masked, spans = without_idioms(normalize(idiom.match))
    assert spans
    assert len(masked) == len(normalize(idiom.match))
    assert not judge(idiom.match).marks


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("stop", {"stop", "stops", "stopped", "stopping"}),
        ("die", {"die", "dies", "died", "dying"}),
        ("choke", {"choke", "chokes", "choked", "choking"}),
        ("try", {"try", "tries", "tried", "trying"}),
        ("take", {"take", "takes", "took", "taken", "taking"}),
        ("overdose", {"overdose", "overdoses", "overdosed", "overdosing"}),
        ("wish", {"wish", "wishes", "wished", "wishing"}),
        ("slur", {"slur", "slurs", "slurred", "slurring"}),
        ("collapse", {"collapse", "collapses", "collapsed", "collapsing"}),
    ],
)
def test_inflections(verb: str, forms: set[str]) -> None:
    assert set(inflections(verb)) == forms


@pytest.mark.parametrize("subject", ["I", "he", "she", "they", "my brother", "someone I know"])
@pytest.mark.parametrize("verb", ["killing {self}", "going to kill {self}", "trying to end {own} life", "about to hang {self}"])
def test_crisis_through_persons(subject: str, verb: str) -> None:
    reflexive = {"I": ("myself", "my"), "she": ("herself", "her"), "they": ("themselves", "their")}.get(subject, ("himself", "his"))
    being = {"I": "am", "they": "are"}.get(subject, "is")
    message = f"{subject} {being} {verb.format(self=reflexive[0], own=reflexive[1])}"
    assert "crisis.kill_self" in {mark.pattern_id for mark in judge(message).marks}
