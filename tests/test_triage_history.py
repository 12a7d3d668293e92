"""Earlier turns: answers to the bot's question, short replies, status reports, and numbers that stay."""

from __future__ import annotations

import pytest

from taperbot.records import Level, Turn
from taperbot.triage import decide, screen

_SEIZURE = Turn("user", "My dad is having a seizure")
_SUICIDAL = Turn("user", "I want to kill myself")
_CARD = Turn("assistant", "Call the emergency number now.")
_CALM = (Turn("user", "What helps with sleep?"), Turn("assistant", "A regular time to get up."))


def _level(message: str, *history: Turn) -> Level:
    result = decide(screen(message, history), None)
    return result.danger or result.route


@pytest.mark.parametrize("reply", ["yes", "Yeah", "sometimes", "every day", "I do", "most nights, yes"])
def test_a_yes_takes_the_question_as_its_statement(reply: str) -> None:
    asked = (Turn("user", "my mood is low"), Turn("assistant", "Are you thinking about killing yourself?"))
    assert _level(reply, *asked) is Level.CRISIS


@pytest.mark.parametrize("reply", ["no", "no, nothing like that", "not at all"])
def test_a_no_does_not(reply: str) -> None:
    asked = (Turn("user", "my mood is low"), Turn("assistant", "Are you thinking about killing yourself?"))
    assert _level(reply, *asked) is Level.QUESTION


def test_a_no_to_a_question_about_safety_does() -> None:
    asked = (Turn("user", "my wife took her tablet"), Turn("assistant", "Is she breathing?"))
    assert _level("no", *asked) is Level.EMERGENCY


@pytest.mark.parametrize("reply", ["he's still shaking", "what do I do", "ten minutes now", "still the same"])
def test_a_status_report_inherits(reply: str) -> None:
    assert _level(reply, _SEIZURE, _CARD) is Level.EMERGENCY


@pytest.mark.parametrize("reply", ["no", "thanks, I called them", "What does magnesium do for twitching legs?"])
def test_other_replies_do_not_inherit_but_the_numbers_stay(reply: str) -> None:
    result = decide(screen(reply, (_SUICIDAL, _CARD)), None)
    assert result.route is Level.QUESTION
    assert result.keep_help


def test_numbers_stay_ten_turns_later_and_never_without_cause() -> None:
    assert decide(screen("and caffeine?", (_SUICIDAL, _CARD, *_CALM, *_CALM)), None).keep_help
    assert not decide(screen("and caffeine?", (*_CALM, *_CALM)), None).keep_help


def test_crisis_after_calm_turns() -> None:
    assert _level("I don't want to be alive any more", *_CALM, *_CALM, *_CALM) is Level.CRISIS


def test_what_the_bot_says_is_no_danger_of_the_reader() -> None:
    assert (
        _level("and for how long?", Turn("user", "what is dangerous?"), Turn("assistant", "Seizures. I want to die is a crisis."))
        is Level.QUESTION
    )
