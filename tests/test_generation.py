"""Reading a generation: what was written comes back, search is right, damage is said, and readers follow CURRENT."""

from __future__ import annotations

import gc
import json
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks.soak_swaps import followed
from ingest.publish import publish
from taperbot.embedding import Embedder
from taperbot.errors import IndexDamagedError, IndexMismatchError, NoIndexError
from taperbot.generation import Generation, Library, check_embedder, open_current
from taperbot.generation_manifest import MANIFEST_NAME, EmbedderEntry, read_current
from taperbot.tokens import tokenize


@pytest.fixture
def copied(small_index: Path, tmp_path: Path) -> Path:
    """An index of one's own."""
    shutil.copytree(small_index, tmp_path / "index", symlinks=True)
    return tmp_path / "index"


def published_folder(index: Path) -> Path:
    return index / read_current(index).generation_id


def twin_of(index: Path) -> str:
    """Another generation of the same content beside the published one; returns its id."""
    folder = published_folder(index)
    twin = folder.with_name("g-twin")
    shutil.copytree(folder, twin)
    manifest = json.loads((twin / MANIFEST_NAME).read_text("utf-8"))
    (twin / MANIFEST_NAME).write_text(json.dumps(manifest | {"generation": twin.name}), "utf-8")
    return twin.name


def with_store(library: Library) -> Generation:
    """The current generation, once its store is open: the thread that follows may be opening it."""
    while library.current().store is None:
        time.sleep(0.001)
    return library.current()


def test_chunks_and_quotes_are_slices_of_their_articles(small_index: Path) -> None:
    generation = open_current(small_index)
    assert generation.chunk_count == sum(len(entry.chunk_ids) for entry in generation.manifest.articles) >= 8
    for row in range(generation.chunk_count):
        chunk = generation.chunk(row)
        article = generation.article(chunk.article_id)
        assert article is not None
        assert article.text[chunk.start : chunk.end] == chunk.text
        assert row in generation.chunk_rows(chunk.article_id)
        for quote in generation.quotes([row]).quotes:
            assert article.text[quote.start : quote.end] == quote.text
            assert quote.chunk_id == chunk.chunk_id


def test_every_chunk_is_nearest_to_its_own_vector(small_index: Path) -> None:
    generation = open_current(small_index)
    for row in range(generation.chunk_count):
        vector = generation.chunk_vectors([row])[0]
        best = generation.nearest_chunks(vector, 1)[0]
        assert best.score == pytest.approx(1.0, abs=1e-3)
        assert generation.chunk_vectors([best.row])[0] == pytest.approx(vector, abs=1e-6)


def test_quotes_come_in_the_order_asked_with_their_vectors(small_index: Path, embedder: Embedder) -> None:
    generation = open_current(small_index)
    both = generation.quotes([2, 0])
    assert both.quotes == generation.quotes([2]).quotes + generation.quotes([0]).quotes
    fresh = embedder.embed_documents([quote.indexed_text for quote in both.quotes])
    assert (both.vectors * fresh).sum(axis=1) == pytest.approx(1.0, abs=2e-3)
    words = tokenize(both.quotes[0].text)
    assert both.bm25(words) == pytest.approx(np.concatenate([generation.quotes([2]).bm25(words), generation.quotes([0]).bm25(words)]))
    assert generation.quotes([]).quotes == ()


def test_words_of_a_chunk_find_it(small_index: Path) -> None:
    generation = open_current(small_index)
    for row in range(0, generation.chunk_count, 3):
        tokens = tokenize(generation.chunk(row).indexed_text)
        hits = generation.lexical_chunks(tokens, generation.chunk_count)
        scores = generation.lexical_scores(tokens, [hit.row for hit in hits])
        assert row in [hit.row for hit in hits if hit.score == hits[0].score]
        assert scores == pytest.approx([hit.score for hit in hits], abs=1e-4)


def test_cards_and_articles_agree(small_index: Path) -> None:
    generation = open_current(small_index)
    cards = generation.articles()
    assert [card.article_id for card in cards] == [entry.article_id for entry in generation.manifest.articles]
    for card in cards:
        article = generation.article(card.article_id)
        assert article is not None
        assert (article.title, article.version) == (card.title, card.version)
        assert generation.find_version(card.article_id, card.version) == article
        assert generation.find_version(card.article_id, "0" * 64) is None
    assert generation.article("nothing.md") is None


def test_chroma_and_exact_search_find_the_same(small_index: Path) -> None:
    library = Library(small_index, exact_up_to=0)
    exact = library.current()
    library.follow()
    stored = with_store(library)
    assert (exact.store, stored.store is not None) == (None, True)
    for row in range(stored.chunk_count):
        vector = stored.chunk_vectors([row])[0]
        found = [hit.score for hit in stored.nearest_chunks(vector, 5)]
        assert found == pytest.approx([hit.score for hit in exact.nearest_chunks(vector, 5)], abs=1e-4)
    library.close()


def test_an_index_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="python -m ingest"):
        open_current(tmp_path / "nowhere")


def test_another_embedder_is_refused(small_index: Path, embedder: Embedder) -> None:
    with pytest.raises(IndexMismatchError, match="another-model"):
        open_current(small_index, "another-model")
    check_embedder(open_current(small_index).manifest.embedder, embedder)
    with pytest.raises(IndexMismatchError, match="somewhere else"):
        check_embedder(EmbedderEntry("somewhere else", "0" * 64, 384, embedder.route), embedder)


def test_another_layout_or_chunker_is_refused(copied: Path) -> None:
    path = published_folder(copied) / MANIFEST_NAME
    for change in ({"format": 999}, {"chunker_version": "none"}):
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
        publish(copied, path.parent.name)
        with pytest.raises(IndexMismatchError, match="Run `python -m ingest`"):
            open_current(copied)


@pytest.mark.parametrize("damage", ["cut", "gone", "manifest", "current"])
def test_damage_is_noticed_on_opening(copied: Path, damage: str) -> None:
    folder = published_folder(copied)
    if damage == "cut":
        (folder / "quotes.jsonl").write_bytes((folder / "quotes.jsonl").read_bytes()[:-5])
    elif damage == "gone":
        (folder / "chunk_vectors.f32").unlink()
    elif damage == "manifest":
        (folder / MANIFEST_NAME).write_bytes((folder / MANIFEST_NAME).read_bytes() + b" ")
    else:
        (copied / "CURRENT").write_text("{", "utf-8")
    with pytest.raises(IndexDamagedError, match=r"rollback|roll back|ingest"):
        open_current(copied)


def test_a_reader_follows_current_and_keeps_what_it_began_with(copied: Path) -> None:
    twin = twin_of(copied)
    library = Library(copied, exact_up_to=0)
    library.follow()
    first = with_store(library)
    publish(copied, twin)
    second = followed(library, twin)
    assert (second.generation_id, first.generation_id != twin) == (twin, True)
    shutil.rmtree(first.folder)
    assert first.nearest_chunks(first.chunk_vectors([0])[0], 1)[0].row == 0
    assert first.quotes([0]).quotes == second.quotes([0]).quotes
    library.close()


def test_copies_of_chroma_go_with_their_last_reader(copied: Path) -> None:
    twin = twin_of(copied)
    library = Library(copied, exact_up_to=0)
    library.follow()
    held: Generation | None = with_store(library)
    publish(copied, twin)
    followed(library, twin)
    assert len(list((copied / "readers").iterdir())) == 2
    assert held is not None
    held = None
    gc.collect()
    assert len(list((copied / "readers").iterdir())) == 1
    library.close()
    gc.collect()
    assert list((copied / "readers").iterdir()) == []


def test_copies_left_by_the_dead_are_swept(copied: Path) -> None:
    (copied / "readers" / "99999-left").mkdir(parents=True)
    (copied / "readers" / "99999-left" / "chroma.sqlite3").write_bytes(b"left behind")
    library = Library(copied, exact_up_to=0)
    library.follow()
    library.current()
    assert [folder.name.startswith("99999") for folder in (copied / "readers").iterdir()] == [False]
    library.close()


def test_a_reader_that_cannot_copy_chroma_searches_exactly(copied: Path) -> None:
    (copied / "readers").mkdir(exist_ok=True)
    broken = published_folder(copied) / "chroma" / "chroma.sqlite3"
    broken.write_bytes(b"\0" * broken.stat().st_size)
    library = Library(copied, exact_up_to=0)
    library.follow()
    generation = library.current()
    assert generation.store is None
    assert generation.nearest_chunks(generation.chunk_vectors([1])[0], 1)[0].score > 0.99
    assert list((copied / "readers").iterdir()) == []
    library.close()


def test_a_small_library_is_compared_with_whole_and_copies_nothing(copied: Path) -> None:
    library = Library(copied)
    library.follow()
    generation = library.current()
    assert generation.store is None
    assert library.current() is generation
    assert list((copied / "readers").glob("*")) == []
    library.close()


def test_a_damaged_newcomer_leaves_the_one_before_serving(copied: Path) -> None:
    twin = twin_of(copied)
    library = Library(copied, exact_up_to=0)
    before = library.current()
    (copied / twin / "chunks.jsonl").unlink()
    publish(copied, twin)
    assert library.current() is before
    publish(copied, before.generation_id)
    assert library.current().generation_id == before.generation_id


def test_many_threads_read_while_generations_change(copied: Path) -> None:
    ids = [read_current(copied).generation_id, twin_of(copied)]
    library = Library(copied, exact_up_to=0)
    library.follow()
    wrong: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            generation = library.current()
            vector = generation.chunk_vectors([3])[0]
            hit = generation.nearest_chunks(vector, 1)[0]
            if hit.score < 0.999 or not generation.quotes([hit.row]).quotes:
                wrong.append(generation.generation_id)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(12):
        publish(copied, ids[turn % 2])
        assert library.current() is not None
    stop.set()
    for thread in threads:
        thread.join()
    library.close()
    assert wrong == []
