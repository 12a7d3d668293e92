"""Laying out answers, without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scripted_bot import COLUMNS, HOW_FAST, PACE, WHICH_SIGNS, WISH, ScriptedBot

from taperbot.records import QuoteKind, Sentence, Starter
from taperbot.web import view
from taperbot.wording import page as words

ANSWER = ScriptedBot().ask(HOW_FAST)
SIGNS = ScriptedBot().ask(WHICH_SIGNS)


def test_neighbouring_items_of_one_list_are_gathered_and_others_are_not() -> None:
    layouts = [(group.layout, group.label, len(group.pieces)) for group in view.groups(ANSWER)]
    assert layouts == [("paragraph", "", 1), ("paragraph", "", 1), ("list", "What helps on the way:", 3)]
    other = Sentence("Another list's item", (3,), QuoteKind.LIST_ITEM, "Elsewhere:")
    assert len(view.groups(replace(ANSWER, sentences=(*ANSWER.sentences, other)))) == 4


def test_a_whole_list_is_split_into_its_items_without_their_bullets() -> None:
    whole = Sentence("- one\n* two\n3. three", (1,), QuoteKind.LIST, "Three things:")
    (group,) = view.groups(replace(ANSWER, sentences=(whole,)))
    assert [piece.text for piece in group.pieces] == ["one", "two", "three"]
    assert [len(piece.marks) for piece in group.pieces] == [0, 0, 1]


def test_cells_of_one_column_stand_as_a_list_under_its_name() -> None:
    cells = tuple(Sentence(text, (1,), QuoteKind.TABLE_CELL, COLUMNS[1]) for text in ("weakness", "numbness"))
    (group,) = view.groups(replace(ANSWER, sentences=cells))
    assert (group.layout, group.label, [piece.text for piece in group.pieces]) == ("list", COLUMNS[1], ["weakness", "numbness"])


def test_a_row_is_paired_with_its_columns_only_when_the_counts_agree() -> None:
    row = view.groups(SIGNS)[0].pieces[0]
    assert row.cells == ((COLUMNS[0], "Often harmless"), (COLUMNS[1], "Eyelid flutter that comes and goes"))
    odd = Sentence("one | two | three", (1,), QuoteKind.TABLE_ROW, " | ".join(COLUMNS))
    assert view.groups(replace(SIGNS, sentences=(odd,)))[0].pieces[0].cells == ()


def test_every_mark_of_an_answer_leads_to_its_citation() -> None:
    for answer in (ANSWER, SIGNS):
        numbers = {citation.number: citation for citation in answer.citations}
        for group in view.groups(answer):
            for piece in group.pieces:
                for mark in piece.marks:
                    citation = numbers[mark.number]
                    assert mark.name == words.SOURCE_NAME.format(number=mark.number, title=citation.title)
                    assert f"start={citation.start}&end={citation.end}&q={view.fingerprint(citation.quote)}#quote" in mark.address


def test_reading_addresses_escape_article_ids() -> None:
    assert view.article_address("a b/c?d#e.md") == "/read/a%20b/c%3Fd%23e.md"


def test_citations_of_one_section_share_an_entry_in_the_sources() -> None:
    entries = view.sources(ANSWER)
    assert [[mark.number for mark in entry.marks] for entry in entries] == [[1, 2], [3]]
    assert entries[0].dated == "Reviewed 16 October 2026"


def test_review_dates_are_a_day_a_span_or_nothing() -> None:
    one = replace(ANSWER, citations=ANSWER.citations[:1])
    none = replace(ANSWER, citations=(replace(ANSWER.citations[0], article_date=None),))
    assert view.reviewed(one) == words.REVIEWED_ONE.format(newest="16 October 2026")
    assert view.reviewed(ANSWER) == words.REVIEWED_SPAN.format(oldest="2 March 2026", newest="16 October 2026")
    assert view.reviewed(none) == ""
    assert view.sources(none)[0].dated == words.SOURCE_UNDATED


def test_plain_text_holds_everything_that_was_shown() -> None:
    text = view.plain_text(ANSWER)
    assert text.index(HOW_FAST) < text.index(PACE) < text.index(words.SOURCES) < text.index(ANSWER.disclaimer)
    assert "- Keep a short diary of sleep and symptoms. [3]" in text
    card = view.plain_text(ScriptedBot().ask(WISH))
    assert "Samaritans 116 123" in card


def test_starters_are_open_short_and_of_different_articles() -> None:
    golden = [
        Starter("Is it so?", "a.md"),
        Starter("What is it?", "a.md"),
        Starter("What is it really?", "a.md"),
        Starter("How long does it go on?", "b.md"),
        Starter("Why " + "so very " * 9 + "long?", "c.md"),
        Starter("What did Busto find in 1988?", "e.md"),
        Starter("Which helps when I taper?", "d.md"),
    ]
    assert view.starters(golden, 3) == ("What is it?", "How long does it go on?", "Which helps when I taper?")
    assert len(view.starters(golden[:3], 3)) == 3
    assert view.starters([], 3) == ()


def test_long_dates_are_written_out() -> None:
    assert view.long_date(date(2026, 3, 1)) == "1 March 2026"
