"""What verification finds wrong with a build before anybody reads it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.small_corpus import SmallCorpus
from ingest.generation_writer import sync_files
from ingest.publish import write_manifest
from ingest.verify import LEAST_RECALL, Verdict, verify
from taperbot.errors import IndexDamagedError
from taperbot.generation import Generation, open_current
from taperbot.generation_files import CHROMA, CHUNK_VECTORS, QUOTE_VECTORS
from taperbot.generation_library import open_with_store
from taperbot.generation_manifest import read_manifest
from taperbot.settings import Settings
from taperbot.store import write_store


@pytest.fixture
def generation(built: Path) -> Generation:
    return open_current(built)


def restore(generation: Generation, vectors: np.ndarray, ids: list[str] | None = None) -> None:
    """Another vector store for the generation, listed in its manifest as if it had been built so."""
    shutil.rmtree(generation.folder / CHROMA)
    ids = list(generation.row_of_chunk) if ids is None else ids
    write_store(generation.folder / CHROMA, ids, ["a.md"] * len(ids), vectors[: len(ids)])
    relist(generation)


def relist(generation: Generation) -> None:
    write_manifest(generation.folder, replace(generation.manifest, files=sync_files(generation.folder)))


def verdict(generation: Generation, corpus: SmallCorpus) -> Verdict:
    index = generation.folder.parent
    return verify(corpus.folder, index, generation.folder, Settings(index=index))


def test_a_sound_build_has_no_problem_and_full_recall(generation: Generation, corpus: SmallCorpus) -> None:
    found = verdict(generation, corpus)
    assert (found.problem, found.recall) == ("", 1.0)


def test_a_store_with_other_vectors_falls_back_to_exact_search(generation: Generation, corpus: SmallCorpus) -> None:
    restore(generation, np.roll(generation.all_chunk_vectors, 1, axis=0))
    assert verdict(generation, corpus).recall < LEAST_RECALL
    write_manifest(generation.folder, replace(read_manifest(generation.folder), exact=True))
    reopened = open_with_store(generation.folder.parent, generation.folder)
    assert reopened.store is not None
    for row in range(reopened.chunk_count):
        vector = reopened.chunk_vectors([row])[0]
        assert reopened.nearest_chunks(vector, 3) == reopened.exact_chunks(vector, 3)


def test_a_store_that_lost_a_chunk_is_unsound(generation: Generation, corpus: SmallCorpus) -> None:
    restore(generation, generation.all_chunk_vectors, list(generation.row_of_chunk)[:-1])
    assert "vector store holds" in verdict(generation, corpus).problem


def test_a_quote_with_the_vector_of_another_is_unsound(generation: Generation, corpus: SmallCorpus) -> None:
    path = generation.folder / QUOTE_VECTORS
    vectors = np.fromfile(path, "<f2").reshape(-1, 384)
    vectors[0] *= 0.5
    vectors.tofile(path)
    relist(generation)
    assert "does not find itself" in verdict(generation, corpus).problem


def test_a_file_altered_after_the_build_is_damage(generation: Generation, corpus: SmallCorpus) -> None:
    path = generation.folder / CHUNK_VECTORS
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexDamagedError, match="altered"):
        verdict(generation, corpus)
