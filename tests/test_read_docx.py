"""Word documents by their styles, and by their look where there are none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from article_makers import ANSWER, INTRODUCTION, ITEMS, QUESTION, make_docx
from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor

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


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document_with(*changes: Callable[[DocxDocument], None]) -> bytes:
    document = docx.Document()
    document.add_heading("Warm hands", 1)
    document.add_paragraph("Warm water helps the hands.")
    for change in changes:
        change(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def in_last_paragraph(xml: str) -> Callable[[DocxDocument], None]:
    return lambda document: document.paragraphs[-1]._p.append(parse_xml(xml))


def before_the_end(xml: str) -> Callable[[DocxDocument], None]:
    return lambda document: document.element.body.insert(2, parse_xml(xml))


@pytest.mark.parametrize(
    "change",
    [
        in_last_paragraph(f"<w:ins {WORD} w:id='1' w:author='e'><w:r><w:t> So do gloves.</w:t></w:r></w:ins>"),
        in_last_paragraph(f"<w:sdt {WORD}><w:sdtContent><w:r><w:t> So do gloves.</w:t></w:r></w:sdtContent></w:sdt>"),
        in_last_paragraph(f"<w:hyperlink {WORD} w:anchor='x'><w:r><w:t> So do gloves.</w:t></w:r></w:hyperlink>"),
        before_the_end(f"<w:sdt {WORD}><w:sdtContent><w:p><w:r><w:t>So do gloves.</w:t></w:r></w:p></w:sdtContent></w:sdt>"),
    ],
    ids=["tracked insertion", "content control", "link", "paragraph in a content control"],
)
def test_no_words_that_word_shows_are_lost(change: Callable[[DocxDocument], None]) -> None:
    assert "So do gloves." in read_article(document_with(change), "a.docx").article.text


def hide(document: DocxDocument) -> None:
    document.add_paragraph().add_run("secret words").font.hidden = True


def whiten(document: DocxDocument) -> None:
    document.add_paragraph().add_run("secret words").font.color.rgb = RGBColor(255, 255, 255)


def shrink(document: DocxDocument) -> None:
    document.add_paragraph().add_run("secret words").font.size = Pt(1)


@pytest.mark.parametrize("change", [hide, whiten, shrink])
def test_words_that_word_does_not_show_are_left_out_and_named(change: Callable[[DocxDocument], None]) -> None:
    parsed = read_article(document_with(change), "a.docx")
    assert parsed.article.text == "Warm hands\n\nWarm water helps the hands."
    assert [finding.code for finding in parsed.findings] == ["hidden-text"]


def test_deleted_words_are_gone_and_white_on_a_colour_is_seen() -> None:
    def white_on_blue(document: DocxDocument) -> None:
        whiten(document)
        document.paragraphs[-1]._p.get_or_add_pPr().append(parse_xml(f"<w:shd {WORD} w:val='clear' w:fill='0000FF'/>"))

    deletion = f"<w:del {WORD} w:id='2' w:author='e'><w:r><w:t>never</w:t><w:delText>never</w:delText></w:r></w:del>"
    text = read_article(document_with(in_last_paragraph(deletion), white_on_blue), "a.docx").article.text
    assert text == "Warm hands\n\nWarm water helps the hands.\n\nsecret words"


def test_a_table_inside_a_cell_is_read_out_in_the_cell() -> None:
    def nested(document: DocxDocument) -> None:
        table = document.add_table(2, 2)
        for cell, text in zip((table.cell(0, 0), table.cell(0, 1), table.cell(1, 0)), ("Sign", "What to do", "Itch"), strict=True):
            cell.text = text
        table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "Cool it"

    assert "| Itch | Cool it |" in read_article(document_with(nested), "a.docx").article.text


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
