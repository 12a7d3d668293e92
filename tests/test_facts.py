import pytest

from taperbot.facts import Amount, amounts, contradicts, negations, unit_words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("300-400mg of magnesium", {Amount((300, 400), "mg")}),
        ("600 to 1,200 mg a day", {Amount((600, 1200), "mg")}),
        ("six weeks", {Amount((6,), "week")}),
        ("5–10 % every 2-4 weeks", {Amount((5, 10), "%"), Amount((2, 4), "week")}),
        ("10 per cent", {Amount((10,), "%")}),
        ("half a tablet", set()),
        ("0,5 mg", {Amount((0.5,), "mg")}),
        ("one of them", set()),
        ("4-7-8 breathing", {Amount((4, 7, 8), "")}),
    ],
)
def test_amounts(text: str, wanted: set[Amount]) -> None:
    assert amounts(text) == wanted


def test_a_figure_and_its_word_are_one_amount() -> None:
    assert amounts("two weeks") == amounts("2 weeks") == amounts("2-week")


def test_time_without_a_number_is_read_too() -> None:
    assert unit_words("for months, even years") == {"month", "year"}


def test_negation_counts_contractions() -> None:
    assert negations("It doesn't stop and can't, not without help") == 4
    assert negations("It stops") == 0


@pytest.mark.parametrize(
    ("one", "other"), [("It improves at rest", "It worsens at rest"), ("It is safe", "It is dangerous"), ("Go slower", "Go faster")]
)
def test_opposites_contradict_both_ways(one: str, other: str) -> None:
    assert contradicts(one, other)
    assert contradicts(other, one)
    assert not contradicts(one, one)
