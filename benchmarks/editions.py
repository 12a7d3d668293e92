"""Two editions of the same articles, for what happens while one replaces the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.passages import PassageText, varied_passages, write_export

ARTICLES = 20
LONG_CHARACTERS = 205_000
"""About 250 chunks of the plain recipe."""


@dataclass(frozen=True, slots=True)
class Editions:
    """Folders with an export each: the articles before and after, the two halves of `before`, and the long article alone."""

    before: Path
    after: Path
    halves: tuple[Path, Path]
    long: Path
    long_id: str
    question: str


def make_editions(passages: Sequence[PassageText], folder: Path, quick: bool = False) -> Editions:
    """A long article and shorter ones; in the second edition every sentence of each has one word more."""
    characters, articles = (8_000, 6) if quick else (LONG_CHARACTERS, ARTICLES)
    long = _long_article(passages, characters)
    others = sorted(passages, key=lambda passage: -len(passage.text))[20 : 20 + articles]
    before = [long, *others]
    after = [PassageText(one.passage_id, one.title, one.text.replace(". ", ". Indeed, ")) for one in before]
    editions = Editions(
        folder / "export-before",
        folder / "export-after",
        (folder / "export-even", folder / "export-odd"),
        folder / "export-long",
        long.passage_id,
        long.text[:150],
    )
    write_export(before, editions.before)
    write_export(after, editions.after)
    for half, path in enumerate(editions.halves):
        write_export(before[half::2], path)
    write_export([long], editions.long)
    return editions


def _long_article(passages: Sequence[PassageText], characters: int) -> PassageText:
    parts: list[str] = []
    for passage in islice(varied_passages(passages), 100_000):
        parts.append(passage.text)
        if sum(map(len, parts)) >= characters:
            break
    return PassageText("long", "Everything in one article", "\n\n".join(parts)[:characters])
