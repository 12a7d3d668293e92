"""The gate to chromadb: our vectors in, cosines out."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from benchmarks.small_corpus import SmallCorpus
from ingest.cli import main
from taperbot.errors import IndexDamagedError
from taperbot.generation import Library
from taperbot.generation_manifest import read_current
from taperbot.store import ChunkStore, drop_stores, upload_store, write_store


def unit_vectors(count: int, dimensions: int = 16) -> np.ndarray:
    vectors = np.random.default_rng(5).normal(size=(count, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [1, 2, 37])
def test_every_chunk_finds_itself_with_a_cosine_of_one(tmp_path: Path, count: int) -> None:
    vectors = unit_vectors(count)
    write_store(tmp_path / "chroma", [f"c{row}" for row in range(count)], ["a.md"] * count, vectors)
    store = ChunkStore.in_folder(tmp_path / "chroma")
    found = store.nearest_of_many(vectors, 3)
    assert [hits[0][0] for hits in found] == [f"c{row}" for row in range(count)]
    assert [hits[0][1] for hits in found] == pytest.approx([1.0] * count, abs=1e-5)
    assert sorted(store.ids()) == sorted(f"c{row}" for row in range(count))
    store.close()


def test_scores_are_cosines_and_fall(tmp_path: Path) -> None:
    vectors = unit_vectors(40)
    write_store(tmp_path / "chroma", [str(row) for row in range(40)], ["a.md"] * 40, vectors)
    store = ChunkStore.in_folder(tmp_path / "chroma")
    [hits] = store.nearest_of_many(-vectors[:1], 40)
    exact = -vectors @ vectors[0]
    assert [score for _, score in hits] == pytest.approx(sorted(exact, reverse=True), abs=1e-5)
    assert [exact[int(name)] for name, _ in hits] == pytest.approx([score for _, score in hits], abs=1e-5)
    store.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A Chroma server on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    command = [chroma, "run", "--path", tmp_path / "server", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def test_a_server_holds_a_store_for_each_generation(server: str) -> None:
    vectors = unit_vectors(5)
    ids = [f"c{row}" for row in range(5)]
    upload_store(server, "g-one", ids, ["a.md"] * 5, vectors)
    upload_store(server, "g-one", ids, ["a.md"] * 5, vectors)
    upload_store(server, "g-two", ids[:3], ["a.md"] * 3, vectors[:3])
    store = ChunkStore.on_server(server, "g-one")
    assert [hits[0][0] for hits in store.nearest_of_many(vectors, 2)] == ids
    drop_stores(server, ["g-two"])
    with pytest.raises(IndexDamagedError):
        store.nearest_of_many(vectors, 2)
    with pytest.raises(IndexDamagedError):
        ChunkStore.on_server(server, "g-one")
    other = ChunkStore.on_server(server, "g-two")
    assert sorted(other.ids()) == ids[:3]
    other.close()
    store.close()


def test_readers_of_a_server_follow_and_search_exactly_without_it(
    server: str, corpus: SmallCorpus, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAPERBOT_CHROMA_URL", server)
    corpus.edit()
    assert main(["--corpus", str(corpus.folder), "--index", str(built)]) == 0
    library = Library(built, chroma_url=server)
    library.follow()
    generation = library.current()
    assert generation.store is not None
    vector = generation.chunk_vectors([2])[0]
    exact = [hit.score for hit in generation.exact_chunks(vector, 5)]
    assert [hit.score for hit in generation.nearest_chunks(vector, 5)] == pytest.approx(exact, abs=1e-4)
    drop_stores(server, [])
    assert generation.nearest_chunks(vector, 5) == generation.exact_chunks(vector, 5)
    library.close()
    del generation
    gc.collect()


def test_a_server_that_cannot_be_reached_stops_the_ingest(
    corpus: SmallCorpus, built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_current(built)
    monkeypatch.setenv("TAPERBOT_CHROMA_URL", "http://127.0.0.1:9")
    corpus.edit()
    assert main(["--corpus", str(corpus.folder), "--index", str(built)]) == 1
    assert "127.0.0.1:9" in capsys.readouterr().err
    assert read_current(built) == before


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    write_store(tmp_path / "chroma", [], [], unit_vectors(0))
    store = ChunkStore.in_folder(tmp_path / "chroma")
    assert store.nearest_of_many(unit_vectors(1), 3) == [[]]
    store.close()
