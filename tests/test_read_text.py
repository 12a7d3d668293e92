"""Bare text, messy as publishers have it, becomes a structured article whose canonical text is stable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.read import read_article
from taperbot.errors import RejectedFileError
from taperbot.records import Article, BlockKind

ARTICLES = Path(__file__).parent / "articles"


def read(text: str, name: str = "a.txt") -> Article:
    return read_article(text.encode(), name).article


def kinds(article: Article) -> list[tuple[str, str]]:
    return [(block.kind.value, article.text[block.start : block.end]) for block in article.blocks if block.kind is not BlockKind.TABLE_CELL]


@pytest.fixture(scope="module")
def night_sweats() -> Article:
    return read_article((ARTICLES / "night-sweats.txt").read_bytes(), "night-sweats.txt").article


def test_title_and_date_come_from_the_top_lines(night_sweats: Article) -> None:
    assert night_sweats.title == "Night Sweats During a Benzo Taper"
    assert night_sweats.published is not None
    assert night_sweats.published.isoformat() == "2025-03-04"
    assert "MIN READ" not in night_sweats.text


def test_headings_without_marks_are_found(night_sweats: Article) -> None:
    headings = [text for kind, text in kinds(night_sweats) if kind == "heading"]
    assert headings == [
        "Night Sweats During a Benzo Taper",
        "What Are Night Sweats?",
        "Why Do They Come With Tapering?",
        "Harmless or Not?",
        "What Can You Do Tonight?",
        "FAQ",
        "Conclusion",
        "About this content",
    ]


def test_source_marks_and_residue_are_gone_even_inside_lists_and_cells(night_sweats: Article) -> None:
    assert not re.search(r"\[\d|\[web|\*\*", night_sweats.text)
    assert "Damp neck and chest | Fever above 38 °C" in night_sweats.text


def test_pipe_table_carries_its_column_names(night_sweats: Article) -> None:
    rows = [block for block in night_sweats.blocks if block.kind is BlockKind.TABLE_ROW]
    assert night_sweats.text[rows[0].start : rows[0].end] == "Damp neck and chest | Fever above 38 °C"
    assert {row.columns for row in rows} == {("Usually Harmless", "Needs A Doctor")}
    cells = [block for block in night_sweats.blocks if block.kind is BlockKind.TABLE_CELL and block.columns == ("Needs A Doctor",)]
    assert [night_sweats.text[cell.start : cell.end] for cell in cells] == [
        "Fever above 38 °C",
        "Weight loss without trying",
        "Swollen glands",
    ]


def test_question_lines_in_an_faq_are_questions_and_their_paragraphs_answers(night_sweats: Article) -> None:
    pairs = [(kind, text) for kind, text in kinds(night_sweats) if kind in ("question", "answer")]
    assert pairs[:2] == [
        ("question", "How long do night sweats last in a taper?"),
        ("answer", "Mostly two to three weeks after a cut, seldom longer. Ask your doctor if they go on."),
    ]
    answer = next(block for block in night_sweats.blocks if block.kind is BlockKind.ANSWER)
    assert answer.heading_path == ("FAQ", "How long do night sweats last in a taper?")


def test_a_file_with_hardly_a_heading_keeps_its_paragraphs_and_loses_the_card_around_a_teaser() -> None:
    article = read_article((ARTICLES / "dizziness-teaser.txt").read_bytes(), "dizziness-teaser.txt").article
    assert article.title == "Dizziness and Tapering: Finding Your Feet Again"
    assert article.date is None
    assert [kind for kind, _ in kinds(article)].count("paragraph") == 5
    assert not re.search(r"7 Feb|Comments|Read More", article.text)


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    article = read(
        "Sleep in a Taper\n\nMany people sleep badly for a while when they lower their dose, and\n"
        "they worry that it will stay so. It rarely does, though it can take a\nfew weeks to settle.\n\n"
        "- A fixed time for getting up, on free days as\n  well as on working days.\n- No clock in view.\n"
    )
    assert kinds(article)[1:] == [
        (
            "paragraph",
            "Many people sleep badly for a while when they lower their dose, and they worry that it will stay so. "
            "It rarely does, though it can take a few weeks to settle.",
        ),
        ("list_item", "A fixed time for getting up, on free days as well as on working days."),
        ("list_item", "No clock in view."),
    ]


def test_short_lines_after_a_colon_are_a_list_though_nothing_marks_them() -> None:
    article = read(
        "Common Signs\nPeople often notice:\nA racing heart\nShaky hands\nPoor sleep\nMost of these pass within a week or two of the cut.\n"
    )
    assert [text for kind, text in kinds(article) if kind == "list_item"] == ["A racing heart", "Shaky hands", "Poor sleep"]


def test_numbered_headings_are_no_list_and_underlined_ones_lose_their_line() -> None:
    article = read(
        "Main Title\n==========\n\n1. Why it happens\nNerves are on edge for a while after a cut.\n\n"
        "2. What helps\nTime helps most, and so does sleep.\n"
    )
    assert [text for kind, text in kinds(article) if kind == "heading"] == ["Main Title", "1. Why it happens", "2. What helps"]
    assert "===" not in article.text


def test_question_and_answer_marks_are_not_part_of_the_pair() -> None:
    article = read("Some Title Here\n\nFAQ\n\nQ: Will it pass?\n\nA: Yes, it will in time.\n")
    assert kinds(article)[-2:] == [("question", "Will it pass?"), ("answer", "Yes, it will in time.")]


def test_questions_may_be_numbered_or_bulleted() -> None:
    article = read(
        "Shaky Hands: A Guide\nHands may shake for some weeks.\nFAQ\n1. How long does it last?\nSome weeks, mostly.\n"
        "2. Is it dangerous?\nNo. It is a nuisance.\n- Does tea help?\nNot as a rule.\n"
    )
    assert [text for kind, text in kinds(article) if kind == "question"] == ["How long does it last?", "Is it dangerous?", "Does tea help?"]
    assert "1. How long does it last?" in article.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"caf\xe9 society", "byte 0xE9 at position 3 (line 1)"),
        (b"one\ntwo\n\xff\xfa", "(line 3)"),
        ("\ufeffHello".encode("utf-16"), "UTF-16"),
        (b"a\0b", "NUL"),
        (b"19 Nov\nView More\n**\n", "no running text"),
        (b"---\ntitle: [\n---\nSome words.\n", "front matter cannot be read as YAML"),
        (b"+++\ntitle = \n+++\nSome words.\n", "front matter cannot be read as TOML"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes, said: str) -> None:
    with pytest.raises(RejectedFileError) as caught:
        read_article(data, "odd.txt")
    assert said in caught.value.reason
    assert caught.value.path == "odd.txt"


def test_an_unknown_ending_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(RejectedFileError, match=r"\.docx"):
        read_article(b"hello", "photo.jpeg")


SNIPPETS = """[1]|[2][5]|[1[2]]|[web:14, x]|**|*|- |1. |¦|¦---¦---¦|a ¦ b|View More|19 Nov|Ann Field 2 Comments
5 MIN READ|FAQ|Conclusion|What Is It?|Q: |A: |Yes.|e.g., |It lasts weeks. |Magnesium (300-400mg) helps.
Key signs:|theWord|# |===|---|+++|&nbsp;|&amp;lt;
<br>|</p>|Big Title Case|!|?|.|…|(|)|“|”
{{slot}}|²|__|`|word """
PIECES = st.sampled_from([piece.replace("¦", "|") for piece in SNIPPETS.replace("\n", "|").split("|")]) | st.sampled_from(
    ["\n", "\n\n", "\r\n", "\t", "\u200b", "e", "\u0301", "\u00ad", "\u00a0"]
)
MESS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MESS)
def test_canonical_text_read_again_changes_no_more(text: str) -> None:
    try:
        first = read(text.encode("utf-8", "replace").decode())
    except RejectedFileError:
        return
    assert read(first.text).text == first.text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text("abcXYZ019 .,:?!-|()[]*\n", max_size=12), max_size=30).map("".join))
def test_cleaning_only_takes_away(text: str) -> None:
    """Every letter and digit of the canonical text stands in the source, in the same order."""
    try:
        article = read(text)
    except RejectedFileError:
        return
    source = iter(text)
    assert all(character in source for character in article.text if character.isalnum())
