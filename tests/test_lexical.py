"""BM25 worked out at ingest and added up when asked, against bm25s as the reference."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.word_statistics import K1, B, WordCollector
from taperbot.lexical import ChunkWords, QuoteWords, best_hits

DOCUMENTS = [["seizur", "risk", "seizur"], [], ["risk", "tea"], ["tea", "tea", "tea", "sleep"], ["sleep"]]


def written(tmp_path: Path, documents: list[list[str]]) -> tuple[ChunkWords, QuoteWords]:
    collector = WordCollector()
    for tokens in documents:
        collector.add(tokens)
    collector.write_by_word(tmp_path / "chunk")
    collector.write_by_document(tmp_path / "quote")
    no_vectors = np.zeros((len(collector.words) + 1, 4), np.float16)
    return ChunkWords(tmp_path / "chunk", len(documents)), QuoteWords(tmp_path / "quote", no_vectors)


def reference(documents: list[list[str]], tokens: list[str]) -> np.ndarray:
    ranker = bm25s.BM25(method="lucene", k1=K1, b=B)
    ranker.index(documents, show_progress=False)
    known = [token for token in tokens if token in ranker.vocab_dict]
    return ranker.get_scores(known) if known else np.zeros(len(documents))


@pytest.mark.parametrize("asked", [["seizur"], ["tea", "sleep"], ["tea", "tea"], ["risk", "unknown"], ["unknown"], []])
def test_scores_are_those_of_bm25s_by_chunk_and_by_quote(tmp_path: Path, asked: list[str]) -> None:
    chunks, quotes = written(tmp_path, DOCUMENTS)
    expected = reference(DOCUMENTS, asked)
    assert chunks.scores(asked, range(5)) == pytest.approx(expected, abs=1e-6)
    assert quotes.of([(0, 5)]).bm25(asked) == pytest.approx(expected, abs=1e-6)


def test_subsets_score_as_the_whole_does(tmp_path: Path) -> None:
    chunks, quotes = written(tmp_path, DOCUMENTS)
    every = chunks.scores(["tea", "risk"], range(5))
    assert chunks.scores(["tea", "risk"], [3, 0, 3]) == pytest.approx(every[[3, 0, 3]])
    assert quotes.of([(3, 5), (0, 1)]).bm25(["tea", "risk"]) == pytest.approx(every[[3, 4, 0]])
    assert quotes.of([]).bm25(["tea"]).shape == (0,)


def test_only_chunks_with_one_of_the_words_are_found_best_first(tmp_path: Path) -> None:
    chunks, _ = written(tmp_path, DOCUMENTS)
    assert [hit.row for hit in chunks.best(["tea", "sleep"], 10)] == [3, 4, 2]
    assert chunks.best(["unknown"], 10) == []


def test_a_corpus_without_any_word_can_be_written_and_asked(tmp_path: Path) -> None:
    chunks, quotes = written(tmp_path, [[], []])
    assert chunks.best(["tea"], 3) == []
    assert quotes.of([(0, 2)]).bm25(["tea"]).tolist() == [0, 0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=40), st.integers(0, 45))
def test_best_hits_are_a_stable_sort_cut_short(values: list[int], k: int) -> None:
    scores = np.array(values, dtype=np.float32)
    expected = sorted(range(len(values)), key=lambda row: (-values[row], row))[:k]
    assert [hit.row for hit in best_hits(scores, k)] == expected


def test_words_counted_a_few_at_a_time_give_the_same_files(tmp_path: Path) -> None:
    documents = [["tea", "tea", "rest"], [], ["rest"], ["sleep", "tea", "sleep"], []]
    for at_once in (1, 3, 1_000_000):
        collector = WordCollector(at_once)
        for tokens in documents:
            collector.add(tokens)
        collector.write_by_word(tmp_path / str(at_once) / "by_word")
        collector.write_by_document(tmp_path / str(at_once) / "by_document")
    whole = {path.relative_to(tmp_path / "1000000"): path.read_bytes() for path in (tmp_path / "1000000").rglob("*.*")}
    for at_once in ("1", "3"):
        assert {path.relative_to(tmp_path / at_once): path.read_bytes() for path in (tmp_path / at_once).rglob("*.*")} == whole
