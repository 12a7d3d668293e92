"""An article as a reader opens it: its parts in order, with the quoted words marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from taperbot.records import Article, Block, BlockKind, Span
from taperbot.web.view import fingerprint

LONGEST_QUOTE = 20_000
_STARTS = re.compile(r"(?<!\w)(?=\S)")


class Found(StrEnum):
    """What became of a quote: where it was, elsewhere in the changed article, or gone. NONE: no quote was asked for."""

    EXACT = "exact"
    MOVED = "moved"
    LOST = "lost"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the quote is in the article as it stands now; `span` is None when there is nothing to mark."""

    found: Found
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text, marked or not. `first` is the first marked one of the page."""

    text: str
    marked: bool = False
    first: bool = False


Run = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the page: "heading" (with `level`), "paragraph", "list" (a row per item) or "table" (rows of cells)."""

    layout: str
    rows: tuple[tuple[Run, ...], ...]
    level: int = 0
    columns: tuple[str, ...] = ()


def locate(article: Article, version: str, start: int, end: int, mark: str = "", quote: str | None = None) -> Place:
    """Find a quote again. `mark` is the fingerprint of its words, `quote` the words themselves where an old generation still has them."""
    if end <= start:
        return Place(Found.NONE)
    if version == article.version and end <= len(article.text):
        return Place(Found.EXACT, Span(start, end))
    found = _search(article.text, end - start, mark, quote)
    if found is None:
        return Place(Found.LOST)
    return Place(Found.MOVED, Span(found, found + end - start))


def _search(text: str, length: int, mark: str, quote: str | None) -> int | None:
    if quote is not None:
        found = text.find(quote)
        return found if found >= 0 else None
    if not mark or length > LONGEST_QUOTE:
        return None
    starts = (match.start() for match in _STARTS.finditer(text))
    return next((start for start in starts if fingerprint(text[start : start + length]) == mark), None)


def parts(article: Article, span: Span | None) -> tuple[Part, ...]:
    """The article's blocks for display, lists and tables gathered, without its title line."""
    marker = _Marker(article.text, span)
    shown = [block for block in article.blocks if not _is_title(block, article)]
    rows = [block for block in shown if block.kind is BlockKind.TABLE_ROW]
    shown = [block for block in shown if block.kind is not BlockKind.TABLE_CELL or not _row_of(block, rows)]
    cells = [block for block in article.blocks if block.kind is BlockKind.TABLE_CELL]
    return tuple(part for _, blocks in groupby(shown, key=_gathering) for part in _parts_of(list(blocks), cells, marker))


def _parts_of(blocks: list[Block], cells: list[Block], marker: _Marker) -> Iterator[Part]:
    first = blocks[0]
    if first.kind is BlockKind.LIST_ITEM:
        yield Part("list", tuple((marker.run(block.start, block.end),) for block in blocks))
    elif first.kind is BlockKind.TABLE_ROW:
        yield Part("table", tuple(_cells_of(block, cells, marker) for block in blocks), columns=first.columns)
    else:
        for block in blocks:
            run = marker.run(block.start, block.end)
            level = _heading_level(block)
            yield Part("heading" if level else "paragraph", ((run,),), level=level)


def _cells_of(row: Block, cells: list[Block], marker: _Marker) -> tuple[Run, ...]:
    inside = [cell for cell in cells if row.start <= cell.start and cell.end <= row.end]
    if len(inside) == len(row.columns) or (inside and not row.columns):
        return tuple(marker.run(cell.start, cell.end) for cell in inside)
    return (marker.run(row.start, row.end),)


def _heading_level(block: Block) -> int:
    """2 to 4 for headings, 3 for FAQ questions, 0 for text."""
    if block.kind is BlockKind.QUESTION:
        return 3
    return min(max(block.level, 2), 4) if block.kind is BlockKind.HEADING else 0


def _gathering(block: Block) -> tuple[str, object]:
    """Neighbours with the same key stand in one list or table; everything else stands alone."""
    if block.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        return block.kind.value, block.group
    return "text", None


def _is_title(block: Block, article: Article) -> bool:
    return block.kind is BlockKind.HEADING and block.level == 1 and article.text[block.start : block.end].strip() == article.title


def _row_of(cell: Block, rows: list[Block]) -> bool:
    return any(row.start <= cell.start and cell.end <= row.end for row in rows)


class _Marker:
    """Cuts stretches of the text where the marked span begins and ends."""

    def __init__(self, text: str, span: Span | None) -> None:
        self._text = text
        self._span = span
        self._is_first = True

    def run(self, start: int, end: int) -> Run:
        """The segments of `text[start:end]`."""
        low = max(start, self._span.start) if self._span else end
        high = min(end, self._span.end) if self._span else end
        if low >= high:
            return (Segment(self._text[start:end]),)
        marked = Segment(self._text[low:high], True, self._is_first)
        self._is_first = False
        before, after = Segment(self._text[start:low]), Segment(self._text[high:end])
        return tuple(segment for segment in (before, marked, after) if segment.text)
