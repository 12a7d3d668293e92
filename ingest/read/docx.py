"""Word documents through python-docx: headings, lists and tables by their styles."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from ingest.pieces import Note, Piece, PieceKind, RawDocument, UnreadableError
from ingest.read.decode import ODD_SPACES

MOST_UNPACKED_BYTES = 200_000_000
HEADING_STYLE = re.compile(r"heading (\d)")
WRAPPERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag")))
NOT_SHOWN = frozenset(map(qn, ("w:del", "w:moveFrom", "w:txbxContent")))
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Holds the same text box again, for old programs."""
SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
TINY_POINTS = 2
BROKEN = (
    PackageNotFoundError,
    zipfile.BadZipFile,
    SyntaxError,
    KeyError,
    ValueError,
    AttributeError,
    TypeError,
    IndexError,
    OSError,
    NotImplementedError,
    EOFError,
    AssertionError,
)
"""What python-docx raises on damaged documents; lxml's own errors are SyntaxErrors."""


def read_docx(data: bytes) -> RawDocument:
    """Structured pieces of a Word document; without heading styles its paragraphs are LINE pieces. Raises UnreadableError."""
    _refuse_bombs(data)
    notes: list[Note] = []
    try:
        document = docx.Document(io.BytesIO(data))
        pieces = tuple(_pieces(document, notes))
        metadata = _metadata(document)
    except BROKEN as error:
        raise UnreadableError(
            f"the Word document is damaged and cannot be read ({type(error).__name__}). Save it again as .docx and run ingest again."
        ) from None
    if not any(piece.kind is PieceKind.HEADING for piece in pieces):
        pieces = tuple(_as_line(piece) for piece in pieces)
    return RawDocument(pieces, metadata, tuple(notes))


def _refuse_bombs(data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            "the Word document is locked with a password or in the old .doc format. Save it as an open .docx and run ingest again."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise UnreadableError("the file is not a Word document. Save it again as .docx and run ingest again.") from None
    if unpacked > MOST_UNPACKED_BYTES:
        raise UnreadableError(
            f"the Word document unpacks to {unpacked // 1_000_000} MB; at most {MOST_UNPACKED_BYTES // 1_000_000} MB are read."
        )


def _metadata(document: Document) -> dict[str, object]:
    properties = document.core_properties
    found: dict[str, object] = {}
    if properties.title:
        found["page_title"] = properties.title
    if properties.author and properties.author != "python-docx":
        found["author"] = properties.author
    return found


def _pieces(document: Document, notes: list[Note]) -> Iterator[Piece]:
    list_id, previous = 0, ""
    for part in _parts(document.element.body, document):
        if isinstance(part, Table):
            list_id, previous = list_id + 1, ""
            yield from _rows(part, list_id, notes)
            continue
        text = _words(part, notes).strip()
        kind, marker, level = _role(part)
        if kind is PieceKind.ITEM and previous != marker:
            list_id += 1
        previous = marker if text else previous
        if text:
            yield Piece(kind, text, None, level=level, marker=marker, group=list_id)


def _parts(element: BaseOxmlElement, parent: Document | _Cell) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables in order, those in content controls and tracked insertions included, which python-docx leaves out."""
    for child in element:
        if isinstance(child, CT_P):
            yield Paragraph(child, parent)
        elif isinstance(child, CT_Tbl):
            yield Table(child, parent)
        elif child.tag in WRAPPERS:
            yield from _parts(child, parent)


def _words(paragraph: Paragraph, notes: list[Note]) -> str:
    """The text of a paragraph as the finished document shows it: tracked insertions in, deletions and hidden text out."""
    parts: list[str] = []
    hidden: list[str] = []
    for box in paragraph._p.iterfind(f".//{qn('w:txbxContent')}"):
        if not any(parent.tag == FALLBACK for parent in box.iterancestors()):
            words = " ".join("".join(_letters(part) for part in box.iter()).split())
            notes.append(Note(None, "furniture", f"A text box was left out: {words[:80]}"))
    for run in paragraph._p.iterfind(f".//{qn('w:r')}"):
        if any(parent.tag in NOT_SHOWN for parent in run.iterancestors()):
            continue
        shown = "".join(_letters(part) for part in run)
        (hidden if _is_hidden(Run(run, paragraph)) else parts).append(shown)
    if words := " ".join("".join(hidden).split()):
        notes.append(Note(None, "hidden-text", f"Text that readers cannot see was left out: {words[:80]}"))
    return ODD_SPACES.sub(" ", "".join(parts))


def _letters(part: BaseOxmlElement) -> str:
    return (part.text or "") if part.tag == qn("w:t") else SIGNS.get(part.tag, "")


def _is_hidden(run: Run) -> bool:
    """Marked as hidden, in letters of two points or less, or in white on paper that nothing colours."""
    font = run.font
    if font.hidden or (font.size is not None and font.size.pt <= TINY_POINTS):
        return True
    if font.color is None or font.color.rgb is None or str(font.color.rgb) != "FFFFFF":
        return False
    return not _is_shaded(run)


def _is_shaded(run: Run) -> bool:
    """Whether something colours the paper behind a run: its own shading or highlight, its paragraph's, or its table cell's."""
    around = (run._r, *(parent for parent in run._r.iterancestors() if parent.tag in (qn("w:p"), qn("w:tc"))))
    inside = (qn("w:rPr"), qn("w:pPr"), qn("w:tcPr"))
    properties = (child for parent in around for child in parent if child.tag in inside)
    return any(found.tag in (qn("w:shd"), qn("w:highlight")) for one in properties for found in one.iter())


def _role(paragraph: Paragraph) -> tuple[PieceKind, str, int]:
    style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    if style == "title":
        return PieceKind.HEADING, "", 1
    if match := HEADING_STYLE.match(style):
        return PieceKind.HEADING, "", min(6, int(match[1]) + 1) if int(match[1]) else 1
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    if style.startswith("list") or numbered:
        return PieceKind.ITEM, "-", 0
    return PieceKind.PARAGRAPH, "", 0


def _rows(table: Table, group: int, notes: list[Note]) -> Iterator[Piece]:
    for number, row in enumerate(table.rows):
        cells = tuple(" ".join(_cell_words(cell, notes).split()) for cell in row.cells)
        kind = PieceKind.HEADER_ROW if number == 0 and len(table.rows) > 1 else PieceKind.ROW
        yield Piece(kind, "", None, cells=cells, group=group)


def _cell_words(cell: _Cell, notes: list[Note]) -> str:
    """All words of a cell; a table inside it is read out in it."""
    found: list[str] = []
    for part in _parts(cell._tc, cell):
        if isinstance(part, Paragraph):
            found.append(_words(part, notes))
        else:
            found.extend(_cell_words(inner, notes) for row in part.rows for inner in row.cells)
    return " ".join(found)


def _as_line(piece: Piece) -> Piece:
    if piece.kind is not PieceKind.PARAGRAPH:
        return piece
    return Piece(PieceKind.LINE, piece.text, piece.line, gap=True)
