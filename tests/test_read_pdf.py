"""PDF files by their text layer."""

from __future__ import annotations

import pytest
from article_makers import ANSWER, INTRODUCTION, ITEMS, QUESTION, make_faint_pdf, make_locked_pdf, make_pdf, make_scanned_pdf

from ingest.read import read_article
from taperbot.errors import RejectedFileError
from taperbot.records import BlockKind


def test_a_pdf_is_read_with_its_structure() -> None:
    article = read_article(make_pdf(), "dry-mouth.pdf").article
    shown = {kind: [article.text[block.start : block.end] for block in article.blocks if block.kind is kind] for kind in BlockKind}
    assert article.title == "Dry Mouth During a Taper"
    assert shown[BlockKind.PARAGRAPH][0] == INTRODUCTION
    assert shown[BlockKind.LIST_ITEM] == list(ITEMS)
    assert (shown[BlockKind.QUESTION], shown[BlockKind.ANSWER]) == ([QUESTION], [ANSWER])


def test_running_feet_and_page_numbers_are_taken_away_and_named() -> None:
    parsed = read_article(make_pdf(pages=4), "dry-mouth.pdf")
    assert "Leaflets" not in parsed.article.text
    assert "Page 2" not in parsed.article.text
    assert any(finding.code == "furniture" and "Leaflets" in finding.message for finding in parsed.findings)


def test_letters_that_can_hardly_be_seen_are_told_of() -> None:
    [finding] = read_article(make_faint_pdf(), "faint.pdf").findings
    assert (finding.code, finding.message.endswith("page 1")) == ("hidden-text", True)
    assert not read_article(make_pdf(), "plain.pdf").findings


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (make_locked_pdf(), "password"),
        (make_scanned_pdf(), "no text layer"),
        (b"%PDF-1.7 and then nothing", "damaged"),
        (b"no pdf at all", "damaged"),
        (make_pdf()[:900], "damaged"),
    ],
    ids=["locked", "scanned", "broken", "text", "cut off"],
)
def test_pdfs_without_words_are_refused_with_a_reason(data: bytes, said: str) -> None:
    with pytest.raises(RejectedFileError) as caught:
        read_article(data, "odd.pdf")
    assert said in caught.value.reason
