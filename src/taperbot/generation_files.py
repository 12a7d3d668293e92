"""The files of a generation as readers see them: mapped into memory, never written, usable by many threads at once."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

ARTICLES = "articles.jsonl"
FINDINGS = "findings.jsonl"
CHUNKS = "chunks.jsonl"
QUOTES = "quotes.jsonl"
STARTERS = "starters.json"
BANDS = "bands.json"
CHROMA = "chroma"
CHUNK_VECTORS = "chunk_vectors.f32"
QUOTE_VECTORS = "quote_vectors.f16"
HEADING_VECTORS = "heading_vectors.f16"
KEY_VECTORS = "key_vectors.f32"
TITLE_VECTORS = "title_vectors.f32"
WORD_VECTORS = "word_vectors.f32"
QUOTE_STARTS = "quote_starts.i64"
HEADING_OF_CHUNK = "heading_of_chunk.i32"
CHUNK_OF_KEY = "chunk_of_key.i32"
ARTICLE_OF_CHUNK = "article_of_chunk.i32"
CHUNK_WORDS = "chunk_words"
QUOTE_WORDS = "quote_words"


def mapped(path: Path) -> bytes | mmap.mmap:
    """The bytes of a file, mapped; they stay readable when the file is deleted."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def mapped_array(path: Path, dtype: str, columns: int = 0) -> NDArray[Any]:
    """A read-only array over a file of plain numbers; (n, columns), or (n,) when `columns` is 0."""
    array = np.frombuffer(mapped(path), dtype=dtype)
    return array.reshape(-1, columns) if columns else array


class RowFile:
    """JSON values, one per line, fetched by row through a table of offsets beside it."""

    def __init__(self, path: Path) -> None:
        self._data = mapped(path)
        self._offsets = mapped_array(offsets_path(path), "<i8")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> Any:
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of {len(self)}")
        return orjson.loads(self._data[self._offsets[row] : self._offsets[row + 1]])


def offsets_path(path: Path) -> Path:
    """Where the offsets of a RowFile lie."""
    return path.with_suffix(".offsets.i64")
