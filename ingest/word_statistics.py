"""Counts the words of chunks and quotes and works out their BM25 shares once, for `taperbot.lexical` to add up."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75


class WordCollector:
    """Takes documents' tokens one after another, as numbers; memory is four bytes a token."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._tokens = array("i")
        self._lengths = array("i")

    @property
    def words(self) -> tuple[str, ...]:
        """Every token so far, by its number."""
        return tuple(self._numbers)

    def add(self, tokens: Sequence[str]) -> None:
        """The next document."""
        known = self._numbers
        self._tokens.extend([known.setdefault(token, len(known)) for token in tokens])
        self._lengths.append(len(tokens))

    def write_by_word(self, folder: Path) -> None:
        """Files for `ChunkWords`: per word its documents, ascending."""
        documents, words, shares = self._shares()
        order = np.lexsort((documents, words))
        _write(folder, {"starts.i64": _starts(words, len(self._numbers)), "rows.i32": documents[order], "shares.f32": shares[order]})
        self._write_words(folder)

    def write_by_document(self, folder: Path) -> None:
        """Files for `QuoteWords`: per document its words."""
        documents, words, shares = self._shares()
        _write(folder, {"starts.i64": _starts(documents, len(self._lengths)), "words.i32": words, "shares.f32": shares})
        self._write_words(folder)

    def _shares(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
        """Each (document, word) that occurs, by document, with its BM25 share ("lucene" formula)."""
        lengths = np.asarray(self._lengths, np.int64)
        vocabulary = max(len(self._numbers), 1)
        pairs = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths) * vocabulary + np.asarray(self._tokens, np.int64)
        pairs, counts = np.unique(pairs, return_counts=True)
        documents, words = (part.astype(np.int32) for part in np.divmod(pairs, vocabulary))
        holders = np.bincount(words, minlength=vocabulary)
        rarity = np.log1p((len(lengths) - holders + 0.5) / (holders + 0.5))
        average = lengths.mean() if lengths.size else 1.0
        damping = K1 * (1 - B + B * lengths / max(average, 1e-9))
        shares = rarity[words] * counts / (counts + damping[documents])
        return documents, words, shares.astype(np.float32)

    def _write_words(self, folder: Path) -> None:
        (folder / "words.json").write_text(json.dumps(list(self._numbers), ensure_ascii=False), "utf-8", "surrogatepass")


def _starts(owners: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))]).astype(np.int64)


def _write(folder: Path, arrays: dict[str, NDArray[Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in arrays.items():
        values.astype(values.dtype.newbyteorder("<")).tofile(folder / name)
