"""What is kept, what goes for good, and going back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.small_corpus import SmallCorpus
from ingest.cli import main
from ingest.embedding_cache import CACHE_NAME, EmbeddingCache, prune_cache, text_key
from ingest.lock import ingest_lock
from taperbot.embedding import Embedder
from taperbot.errors import IngestError, LockHeldError
from taperbot.generation_manifest import read_current


def ingest(corpus: Path, index: Path, *words: str) -> int:
    return main([*words, "--corpus", str(corpus), "--index", str(index)])


def history(index: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert main(["history", "--index", str(index), "--json"]) == 0
    report: dict[str, object] = json.loads(capsys.readouterr().out)
    return report


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and "models" not in path.parts)


@pytest.mark.timeout(240)
def test_a_removed_article_is_gone_from_the_disk_with_its_last_generation(corpus: SmallCorpus, index: Path) -> None:
    secret = corpus.folder / "secret.md"
    secret.write_text("# Marzipan zeppelins\n\nMarzipan zeppelins float over the quay.\n", "utf-8")
    assert ingest(corpus.folder, index) == 0
    with sqlite3.connect(index / CACHE_NAME) as database:
        key = text_key("Marzipan zeppelins: Marzipan zeppelins float over the quay.")
        [[vector]] = database.execute("select vector from vectors where text_sha256 = ?", (key,))
    secret.unlink()
    for left in (2, 1, 0):
        corpus.edit()
        assert ingest(corpus.folder, index) == 0
        assert (b"Marzipan zeppelins" in bytes_of(index)) == (left > 0)
    assert vector not in bytes_of(index)
    assert len(list(index.glob("g-*"))) == 3


@pytest.mark.timeout(240)
def test_rolling_back_pins_until_an_explicit_ingest_which_finds_what_it_had(
    corpus: SmallCorpus, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = built
    first = read_current(index).generation_id
    corpus.edit()
    assert ingest(corpus.folder, index) == 0
    second = read_current(index).generation_id
    assert main(["rollback", "--index", str(index)]) == 0
    assert (read_current(index).generation_id, read_current(index).pinned) == (first, True)
    assert ingest(corpus.folder, index, "--ensure") == 0
    shown = history(index, capsys)
    assert (shown["current"], shown["pinned"]) == (first, True)
    assert [one["generation"] for one in shown["generations"]] == [second, first]  # type: ignore[attr-defined]
    assert ingest(corpus.folder, index) == 0
    assert (read_current(index).generation_id, read_current(index).pinned) == (second, False)


def test_rolling_back_to_nothing_says_what_there_is(small_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published = read_current(small_index).generation_id
    assert main(["rollback", "--index", str(small_index)]) == 2
    assert main(["rollback", "g-nothing", "--index", str(small_index)]) == 2
    assert capsys.readouterr().err.count(published) == 2
    assert not read_current(small_index).pinned


def test_a_second_writer_hears_at_once_who_holds_the_lock(tmp_path: Path) -> None:
    with ingest_lock(tmp_path, "a long ingest"), pytest.raises(LockHeldError, match="a long ingest, process"), ingest_lock(tmp_path):
        pytest.fail("two writers at once")
    with ingest_lock(tmp_path):
        pass


def test_the_cache_embeds_a_text_once_and_forgets_what_is_no_longer_used(tmp_path: Path, embedder: Embedder) -> None:
    cache = EmbeddingCache(tmp_path / CACHE_NAME, embedder)
    keys, made = cache.vectors(["tea", "rest", "tea"])
    assert (cache.embedded, (made[0] == made[2]).all()) == (2, True)
    assert (cache.vectors(["rest", "tea"])[1] == made[[1, 0]]).all()
    assert cache.embedded == 2
    cache.close()
    prune_cache(tmp_path / CACHE_NAME, [keys[0]])
    again = EmbeddingCache(tmp_path / CACHE_NAME, embedder)
    again.vectors(["tea"])
    assert again.embedded == 0
    again.vectors(["rest"])
    assert again.embedded == 1
    again.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 100)


def ruined_inside(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(8192, len(data), 4096):
        data[place : place + 200] = b"\x99" * 200
    path.write_bytes(bytes(data))


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


@pytest.mark.parametrize("ruin", [no_database, ruined_inside, cut_off])
def test_a_ruined_cache_is_begun_anew(ruin: Callable[[Path], None], tmp_path: Path, embedder: Embedder) -> None:
    path = tmp_path / CACHE_NAME
    for _ in range(2):
        cache = EmbeddingCache(path, embedder)
        assert cache.vectors(["tea", "rest", "sleep", "milk"])[1].shape == (4, embedder.dimensions)
        cache.close()
        ruin(path)
    prune_cache(path, [text_key("tea")])


def test_a_cache_that_cannot_be_used_is_no_reason_to_begin_anew(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / CACHE_NAME).mkdir()
    with pytest.raises(IngestError, match="cannot be used"):
        EmbeddingCache(tmp_path / CACHE_NAME, embedder)
    assert (tmp_path / CACHE_NAME).is_dir()


@pytest.mark.timeout(240)
def test_the_order_of_indexes_does_not_hang_on_the_clock_and_going_back_undoes_the_last_ingest(
    corpus: SmallCorpus, built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_current(built).generation_id
    changed = corpus.folder / corpus.names[0]
    before = changed.read_text("utf-8")
    monkeypatch.setattr("time.gmtime", lambda: datetime(2001, 2, 3).timetuple())
    corpus.edit()
    texts = {name: (corpus.folder / name).read_text("utf-8") for name in corpus.names}
    assert ingest(corpus.folder, built) == 0
    second = read_current(built).generation_id
    shown = history(built, capsys)
    assert [one["generation"] for one in shown["generations"]] == [second, first]  # type: ignore[attr-defined]
    changed.write_text(before + "\nA word more.\n", "utf-8")
    assert ingest(corpus.folder, built) == 0
    third = read_current(built).generation_id
    for name, text in texts.items():
        (corpus.folder / name).write_text(text, "utf-8")
    assert ingest(corpus.folder, built) == 0
    assert read_current(built).generation_id == second
    assert main(["rollback", "--index", str(built)]) == 0
    assert read_current(built).generation_id == third


def test_an_index_that_readers_could_not_use_is_not_put_back(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TAPERBOT_EMBEDDER", "some/other-model")
    before = read_current(built)
    assert main(["rollback", before.generation_id, "--index", str(built)]) == 1
    assert "TAPERBOT_EMBEDDER" in capsys.readouterr().err
    assert read_current(built) == before


def test_an_unreadable_current_still_shows_what_there_is_to_go_back_to(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published = read_current(built).generation_id
    (built / "CURRENT").write_text("{", "utf-8")
    shown = history(built, capsys)
    assert (shown["current"], [one["generation"] for one in shown["generations"]]) == (None, [published])  # type: ignore[attr-defined]
    assert main(["rollback", "--index", str(built)]) == 0
    assert read_current(built).generation_id == published
