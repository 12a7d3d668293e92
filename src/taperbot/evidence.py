"""What each quote of some chunks has to say to a question: worked out once, for ranking passages and for choosing quotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from taperbot.query import Query, Vector
from taperbot.records import Quote

Scores = NDArray[np.float32]
Read = Callable[[str, Sequence[str]], Scores]
"""A cross-encoder: a question and n texts to (n,) log-odds that they answer it."""


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

    def closeness(self, tokens: Sequence[str], embedded: Mapping[str, Vector]) -> Scores:
        """(n, tokens) cosine of each token with the closest word of each quote, 1 where it stands there."""


class Quotes(Protocol):
    """The part of a generation that gathering reads."""

    def quotes(self, rows: Sequence[int]) -> QuoteSet:
        """The quotes of the given chunks, chunk by chunk in that order."""

    def rarity(self, tokens: Sequence[str]) -> Scores:
        """(n,) idf of each token."""

    def title_vectors(self, rows: Sequence[int]) -> Scores:
        """(n, d) vectors of the titles of the given chunks' articles."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All arrays run over `quotes`, which can be answers, context left out; `context` are those left out.

    `words` are the question's own distinct words first (`own` of them, those of earlier turns it leans on included), then its hints; `weights` say how
    much each counts, `rarity` its idf. `matches` and `closeness` are (quotes, words): BM25 shares, and how near the quote's words come.
    """

    quotes: tuple[Quote, ...]
    context: tuple[Quote, ...]
    cosines: Scores
    aspects: Scores
    matches: Scores
    closeness: Scores
    words: tuple[str, ...]
    own: int
    weights: Scores
    rarity: Scores

    @property
    def nearness(self) -> Scores:
        """(quotes,) closeness to the question as a whole, each word by its weight and rarity, in [0, 1]."""
        weighed = self.rarity * self.weights
        return np.asarray(self.closeness @ weighed / max(float(weighed.sum()), 1e-6), np.float32)

    @property
    def bm25(self) -> Scores:
        """(quotes,) BM25 of all words, by their weights."""
        return np.asarray(self.matches @ self.weights, np.float32)

    def within(self, chunk_ids: frozenset[str]) -> Evidence:
        """The evidence of the quotes of those chunks alone."""
        kept = [place for place, quote in enumerate(self.quotes) if quote.chunk_id in chunk_ids]
        return Evidence(
            tuple(self.quotes[place] for place in kept),
            tuple(quote for quote in self.context if quote.chunk_id in chunk_ids),
            self.cosines[kept],
            self.aspects[kept],
            self.matches[kept],
            self.closeness[kept],
            self.words,
            self.own,
            self.weights,
            self.rarity,
        )


def gather(index: Quotes, query: Query, rows: Sequence[int], chunk_ids: Sequence[str]) -> Evidence:
    """The evidence in the chunks of `rows`, whose ids are `chunk_ids`."""
    quote_set = index.quotes(rows)
    usable = [place for place, quote in enumerate(quote_set.quotes) if not quote.is_context]
    quotes = tuple(quote_set.quotes[place] for place in usable)
    own = tuple(dict.fromkeys([*query.tokens, *query.heard]))
    words = (*own, *(hint for hint in query.hints if hint not in own))
    heard = frozenset(query.heard)
    said = len(dict.fromkeys(query.tokens))
    weights = np.array(
        [1.0 if place < said else query.heard_weight if word in heard else query.hint_weight for place, word in enumerate(words)],
        np.float32,
    )
    row_of = {chunk_id: place for place, chunk_id in enumerate(chunk_ids)}
    vectors = quote_set.vectors[usable]
    titles = index.title_vectors(rows)[[row_of[quote.chunk_id] for quote in quotes]] if quotes else vectors
    matches = np.column_stack([quote_set.bm25([word]) for word in words])[usable] if words else np.zeros((len(quotes), 0), np.float32)
    return Evidence(
        quotes,
        tuple(quote for quote in quote_set.quotes if quote.is_context),
        cosines_with(vectors, query),
        aspects_with(vectors, titles, query),
        matches.astype(np.float32),
        quote_set.closeness(words, query.words)[usable],
        words,
        len(own),
        weights,
        index.rarity(words),
    )


def cosines_with(vectors: Scores, query: Query) -> Scores:
    """Cosines with the question, or with its medical terms where these are nearer."""
    own = vectors @ query.vector
    return np.asarray(own if query.lay_vector is None else np.maximum(own, vectors @ query.lay_vector), np.float32)


def aspects_with(vectors: Scores, titles: Scores, query: Query) -> Scores:
    """Aspects of the question, or of it with its medical terms where these are nearer."""
    own = aspects(vectors, titles, query.vector)
    return own if query.lay_vector is None else np.maximum(own, aspects(vectors, titles, query.lay_vector))


def aspects(vectors: Scores, titles: Scores, asked: Vector) -> Scores:
    """Cosines of `vectors` with `asked`, the direction of the title taken out of both."""
    shared = titles @ asked
    along = np.einsum("ij,ij->i", vectors, titles)
    lengths = np.sqrt(np.maximum(1 - along**2, 1e-6) * np.maximum(1 - shared**2, 1e-6))
    return np.asarray((vectors @ asked - along * shared) / lengths, np.float32)


def normalized(scores: Scores) -> Scores:
    """Scores stretched to [0, 1]; all zero where they do not differ."""
    if not len(scores):
        return scores
    low, high = float(scores.min()), float(scores.max())
    return np.asarray((scores - low) / (high - low) if high > low else np.zeros_like(scores), np.float32)
