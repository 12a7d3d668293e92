"""What cleaning takes away, and what it must leave alone."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.clean import Cleaned, clean, full_date, is_furniture
from ingest.pieces import Piece, PieceKind


def cleaned(*lines: str) -> Cleaned:
    return clean(Piece(PieceKind.LINE, line, number) for number, line in enumerate(lines, 1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It eases.[1][5]", "It eases."),
        ("It eases.[1] Then it returns.[2]", "It eases. Then it returns."),
        ("It eases [3] with time.", "It eases with time."),
        ("It eases.[1]Then it returns.", "It eases. Then it returns."),
        ("common [1, 2], mostly", "common, mostly"),
        ("pooled [4-6] data", "pooled data"),
        ("(after exercise)[2]", "(after exercise)"),
        ("common[^3].", "common."),
        ("settles.¹² Later", "settles. Later"),
        ("wrong [1[2]] nesting", "wrong nesting"),
        ("see the manual【4†source】.", "see the manual."),
        ("nerves fire [web:3, to be checked] more", "nerves fire more"),
        ("a claim [citation needed] here", "a claim here"),
        ("the dose [TODO: ask Ann] falls", "the dose falls"),
        ("a **bold** word", "a bold word"),
        ("left ** open", "left open"),
        ("one<br>two", "onetwo"),
        ("salt &amp; water", "salt & water"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
    ],
)
def test_what_is_not_the_article_goes(before: str, after: str) -> None:
    assert " ".join(cleaned(before).pieces[0].text.split()) == after


@pytest.mark.parametrize(
    "text",
    [
        "Take 300-400 mg [of magnesium] with food.",
        "The range [10 to 20] was wide.",
        "A dose of <5 mg is low.",
        "Area in m² of skin.",
        "He said [sic] nothing.",
        "5 * 3 makes fifteen".replace(" * ", "*"),
        "snake_case_name stays",
        "Comments from readers are welcome here.",
        "On 19 Nov we met the doctor.",
        "The next page of the diary was blank.",
    ],
)
def test_what_belongs_to_the_article_stays(text: str) -> None:
    assert cleaned(text).pieces[0].text == text
    assert not cleaned(text).notes


@pytest.mark.parametrize(
    "line",
    [
        "December 23, 2025 • 5 MIN READ",
        "3 min read",
        "19 Nov",
        "7th February 2024",
        "2026-01-31",
        "Published on March 3, 2024",
        "12 Comments",
        "No comments",
        "Ann Field 2 Comments",
        "View More",
        "READ MORE »",
        "Continue reading",
        "Share this",
        "Leave a comment",
        "← Previous post",
        "Table of contents",
        "Advertisement",
        "© 2024 Example Health",
    ],
)
def test_lines_of_page_furniture_are_known(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line", ["View more of the evidence before you decide", "May helps", "Search for a calm place", "Comments on the trial", "Home is best"]
)
def test_lines_that_only_resemble_furniture_are_not_taken_for_it(line: str) -> None:
    assert not is_furniture(line)


def test_each_removal_is_noted_with_its_own_line_even_inside_a_paragraph() -> None:
    notes = clean([Piece(PieceKind.PARAGRAPH, "first line\nsecond[1][2] line\nthird [web:1, x] line", 10)]).notes
    assert [(note.line, note.code) for note in notes] == [(11, "source-mark"), (12, "drafting-residue")]
    assert "[1] [2]" in notes[0].message


def test_a_full_date_in_the_furniture_is_the_publication_date() -> None:
    assert cleaned("January 31, 2026 • 5 MIN READ", "Some words.").published == date(2026, 1, 31)
    assert cleaned("19 Nov", "Some words.").published is None


@pytest.mark.parametrize(
    ("text", "day"), [("31 Feb 2024", None), ("2 Sept 2024", date(2024, 9, 2)), ("on 2025-12-01", date(2025, 12, 1)), ("", None)]
)
def test_dates(text: str, day: date | None) -> None:
    assert full_date(text) == day


def test_cells_are_cleaned_one_by_one() -> None:
    row = clean([Piece(PieceKind.ROW, "", 4, cells=("Weakness[7]", "** See a doctor"))]).pieces[0]
    assert row.cells == ("Weakness", "See a doctor")
