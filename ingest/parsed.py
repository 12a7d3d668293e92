"""What parsing one file yields: the article with its chunks and quotes, and what an editor should know about the file."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from taperbot.records import Article, Chunk, Finding, Quote


@dataclass(frozen=True, slots=True)
class Allowance:
    """A lint code that an editor has silenced for one article, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class OutgoingLink:
    """A link as written in the source; `line` counts from 1, or is None where the format has no lines."""

    target: str
    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file, or one entry of an export, made into an article.

    `block_lines` runs parallel to `article.blocks`: the source line each block begins on, or None.
    `allowed` are lint codes silenced in front matter.
    """

    article: Article
    chunks: tuple[Chunk, ...]
    quotes: tuple[Quote, ...]
    findings: tuple[Finding, ...]
    block_lines: tuple[int | None, ...] = ()
    links: tuple[OutgoingLink, ...] = ()
    allowed: tuple[Allowance, ...] = ()
    author: str = ""

    def line_at(self, offset: int) -> int | None:
        """The source line of the block that holds `offset` of the text, or None."""
        place = bisect_right(self.article.blocks, offset, key=lambda block: block.start) - 1
        return self.block_lines[place] if 0 <= place < len(self.block_lines) else None
