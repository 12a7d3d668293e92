"""Makes small article files in the formats that are not plain text."""

from __future__ import annotations

import io
import zlib

import docx
from fpdf import FPDF

INTRODUCTION = (
    "Dry mouth can come with a taper, and it is mostly a nuisance. The mouth feels sticky, and food tastes of little for a while. "
    "Most people notice it in the week after a cut, and it eases again before the next one."
)
ITEMS = ("Sips of water through the day.", "Sugar-free gum after meals.", "Less coffee and no alcohol.")
QUESTION = "Does dry mouth harm the teeth?"
ANSWER = "It can, since spit protects teeth. Ask a dentist about a rinse."


def make_pdf(pages: int = 1) -> bytes:
    """The dry-mouth article as a PDF, with a running foot and a page number where it has several pages."""
    pdf = _Page()
    pdf.has_foot = pages > 1
    pdf.set_font("helvetica", size=11)
    pdf.add_page()
    for page in range(pages):
        if page:
            pdf.add_page()
        _heading(pdf, "Dry Mouth During a Taper" if not page else f"More About Day {page}", 18)
        _text(pdf, INTRODUCTION)
        _heading(pdf, "What Helps a Dry Mouth?", 14)
        _text(pdf, "Simple things to try:")
        for item in ITEMS:
            _text(pdf, f"- {item}")
        _heading(pdf, "FAQ", 14)
        _heading(pdf, QUESTION, 12)
        _text(pdf, ANSWER)
    return bytes(pdf.output())


def make_locked_pdf() -> bytes:
    """The same article behind a password."""
    pdf = _Page()
    pdf.set_encryption(owner_password="owner", user_password="reader")
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    _text(pdf, INTRODUCTION)
    return bytes(pdf.output())


def make_faint_pdf() -> bytes:
    """The same article with a line in white and one in letters of a point."""
    pdf = _Page()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    _text(pdf, INTRODUCTION)
    pdf.set_text_color(255, 255, 255)
    _text(pdf, "White words on white paper.")
    pdf.set_text_color(0, 0, 0)
    pdf.set_font("helvetica", size=1)
    _text(pdf, "Words too small to read.")
    return bytes(pdf.output())


def make_scanned_pdf() -> bytes:
    """A PDF whose only page shows a shape and holds no text."""
    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 100, 50, style="F")
    return bytes(pdf.output())


def make_swelling_pdf(megabytes: int) -> bytes:
    """A PDF whose page stream unpacks to that many megabytes of drawing commands."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"(x) Tj " * 143_000) for _ in range(megabytes)) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


def make_docx(styled: bool = True) -> bytes:
    """The dry-mouth article as a Word document; without styles its headings are bare lines."""
    document = docx.Document()
    document.core_properties.title = ""
    for style, text in (("Title", "Dry Mouth During a Taper"), ("Normal", INTRODUCTION), ("Heading 1", "What Helps a Dry Mouth?")):
        document.add_paragraph(text, style=style if styled else "Normal")
    document.add_paragraph("Simple things to try:")
    for item in ITEMS:
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Sign", "What to do", "White patches", "See a dentist"), strict=True
    ):
        cell.text = text
    document.add_paragraph("FAQ", style="Heading 1" if styled else "Normal")
    document.add_paragraph(QUESTION, style="Heading 2" if styled else "Normal")
    document.add_paragraph(ANSWER)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


class _Page(FPDF):
    has_foot = False

    def footer(self) -> None:
        if not self.has_foot:
            return
        self.set_y(-15)
        self.set_font("helvetica", size=8)
        self.cell(0, 5, "Example Health Leaflets", new_x="LMARGIN", new_y="NEXT")
        self.cell(0, 5, f"Page {self.page_no()}")


def _heading(pdf: FPDF, text: str, size: int) -> None:
    pdf.set_font("helvetica", "B", size)
    pdf.multi_cell(0, 9, text, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", size=11)


def _text(pdf: FPDF, text: str) -> None:
    pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
