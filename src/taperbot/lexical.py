"""BM25 over a generation's words, read from mapped arrays: raw scores, no normalisation.

Ingest computes each word's share of each score (bm25s' "lucene" formula); readers only add them up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taperbot.generation_files import mapped_array
from taperbot.records import Hit

Scores = NDArray[np.float32]
Numbers = NDArray[np.int32]


class Vocabulary:
    """Words of one lexical index and their numbers."""

    def __init__(self, folder: Path) -> None:
        words: list[str] = json.loads((folder / "words.json").read_bytes())
        self._numbers = {word: number for number, word in enumerate(words)}

    def number(self, token: str) -> int | None:
        """The number of a token, or None."""
        return self._numbers.get(token)

    def numbers(self, tokens: Iterable[str]) -> list[int]:
        """Numbers of the known tokens, repeats kept."""
        return [self._numbers[token] for token in tokens if token in self._numbers]


class ChunkWords:
    """BM25 of whole chunks, word by word: for each word the chunks it is in, ascending, and its share of their score."""

    def __init__(self, folder: Path, chunks: int) -> None:
        self._vocabulary = Vocabulary(folder)
        self._starts = mapped_array(folder / "starts.i64", "<i8")
        self._rows = mapped_array(folder / "rows.i32", "<i4")
        self._shares = mapped_array(folder / "shares.f32", "<f4")
        self._chunks = chunks

    def rarity(self, tokens: Sequence[str]) -> Scores:
        """(n,) how rare each token is among the chunks (its idf); most for one that is in none."""
        numbers = [self._vocabulary.number(token) for token in tokens]
        held = np.array([0 if number is None else self._starts[number + 1] - self._starts[number] for number in numbers], np.float64)
        return np.log1p((self._chunks - held + 0.5) / (held + 0.5)).astype(np.float32)

    def best(self, tokens: Sequence[str], k: int) -> list[Hit]:
        """The best `k` chunks with any of the tokens, best first, equal scores by row."""
        scores = np.zeros(self._chunks, np.float32)
        for number in self._vocabulary.numbers(tokens):
            at = slice(self._starts[number], self._starts[number + 1])
            scores[self._rows[at]] += self._shares[at]
        return best_hits(scores, k, above=0.0)

    def scores(self, tokens: Sequence[str], rows: Sequence[int]) -> Scores:
        """(n,) scores of the given chunks."""
        wanted = np.asarray(rows, dtype=np.int32)
        scores = np.zeros(len(wanted), np.float32)
        for number in self._vocabulary.numbers(tokens):
            at = slice(self._starts[number], self._starts[number + 1])
            holders = self._rows[at]
            places = np.searchsorted(holders, wanted)
            places[places == len(holders)] = 0
            found = holders[places] == wanted
            scores[found] += self._shares[at][places[found]]
        return scores


class QuoteWords:
    """BM25 of quotes, quote by quote: for each quote its words and their shares, with the idf of all quotes of the corpus.

    `vectors` holds the mean of all words' vectors, then one row for each word: its own, that mean taken out, of unit length or zero.
    """

    def __init__(self, folder: Path, vectors: Scores) -> None:
        self._vocabulary = Vocabulary(folder)
        self._vectors = vectors
        self._starts = mapped_array(folder / "starts.i64", "<i8")
        self._words = mapped_array(folder / "words.i32", "<i4")
        self._shares = mapped_array(folder / "shares.f32", "<f4")

    def of(self, ranges: Sequence[tuple[int, int]]) -> WordsOfQuotes:
        """The words of the quotes in those half-open ranges of rows, in that order."""
        spans = [(self._starts[first], self._starts[last]) for first, last in ranges]
        lengths = [np.diff(self._starts[first : last + 1]) for first, last in ranges]
        per_quote = np.concatenate(lengths) if lengths else np.empty(0, np.int64)
        words = [self._words[start:end] for start, end in spans] or [np.empty(0, np.int32)]
        shares = [self._shares[start:end] for start, end in spans] or [np.empty(0, np.float32)]
        owners = np.repeat(np.arange(len(per_quote)), per_quote)
        return WordsOfQuotes(self._vocabulary, np.concatenate(words), np.concatenate(shares), owners, len(per_quote), self._vectors)

    def has_vector(self, token: str) -> bool:
        """Whether the token is a word of the quotes that has a vector."""
        number = self._vocabulary.number(token)
        return number is not None and bool(self._vectors[number + 1].any())


@dataclass(frozen=True, slots=True)
class WordsOfQuotes:
    """Words of some quotes, end to end; `owners[i]` is the quote that word `i` stands in."""

    vocabulary: Vocabulary
    words: Numbers
    shares: Scores
    owners: NDArray[np.int64]
    quotes: int
    vectors: Scores

    def closeness(self, tokens: Sequence[str], embedded: Mapping[str, Scores]) -> Scores:
        """(n, tokens) cosine of each token with the closest word of each quote, in [0, 1]; 1 where the quote holds the token itself.

        `embedded` gives the embedder's vectors for tokens that are no words here; a token without a vector is close to itself alone.
        """
        present, places = np.unique(self.words, return_inverse=True)
        near = np.maximum(self._directions(tokens, embedded) @ self.vectors[present + 1].T, 0.0)
        for row, token in enumerate(tokens):
            near[row, present == self.vocabulary.number(token)] = 1.0
        best = np.zeros((len(tokens), self.quotes), np.float32)
        if len(self.words):
            starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
            best[:, self.owners[starts]] = np.maximum.reduceat(near[:, places], starts, axis=1)
        return best.T

    def _directions(self, tokens: Sequence[str], embedded: Mapping[str, Scores]) -> Scores:
        """(tokens, d) directions of the tokens, the mean of all words taken out; zero without a vector."""
        directions = np.zeros((len(tokens), self.vectors.shape[1]), np.float32)
        for row, token in enumerate(tokens):
            number = self.vocabulary.number(token)
            if number is not None:
                directions[row] = self.vectors[number + 1]
            elif token in embedded:
                off = embedded[token] - self.vectors[0]
                directions[row] = off / max(float(np.linalg.norm(off)), 1e-6)
        return directions

    def bm25(self, tokens: Sequence[str]) -> Scores:
        """(n,) scores of the quotes for all tokens together."""
        scores = np.zeros(self.quotes, np.float64)
        for number in self.vocabulary.numbers(tokens):
            at = self.words == number
            scores += np.bincount(self.owners[at], weights=self.shares[at], minlength=self.quotes)
        return scores.astype(np.float32)


def best_hits(scores: Scores, k: int, above: float = -np.inf) -> list[Hit]:
    """The best `k` rows scoring over `above`, best first, equal scores by row."""
    k = min(k, len(scores))
    if k <= 0:
        return []
    candidates = np.argpartition(-scores, k - 1)[:k] if k < len(scores) else np.arange(len(scores))
    if k < len(scores):
        # A tie at the edge is settled by row, not by how the partition fell.
        edge = scores[candidates].min()
        candidates = np.concatenate([np.flatnonzero(scores > edge), np.flatnonzero(scores == edge)])[:k]
    ordered = candidates[np.lexsort((candidates, -scores[candidates]))]
    return [Hit(row, score) for row, score in zip(ordered.tolist(), scores[ordered].tolist(), strict=True) if score > above]
