"""How well each quote of the retrieved passages answers a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from taperbot.facts import DURATION_UNITS, Amount, amounts
from taperbot.intent import Intent
from taperbot.query import Query
from taperbot.records import Quote, QuoteKind
from taperbot.retrieve import Scores, normalized

COSINE_SHARE = 0.65
SHORT_WORDS = 6
SHORT_FACTOR = 0.8
AMOUNT_BONUS = 0.12
_SELF_CONTAINED = (QuoteKind.TABLE_CELL, QuoteKind.LIST_ITEM, QuoteKind.TABLE_ROW, QuoteKind.FAQ_ANSWER)


class QuoteSet(Protocol):
    """The quotes of some chunks, with what scoring needs; rows run in the order of `quotes`."""

    @property
    def quotes(self) -> Sequence[Quote]:
        """The quotes."""

    @property
    def vectors(self) -> Scores:
        """(n, d) unit vectors."""

    def bm25(self, tokens: Sequence[str]) -> Scores:
        """(n,) BM25 with the idf of the whole corpus."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Quotes with their scores in [0, 1]; `matches` is (quotes, words): the BM25 share of each distinct word of the question."""

    quotes: tuple[Quote, ...]
    scores: Scores
    cosines: Scores
    bm25: Scores
    words: tuple[str, ...]
    matches: Scores


def score_quotes(query: Query, intent: Intent, quote_set: QuoteSet, prior: NDArray[np.float32] | None = None) -> Scored:
    """Every quote that can be an answer, in the order of the set. `prior` is added per quote before context quotes are dropped."""
    usable = [place for place, quote in enumerate(quote_set.quotes) if not quote.is_context]
    quotes = tuple(quote_set.quotes[place] for place in usable)
    words = tuple(dict.fromkeys(query.tokens))
    if not quotes:
        empty = np.zeros(0, dtype=np.float32)
        return Scored((), empty, empty, empty, words, np.zeros((0, len(words)), dtype=np.float32))
    matches = np.column_stack([quote_set.bm25([word])[usable] for word in words]) if words else np.zeros((len(quotes), 0), dtype=np.float32)
    own = matches.sum(axis=1)
    hinted = own + query.hint_weight * quote_set.bm25(query.hints)[usable] if query.hints else own
    vectors = quote_set.vectors[usable]
    cosines = vectors @ query.vector
    if query.lay_vector is not None:
        cosines = np.maximum(cosines, vectors @ query.lay_vector)
    scores = COSINE_SHARE * normalized(cosines) + (1 - COSINE_SHARE) * normalized(hinted)
    if prior is not None:
        scores = scores + prior[usable]
    scores = np.asarray(scores * _fitness(quotes, intent), dtype=np.float32)
    return Scored(
        quotes,
        scores,
        np.asarray(cosines, dtype=np.float32),
        np.asarray(own, dtype=np.float32),
        words,
        np.asarray(matches, dtype=np.float32),
    )


def _fitness(quotes: Sequence[Quote], intent: Intent) -> Scores:
    """A factor per quote: down for scraps, up for a quote that holds the kind of figure asked for."""
    factors = np.ones(len(quotes), dtype=np.float32)
    for place, quote in enumerate(quotes):
        if quote.kind not in _SELF_CONTAINED and len(quote.text.split()) <= SHORT_WORDS:
            factors[place] *= SHORT_FACTOR
        if intent.wants_figure and holds_figure(quote.text, intent):
            factors[place] *= 1 + AMOUNT_BONUS
    return factors


def holds_figure(text: str, intent: Intent) -> bool:
    """True when `text` states a quantity of the kind that is asked for."""
    found = amounts(text)
    if intent.wants_dose:
        return any(amount.is_dose for amount in found)
    if intent.wants_duration:
        return any(amount.unit in DURATION_UNITS for amount in found) or _vague_duration(text)
    return any(_is_count(amount) for amount in found)


def _is_count(amount: Amount) -> bool:
    return not (amount.unit == "" and len(amount.values) == 1 and 1900 <= amount.values[0] <= 2100)


def _vague_duration(text: str) -> bool:
    lowered = text.lower()
    return any(f"{unit}s" in lowered for unit in DURATION_UNITS)
