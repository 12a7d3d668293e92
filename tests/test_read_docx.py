"""Word documents by their styles, and by their look where there are none."""

from __future__ import annotations

import io
import zipfile

import pytest
from article_makers import ANSWER, INTRODUCTION, ITEMS, QUESTION, make_docx

from ingest.read import read_article
from taperbot.errors import RejectedFileError
from taperbot.records import BlockKind


@pytest.mark.parametrize("styled", [True, False], ids=["styled", "bare"])
def test_a_word_document_is_read_with_its_structure(styled: bool) -> None:
    article = read_article(make_docx(styled), "dry-mouth.docx").article
    shown = {kind: [article.text[block.start : block.end] for block in article.blocks if block.kind is kind] for kind in BlockKind}
    assert article.title == "Dry Mouth During a Taper"
    assert shown[BlockKind.PARAGRAPH] == [INTRODUCTION, "Simple things to try:"]
    assert shown[BlockKind.LIST_ITEM] == list(ITEMS)
    assert shown[BlockKind.TABLE_ROW] == ["White patches | See a dentist"]
    assert (shown[BlockKind.QUESTION], shown[BlockKind.ANSWER]) == ([QUESTION], [ANSWER])


def swollen() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 201_000_000)
    return written.getvalue()


def with_entities() -> bytes:
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<?xml version="1.0"?><!DOCTYPE t [<!ENTITY a "aaaaaaaaaa">{entities}]><Types>&k;</Types>')
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and no more", "not a Word document"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "password or in the old .doc format"),
        (swollen(), "unpacks to 201 MB"),
        (with_entities(), "damaged"),
        (make_docx()[:-400], "not a Word document"),
    ],
    ids=["no zip", "old or locked", "zip bomb", "entity bomb", "cut off"],
)
def test_documents_that_cannot_be_read_are_refused_with_a_reason(data: bytes, said: str) -> None:
    with pytest.raises(RejectedFileError) as caught:
        read_article(data, "odd.docx")
    assert said in caught.value.reason
