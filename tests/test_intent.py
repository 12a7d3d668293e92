import pytest

from taperbot.intent import intent_of


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("How long does akathisia last?", "wants_duration"),
        ("when will this stop", "wants_duration"),
        ("what dose of magnesium do people take", "wants_dose"),
        ("how many mg of B6", "wants_dose"),
        ("how much caffeine is fine", "wants_count"),
        ("what percentage of people twitch", "needs_figure"),
        ("why do I twitch at night", "wants_reason"),
        ("what is kindling", "wants_definition"),
        ("what are the signs of kindling", "wants_list"),
    ],
)
def test_the_form_asked_for_is_read_from_the_words(question: str, wants: str) -> None:
    assert getattr(intent_of(question), wants)


def test_a_plain_statement_asks_for_no_form() -> None:
    intent = intent_of("my legs twitch in bed")
    for asked in (intent.wants_figure, intent.needs_figure, intent.wants_list, intent.wants_reason, intent.section):
        assert not asked
