"""PDF files through pypdf: the text layer, page by page, with running heads and page numbers taken away."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ingest.pieces import Note, RawDocument, UnreadableError
from ingest.read.decode import ODD_SPACES
from ingest.read.text import line_pieces

PAGE_NUMBER = re.compile(r"\s*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*$", re.IGNORECASE)
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    OSError,
)


INVISIBLE_MODE = 3
SMALLEST_POINTS = 1.5
SHOWS_TEXT = frozenset((b"Tj", b"TJ", b"'", b'"'))
WHITE = {b"g": [1.0], b"rg": [1.0] * 3, b"k": [0.0] * 4}


@dataclass
class _Ink:
    """Follows how a page writes, to tell letters that nobody can see."""

    mode: int = 0
    is_white: bool = False
    points: float = 12.0
    faint: int = 0
    saved: list[tuple[int, bool, float]] = field(default_factory=list)

    def follow(self, operator: bytes, operands: Sequence[Any], matrix: Sequence[float], text_matrix: Sequence[float]) -> None:
        """Takes the next operator of the page, with the two matrices that hold for it."""
        if operator == b"q":
            self.saved.append((self.mode, self.is_white, self.points))
        elif operator == b"Q" and self.saved:
            self.mode, self.is_white, self.points = self.saved.pop()
        elif operator == b"Tr":
            self.mode = int(operands[0])
        elif operator in WHITE:
            self.is_white = [float(value) for value in operands] == WHITE[operator]
        elif operator == b"Tf":
            self.points = float(operands[1])
        elif operator in SHOWS_TEXT:
            scale = max(abs(text_matrix[2]), abs(text_matrix[3])) * max(abs(matrix[2]), abs(matrix[3]))
            self.faint += self.mode == INVISIBLE_MODE or self.is_white or self.points * scale < SMALLEST_POINTS


def read_pdf(data: bytes) -> RawDocument:
    """LINE pieces of a PDF's text layer; lines are not numbered. Raises UnreadableError for locked, scanned or broken files.

    White, tiny or invisible letters are read, for they may lie on a colour or over a scanned page; a note names their pages.
    """
    pages, faint = _pages(data)
    if not any(re.search(r"\w", line) for page in pages for line in page):
        raise UnreadableError(
            "the PDF has no text layer (it looks scanned). Run text recognition on it, or give the article as text, and run ingest again."
        )
    running = _running_lines(pages)
    notes = [Note(None, "furniture", f"Running head or foot left out on every page: {line}") for line in sorted(running)]
    if faint:
        where = ", ".join(map(str, faint[:10]))
        notes.append(
            Note(None, "hidden-text", f"Some text is white, tiny or invisible. See whether readers are meant to read it: page {where}")
        )
    lines = [line for page in pages for line in page if line not in running and not PAGE_NUMBER.match(line)]
    return RawDocument(tuple(line_pieces([(line, None) for line in lines], is_laid_out=True)), {}, tuple(notes))


def _pages(data: bytes) -> tuple[list[list[str]], list[int]]:
    """The lines of each page, and the numbers of the pages with letters that can hardly be seen."""
    faint: list[int] = []
    texts: list[str] = []
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF is locked with a password. Save it without one and run ingest again.")
        for number, page in enumerate(reader.pages, 1):
            ink = _Ink()
            texts.append(page.extract_text(visitor_operand_before=ink.follow))
            faint += [number] if ink.faint else []
    except UnreadableError:
        raise
    except BROKEN as error:
        raise UnreadableError(
            f"the PDF is damaged and cannot be read ({type(error).__name__}). Export it again from its source and run ingest again."
        ) from None
    return [ODD_SPACES.sub(" ", text.translate(LIGATURES)).replace("\r", "\n").split("\n") for text in texts], faint


def _running_lines(pages: Sequence[Sequence[str]]) -> set[str]:
    """Lines that stand first or last on at least three pages and on most of them."""
    ends = Counter(line for page in pages for line in {*page[:1], *page[-2:]} if line.strip())
    return {line for line, count in ends.items() if count >= max(3, len(pages) * 0.6)}
