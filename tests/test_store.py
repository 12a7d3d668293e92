"""The gate to chromadb: our vectors in, cosines out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from taperbot.store import ChunkStore, write_store


def unit_vectors(count: int, dimensions: int = 16) -> np.ndarray:
    vectors = np.random.default_rng(5).normal(size=(count, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [1, 2, 37])
def test_every_chunk_finds_itself_with_a_cosine_of_one(tmp_path: Path, count: int) -> None:
    vectors = unit_vectors(count)
    write_store(tmp_path / "chroma", [f"c{row}" for row in range(count)], ["a.md"] * count, vectors)
    store = ChunkStore(tmp_path / "chroma")
    found = store.nearest_of_many(vectors, 3)
    assert [hits[0][0] for hits in found] == [f"c{row}" for row in range(count)]
    assert [hits[0][1] for hits in found] == pytest.approx([1.0] * count, abs=1e-5)
    assert sorted(store.ids()) == sorted(f"c{row}" for row in range(count))
    store.close()


def test_scores_are_cosines_and_fall(tmp_path: Path) -> None:
    vectors = unit_vectors(40)
    write_store(tmp_path / "chroma", [str(row) for row in range(40)], ["a.md"] * 40, vectors)
    store = ChunkStore(tmp_path / "chroma")
    [hits] = store.nearest_of_many(-vectors[:1], 40)
    exact = -vectors @ vectors[0]
    assert [score for _, score in hits] == pytest.approx(sorted(exact, reverse=True), abs=1e-5)
    assert [exact[int(name)] for name, _ in hits] == pytest.approx([score for _, score in hits], abs=1e-5)
    store.close()


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    write_store(tmp_path / "chroma", [], [], unit_vectors(0))
    store = ChunkStore(tmp_path / "chroma")
    assert store.nearest_of_many(unit_vectors(1), 3) == [[]]
    store.close()
