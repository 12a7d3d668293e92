"""Finds the passages for a question: dense, BM25, openings, titles and aspects, fused by weighted normalised scores.

The aspect is what a question asks beyond the article's subject: both vectors with the direction of the title taken out. It tells the sections of
one article apart, which all share the subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from taperbot.query import Query, Vector
from taperbot.records import Chunk, Hit, Passage

Scores = NDArray[np.float32]

POOL = 60
"""Candidates taken from each list before fusing."""
KEY_POOL = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """Parts of the fused score, relative to their sum. `key_from` is the cosine from which a lay phrasing kept for a section counts."""

    dense: float = 0.3
    lexical: float = 0.2
    opening: float = 0.3
    title: float = 0.2
    opening_aspect: float = 0.2
    chunk_aspect: float = 0.1
    key_from: float = 0.45

    @property
    def total(self) -> float:
        """What the parts sum to."""
        return self.dense + self.lexical + self.opening + self.title + self.opening_aspect + self.chunk_aspect


WEIGHTS = Weights()


class Index(Protocol):
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

    def title_vectors(self, rows: Sequence[int]) -> Scores:
        """(n, d) vectors of the titles of the given chunks' articles."""

    def chunk(self, row: int) -> Chunk:
        """The chunk in that row."""


def retrieve(index: Index, query: Query, k: int, weights: Weights = WEIGHTS) -> list[Passage]:
    """The best `k` passages, best first, with fused scores in [0, 1]."""
    keys = {hit.row: hit.score for hit in index.nearest_keys(query.vector, KEY_POOL)}
    rows = _candidates(index, query, keys)
    if not rows:
        return []
    chunks, openings, titles = index.chunk_vectors(rows), index.heading_vectors(rows), index.title_vectors(rows)
    cosines, lexical = cosines_with(chunks, query), _lexical(index, query, rows)
    near_openings = np.maximum(cosines_with(openings, query), [keys.get(row, -1.0) for row in rows])
    fused = (
        weights.dense * normalized(cosines)
        + weights.lexical * normalized(lexical)
        + weights.opening * normalized(near_openings)
        + weights.title * normalized(cosines_with(titles, query))
        + weights.opening_aspect * normalized(aspects(openings, titles, query.vector))
        + weights.chunk_aspect * normalized(aspects(chunks, titles, query.vector))
    ) / weights.total
    order = np.argsort(-fused, kind="stable")[:k]
    return [
        Passage(rows[i], index.chunk(rows[i]), float(fused[i]), float(cosines[i]), float(lexical[i]), float(near_openings[i]))
        for i in order
    ]


def aspects(vectors: Scores, titles: Scores, asked: Vector) -> Scores:
    """Cosines of `vectors` with `asked`, the direction of the title taken out of both."""
    shared = titles @ asked
    along = (vectors * titles).sum(axis=1)
    lengths = np.sqrt(np.maximum(1 - along**2, 1e-6) * np.maximum(1 - shared**2, 1e-6))
    return np.asarray((vectors @ asked - along * shared) / lengths, dtype=np.float32)


def normalized(scores: Scores) -> Scores:
    """Scores stretched to [0, 1]; all zero where they do not differ."""
    low, high = float(scores.min()), float(scores.max())
    return np.asarray((scores - low) / (high - low) if high > low else np.zeros_like(scores), dtype=np.float32)


def _candidates(index: Index, query: Query, keys: dict[int, float]) -> list[int]:
    hits = [*index.nearest_chunks(query.vector, POOL), *index.lexical_chunks(query.tokens, POOL)]
    if query.lay_vector is not None:
        hits += index.nearest_chunks(query.lay_vector, POOL // 2)
    return list(dict.fromkeys([hit.row for hit in hits] + [row for row, score in keys.items() if score >= WEIGHTS.key_from]))


def aspects_with(vectors: Scores, titles: Scores, query: Query) -> Scores:
    """Aspects of the question, or of it with its medical terms where these are nearer."""
    own = aspects(vectors, titles, query.vector)
    return own if query.lay_vector is None else np.maximum(own, aspects(vectors, titles, query.lay_vector))


def cosines_with(vectors: Scores, query: Query) -> Scores:
    """Cosines with the question, or with its medical terms where these are nearer."""
    own = vectors @ query.vector
    return np.asarray(own if query.lay_vector is None else np.maximum(own, vectors @ query.lay_vector), dtype=np.float32)


def _lexical(index: Index, query: Query, rows: Sequence[int]) -> Scores:
    scores = index.lexical_scores(query.tokens, rows)
    if query.hints:
        scores = scores + query.hint_weight * index.lexical_scores(query.hints, rows)
    return np.asarray(scores, dtype=np.float32)
