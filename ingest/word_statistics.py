"""Counts the words of chunks and quotes and works out their BM25 shares once, for `taperbot.lexical` to add up."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
TOKENS_AT_ONCE = 1_000_000


class WordCollector:
    """Takes documents' tokens one after another, as numbers; memory is four bytes a token.

    They are counted about `at_once` at a time, so that counting takes little beside them.
    """

    def __init__(self, at_once: int = TOKENS_AT_ONCE) -> None:
        self._at_once = at_once
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
        documents, words, shares = (np.concatenate(parts) for parts in zip(*self._shares(), strict=True))
        order = np.argsort(words, kind="stable")
        _write(folder, {"starts.i64": _starts(words, len(self._numbers)), "rows.i32": documents[order], "shares.f32": shares[order]})
        self._write_words(folder)

    def write_by_document(self, folder: Path) -> None:
        """Files for `QuoteWords`: per document its words."""
        folder.mkdir(parents=True, exist_ok=True)
        held = np.zeros(len(self._lengths), np.int64)
        with (folder / "words.i32").open("wb") as words_file, (folder / "shares.f32").open("wb") as shares_file:
            for documents, words, shares in self._shares():
                held += np.bincount(documents, minlength=len(held))
                words_file.write(words.astype("<i4").tobytes())
                shares_file.write(shares.astype("<f4").tobytes())
        _write(folder, {"starts.i64": np.concatenate([[0], np.cumsum(held)]).astype(np.int64)})
        self._write_words(folder)

    def _shares(self) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]]:
        """Each (document, word) that occurs, by document, with its BM25 share ("lucene" formula), some documents at a time; at least one part."""
        lengths = np.asarray(self._lengths, np.int64)
        holders = np.zeros(max(len(self._numbers), 1), np.int64)
        for _, words, _ in self._counted(lengths):
            holders += np.bincount(words, minlength=len(holders))
        rarity = np.log1p((len(lengths) - holders + 0.5) / (holders + 0.5))
        average = lengths.mean() if lengths.size else 1.0
        damping = K1 * (1 - B + B * lengths / max(average, 1e-9))
        for documents, words, counts in self._counted(lengths):
            shares = rarity[words] * counts / (counts + damping[documents])
            yield documents, words, shares.astype(np.float32)

    def _counted(self, lengths: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]]:
        """Each (document, word) that occurs and how often, by document; some documents at a time."""
        vocabulary = max(len(self._numbers), 1)
        tokens = np.asarray(self._tokens, np.int32)
        ends = np.concatenate([[0], np.cumsum(lengths)])
        cuts = [*np.searchsorted(ends, range(0, len(tokens), self._at_once)).tolist(), len(lengths)]
        for first, last in pairwise(cuts):
            owners = np.repeat(np.arange(first, last, dtype=np.int64), lengths[first:last])
            pairs, counts = np.unique(owners * vocabulary + tokens[ends[first] : ends[last]], return_counts=True)
            documents, words = (part.astype(np.int32) for part in np.divmod(pairs, vocabulary))
            yield documents, words, counts
        if len(cuts) == 1:
            yield np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64)

    def _write_words(self, folder: Path) -> None:
        (folder / "words.json").write_text(json.dumps(list(self._numbers), ensure_ascii=False), "utf-8", "surrogatepass")


def _starts(owners: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))]).astype(np.int64)


def _write(folder: Path, arrays: dict[str, NDArray[Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in arrays.items():
        values.astype(values.dtype.newbyteorder("<")).tofile(folder / name)
