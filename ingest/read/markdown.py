"""Markdown with front matter in YAML or TOML, through markdown-it's tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.parsed import OutgoingLink
from ingest.pieces import Note, Piece, PieceKind, RawDocument
from ingest.read.decode import decode_text
from ingest.read.front_matter import split_front_matter
from ingest.read.html import html_to_text
from ingest.read.text import MOST_LETTERS


def read_markdown(data: bytes) -> RawDocument:
    """Structured pieces of a Markdown file; emphasis marks, link targets and images are taken away as markup."""
    front = split_front_matter(decode_text(data, most_letters=MOST_LETTERS))
    walk = _Walk(front.lines)
    for token in MarkdownIt("commonmark").enable("table").parse(front.body):
        walk.take(token)
    return RawDocument(tuple(walk.pieces), front.values, tuple(walk.notes), tuple(walk.links), front.key_lines)


@dataclass
class _Walk:
    """The reader's place in the token stream."""

    lines_before: int
    pieces: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    links: list[OutgoingLink] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    groups: int = 0
    heading_level: int = 0
    marker: str = ""
    in_header: bool = False
    cells: list[str] | None = None
    line: int | None = None

    def take(self, token: Token) -> None:
        if token.map is not None:
            self.line = token.map[0] + 1 + self.lines_before
        if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            self._enter_list(nested=token.type != "table_open" and bool(self.lists))
        elif token.type in ("bullet_list_close", "ordered_list_close", "table_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self.marker = f"{token.info}{token.markup}" if token.info else "-"
        elif token.type == "heading_open":
            self.heading_level = int(token.tag[1])
        elif token.type in ("thead_open", "thead_close"):
            self.in_header = token.type == "thead_open"
        elif token.type == "tr_open":
            self.cells = []
        elif token.type == "tr_close":
            self._end_row()
        elif token.type == "inline":
            self._take_text(self._inline_text(token.children or []))
        elif token.type in ("fence", "code_block"):
            self._take_text(token.content)
        elif token.type == "html_block":
            self._take_html(token.content)

    def _enter_list(self, nested: bool) -> None:
        """A list inside a list goes on with it: readers see one list."""
        self.groups += not nested
        self.lists.append(self.lists[-1] if nested else self.groups)

    def _take_text(self, text: str) -> None:
        if self.cells is not None:
            self.cells.append(text)
        elif self.heading_level:
            self.pieces.append(Piece(PieceKind.HEADING, text, self.line, level=self.heading_level))
            self.heading_level = 0
        elif self.lists and self.marker:
            self.pieces.append(Piece(PieceKind.ITEM, text, self.line, marker=self.marker, group=self.lists[-1]))
            self.marker = ""
        elif self.lists and self.pieces and self.pieces[-1].kind is PieceKind.ITEM:
            self._extend_item(text)
        elif text.strip():
            self.pieces.append(Piece(PieceKind.PARAGRAPH, text, self.line))

    def _extend_item(self, text: str) -> None:
        item = self.pieces.pop()
        self.pieces.append(Piece(item.kind, f"{item.text}\n{text}", item.line, marker=item.marker, group=item.group))

    def _end_row(self) -> None:
        kind = PieceKind.HEADER_ROW if self.in_header else PieceKind.ROW
        self.pieces.append(Piece(kind, "", self.line, cells=tuple(self.cells or ()), group=self.lists[-1]))
        self.cells = None

    def _take_html(self, source: str) -> None:
        text = html_to_text(source)
        self.notes.append(Note(self.line, "html-in-markdown", "HTML inside Markdown: its tags were left out, its words kept."))
        if text:
            self._take_text(text)

    def _inline_text(self, children: Sequence[Token]) -> str:
        parts: list[str] = []
        target, opened = "", 0
        for child in children:
            if child.type in ("text", "code_inline"):
                parts.append(child.content)
            elif child.type in ("softbreak", "hardbreak"):
                parts.append("\n")
            elif child.type == "link_open":
                target, opened = str(child.attrGet("href") or ""), len(parts)
            elif child.type == "link_close":
                self.links.append(OutgoingLink(target, "".join(parts[opened:]), self.line))
            elif child.type == "image":
                self.notes.append(Note(self.line, "image", "A picture was left out; readers are shown text alone."))
        return "".join(parts)
