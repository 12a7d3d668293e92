"""Which quotes make the answer: the best, what stands near it, and what still covers the question, within a number of words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from taperbot.compose_score import Scored, opening_quotes
from taperbot.records import Quote, QuoteKind


@dataclass(frozen=True, slots=True)
class Measure:
    """How much is shown. A further quote has to come nearer to the best one the more is shown: from `at_first` of its score to `at_last` at
    `long_words` words.
    """

    at_first: float
    at_last: float
    long_words: int
    most: int


SURE = Measure(at_first=0.76, at_last=0.95, long_words=38, most=4)
UNSURE = Measure(at_first=0.65, at_last=0.9, long_words=75, most=5)
"""Where even the best quote is far from the question, several guesses help more than one."""
WEAK_COSINE = 0.46
OPENING_EASE = 0.8
"""What a section opens with, where something else of it is shown, needs only this share of that."""
_WIDENED_FROM = {QuoteKind.TABLE_ROW: 0.4, QuoteKind.LIST: 0.97, QuoteKind.PAIR: 0.97, QuoteKind.FAQ_ANSWER: 0.97}
"""Share of a quote's score from which what it is part of is shown in its place; half a row is seldom an answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows of the chosen quotes in `Scored`, in the order to be shown."""

    rows: tuple[int, ...]


def choose(scored: Scored, words: int) -> Choice:
    """Quotes that answer together, best first, in at most `words` words; a list counts as what of it can be shown."""
    if not len(scored.scores):
        return Choice(())
    chosen = [_widened(scored, int(np.argmax(scored.scores)))]
    best = float(scored.scores[chosen[0]])
    said = _words(scored.quotes[chosen[0]])
    measure = UNSURE if scored.evidence.cosines[chosen[0]] < WEAK_COSINE else SURE
    openings = opening_quotes(scored.quotes)
    for row in map(int, np.argsort(-scored.scores, kind="stable")):
        ease = OPENING_EASE if (openings[row] and _has_company(scored, row, chosen)) or _continues_table(scored, row, chosen) else 1.0
        if len(chosen) == measure.most or scored.scores[row] < best * _nearness(said, measure) * OPENING_EASE:
            break
        if scored.scores[row] < best * _nearness(said, measure) * ease:
            continue
        fitting = next((one for one in (_widened(scored, row), row) if not _overlaps(scored.quotes[one], scored, chosen)), None)
        if fitting is not None and said + _words(scored.quotes[fitting]) <= words:
            chosen.append(fitting)
            said += _words(scored.quotes[fitting])
    return Choice(tuple(chosen))


def _has_company(scored: Scored, row: int, chosen: Iterable[int]) -> bool:
    return any(scored.quotes[one].chunk_id == scored.quotes[row].chunk_id for one in chosen)


def _continues_table(scored: Scored, row: int, chosen: Iterable[int]) -> bool:
    """Whether a row of the same table is shown already."""
    quote = scored.quotes[row]
    return quote.kind is QuoteKind.TABLE_ROW and any(
        scored.quotes[one].kind is QuoteKind.TABLE_ROW
        and scored.quotes[one].columns == quote.columns
        and scored.quotes[one].chunk_id == quote.chunk_id
        for one in chosen
    )


def _nearness(said: int, measure: Measure) -> float:
    return measure.at_first + (measure.at_last - measure.at_first) * min(1.0, said / measure.long_words)


def _widened(scored: Scored, row: int) -> int:
    """The pair, list or row around a quote, where it scores nearly as well."""
    quote = scored.quotes[row]
    around = [
        other
        for other, container in enumerate(scored.quotes)
        if quote.quote_id in container.members and scored.scores[other] >= _WIDENED_FROM.get(container.kind, 1.0) * scored.scores[row]
    ]
    return max(around, key=lambda other: float(scored.scores[other]), default=row)


def _overlaps(quote: Quote, scored: Scored, chosen: Iterable[int]) -> bool:
    taken = [scored.quotes[row] for row in chosen]
    return any(other.article_id == quote.article_id and quote.start < other.end and other.start < quote.end for other in taken) or any(
        other.text == quote.text for other in taken
    )


def _words(quote: Quote) -> int:
    return len(quote.text.split()) + (len(quote.question.split()) if quote.question and quote.kind is QuoteKind.FAQ_ANSWER else 0)
