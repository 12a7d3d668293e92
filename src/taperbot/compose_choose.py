"""Which quotes make the answer: the best, what stands near it, and what still covers the question, within a number of words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from taperbot.compose_score import Scored
from taperbot.records import Quote, QuoteKind

MOST_QUOTES = 4
NEAR_AT_FIRST = 0.65
NEAR_AT_LAST = 0.9
LONG_WORDS = 45
"""A further quote has to come nearer to the best one the more is shown: from NEAR_AT_FIRST of its score to NEAR_AT_LAST at so many words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows of the chosen quotes in `Scored`, in the order to be shown."""

    rows: tuple[int, ...]


def choose(scored: Scored, words: int, *, most: int = MOST_QUOTES) -> Choice:
    """Quotes that answer together, best first, at most `most` and about `words` words; a list counts as what of it can be shown."""
    if not len(scored.scores):
        return Choice(())
    chosen = [_widened(scored, int(np.argmax(scored.scores)))]
    best = float(scored.scores[chosen[0]])
    said = _words(scored.quotes[chosen[0]])
    for row in np.argsort(-scored.scores, kind="stable"):
        if len(chosen) == most or scored.scores[row] < best * _nearness(said):
            break
        wide = _widened(scored, int(row))
        fitting = next((one for one in (wide, int(row)) if not _overlaps(scored.quotes[one], scored, chosen)), None)
        if fitting is not None and said + _words(scored.quotes[fitting]) <= words:
            chosen.append(fitting)
            said += _words(scored.quotes[fitting])
    return Choice(tuple(chosen))


def _nearness(said: int) -> float:
    return NEAR_AT_FIRST + (NEAR_AT_LAST - NEAR_AT_FIRST) * min(1.0, said / LONG_WORDS)


def _widened(scored: Scored, row: int) -> int:
    """The pair, list or row around a quote, where it scores nearly as well."""
    quote = scored.quotes[row]
    around = [
        other
        for other, container in enumerate(scored.quotes)
        if quote.quote_id in container.members and scored.scores[other] >= 0.93 * scored.scores[row]
    ]
    return max(around, key=lambda other: float(scored.scores[other]), default=row)


def _overlaps(quote: Quote, scored: Scored, chosen: Iterable[int]) -> bool:
    taken = [scored.quotes[row] for row in chosen]
    return any(other.article_id == quote.article_id and quote.start < other.end and other.start < quote.end for other in taken) or any(
        other.text == quote.text for other in taken
    )


def _words(quote: Quote) -> int:
    return len(quote.text.split()) + (len(quote.question.split()) if quote.question and quote.kind is QuoteKind.FAQ_ANSWER else 0)
