"""Puts cleaned pieces together as the canonical text and its blocks.

One block a line: paragraphs and headings set off by a blank line, items of a list and rows of a table on lines of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.bare import is_faq_heading
from ingest.pieces import Piece, PieceKind
from taperbot.records import Block, BlockKind

ASKS = re.compile(r"(?:(?:(?:q|question)\s*\d*|\d{1,3})\s*[:.)]\s+)?(?P<question>\S.*\?[\"”’')]*)$", re.IGNORECASE | re.DOTALL)
ANSWERS = re.compile(r"(?:a|answer)\s*\d*\s*[:.)]\s+(?=\S)", re.IGNORECASE)
QUESTION_AND_ANSWER = re.compile(
    r"(?:(?:q|question)\s*\d*\s*[:.)]\s+)?(?P<question>[^.!?]{3,200}\?)\s+(?P<answer>[^\s?][^?]*[.!])$", re.DOTALL
)
MOST_QUESTION_WORDS = 30
LINE_KINDS = (PieceKind.ITEM, PieceKind.ROW, PieceKind.HEADER_ROW)


@dataclass(frozen=True, slots=True)
class Layout:
    """Canonical text, its blocks in order, the source line of each, and the title found in it ("" when there is none).

    `asides` are the starts of blocks that are not the article's own.
    """

    text: str
    blocks: tuple[Block, ...]
    block_lines: tuple[int | None, ...]
    title: str
    asides: frozenset[int] = frozenset()


def lay_out(pieces: Sequence[Piece]) -> Layout:
    """The canonical text of cleaned, structured pieces."""
    pieces = _titled(pieces)
    title = next((_flat(piece.text) for piece in pieces if piece.kind is PieceKind.HEADING and piece.level == 1), "")
    writer = _Writer(title=title)
    for position, piece in enumerate(pieces):
        following = pieces[position + 1] if position + 1 < len(pieces) else None
        writer.write(piece, following)
    return Layout("".join(writer.parts), tuple(writer.blocks), tuple(writer.lines), title, frozenset(writer.asides))


def _titled(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Where no heading is of level 1, a first heading that stands above all others is the title."""
    levels = [piece.level for piece in pieces if piece.kind is PieceKind.HEADING]
    if not levels or 1 in levels or levels[0] != min(levels) or levels.count(levels[0]) > 1:
        return tuple(pieces)
    first = next(position for position, piece in enumerate(pieces) if piece.kind is PieceKind.HEADING)
    if any(piece.kind in LINE_KINDS for piece in pieces[:first]):
        return tuple(pieces)
    return (*pieces[:first], replace(pieces[first], level=1), *pieces[first + 1 :])


@dataclass
class _Writer:
    """The text so far and the place in the outline."""

    title: str
    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    asides: set[int] = field(default_factory=set)
    length: int = 0
    outline: list[tuple[int, str]] = field(default_factory=list)
    title_written: bool = False
    faq_level: int = 0
    question: str = ""
    pair: int | None = None
    groups: dict[tuple[int, bool], int] = field(default_factory=dict)
    group_count: int = 0
    columns: tuple[str, ...] = ()
    previous: Piece | None = None

    def write(self, piece: Piece, following: Piece | None) -> None:
        if piece.cells and not any(_flat(cell) for cell in piece.cells):
            return
        self._separate(piece)
        self.previous = piece
        if piece.kind is PieceKind.HEADING:
            self._heading(piece, following)
        elif piece.kind is PieceKind.ITEM and self._is_question_item(piece, following):
            self._put(f"{piece.marker} ")
            self._paragraph(piece, following)
        elif piece.kind is PieceKind.ITEM:
            self._put(f"{piece.marker} ")
            self._block(BlockKind.LIST_ITEM, _flat(piece.text), piece, self._group(piece))
        elif piece.kind is PieceKind.HEADER_ROW:
            self.columns = tuple(_cell(cell) for cell in piece.cells)
            self._put_cells(self.columns)
        elif piece.kind is PieceKind.ROW:
            self._row(piece)
        else:
            self._paragraph(piece, following)

    def _separate(self, piece: Piece) -> None:
        before = self.previous
        if before is None:
            return
        together = (
            piece.kind in LINE_KINDS and before.kind in LINE_KINDS and (piece.kind is PieceKind.ITEM) == (before.kind is PieceKind.ITEM)
        )
        together = together and piece.group == before.group and piece.kind is not PieceKind.HEADER_ROW
        self._put("\n" if together else "\n\n")
        if not together:
            self.columns = ()

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _block(self, kind: BlockKind, text: str, piece: Piece, group: int | None = None, level: int = 0) -> None:
        start = self.length
        self._put(text)
        self._mark(kind, start, self.length, piece, group, level)

    def _mark(
        self, kind: BlockKind, start: int, end: int, piece: Piece, group: int | None, level: int = 0, columns: tuple[str, ...] = ()
    ) -> None:
        self.blocks.append(Block(kind, start, end, self._path(), group, level, columns))
        self.lines.append(piece.line)
        if piece.is_aside:
            self.asides.add(start)

    def _path(self) -> tuple[str, ...]:
        path = tuple(text for _, text in self.outline)
        return (*path, self.question) if self.question else path

    def _group(self, piece: Piece) -> int:
        key = (piece.group, piece.kind is PieceKind.ITEM)
        if key not in self.groups:
            self.groups[key] = self._next_group()
        return self.groups[key]

    def _next_group(self) -> int:
        self.group_count += 1
        return self.group_count

    def _heading(self, piece: Piece, following: Piece | None) -> None:
        text = _flat(piece.text)
        if self.faq_level and piece.level > self.faq_level and self._asks(text, following):
            self._ask(text, piece)
            return
        self.question, self.pair = "", None
        if piece.level == 1 and not self.title_written:
            self.title_written = True
            self.outline = []
        else:
            self.outline = [(level, heading) for level, heading in self.outline if level < piece.level] + [(piece.level, text)]
        if is_faq_heading(text):
            self.faq_level = piece.level
        elif piece.level <= self.faq_level:
            self.faq_level = 0
        self._block(BlockKind.HEADING, text, piece, level=piece.level)

    def _is_question_item(self, piece: Piece, following: Piece | None) -> bool:
        """In a section of questions an item can be a question whose answer follows it, or both in one."""
        if not self.faq_level:
            return False
        text = _flat(piece.text)
        answered = following is not None and following.kind is PieceKind.PARAGRAPH and self._asks(text, following)
        return answered or QUESTION_AND_ANSWER.match(text) is not None

    def _asks(self, text: str, following: Piece | None) -> bool:
        return (
            bool(ASKS.match(text))
            and len(text.split()) <= MOST_QUESTION_WORDS
            and following is not None
            and following.kind is not PieceKind.HEADING
        )

    def _ask(self, text: str, piece: Piece) -> None:
        match = ASKS.match(text)
        question = match["question"] if match else text
        self.pair = self._next_group()
        self._put(text[: len(text) - len(question)])
        self.question = question
        self._block(BlockKind.QUESTION, question, piece, self.pair)

    def _paragraph(self, piece: Piece, following: Piece | None) -> None:
        text = _flat(piece.text)
        in_faq = bool(self.faq_level) or bool(re.match(r"(?:q|question)\s*\d*[:.)]\s", text, re.IGNORECASE))
        both = QUESTION_AND_ANSWER.match(text) if self.faq_level else None
        if in_faq and self._asks(text, following):
            self._ask(text, piece)
        elif both and not (self.question and self.blocks[-1].kind is BlockKind.QUESTION):
            self._ask(text[: both.end("question")], piece)
            self._put(text[both.end("question") : both.start("answer")])
            self._block(BlockKind.ANSWER, both["answer"], piece, self.pair)
        elif self.question:
            marker = ANSWERS.match(text)
            self._put(text[: marker.end()] if marker else "")
            self._block(BlockKind.ANSWER, text[marker.end() :] if marker else text, piece, self.pair)
        else:
            self._block(BlockKind.PARAGRAPH, text, piece)

    def _put_cells(self, cells: Sequence[str]) -> list[tuple[int, int]]:
        """Writes a line of cells between pipes; the span of each."""
        spans: list[tuple[int, int]] = []
        self._put("|")
        for cell in cells:
            self._put(" " if cell else "")
            spans.append((self.length, self.length + len(cell)))
            self._put(f"{cell} |")
        return spans

    def _row(self, piece: Piece) -> None:
        group = self._group(piece)
        spans = self._put_cells([_cell(cell) for cell in piece.cells])
        filled = [span for span in spans if span[1] > span[0]]
        self._mark(BlockKind.TABLE_ROW, filled[0][0], filled[-1][1], piece, group, columns=self.columns)
        for number, (start, end) in enumerate(spans):
            if end > start:
                name = self.columns[number] if number < len(self.columns) else ""
                self._mark(BlockKind.TABLE_CELL, start, end, piece, group, columns=(name,) if name else ())


def _cell(text: str) -> str:
    return _flat(text.replace("|", " | "))


def _flat(text: str) -> str:
    return " ".join(text.split())
