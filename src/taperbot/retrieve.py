"""Finds the passages for a question: dense, BM25, openings, titles and aspects, fused by weighted normalised scores; then what their quotes say.

The aspect is what a question asks beyond the article's subject: both vectors with the direction of the title taken out. It tells the sections of
one article apart, which all share the subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from taperbot.evidence import Evidence, Quotes, Scores, aspects, cosines_with, gather, normalized
from taperbot.query import Query, Vector
from taperbot.records import Chunk, Hit, Passage

POOL = 60
"""Candidates taken from each list before fusing."""
KEY_POOL = 30
WEIGHED = 14
"""Passages whose quotes are weighed before the order is settled."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Parts of the fused score, relative to their sum.

    `key` is added for a lay phrasing kept for the section, from a cosine of `key_from` on. The `quote_` parts are of the passage's best quote.
    """

    dense: float = 0.23
    lexical: float = 0.22
    opening: float = 0.24
    title: float = 0.17
    opening_aspect: float = 0.145
    chunk_aspect: float = 0.155
    key: float = 0.265
    key_from: float = 0.4
    quote_cosine: float = 0.12
    quote_aspect: float = 0.12
    quote_nearness: float = 0.17
    quote_bm25: float = 0.08

    @property
    def of_chunks(self) -> float:
        """The most that fusing chunks can give."""
        return self.dense + self.lexical + self.opening + self.title + self.opening_aspect + self.chunk_aspect + self.key

    @property
    def of_quotes(self) -> float:
        """The most that quotes can add."""
        return self.quote_cosine + self.quote_aspect + self.quote_nearness + self.quote_bm25


WEIGHTS = Weights()


class Index(Quotes, Protocol):
    """The part of a generation that retrieval reads."""

    def nearest_chunks(self, vector: Vector, k: int) -> Sequence[Hit]:
        """Best `k` chunks by cosine."""

    def nearest_keys(self, vector: Vector, k: int) -> Sequence[Hit]:
        """Best `k` chunks by the cosine of a lay phrasing kept for their section."""

    def lexical_chunks(self, tokens: Sequence[str], k: int) -> Sequence[Hit]:
        """Best `k` chunks by BM25."""

    def lexical_scores(self, tokens: Sequence[str], rows: Sequence[int]) -> Scores:
        """BM25 of the given chunks."""

    def chunk_vectors(self, rows: Sequence[int]) -> Scores:
        """(n, d) vectors of the given chunks."""

    def heading_vectors(self, rows: Sequence[int]) -> Scores:
        """(n, d) vectors of the title with the headings of the given chunks, or with their opening sentence where they have none."""

    def chunk(self, row: int) -> Chunk:
        """The chunk in that row."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages, best first, and the evidence of the quotes of the first of them."""

    passages: tuple[Passage, ...]
    evidence: Evidence


def retrieve(index: Index, query: Query, k: int, weights: Weights = WEIGHTS) -> Retrieved:
    """The best `k` passages with fused scores in [0, 1]; the evidence is of the quotes of at most WEIGHED of them."""
    fused = _fused(index, query, max(k, WEIGHED), weights)
    first, rest = fused[:WEIGHED], fused[WEIGHED:]
    ids = [passage.chunk.chunk_id for passage in first]
    evidence = gather(index, query, [passage.row for passage in first], ids)
    added = _of_quotes(evidence, ids, weights)
    total = weights.of_chunks + weights.of_quotes
    ranked = [replace(passage, score=(passage.score + more) / total) for passage, more in zip(first, added, strict=True)]
    ranked.sort(key=lambda passage: -passage.score)
    ranked += [replace(passage, score=passage.score / total) for passage in rest]
    kept = tuple(ranked[:k])
    return Retrieved(kept, evidence.within(frozenset(passage.chunk.chunk_id for passage in kept)))


def _fused(index: Index, query: Query, k: int, weights: Weights) -> list[Passage]:
    """The best `k` chunks by themselves; scores up to `weights.of_chunks`."""
    keys = {hit.row: hit.score for hit in index.nearest_keys(query.vector, KEY_POOL)}
    rows = _candidates(index, query, keys, weights)
    if not rows:
        return []
    chunks, openings, titles = index.chunk_vectors(rows), index.heading_vectors(rows), index.title_vectors(rows)
    cosines, lexical = cosines_with(chunks, query), _lexical(index, query, rows)
    by_key = np.array([keys.get(row, -1.0) for row in rows], np.float32)
    near_openings = np.maximum(cosines_with(openings, query), by_key)
    fused = (
        weights.dense * normalized(cosines)
        + weights.lexical * normalized(lexical)
        + weights.opening * normalized(near_openings)
        + weights.title * normalized(cosines_with(titles, query))
        + weights.opening_aspect * normalized(aspects(openings, titles, query.vector))
        + weights.chunk_aspect * normalized(aspects(chunks, titles, query.vector))
        + weights.key * np.clip((by_key - weights.key_from) / (1 - weights.key_from), 0.0, 1.0)
    )
    order = np.argsort(-fused, kind="stable")[:k]
    return [
        Passage(rows[i], index.chunk(rows[i]), float(fused[i]), float(cosines[i]), float(lexical[i]), float(near_openings[i]))
        for i in order
    ]


def _of_quotes(evidence: Evidence, chunk_ids: Sequence[str], weights: Weights) -> list[float]:
    """What the best quote of each chunk adds to its score."""
    place_of = {chunk_id: place for place, chunk_id in enumerate(chunk_ids)}
    owners = np.array([place_of[quote.chunk_id] for quote in evidence.quotes], np.int64)
    parts = (
        (weights.quote_cosine, evidence.cosines),
        (weights.quote_aspect, evidence.aspects),
        (weights.quote_nearness, evidence.nearness),
        (weights.quote_bm25, evidence.bm25),
    )
    added = np.zeros(len(chunk_ids), np.float32)
    for weight, scores in parts:
        best = np.full(len(chunk_ids), float(scores.min()) if len(scores) else 0.0, np.float32)
        np.maximum.at(best, owners, scores)
        added += weight * normalized(best)
    return [float(one) for one in added]


def _candidates(index: Index, query: Query, keys: dict[int, float], weights: Weights) -> list[int]:
    hits = [*index.nearest_chunks(query.vector, POOL), *index.lexical_chunks(query.tokens, POOL)]
    if query.lay_vector is not None:
        hits += index.nearest_chunks(query.lay_vector, POOL // 2)
    return list(dict.fromkeys([hit.row for hit in hits] + [row for row, score in keys.items() if score >= weights.key_from]))


def _lexical(index: Index, query: Query, rows: Sequence[int]) -> Scores:
    scores = index.lexical_scores(query.tokens, rows)
    hints = [hint for hint in query.hints if hint not in query.heard]
    if hints:
        scores = scores + query.hint_weight * index.lexical_scores(hints, rows)
    if query.heard:
        scores = scores + query.heard_weight * index.lexical_scores(query.heard, rows)
    return np.asarray(scores, np.float32)
