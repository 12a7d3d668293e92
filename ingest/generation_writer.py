"""Writes the files of one generation, article by article, so that memory does not grow with the corpus."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ingest.faults import fault_point
from ingest.parsed import ParsedFile
from ingest.sentences import sentence_spans
from ingest.word_statistics import WordCollector
from ingest.word_vectors import WordForms, word_vectors
from taperbot import generation_files as files
from taperbot.generation_codec import article_to_json, chunk_to_json, findings_to_json, quotes_to_json
from taperbot.generation_manifest import MANIFEST_NAME, FileEntry
from taperbot.records import Chunk, Quote
from taperbot.tokens import tokenize

KEYS = "text_keys.sha256"
"""The keys of all texts of the generation in the embedding cache, so that pruning knows what is still used."""
Embed = Callable[[Sequence[str]], tuple[list[bytes], NDArray[np.float16]]]


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows written."""

    articles: int
    chunks: int
    quotes: int


class _Rows:
    """Writes a RowFile."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._file: BinaryIO = stack.enter_context(path.open("wb"))
        self._offsets: BinaryIO = stack.enter_context(files.offsets_path(path).open("wb"))
        self._offsets.write(np.int64(0).astype("<i8").tobytes())

    def add(self, value: Any) -> None:
        data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
        self._file.write(data)
        self._offsets.write(np.int64(self._file.tell()).astype("<i8").tobytes())


class GenerationWriter:
    """Takes parsed articles in row order, in batches; `finish` completes the rows and words. Use as a context manager."""

    def __init__(self, folder: Path, embed: Embed) -> None:
        self._folder = folder
        self._embed = embed
        self._stack = ExitStack()
        rows = (files.ARTICLES, files.FINDINGS, files.CHUNKS, files.QUOTES)
        self._articles, self._findings, self._chunks, self._quotes = (_Rows(folder / name, self._stack) for name in rows)
        self._out = {name: self._stack.enter_context((folder / name).open("wb")) for name in _PLAIN_FILES}
        self._headings: dict[str, int] = {}
        self._chunk_words, self._quote_words, self._forms = WordCollector(), WordCollector(), WordForms()
        self._dimensions = 0
        self._articles_written = self._chunks_written = self._quotes_written = 0
        self._put(files.QUOTE_STARTS, [0], "<i8")

    def __enter__(self) -> GenerationWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, batch: Sequence[ParsedFile]) -> None:
        """The next articles. All their texts are embedded in one call."""
        texts = list(dict.fromkeys(text for parsed in batch for text in self._texts(parsed)))
        keys, vectors = self._embed(texts)
        self._out[KEYS].write(b"".join(keys))
        self._dimensions = vectors.shape[1]
        row_of = {text: row for row, text in enumerate(texts)}
        for parsed in batch:
            self._write(parsed, row_of, vectors)
            fault_point("article written")

    def finish(self) -> Totals:
        """Writes the word statistics and vectors, and closes the rows."""
        keys, vectors = word_vectors(self._quote_words.words, self._forms, self._embed, self._dimensions)
        self._out[KEYS].write(b"".join(keys))
        self._put_vectors(files.WORD_VECTORS, vectors)
        self._stack.close()
        fault_point("rows written")
        self._chunk_words.write_by_word(self._folder / files.CHUNK_WORDS)
        self._quote_words.write_by_document(self._folder / files.QUOTE_WORDS)
        fault_point("words written")
        return Totals(self._articles_written, self._chunks_written, self._quotes_written)

    def _texts(self, parsed: ParsedFile) -> list[str]:
        keys = [line for chunk in parsed.chunks for line in chunk.asked_as]
        headings = [opening_of(chunk) for chunk in parsed.chunks]
        quotes = [quote.indexed_text for quote in parsed.quotes]
        return [parsed.article.title, *keys, *headings, *(chunk.indexed_text for chunk in parsed.chunks), *quotes]

    def _write(self, parsed: ParsedFile, row_of: dict[str, int], vectors: NDArray[np.float16]) -> None:
        quotes = quotes_by_chunk(parsed)
        self._articles.add(article_to_json(parsed.article))
        self._findings.add(findings_to_json(parsed.findings))
        self._put_vectors(files.TITLE_VECTORS, vectors[[row_of[parsed.article.title]]])
        for chunk in parsed.chunks:
            self._write_chunk(chunk, quotes[chunk.chunk_id], row_of, vectors)
        self._articles_written += 1

    def _write_chunk(self, chunk: Chunk, quotes: Sequence[Quote], row_of: dict[str, int], vectors: NDArray[np.float16]) -> None:
        self._chunks.add(chunk_to_json(chunk))
        self._quotes.add(quotes_to_json(chunk, quotes))
        self._put_vectors(files.CHUNK_VECTORS, vectors[[row_of[chunk.indexed_text]]])
        self._put_vectors(files.QUOTE_VECTORS, vectors[[row_of[quote.indexed_text] for quote in quotes]])
        self._put_vectors(files.KEY_VECTORS, vectors[[row_of[line] for line in chunk.asked_as]])
        self._put(files.CHUNK_OF_KEY, [self._chunks_written] * len(chunk.asked_as), "<i4")
        self._put(files.ARTICLE_OF_CHUNK, [self._articles_written], "<i4")
        self._write_heading(opening_of(chunk), row_of, vectors)
        self._chunk_words.add(tokenize("\n".join((chunk.indexed_text, *chunk.asked_as))))
        for quote in quotes:
            self._quote_words.add(self._forms.add(quote.indexed_text))
        self._chunks_written += 1
        self._quotes_written += len(quotes)
        self._put(files.QUOTE_STARTS, [self._quotes_written], "<i8")

    def _write_heading(self, opening: str, row_of: dict[str, int], vectors: NDArray[np.float16]) -> None:
        if opening not in self._headings:
            self._headings[opening] = len(self._headings)
            self._put_vectors(files.HEADING_VECTORS, vectors[[row_of[opening]]])
        self._put(files.HEADING_OF_CHUNK, [self._headings[opening]], "<i4")

    def _put(self, name: str, numbers: Sequence[int], dtype: str) -> None:
        self._out[name].write(np.array(numbers, dtype=dtype).tobytes())

    def _put_vectors(self, name: str, vectors: NDArray[np.float16]) -> None:
        self._out[name].write(vectors.astype("<f4" if name.endswith(".f32") else "<f2").tobytes())


_PLAIN_FILES = (
    files.CHUNK_VECTORS,
    files.QUOTE_VECTORS,
    files.HEADING_VECTORS,
    files.KEY_VECTORS,
    files.TITLE_VECTORS,
    files.WORD_VECTORS,
    files.QUOTE_STARTS,
    files.HEADING_OF_CHUNK,
    files.CHUNK_OF_KEY,
    files.ARTICLE_OF_CHUNK,
    KEYS,
)


def quotes_by_chunk(parsed: ParsedFile) -> dict[str, list[Quote]]:
    """The quotes of each chunk, in the article's order."""
    quotes: dict[str, list[Quote]] = {chunk.chunk_id: [] for chunk in parsed.chunks}
    for quote in parsed.quotes:
        quotes[quote.chunk_id].append(quote)
    return quotes


def opening_of(chunk: Chunk) -> str:
    """What a chunk opens with: its title and headings, or its first sentence where it stands under no heading."""
    if chunk.heading_path:
        return " > ".join((chunk.title, *chunk.heading_path))
    first = next(iter(sentence_spans(chunk.text)), (0, len(chunk.text)))
    return f"{chunk.title}: {chunk.text[slice(*first)]}"


def sync_files(folder: Path, known: Sequence[FileEntry] = ()) -> tuple[FileEntry, ...]:
    """Everything in the folder brought to the disk, and listed with sizes and hashes; the manifest itself is left out.

    `known` files were listed before and have not been touched since.
    """
    before = {entry.path: entry for entry in known}
    entries = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST_NAME):
        name = path.relative_to(folder).as_posix()
        entries.append(before[name] if name in before and name != files.STARTERS else _synced(path, name))
    for inner in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        sync_folder(inner)
    fault_point("files synced")
    return tuple(entries)


def _synced(path: Path, name: str) -> FileEntry:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return FileEntry(name, path.stat().st_size, digest)


def sync_folder(folder: Path) -> None:
    """Bring names made or changed in the folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
