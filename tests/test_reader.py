"""Opening an article at a quote, also after it has changed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from scripted_bot import ARTICLE, COLUMNS, HOLD, LINES, article

from taperbot.records import Span
from taperbot.web.reader import Found, Segment, locate, parts
from taperbot.web.view import fingerprint

START = ARTICLE.text.index(HOLD)
END = START + len(HOLD)


def shown(span: Span | None) -> tuple[str, list[Segment]]:
    """All the text of the page, and the marked segments."""
    segments = [segment for part in parts(ARTICLE, span) for row in part.rows for run in row for segment in run]
    return "".join(segment.text for segment in segments), [segment for segment in segments if segment.marked]


def test_the_quote_is_where_it_was_in_the_same_version() -> None:
    place = locate(ARTICLE, ARTICLE.version, START, END)
    assert (place.found, place.span) == (Found.EXACT, Span(START, END))


def test_a_moved_quote_is_found_by_its_fingerprint_or_its_words() -> None:
    edited = article("b" * 64, "A new first paragraph.")
    for place in (
        locate(edited, ARTICLE.version, START, END, mark=fingerprint(HOLD)),
        locate(edited, ARTICLE.version, START, END, quote=HOLD),
    ):
        assert place.found is Found.MOVED
        assert place.span is not None
        assert edited.text[place.span.start : place.span.end] == HOLD


def test_a_quote_that_is_gone_leads_to_the_top() -> None:
    rewritten = replace(ARTICLE, version="c" * 64, text=ARTICLE.text.replace("fine", "right"))
    for place in (locate(rewritten, ARTICLE.version, START, END, mark=fingerprint(HOLD)), locate(rewritten, ARTICLE.version, START, END)):
        assert (place.found, place.span) == (Found.LOST, None)


def test_addresses_without_a_quote_and_nonsense_mark_nothing() -> None:
    assert locate(ARTICLE, "", 0, 0).found is Found.NONE
    assert locate(ARTICLE, ARTICLE.version, 9, 3).found is Found.NONE
    assert locate(ARTICLE, ARTICLE.version, 5, 10**8).span is None


def test_lists_tables_questions_and_headings_keep_their_form() -> None:
    shapes = [(part.layout, part.level, len(part.rows)) for part in parts(ARTICLE, None)]
    assert ("list", 0, 3) in shapes
    assert ("table", 0, 2) in shapes
    assert ("heading", 2, 1) in shapes
    assert ("heading", 3, 1) in shapes
    (table,) = [part for part in parts(ARTICLE, None) if part.layout == "table"]
    assert table.columns == COLUMNS
    assert [len(row) for row in table.rows] == [2, 2]


def test_every_line_but_the_title_is_shown_once() -> None:
    text, marked = shown(None)
    assert marked == []
    for kind, line in LINES[1:]:
        cells = line.split(" | ") if kind == "table_row" else [line]
        assert all(text.count(cell) >= 1 for cell in cells)


@given(st.integers(0, len(ARTICLE.text)), st.integers(0, len(ARTICLE.text)))
def test_any_span_marks_only_its_own_text_and_loses_none(one: int, other: int) -> None:
    low, high = sorted((one, other))
    text, marked = shown(Span(low, high))
    assert text == shown(None)[0]
    assert all(segment.text in ARTICLE.text[low:high] for segment in marked)
    assert [segment.first for segment in marked] == [index == 0 for index in range(len(marked))]
