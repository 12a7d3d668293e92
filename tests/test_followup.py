import numpy as np
import pytest

from taperbot.followup import follow_up, leaning_on, mix, possible_follow_up
from taperbot.records import Turn

HISTORY = (Turn("user", "What is akathisia?"), Turn("assistant", "Akathisia is a restlessness."))


@pytest.mark.parametrize(
    "question",
    ["and at night?", "what about twitching", "why is that?", "does it go away", "how long", "which ones are worse", "is that dangerous?"],
)
def test_a_turn_that_cannot_stand_alone_leans_on_the_last(question: str) -> None:
    context = follow_up(question, HISTORY)
    assert context is not None
    assert (context.shown, context.previous) == ("What is akathisia?", "What is akathisia?")
    assert context.answer_opening == "Akathisia is a restlessness."


@pytest.mark.parametrize(
    "question",
    [
        "What is kindling?",
        "How long do muscle twitches last during a taper?",
        "Can I drink alcohol while tapering diazepam?",
        "Is it safe to drive while tapering lorazepam slowly over months?",
    ],
)
def test_a_new_subject_stands_alone(question: str) -> None:
    assert follow_up(question, HISTORY) is None


def test_a_short_turn_may_lean_and_a_longer_one_may_not() -> None:
    context = possible_follow_up("which seat should i book then", HISTORY)
    assert context is not None
    assert context.shown == "What is akathisia?"
    assert possible_follow_up("and at night?", HISTORY) is None
    assert possible_follow_up("Can I drink red wine with dinner while tapering diazepam slowly over months?", HISTORY) is None
    assert possible_follow_up("which seat should i book then", ()) is None


def test_without_history_nothing_leans() -> None:
    assert follow_up("and at night?", ()) is None
    assert follow_up("and at night?", (Turn("assistant", "Hello."),)) is None


def test_the_first_question_that_stood_alone_is_kept_through_a_chain() -> None:
    history = (*HISTORY, Turn("user", "and at night?"), Turn("assistant", "Worse."))
    context = follow_up("why?", history)
    assert context is not None
    assert (context.previous, context.first) == ("and at night?", "What is akathisia?")


def test_a_later_part_leans_only_when_it_points_back() -> None:
    assert leaning_on("does it come up for akathisia as well", "what is diazepam good for") is not None
    assert leaning_on("what helps against twitching", "what is diazepam good for") is None


def test_mixing_keeps_unit_length_and_the_turn_on_top() -> None:
    context = follow_up("and at night?", HISTORY)
    assert context is not None
    own, other = np.eye(4, dtype=np.float32)[0], np.eye(4, dtype=np.float32)[1]
    mixed = mix(own, context, [other] * len(context.texts))
    assert np.linalg.norm(mixed) == pytest.approx(1)
    assert mixed[0] > mixed[1] > 0
