"""What composing hands to the answer contract: lines with the places in articles that they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from taperbot.records import QuoteKind


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of one article that a line rests on: `quote == article.text[start:end]`. `section` is the nearest heading."""

    article_id: str
    section: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, item, row or cell of an answer, without marks.

    `label` is what introduces it, in the article's own words: a list's lead-in, column names (joined by " | "), an FAQ question.
    `by_model` marks words that are not the article's, which have to be supported by it.
    """

    text: str
    sources: tuple[Source, ...]
    kind: QuoteKind = QuoteKind.SENTENCE
    label: str = ""
    by_model: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines in the order they are to be shown. `shown_of` tells of a list that was cut: (label, items shown, items there are)."""

    lines: tuple[Line, ...] = ()
    shown_of: tuple[tuple[str, int, int], ...] = ()
