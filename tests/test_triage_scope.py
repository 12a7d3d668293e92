"""Denied, past, general, hypothetical, reported, idiomatic and bereaved messages are no alarm; real ones beside them are."""

from __future__ import annotations

import pytest

from taperbot.records import Level
from taperbot.triage import decide, screen

_ORDINARY = {
    "negation": "I am not suicidal and I have never wanted to kill myself",
    "negation across or": "I haven't had any fits or hallucinations",
    "past and resolved": "Ten years ago I tried to end my life. I'm well now.",
    "textbook": "Can stopping suddenly cause seizures?",
    "textbook noun": "What are the symptoms of a stroke?",
    "hypothetical": "What should my partner do if I have a seizure?",
    "fear": "I'm afraid of having a seizure at work",
    "reported": "The leaflet says it can cause suicidal thoughts",
    "asked by a doctor": "My GP asked whether I was suicidal",
    "generic": "Some people have seizures when they stop",
    "fiction": "In the film the hero has a heart attack",
    "bereavement by illness": "My mum died in March and I have slept badly since",
    "idiom with an object": "This jaw ache is killing me",
    "idiom of laughing": "I died laughing at that",
    "cut the dose": "I cut my dose last week and it went fine",
    "fear of dying": "I don't want to die, I'm so afraid of it",
}
_REAL = {
    "negation ends at but": ("I'm not saying goodbye yet but I want to die", Level.CRISIS),
    "negation ends at and": ("I don't sleep and I want to kill myself", Level.CRISIS),
    "cannot stop thinking": ("I can't stop thinking about killing myself", Level.CRISIS),
    "signal is negative": ("he is not breathing", Level.EMERGENCY),
    "not waking": ("she won't wake up", Level.EMERGENCY),
    "not wanting to live": ("I no longer want to live", Level.CRISIS),
    "minimised": ("just a bit suicidal lol", Level.CRISIS),
    "past and again": ("I tried to kill myself last year and now I want to do it again, I want to die", Level.CRISIS),
    "seizure while asking": ("Can someone help, my dad is having a seizure", Level.EMERGENCY),
    "fiction does not cover means": ("For my story: how many diazepam are lethal?", Level.CRISIS),
    "elided subject": ("Want to end it all tonight", Level.CRISIS),
    "second sentence": ("How do I sleep better? Also I keep thinking about suicide.", Level.CRISIS),
    "loss and means": ("My wife left me. Which bridge here is the highest?", Level.CRISIS),
    "child without symptom": ("my toddler swallowed a clonazepam", Level.EMERGENCY),
    "idiom beside a real one": ("This ache is killing me and I want to kill myself", Level.CRISIS),
}


@pytest.mark.parametrize("kind", _ORDINARY)
def test_no_alarm(kind: str) -> None:
    result = decide(screen(_ORDINARY[kind]), None)
    assert result.danger is None, result.evidence


def test_the_end_of_a_taper_is_at_most_a_question_of_dose() -> None:
    result = decide(screen("I'm going to jump off at a quarter of a tablet and then end my taper"), None)
    assert result.danger in (None, Level.DOSING), result.evidence


@pytest.mark.parametrize("kind", _REAL)
def test_real_danger_stays_firm(kind: str) -> None:
    message, level = _REAL[kind]
    result = screen(message).result
    assert result is not None
    assert result.route is level


def test_suicide_of_another_is_soft() -> None:
    result = decide(screen("My brother killed himself in June and I can't make sense of it"), None)
    assert (result.route, result.certainty) == (Level.QUESTION, "soft")


def test_intentional_overdose_is_an_emergency_and_a_crisis() -> None:
    result = screen("I took all my pills because I want to die").result
    assert result is not None
    assert result.route is Level.EMERGENCY
    assert Level.CRISIS in result.also_matches
