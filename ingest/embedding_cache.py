"""Vectors kept across builds by the text they belong to, so that only what changed is embedded.

Vectors are kept, and used, as float16: a text's vector is the same whether it came from here or was just made.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.faults import fault_point
from taperbot.embedding import Embedder
from taperbot.errors import IngestError

Halves = NDArray[np.float16]
CACHE_NAME = "embeddings.sqlite"
KEY_BYTES = 32
_AT_ONCE = 500
COMMIT_SECONDS = 5.0
"""The most that a crash takes back; bringing every batch to the disk takes longer than embedding some."""
_TABLES = """
create table if not exists embedders (number integer primary key, weights_sha256 text not null, route text not null,
    unique (weights_sha256, route));
create table if not exists vectors (embedder integer not null, text_sha256 blob not null, vector blob not null,
    primary key (embedder, text_sha256));
"""
# Rows in the order they came, with the keys beside them: keys are random, and rows kept in their order would be written all over the file.


def text_key(text: str) -> bytes:
    """sha256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class EmbeddingCache:
    """(weights, route, sha256 of text) to vector. `embedded` counts the texts that had to be embedded."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self._embedder = embedder
        self._path = path
        self._database = _opened(path)
        self._number = 0
        self.embedded = 0
        self._committed = time.monotonic()
        try:
            self._number = self._embedder_number()
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)

    def vectors(self, texts: Sequence[str]) -> tuple[list[bytes], Halves]:
        """Keys and (n, d) vectors of the texts, in their order; those not known yet are embedded, each once, and kept."""
        keys = [text_key(text) for text in texts]
        found = self._known(set(keys))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            made = self._embedder.embed_documents(list(missing.values())).astype("<f2")
            self.embedded += len(missing)
            self._keep(missing, made)
            found |= {key: row.tobytes() for key, row in zip(missing, made, strict=True)}
        joined = b"".join(found[key] for key in keys)
        return keys, np.frombuffer(joined, "<f2").reshape(len(keys), self._embedder.dimensions)

    def close(self) -> None:
        """Keep what was added last, and close the file. Raises IngestError."""
        try:
            self._commit()
        except sqlite3.OperationalError as error:
            raise _unusable(error) from None
        finally:
            self._database.close()

    def _embedder_number(self) -> int:
        identity = (self._embedder.fingerprint, self._embedder.route)
        with self._database:
            self._database.execute("insert or ignore into embedders (weights_sha256, route) values (?, ?)", identity)
        row = self._database.execute("select number from embedders where weights_sha256 = ? and route = ?", identity).fetchone()
        return int(row[0])

    def _known(self, keys: set[bytes]) -> dict[bytes, bytes]:
        wanted = list(keys)
        found: dict[bytes, bytes] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"select text_sha256, vector from vectors where embedder = ? and text_sha256 in ({marks})"
            try:
                found.update(self._database.execute(query, (self._number, *some)))
            except sqlite3.DatabaseError as error:
                self._begin_anew(error)
        return found

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """An empty cache in the place of a ruined one. Raises IngestError when the file is sound, but cannot be used."""
        if isinstance(error, sqlite3.OperationalError):
            raise _unusable(error) from None
        self._database.close()
        _remove(self._path)
        self._database = _connected(self._path)
        self._number = self._embedder_number()

    def _keep(self, texts: Iterable[bytes], made: Halves) -> None:
        rows = ((self._number, key, vector.tobytes()) for key, vector in zip(texts, made, strict=True))
        try:
            self._database.executemany("insert or replace into vectors values (?, ?, ?)", rows)
            if time.monotonic() - self._committed >= COMMIT_SECONDS:
                self._commit()
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
        fault_point("vectors cached")

    def _commit(self) -> None:
        self._database.commit()
        self._committed = time.monotonic()


def prune_cache(path: Path, used: Iterable[bytes]) -> None:
    """Make the cache forget every text but those whose keys are `used`, of every embedder; freed pages are overwritten."""
    database = _opened(path)
    try:
        with database:
            database.execute("create temp table used (key blob primary key) without rowid")
            database.executemany("insert or ignore into used values (?)", ((key,) for key in used))
            database.execute("delete from vectors where text_sha256 not in (select key from used)")
    except sqlite3.OperationalError as error:
        raise _unusable(error) from None
    except sqlite3.DatabaseError:
        _remove(path)
    finally:
        database.close()


def _opened(path: Path) -> sqlite3.Connection:
    """The database; one that a crash or a bad disk has ruined is only a cache, and is begun anew. IngestError when it cannot be used."""
    try:
        return _connected(path)
    except sqlite3.OperationalError as error:
        raise _unusable(error) from None
    except sqlite3.DatabaseError:
        _remove(path)
        return _connected(path)


def _unusable(error: sqlite3.OperationalError) -> IngestError:
    return IngestError(f"The embedding cache cannot be used: {error}. Is the disk full? Free some space and run ingest again.")


def _remove(path: Path) -> None:
    for leftover in (path, path.with_name(path.name + "-journal")):
        leftover.unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    for pragma in ("secure_delete = on", "journal_mode = delete", "synchronous = normal", "cache_size = -65536", "auto_vacuum = full"):
        database.execute(f"pragma {pragma}")
    database.executescript(_TABLES)
    return database
