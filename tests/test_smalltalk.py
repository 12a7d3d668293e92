import pytest

from taperbot.smalltalk import small_talk
from taperbot.wording.answers import SMALL_TALK


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("hi", "greeting"),
        ("Good morning!", "greeting"),
        ("thank you so much", "thanks"),
        ("bye", "goodbye"),
        ("Are you a doctor?", "are_you_a_doctor"),
        ("so who are you", "who_are_you"),
        ("is this a bot?", "who_are_you"),
        ("who wrote this?", "who_wrote_this"),
        ("how does this work?", "how_it_works"),
        ("Do you save my questions?", "privacy"),
        ("is this chat confidential", "privacy"),
        ("what can you do", "what_can_you_do"),
        ("can I trust you?", "can_i_trust"),
    ],
)
def test_each_kind_has_its_reply(message: str, reply: str) -> None:
    assert small_talk(message) == SMALL_TALK[reply]


@pytest.mark.parametrize(
    "message",
    [
        "",
        "hi, how long does akathisia last?",
        "can you help me sleep",
        "does it track with anxiety",
        "is this normal",
        "how do you know if akathisia is bad",
        "do benzos show up in blood",
        "thanks, but does it last",
        "x" * 5000,
    ],
)
def test_questions_go_to_the_articles(message: str) -> None:
    assert small_talk(message) is None


def test_every_pattern_leads_to_wording_that_exists() -> None:
    from taperbot.smalltalk import _patterns

    assert {name for name, _ in _patterns()} == set(SMALL_TALK)
