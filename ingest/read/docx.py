"""Word documents through python-docx: headings, lists and tables by their styles."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from ingest.pieces import Piece, PieceKind, RawDocument, UnreadableError
from ingest.read.decode import ODD_SPACES

MOST_UNPACKED_BYTES = 200_000_000
HEADING_STYLE = re.compile(r"heading (\d)")
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
    try:
        document = docx.Document(io.BytesIO(data))
        pieces = tuple(_pieces(document))
        metadata = _metadata(document)
    except BROKEN as error:
        raise UnreadableError(
            f"the Word document is damaged and cannot be read ({type(error).__name__}). Save it again as .docx and run ingest again."
        ) from None
    if not any(piece.kind is PieceKind.HEADING for piece in pieces):
        pieces = tuple(_as_line(piece) for piece in pieces)
    return RawDocument(pieces, metadata)


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


def _pieces(document: Document) -> Iterator[Piece]:
    list_id, previous = 0, ""
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            list_id, previous = list_id + 1, ""
            yield from _rows(part, list_id)
            continue
        text = ODD_SPACES.sub(" ", part.text).strip()
        kind, marker, level = _role(part)
        if kind is PieceKind.ITEM and previous != marker:
            list_id += 1
        previous = marker if text else previous
        if text:
            yield Piece(kind, text, None, level=level, marker=marker, group=list_id)


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


def _rows(table: Table, group: int) -> Iterator[Piece]:
    for number, row in enumerate(table.rows):
        cells = tuple(" ".join(ODD_SPACES.sub(" ", cell.text).split()) for cell in row.cells)
        kind = PieceKind.HEADER_ROW if number == 0 and len(table.rows) > 1 else PieceKind.ROW
        yield Piece(kind, "", None, cells=cells, group=group)


def _as_line(piece: Piece) -> Piece:
    if piece.kind is not PieceKind.PARAGRAPH:
        return piece
    return Piece(PieceKind.LINE, piece.text, piece.line, gap=True)
