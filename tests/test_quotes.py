"""Quotes are verbatim, each of its kind, and mere context is marked as such."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.parsed import ParsedFile
from ingest.read import read_article
from taperbot.records import Quote, QuoteKind

ARTICLES = sorted((Path(__file__).parent / "articles").iterdir())


def read(text: str, name: str = "a.md") -> ParsedFile:
    return read_article(text.encode(), name)


def of_kind(parsed: ParsedFile, kind: QuoteKind) -> list[Quote]:
    return [quote for quote in parsed.quotes if quote.kind is kind]


def answers(parsed: ParsedFile, kind: QuoteKind) -> list[str]:
    return [quote.text for quote in of_kind(parsed, kind) if not quote.is_context]


def assert_sound(parsed: ParsedFile) -> None:
    """Quotes equal their slices, lie in their chunks, and contain their members."""
    chunks = {chunk.chunk_id: chunk for chunk in parsed.chunks}
    by_id = {quote.quote_id: quote for quote in parsed.quotes}
    assert len(by_id) == len(parsed.quotes)
    for quote in parsed.quotes:
        assert parsed.article.text[quote.start : quote.end] == quote.text == quote.text.strip() != ""
        chunk = chunks[quote.chunk_id]
        assert chunk.start <= quote.start
        assert quote.end <= chunk.end
        for member in quote.members:
            assert quote.start <= by_id[member].start
            assert by_id[member].end <= quote.end


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_quotes_of_messy_articles_are_sound(path: Path) -> None:
    assert_sound(read_article(path.read_bytes(), path.name))


def test_sentences_and_adjacent_pairs_within_a_paragraph() -> None:
    parsed = read(
        "# T\n\nThe first sentence has seven words here. It ends soon. The third sentence has seven words too.\n\n"
        "Another paragraph has its words here.\n"
    )
    assert answers(parsed, QuoteKind.SENTENCE) == [
        "The first sentence has seven words here.",
        "The third sentence has seven words too.",
    ]
    pairs = of_kind(parsed, QuoteKind.PAIR)
    assert [pair.text for pair in pairs] == [
        "The first sentence has seven words here. It ends soon.",
        "It ends soon. The third sentence has seven words too.",
    ]
    assert [len(pair.members) for pair in pairs] == [1, 1]
    assert "Another paragraph has its words here." in [quote.text for quote in parsed.quotes if quote.is_context]


def test_a_list_is_quoted_item_by_item_and_whole_with_its_lead_in() -> None:
    parsed = read("# T\n\n## Signs\n\nSome introduction to the matter at hand. Watch for:\n\n- Fever.\n- A stiff neck.\n")
    whole = of_kind(parsed, QuoteKind.LIST)[0]
    assert whole.text == "Fever.\n- A stiff neck."
    assert whole.members == tuple(quote.quote_id for quote in of_kind(parsed, QuoteKind.LIST_ITEM))
    assert whole.lead_in is not None
    assert parsed.article.text[whole.lead_in.start : whole.lead_in.end] == "Watch for:"
    assert of_kind(parsed, QuoteKind.LIST_ITEM)[0].indexed_text == "T > Signs: Watch for: Fever."
    assert not any(pair.text.endswith("Watch for:") for pair in of_kind(parsed, QuoteKind.PAIR))


def test_rows_and_cells_carry_their_columns() -> None:
    parsed = read("# T\n\n## Signs\n\n| Harmless | Serious |\n| --- | --- |\n| Damp skin | Fever |\n| | Swollen glands |\n")
    rows, cells = of_kind(parsed, QuoteKind.TABLE_ROW), of_kind(parsed, QuoteKind.TABLE_CELL)
    assert [row.text for row in rows] == ["Damp skin | Fever", "Swollen glands"]
    assert rows[0].columns == ("Harmless", "Serious")
    assert [(cell.text, cell.columns) for cell in cells] == [
        ("Damp skin", ("Harmless",)),
        ("Fever", ("Serious",)),
        ("Swollen glands", ("Serious",)),
    ]
    assert rows[0].indexed_text == "T > Signs: Harmless: Damp skin; Serious: Fever"


def test_cells_of_wider_tables_are_indexed_with_their_row() -> None:
    parsed = read("# T\n\n| Drug | Half-life | Speed |\n| --- | --- | --- |\n| Diazepam | Long | Fast |\n")
    assert of_kind(parsed, QuoteKind.TABLE_CELL)[1].indexed_text == "T: Diazepam, Half-life: Long"


def test_an_answer_knows_its_question_however_short_it_is() -> None:
    parsed = read(
        "# T\n\n## FAQ\n\n### Is it safe?\n\nYes.\n\n### How long does it last?\n\nOften for some weeks after a cut. Seldom longer.\n"
    )
    short, long = of_kind(parsed, QuoteKind.FAQ_ANSWER)
    assert (short.text, short.question, short.is_context) == ("Yes.", "Is it safe?", False)
    assert long.text == "Often for some weeks after a cut. Seldom longer."
    assert long.indexed_text == "T > FAQ: How long does it last? Often for some weeks after a cut. Seldom longer."
    assert [quote.question for quote in of_kind(parsed, QuoteKind.SENTENCE)] == ["How long does it last?"]


def test_an_answer_that_ends_in_a_list_is_quoted_with_it() -> None:
    parsed = read("# T\n\n## FAQ\n\n### When should I call?\n\nCall at once for:\n\n- Fever.\n- A seizure.\n")
    assert [quote.text for quote in of_kind(parsed, QuoteKind.FAQ_ANSWER)] == ["Call at once for:\n\n- Fever.\n- A seizure."]


def test_footers_pointers_and_teasers_are_context_only() -> None:
    teaser = read_article((Path(__file__).parent / "articles" / "dizziness-teaser.txt").read_bytes(), "dizziness-teaser.txt")
    context = {quote.text for quote in teaser.quotes if quote.is_context}
    assert "Learn gentle ways to train your balance while your dose comes down." in context
    assert "What you’ll find in the posts below are stories of people who got their balance back." in context
    messy = read_article((Path(__file__).parent / "articles" / "night-sweats.txt").read_bytes(), "night-sweats.txt")
    footer = [quote for quote in messy.quotes if quote.heading_path == ("About this content",)]
    assert footer
    assert all(quote.is_context for quote in footer)
    assert any(quote.is_context and quote.text.startswith("Other medicines: Read our article") for quote in messy.quotes)


def test_cards_of_other_articles_and_entries_of_a_source_list_are_context_only() -> None:
    parsed = read(
        "Holidays in a Taper: A Guide\nHolidays can go well when they are planned with friends and the prescriber knows where you are.\n\n"
        "5 December 2025\nPacking Light: What to Take\nAnn Field 0 Comments\n\nExplore how people plan their trips with a letter in the bag.\n\nView More\n\n"
        "[1] Smith J. Trips and tablets in old age, 2019. https://example.org/trips\n",
        "a.txt",
    )
    assert parsed.article.published is None
    shown = [quote.text for quote in parsed.quotes if not quote.is_context]
    assert shown == ["Holidays can go well when they are planned with friends and the prescriber knows where you are."]


def test_a_long_answer_is_quoted_by_paragraphs() -> None:
    paragraph = "It depends on many things, and nobody can say for certain how it will go for one person. " * 4
    parsed = read(f"# T\n\n## FAQ\n\n### How long will it take?\n\n{paragraph}\n\n{paragraph}\n")
    assert [quote.text for quote in of_kind(parsed, QuoteKind.FAQ_ANSWER)] == [paragraph.strip()] * 2


def test_the_same_sentence_twice_has_two_ids_that_stay() -> None:
    text = "# T\n\n## A\n\nThe very same sentence stands in here.\n\n## A\n\nThe very same sentence stands in here.\n"
    first, second = (read(text).quotes for _ in range(2))
    assert len({quote.quote_id for quote in first}) == 2
    assert [quote.quote_id for quote in first] == [quote.quote_id for quote in second]


PARTS = st.sampled_from(
    [
        "## Head\n",
        "## FAQ\n",
        "### Why so?\n",
        "- one\n- two words\n\n  more\n",
        "1. first\n2. second\n",
        "| a | b |\n|---|---|\n| c | |\n",
        "Lead in to it:\n",
        "**Q?** A.\n",
    ]
)
WORDS = st.lists(
    st.sampled_from(["Taper", "dose", "sleeps.", "Rest?", "(e.g.", "Tea)", "300-400mg", "Dr. Who", "[1]", "See our article.", "x"]),
    max_size=150,
).map(" ".join)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PARTS | WORDS, min_size=1, max_size=10).map("\n\n".join), st.sampled_from(["a.md", "a.txt", "a.html"]))
def test_quotes_of_any_article_are_sound(text: str, name: str) -> None:
    assert_sound(read(f"{text}\n\nA last line of words.", name))
