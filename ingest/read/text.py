"""Bare text: lines, with hard-wrapped paragraphs put together again. What each line is gets inferred after cleaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.pieces import Piece, PieceKind, RawDocument
from ingest.read.decode import decode_text
from ingest.read.front_matter import split_front_matter

STARTS_A_BLOCK = re.compile(r"\s*(?:[-*+•‣◦▪●–·∙○✓✔➤►]\s|\d{1,3}[.)]\s|#{1,6}\s|\||[Qq]\s*[:.)]\s|[Aa]\s*[:)]\s|[=~_*-]{3,}\s*$)")
ENDS_A_SENTENCE = re.compile(r"[.!?:;…][\"”’')\]]*(?:\[[^\]]*\])*\s*$")
WIDEST_WRAP = 110
MOST_LETTERS = 10_000_000
"""Bare text beyond this cannot shrink to what an article may hold, so it is refused before any work."""


def read_text(data: bytes) -> RawDocument:
    """LINE pieces of a .txt file, with its front matter when it has one."""
    front = split_front_matter(decode_text(data, most_letters=MOST_LETTERS))
    numbered = [(line, number) for number, line in enumerate(front.body.split("\n"), front.lines + 1)]
    return RawDocument(tuple(line_pieces(numbered)), front.values, key_lines=front.key_lines)


def line_pieces(numbered: Sequence[tuple[str, int | None]], is_laid_out: bool = False) -> Iterable[Piece]:
    """One LINE per paragraph or line: continuation lines of hard-wrapped text are joined, keeping their line breaks.

    `is_laid_out` says that lines end where a page does, as in a PDF; otherwise the text has to show that it is wrapped.
    """
    lines = [line for line, _ in numbered]
    width = max(map(len, lines), default=0) if is_laid_out else _wrap_width(lines)
    held: list[str] = []
    start: int | None = None
    gap = held_gap = False
    for line, number in numbered:
        if not line.strip():
            gap = True
            continue
        if held and not gap and _continues(held[-1], line, width):
            held.append(line)
            continue
        if held:
            yield Piece(PieceKind.LINE, "\n".join(held), start, gap=held_gap)
        held, start, held_gap, gap = [line], number, gap, False
    if held:
        yield Piece(PieceKind.LINE, "\n".join(held), start, gap=held_gap)


def _wrap_width(lines: Sequence[str]) -> int:
    """The column at which the text is wrapped, or 0 when it is not: wrapped text breaks within sentences, again and again."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(lengths) < 3 or lengths[-1] > 2 * WIDEST_WRAP:
        return 0
    width = lengths[int(len(lengths) * 0.9)] if len(lengths) > 9 else lengths[-1]
    if not 30 <= width <= WIDEST_WRAP:
        return 0
    pairs = [(a, b) for a, b in pairwise(lines) if a.strip() and b.strip()]
    broken = sum(1 for a, b in pairs if _breaks_within_sentence(a, b))
    return width if broken >= max(2, len(pairs) // 8) else 0


def _breaks_within_sentence(line: str, following: str) -> bool:
    return not ENDS_A_SENTENCE.search(line) and not STARTS_A_BLOCK.match(following) and following.lstrip()[:1].islower()


def _continues(line: str, following: str, width: int) -> bool:
    if not width or STARTS_A_BLOCK.match(following) or line.lstrip().startswith(("|", "#")):
        return False
    if _breaks_within_sentence(line, following):
        return True
    if (
        ENDS_A_SENTENCE.search(line)
        and len(following) < 0.7 * width
        and (following.rstrip()[-1:] == "?" or not ENDS_A_SENTENCE.search(following))
    ):
        return False
    return len(line.rstrip()) >= 0.75 * width
