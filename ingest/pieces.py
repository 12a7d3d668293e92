"""What a format reader hands on: pieces of a document in source order, with the line each began on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ingest.parsed import OutgoingLink


class UnreadableError(ValueError):
    """The bytes cannot become an article; the message is the reason as an editor should read it."""


class PieceKind(StrEnum):
    """What the reader knows about a piece. LINE: nothing, its role has to be inferred from its neighbours."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    HEADER_ROW = "header_row"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` may hold line breaks of the source; `line` is where it starts, from 1, or None where the format has no lines.

    `cells` for rows (then `text` is empty). `marker` is a list item's bullet or number as it is to be shown. `group` tells lists and tables
    that stand side by side apart. `gap` says that a blank line stood before a LINE. `is_aside` marks what is on the page but not the article's
    own: cards for other articles, entries of a source list.
    """

    kind: PieceKind
    text: str
    line: int | None
    level: int = 0
    cells: tuple[str, ...] = ()
    marker: str = ""
    group: int = 0
    gap: bool = False
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A finding before the file it belongs to is known by name."""

    line: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document as its format gives it, before cleaning. `metadata` holds front-matter keys with plain values, `key_lines` their lines."""

    pieces: tuple[Piece, ...]
    metadata: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    links: tuple[OutgoingLink, ...] = ()
    key_lines: Mapping[str, int] = field(default_factory=dict)
