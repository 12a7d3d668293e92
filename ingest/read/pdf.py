"""PDF files through pypdf: the text layer, page by page, with running heads and page numbers taken away."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence

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


def read_pdf(data: bytes) -> RawDocument:
    """LINE pieces of a PDF's text layer; lines are not numbered. Raises UnreadableError for locked, scanned or broken files."""
    pages = _pages(data)
    if not any(re.search(r"\w", line) for page in pages for line in page):
        raise UnreadableError(
            "the PDF has no text layer (it looks scanned). Run text recognition on it, or give the article as text, and run ingest again."
        )
    running = _running_lines(pages)
    notes = [Note(None, "furniture", f"Running head or foot left out on every page: {line}") for line in sorted(running)]
    lines = [line for page in pages for line in page if line not in running and not PAGE_NUMBER.match(line)]
    return RawDocument(tuple(line_pieces([(line, None) for line in lines], is_laid_out=True)), {}, tuple(notes))


def _pages(data: bytes) -> list[list[str]]:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF is locked with a password. Save it without one and run ingest again.")
        texts = [page.extract_text() for page in reader.pages]
    except UnreadableError:
        raise
    except BROKEN as error:
        raise UnreadableError(
            f"the PDF is damaged and cannot be read ({type(error).__name__}). Export it again from its source and run ingest again."
        ) from None
    return [ODD_SPACES.sub(" ", text.translate(LIGATURES)).replace("\r", "\n").split("\n") for text in texts]


def _running_lines(pages: Sequence[Sequence[str]]) -> set[str]:
    """Lines that stand first or last on at least three pages and on most of them."""
    ends = Counter(line for page in pages for line in {*page[:1], *page[-2:]} if line.strip())
    return {line for line, count in ends.items() if count >= max(3, len(pages) * 0.6)}
