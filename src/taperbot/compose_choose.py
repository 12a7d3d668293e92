"""Which quotes make the answer: the best, what stands near it, and what still covers the question, within a number of words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from taperbot.compose_score import Scored
from taperbot.records import Quote, QuoteKind

MOST_QUOTES = 4
NEAR = 0.9
NEAR_WHEN_WEAK = 0.75
WEAK_COSINE = 0.45
NEW_WORDS_WEIGHT = 0.45
"""What a quote gains for covering words of the question that the chosen ones do not."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows of the chosen quotes in `Scored`, in the order to be shown."""

    rows: tuple[int, ...]


def choose(scored: Scored, words: int, *, several: bool = False, most: int = MOST_QUOTES) -> Choice:
    """Quotes that answer together, best first, at most `most` and about `words` words; a list counts as what of it can be shown."""
    if not len(scored.scores):
        return Choice(())
    first = _widened(scored, int(np.argmax(scored.scores)))
    chosen = [first]
    best = float(scored.scores[first])
    floor = best * (NEAR_WHEN_WEAK if scored.cosines[first] < WEAK_COSINE or several else NEAR)
    room = words - _words(scored.quotes[first])
    while len(chosen) < most:
        gains = scored.scores + (NEW_WORDS_WEIGHT if several else 0.0) * _new_share(scored, chosen)
        gains[[row for row in range(len(gains)) if scored.scores[row] < floor or _overlaps(scored.quotes[row], scored, chosen)]] = -1.0
        row = int(np.argmax(gains))
        if gains[row] < 0:
            break
        row = _widened(scored, row) if not _overlaps(scored.quotes[_widened(scored, row)], scored, chosen) else row
        room -= _words(scored.quotes[row])
        if room < 0:
            break
        chosen.append(row)
    return Choice(tuple(chosen))


def _widened(scored: Scored, row: int) -> int:
    """The pair, list or row around a quote, where it scores nearly as well."""
    quote = scored.quotes[row]
    around = [
        other
        for other, container in enumerate(scored.quotes)
        if quote.quote_id in container.members and scored.scores[other] >= 0.93 * scored.scores[row]
    ]
    return max(around, key=lambda other: float(scored.scores[other]), default=row)


def _new_share(scored: Scored, chosen: Iterable[int]) -> np.ndarray:  # type: ignore[type-arg]
    """Per quote, the share of the question's weight that it holds and the chosen ones lack."""
    best = scored.matches.max(axis=0) if scored.matches.size else np.zeros(scored.matches.shape[1])
    covered = (scored.matches[list(chosen)] > 0).any(axis=0)
    weights = np.where(covered, 0.0, best)
    total = float(best.sum()) or 1.0
    return np.asarray(((scored.matches > 0) * weights).sum(axis=1) / total)


def _overlaps(quote: Quote, scored: Scored, chosen: Iterable[int]) -> bool:
    taken = [scored.quotes[row] for row in chosen]
    return any(other.article_id == quote.article_id and quote.start < other.end and other.start < quote.end for other in taken) or any(
        other.text == quote.text for other in taken
    )


def _words(quote: Quote) -> int:
    return len(quote.text.split()) + (len(quote.question.split()) if quote.question and quote.kind is QuoteKind.FAQ_ANSWER else 0)
