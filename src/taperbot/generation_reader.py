"""One finished index folder, opened for reading: immutable, cheap to open, safe for many threads.

Rows of chunks run from 0 in article order. Everything is mapped, so a generation that is deleted while it answers stays readable.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from taperbot import generation_files as files
from taperbot.bands import Bands, bands_from_json
from taperbot.embedding import BUNDLED_NAME, Embedder, is_bundled
from taperbot.errors import IndexDamagedError, IndexMismatchError
from taperbot.generation_codec import article_from_json, chunk_from_json, findings_from_json, quotes_from_json
from taperbot.generation_manifest import EmbedderEntry, Manifest, check_files, read_current, read_manifest
from taperbot.lexical import ChunkWords, QuoteWords, WordsOfQuotes, best_hits
from taperbot.records import Article, ArticleCard, Chunk, Finding, Hit, Quote, Starter

Vectors = NDArray[np.float32]
CACHED_CHUNKS = 4096
CACHED_ARTICLES = 48
_log = logging.getLogger(__name__)


class Store(Protocol):
    """A nearest-neighbour index over the chunks."""

    def nearest_of_many(self, vectors: Vectors, k: int) -> list[list[tuple[str, float]]]:
        """For each vector the nearest `k` chunk ids with their cosines, nearest first."""

    def ids(self) -> Iterable[str]:
        """All chunk ids, in no particular order."""


class QuoteSet:
    """The quotes of some chunks, in order, with their vectors and words."""

    def __init__(self, quotes: tuple[Quote, ...], vectors: Vectors, words: WordsOfQuotes) -> None:
        self.quotes = quotes
        self.vectors = vectors
        self._words = words

    def bm25(self, tokens: Sequence[str]) -> Vectors:
        """(n,) raw BM25 of the quotes, with the idf of the whole corpus."""
        return self._words.bm25(tokens)

    def closeness(self, tokens: Sequence[str], embedded: Mapping[str, Vectors]) -> Vectors:
        """(n, tokens) how close the closest word of each quote comes to each token, in [0, 1].

        `embedded` gives the embedder's vectors for tokens that `Generation.has_word` does not know.
        """
        return self._words.closeness(tokens, embedded)


class Generation:
    """A generation folder. `store` is its open Chroma store; without one, or where the build found it wanting, search is exact."""

    def __init__(self, folder: Path, manifest: Manifest, store: Store | None = None) -> None:
        self.folder = folder
        self.manifest = manifest
        self.generation_id = manifest.generation_id
        self.chunk_count = manifest.chunks
        self.store = store
        self._articles = files.RowFile(folder / files.ARTICLES)
        self._chunks = files.RowFile(folder / files.CHUNKS)
        self._quotes = files.RowFile(folder / files.QUOTES)
        self._findings = files.RowFile(folder / files.FINDINGS)
        self._quote_starts = files.mapped_array(folder / files.QUOTE_STARTS, "<i8")
        self._article_of_chunk = files.mapped_array(folder / files.ARTICLE_OF_CHUNK, "<i4")
        self._heading_of_chunk = files.mapped_array(folder / files.HEADING_OF_CHUNK, "<i4")
        self._chunk_of_key = files.mapped_array(folder / files.CHUNK_OF_KEY, "<i4")
        self.all_chunk_vectors = self._vectors(files.CHUNK_VECTORS, "<f4")
        self._quote_vectors = self._vectors(files.QUOTE_VECTORS, "<f2")
        self._heading_vectors = self._vectors(files.HEADING_VECTORS, "<f2")
        self.all_key_vectors = self._vectors(files.KEY_VECTORS, "<f4")
        self._title_vectors = self._vectors(files.TITLE_VECTORS, "<f4")
        self._starters = (folder / files.STARTERS).read_bytes()
        self._bands = (folder / files.BANDS).read_text("utf-8") if (folder / files.BANDS).is_file() else ""
        self._chunk_words = ChunkWords(folder / files.CHUNK_WORDS, manifest.chunks)
        self._quote_words = QuoteWords(folder / files.QUOTE_WORDS, self._vectors(files.WORD_VECTORS, "<f4"))
        self._read_article = _article_reader(self._articles)
        self._read_chunk = _chunk_reader(self._chunks)
        self._read_quotes = _quote_reader(self._quotes, self._read_chunk)

    # Searching

    def nearest_chunks(self, vector: Vectors, k: int) -> list[Hit]:
        """The nearest `k` chunks by cosine, nearest first; searched exactly where the store fails."""
        if self.store is None or self.manifest.exact:
            return self.exact_chunks(vector, k)
        try:
            found = self.store.nearest_of_many(np.asarray([vector], np.float32), k)[0]
        except IndexDamagedError as error:
            _log.warning("%s Vectors are searched exactly for now.", error)
            return self.exact_chunks(vector, k)
        return [Hit(self.row_of_chunk[chunk_id], score) for chunk_id, score in found]

    def exact_chunks(self, vector: Vectors, k: int) -> list[Hit]:
        """As `nearest_chunks`, by comparing with every chunk."""
        return best_hits(self.all_chunk_vectors @ np.asarray(vector, np.float32), k)

    def nearest_keys(self, vector: Vectors, k: int) -> list[Hit]:
        """The nearest `k` chunks by the best cosine of an asked_as line of their section; none where there are no such lines."""
        best: dict[int, float] = {}
        for hit in best_hits(self.all_key_vectors @ np.asarray(vector, np.float32), k * 4):
            best.setdefault(int(self._chunk_of_key[hit.row]), hit.score)
        return [Hit(row, score) for row, score in best.items()][:k]

    def titles_nearest(self, vector: Vectors, k: int) -> list[Hit]:
        """The `k` articles whose title is nearest; rows are rows of `articles()`."""
        return best_hits(self._title_vectors @ np.asarray(vector, np.float32), k)

    def lexical_chunks(self, tokens: Sequence[str], k: int) -> list[Hit]:
        """The best `k` chunks by raw BM25 of their indexed text and asked_as lines, best first; only chunks with one of the tokens."""
        return self._chunk_words.best(tokens, k)

    def lexical_scores(self, tokens: Sequence[str], rows: Sequence[int]) -> Vectors:
        """(n,) raw BM25 of the given chunks."""
        return self._chunk_words.scores(tokens, rows)

    def has_word(self, token: str) -> bool:
        """Whether a quote holds the token and its vector is known, so that it need not be embedded."""
        return self._quote_words.has_vector(token)

    def rarity(self, tokens: Sequence[str]) -> Vectors:
        """(n,) the idf of each token among the chunks."""
        return self._chunk_words.rarity(tokens)

    # Reading

    def chunk(self, row: int) -> Chunk:
        """The chunk in that row."""
        return self._read_chunk(row)

    def quotes_of_chunk(self, row: int) -> tuple[Quote, ...]:
        """The quotes of one chunk, in order."""
        return self._read_quotes(row)

    def chunk_vectors(self, rows: Sequence[int]) -> Vectors:
        """(n, d) vectors of the given chunks."""
        return np.asarray(self.all_chunk_vectors[np.asarray(rows, np.int64)], np.float32)

    def heading_vectors(self, rows: Sequence[int]) -> Vectors:
        """(n, d) vectors of "title > headings" of the given chunks, or of title and first sentence where they have no heading."""
        return np.asarray(self._heading_vectors[self._heading_of_chunk[np.asarray(rows, np.int64)]], np.float32)

    def title_vectors(self, rows: Sequence[int]) -> Vectors:
        """(n, d) vectors of the titles of the articles that the given chunks belong to."""
        return np.asarray(self._title_vectors[self._article_of_chunk[np.asarray(rows, np.int64)]], np.float32)

    def key_vectors(self, rows: Sequence[int]) -> list[Vectors]:
        """For each given chunk the (m, d) vectors of its asked_as lines."""
        return [np.asarray(self.all_key_vectors[self._chunk_of_key == row], np.float32) for row in rows]

    def quotes(self, rows: Sequence[int]) -> QuoteSet:
        """The quotes of the given chunks, chunk by chunk in that order."""
        ranges = [(int(self._quote_starts[row]), int(self._quote_starts[row + 1])) for row in rows]
        parts = [self._quote_vectors[first:last] for first, last in ranges] or [self._quote_vectors[:0]]
        quotes = tuple(quote for row in rows for quote in self.quotes_of_chunk(row))
        return QuoteSet(quotes, np.concatenate(parts).astype(np.float32), self._quote_words.of(ranges))

    def article(self, article_id: str) -> Article | None:
        """The article, or None when there is none of that id."""
        row = self.row_of_article.get(article_id)
        return None if row is None else self._read_article(row)

    def findings(self, article_id: str) -> tuple[Finding, ...]:
        """What reading the article's file found."""
        row = self.row_of_article.get(article_id)
        return () if row is None else findings_from_json(self._findings[row])

    def articles(self) -> tuple[ArticleCard, ...]:
        """A card for each article, in row order."""
        return self._cards

    def chunk_rows(self, article_id: str) -> range:
        """The rows of an article's chunks."""
        row = self.row_of_article[article_id]
        first, last = np.searchsorted(self._article_of_chunk, [row, row + 1])
        return range(int(first), int(last))

    def find_version(self, article_id: str, version: str) -> Article | None:
        """The article if it has exactly that version here, else None."""
        article = self.article(article_id)
        return article if article is not None and article.version == version else None

    @cached_property
    def bands(self) -> Bands | None:
        """The bands fitted at build, or None."""
        return bands_from_json(self._bands) if self._bands else None

    @cached_property
    def golden(self) -> tuple[Starter, ...]:
        """Questions known to be answered here."""
        return tuple(Starter(question, article_id) for question, article_id in json.loads(self._starters))

    @cached_property
    def row_of_article(self) -> dict[str, int]:
        """Row of each article by its id."""
        return {entry.article_id: row for row, entry in enumerate(self.manifest.articles)}

    @cached_property
    def row_of_chunk(self) -> dict[str, int]:
        """Row of each chunk by its id."""
        return {chunk_id: row for row, chunk_id in enumerate(chunk_id for entry in self.manifest.articles for chunk_id in entry.chunk_ids)}

    @cached_property
    def _cards(self) -> tuple[ArticleCard, ...]:
        articles = (article_from_json(self._articles[row]) for row in range(len(self._articles)))
        return tuple(
            ArticleCard(row, item.article_id, item.version, item.title, item.date, item.url, item.topics, item.summary)
            for row, item in enumerate(articles)
        )

    def _vectors(self, name: str, dtype: str) -> NDArray[Any]:
        return files.mapped_array(self.folder / name, dtype, self.manifest.embedder.dimensions)

    def close(self) -> None:
        """Release what it holds beyond mapped memory; afterwards it searches exactly."""
        self.store = None


def _article_reader(rows: files.RowFile) -> Callable[[int], Article]:
    @lru_cache(CACHED_ARTICLES)
    def read(row: int) -> Article:
        return article_from_json(rows[row])

    return read


def _chunk_reader(rows: files.RowFile) -> Callable[[int], Chunk]:
    @lru_cache(CACHED_CHUNKS)
    def read(row: int) -> Chunk:
        return chunk_from_json(rows[row])

    return read


def _quote_reader(rows: files.RowFile, chunk: Callable[[int], Chunk]) -> Callable[[int], tuple[Quote, ...]]:
    @lru_cache(CACHED_CHUNKS)
    def read(row: int) -> tuple[Quote, ...]:
        return quotes_from_json(chunk(row), rows[row])

    return read


def open_generation(folder: Path, manifest_sha256: str | None = None, store: Store | None = None) -> Generation:
    """The generation in `folder`, published or not. IndexMismatchError, or IndexDamagedError for a missing or cut file."""
    manifest = read_manifest(folder, manifest_sha256)
    check_files(folder, manifest)
    try:
        return Generation(folder, manifest, store)
    except (OSError, ValueError) as error:
        raise IndexDamagedError(f"{folder} cannot be opened ({error}). Run `python -m ingest`, or `python -m ingest rollback`.") from None


def open_current(index: Path, embedder_name: str = BUNDLED_NAME) -> Generation:
    """The published generation, searched exactly: for one process with a few questions, where loading Chroma would take the longest.

    NoIndexError when there is none, IndexMismatchError when made by another embedder than `embedder_name`, IndexDamagedError.
    """
    current = read_current(index)
    generation = open_generation(index / current.generation_id, current.manifest_sha256)
    check_name(generation.manifest.embedder, embedder_name)
    return generation


def check_name(entry: EmbedderEntry, wanted: str) -> None:
    """IndexMismatchError unless the generation was made by the embedder of that name."""
    if entry.name != wanted and not (is_bundled(entry.name) and is_bundled(wanted)):
        raise IndexMismatchError(
            f"The index was made by the embedder {entry.name!r}, but {wanted!r} is set. "
            f"Run `python -m ingest` to build it anew, or set TAPERBOT_EMBEDDER={entry.name}."
        )


def check_embedder(entry: EmbedderEntry, embedder: Embedder) -> None:
    """IndexMismatchError unless `embedder` makes vectors that can be compared with the generation's."""
    ours = (embedder.fingerprint, embedder.route, embedder.dimensions)
    if ours != (entry.fingerprint, entry.route, entry.dimensions):
        raise IndexMismatchError(
            f"The index was made by {entry.name} ({entry.route}, weights {entry.fingerprint[:12]}), but {embedder.name} "
            f"({embedder.route}, weights {embedder.fingerprint[:12]}) is loaded. Run `python -m ingest` to build it anew."
        )
