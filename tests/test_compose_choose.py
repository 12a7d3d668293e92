"""Choosing among quotes whose scores are given."""

import numpy as np
import pytest

from ingest.read import read_article
from taperbot.compose_choose import choose
from taperbot.compose_lines import LONGEST_LIST
from taperbot.compose_score import Scored
from taperbot.evidence import Evidence
from taperbot.records import Quote, QuoteKind

ITEMS = "\n".join(f"- Warm gloves, worn in the morning for some ten minutes or so, kind number {number}." for number in range(12))
TREMOR = f"""# Tremor

Tremor is a shaking of the hands. It comes with a cut of the dose.

## What helps?

Things to try:

{ITEMS}

| Sign | What to do |
| --- | --- |
| Fine tremor | Nothing special |
| Tremor with fever | See a doctor the same day |
"""
OTHER = "# Shaking\n\nShaking of the hands has many causes, tremor among them.\n"
QUOTES = tuple(
    quote
    for text, name in ((TREMOR, "tremor.md"), (OTHER, "shaking.md"))
    for quote in read_article(text.encode(), name).quotes
    if not quote.is_context
)


def scored(favoured: dict[str, float]) -> Scored:
    """Every quote at 0, those that hold one of the texts at its score."""
    values = [max([score for text, score in favoured.items() if text in quote.text and len(quote.text) < 90] or [0.0]) for quote in QUOTES]
    none = np.zeros((len(QUOTES), 0), np.float32)
    flat = np.zeros(len(QUOTES), np.float32)
    evidence = Evidence(QUOTES, (), flat, flat, none, none, (), 0, np.zeros(0, np.float32), np.zeros(0, np.float32))
    return Scored(evidence, np.array(values, np.float32))


def chosen(favoured: dict[str, float], words: int = 90) -> list[Quote]:
    return [QUOTES[row] for row in choose(scored(favoured), words).rows]


def test_a_sure_quote_stands_alone() -> None:
    (quote,) = chosen({"shaking of the hands": 14.0})
    assert "shaking of the hands" in quote.text


def test_where_none_is_sure_more_is_shown_within_the_words() -> None:
    quotes = chosen({"shaking of the hands": 1.0})
    assert len(quotes) > 1
    assert sum(min(LONGEST_LIST, len(quote.text.split())) for quote in quotes) <= 90


def test_no_two_overlap() -> None:
    quotes = chosen({"shaking": 3.0, "cut": 3.0})
    for place, one in enumerate(quotes):
        for other in quotes[:place]:
            assert one.article_id != other.article_id or one.end <= other.start or other.end <= one.start


def test_half_a_row_is_not_shown() -> None:
    quotes = chosen({"See a doctor the same day": 9.0})
    assert quotes[0].kind is QuoteKind.TABLE_ROW
    assert all(quote.kind is not QuoteKind.TABLE_CELL for quote in quotes)


def test_as_likely_the_other_article_is_heard_too() -> None:
    assert {quote.article_id for quote in chosen({"shaking of the hands": 8.0, "many causes": 7.0})} == {"tremor.md", "shaking.md"}


@pytest.mark.parametrize("words", [12, 30])
def test_what_fits_comes_before_what_does_not(words: int) -> None:
    quotes = chosen({"kind number": 2.0}, words)
    assert sum(len(quote.text.split()) for quote in quotes if quote.kind is not QuoteKind.LIST) <= words


def test_nothing_gives_nothing() -> None:
    empty = np.zeros(0, np.float32)
    none = np.zeros((0, 0), np.float32)
    assert choose(Scored(Evidence((), (), empty, empty, none, none, (), 0, empty, empty), empty), 90).rows == ()


def test_shares_add_up_and_follow_the_scores() -> None:
    shares = scored({"many causes": 5.0}).shares
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    assert "many causes" in QUOTES[int(shares.argmax())].text
