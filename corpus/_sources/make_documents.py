"""Make the PDF and Word articles of the corpus from the Markdown sources beside this file.

Run from the repository root:

    python corpus/_sources/make_documents.py [NAME ...]

Each `NAME.md` gives `corpus/NAME.pdf` or `corpus/NAME.docx` and the sidecar `NAME.EXT.meta.yaml` with its front
matter. The same source gives the same bytes: dates inside the files come from `reviewed`, never from the clock.
Only the Markdown that the sources use is understood: headings, paragraphs, one level of `- ` lists, and pipe tables
(in Word files alone: the text layer of a PDF knows no columns).
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

import docx
import yaml
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from fpdf import FPDF

SOURCES = Path(__file__).parent
CORPUS = SOURCES.parent
DOCUMENTS = ("older-people.pdf", "helping-someone-taper.pdf", "stomach-trouble.docx", "paradoxical-reactions.docx")

HEADING_POINTS = {1: 20, 2: 14, 3: 12}
BODY_POINTS = 11
LINE_MM = 5.6
ITEM_INDENT_MM = 4
LIST_END_MM = 2
RUNNING_HEAD = "Reader's guide: "


@dataclass(frozen=True)
class Block:
    """One piece of a source: a heading (`level` 1 to 3), a paragraph, a list item, or a table (`rows`)."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Source:
    """A parsed source; `meta` is the front matter as YAML gives it."""

    meta: dict[str, Any]
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        return str(self.meta["title"])

    @property
    def stamp(self) -> datetime:
        """Noon UTC on the day of the last review, the only date written into a file."""
        reviewed = self.meta["reviewed"]
        if not isinstance(reviewed, date):
            raise ValueError(f"{self.title}: reviewed is {reviewed!r}, wanted a date such as 2026-10-30")
        return datetime(reviewed.year, reviewed.month, reviewed.day, 12, tzinfo=UTC)


def parse_source(text: str) -> Source:
    """Split a source into front matter and blocks."""
    _, front, body = text.split("---\n", 2)
    return Source(meta=yaml.safe_load(front), blocks=tuple(parse_blocks(body)))


def parse_blocks(body: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown body; neighbouring lines of a table or a paragraph form one block."""
    for kind, group in groupby(body.splitlines(), key=line_kind):
        lines = [line.strip() for line in group]
        if kind == "heading":
            for line in lines:
                marks, _, text = line.partition(" ")
                yield Block("heading", text=text, level=len(marks))
        elif kind == "item":
            yield from (Block("item", text=line.removeprefix("- ")) for line in lines)
        elif kind == "table":
            yield Block("table", rows=tuple(table_cells(line) for line in lines if not is_rule(line)))
        elif kind == "paragraph":
            yield Block("paragraph", text=" ".join(lines))


def line_kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if line.startswith("#"):
        return "heading"
    if line.startswith("- "):
        return "item"
    return "table" if line.startswith("|") else "paragraph"


def table_cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def is_rule(line: str) -> bool:
    """Whether a table line is the rule under the column names."""
    return set(line) <= set("|-: ")


def sidecar_text(source: Source) -> str:
    """The front matter as the YAML of a sidecar file, keys in the order of the source."""
    return yaml.safe_dump(source.meta, sort_keys=False, allow_unicode=True, width=1000)


def word_bytes(source: Source) -> bytes:
    """The article as a Word file with real heading, list and table styles."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.subject = source.title, str(source.meta["summary"])
    properties.author, properties.comments, properties.language = "", "", "en-GB"
    properties.created = properties.modified = source.stamp
    for block in source.blocks:
        add_to_word(document, block)
    buffer = BytesIO()
    document.save(buffer)
    return with_fixed_times(buffer.getvalue(), source.stamp)


def add_to_word(document: Document, block: Block) -> None:
    if block.kind == "heading":
        document.add_heading(block.text, level=block.level - 1)  # 0 is Word's style for a title
    elif block.kind == "table":
        add_word_table(document, block.rows)
    else:
        document.add_paragraph(block.text, style="List Bullet" if block.kind == "item" else None)


def add_word_table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    """Add a table whose first row is marked as the header row, so that it repeats on a new page."""
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for number, cells in enumerate(rows):
        row = table.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            cell.paragraphs[0].add_run(text).bold = number == 0
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)


def with_fixed_times(package: bytes, stamp: datetime) -> bytes:
    """The same zip package with every member dated `stamp`."""
    when = (stamp.year, stamp.month, stamp.day, stamp.hour, 0, 0)
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, date_time=when)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return buffer.getvalue()


class ArticlePdf(FPDF):
    """A4 pages with a running header and the page number at the foot."""

    def __init__(self, source: Source) -> None:
        super().__init__(format="A4")
        self.running_head = RUNNING_HEAD + source.title
        self.set_title(source.title)
        self.set_subject(str(source.meta["summary"]))
        self.set_lang("en-GB")
        self.set_creation_date(source.stamp)
        self.set_margin(20)
        self.set_auto_page_break(True, margin=22)
        self.add_page()

    def header(self) -> None:
        self.set_font("Helvetica", style="I", size=9)
        self.cell(0, 8, self.running_head, align="R", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, f"Page {self.page_no()} of {{nb}}", align="C")


def pdf_bytes(source: Source) -> bytes:
    """The article as a PDF with selectable text and its headings as outline."""
    pdf = ArticlePdf(source)
    for block, following in zip_longest(source.blocks, source.blocks[1:]):
        add_to_pdf(pdf, block)
        if block.kind == "item" and following is not None and following.kind != "item":
            pdf.ln(LIST_END_MM)
    return bytes(pdf.output())


def add_to_pdf(pdf: FPDF, block: Block) -> None:
    if block.kind == "heading":
        add_pdf_heading(pdf, block)
    elif block.kind == "table":
        raise ValueError(f"a table ({' | '.join(block.rows[0])}) comes out of a PDF as loose words; write it as a list")
    elif block.kind == "item":
        add_pdf_item(pdf, block.text)
    else:
        add_pdf_paragraph(pdf, block.text)


def add_pdf_paragraph(pdf: FPDF, text: str) -> None:
    """Write a paragraph, whole on the next page when it does not fit on this one."""
    pdf.set_font("Helvetica", size=BODY_POINTS)
    height = pdf.multi_cell(0, LINE_MM, text, align="L", dry_run=True, output="HEIGHT")
    if pdf.will_page_break(float(height)):
        pdf.add_page()
    pdf.multi_cell(0, LINE_MM, text, align="L", new_x="LMARGIN", new_y="NEXT")
    add_pdf_gap(pdf, 3)


def add_pdf_item(pdf: FPDF, text: str) -> None:
    """Write a list item with its mark to the left and every line of its text under the first."""
    pdf.set_font("Helvetica", size=BODY_POINTS)
    pdf.set_x(pdf.l_margin + ITEM_INDENT_MM)
    mark_mm = pdf.get_string_width("- ")
    pdf.cell(mark_mm, LINE_MM, "- ")
    pdf.multi_cell(0, LINE_MM, text, align="L", new_x="LMARGIN", new_y="NEXT")
    add_pdf_gap(pdf, 1)


def add_pdf_gap(pdf: FPDF, height_mm: float) -> None:
    """Leave space with a blank line of text in it: a text layer keeps no distances, so blocks would run together."""
    pdf.cell(0, height_mm, " ", new_x="LMARGIN", new_y="NEXT")


def add_pdf_heading(pdf: FPDF, block: Block) -> None:
    """Write a heading, on the next page when the first lines under it would not fit on this one."""
    if pdf.will_page_break(35):
        pdf.add_page()
    pdf.ln(2)
    pdf.start_section(block.text, level=block.level - 1)
    pdf.set_font("Helvetica", style="B", size=HEADING_POINTS[block.level])
    pdf.multi_cell(0, HEADING_POINTS[block.level] * 0.5, block.text, align="L", new_x="LMARGIN", new_y="NEXT")
    add_pdf_gap(pdf, 2)


WRITERS: dict[str, Callable[[Source], bytes]] = {".pdf": pdf_bytes, ".docx": word_bytes}


def make_document(name: str) -> None:
    """Write one document and its sidecar into the corpus folder."""
    target = CORPUS / name
    source = parse_source((SOURCES / target.name).with_suffix(".md").read_text(encoding="utf-8"))
    target.write_bytes(WRITERS[target.suffix](source))
    Path(f"{target}.meta.yaml").write_text(sidecar_text(source), encoding="utf-8")


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in DOCUMENTS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; choose from {', '.join(DOCUMENTS)}", file=sys.stderr)
        return 2
    for name in names or DOCUMENTS:
        make_document(name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
