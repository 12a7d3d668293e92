"""The gate to chromadb. It always gets our vectors and never embeds; its cosine distance becomes cosine similarity here.

A folder is opened from a private copy: opening one writes to it, even when nothing is added. On a server each generation has a collection
of its own, which is complete before the generation is published.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from taperbot.deferred import deferred
from taperbot.errors import IndexDamagedError, IngestError
from taperbot.offline import forbid_lookups

forbid_lookups()
# What sends traces to a collector: chromadb makes one only where a collector is set.
with deferred("opentelemetry.exporter.otlp.proto.grpc.trace_exporter", "OTLPSpanExporter"):
    import chromadb
import httpx  # noqa: E402
from chromadb.api.client import Client  # noqa: E402
from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration  # noqa: E402
from chromadb.api.types import Metadata  # noqa: E402
from chromadb.config import Settings as ChromaSettings  # noqa: E402
from chromadb.errors import ChromaError  # noqa: E402

Vectors = NDArray[np.float32]

COLLECTION = "chunks"
PREFIX = "taperbot-"
"""Before the name of each of our collections on a server, which others may use too."""
BATCH = 2000
SEARCHED = 200
"""Candidates the nearest-neighbour index looks at; over 0.99 of the true ten nearest are among them (verified per build)."""


class ChunkStore:
    """An open store. Ids are chunk ids; scores are cosines, larger is nearer."""

    def __init__(self, client: Client, collection: str = COLLECTION) -> None:
        self._client = client
        self._collection = client.get_collection(collection, embedding_function=None)
        self._count = self._collection.count()

    @classmethod
    def in_folder(cls, folder: Path) -> ChunkStore:
        """The store in `folder`, which is written to."""
        return cls(_folder_client(folder))

    @classmethod
    def on_server(cls, url: str, generation_id: str) -> ChunkStore:
        """The store of a generation on a Chroma server. Raises IndexDamagedError when it cannot be reached or has none."""
        with _asking(url):
            client = _server_client(url)
            try:
                return cls(client, PREFIX + generation_id)
            except BaseException:
                _close(client)
                raise

    def nearest_of_many(self, vectors: Vectors, k: int) -> list[list[tuple[str, float]]]:
        """For each of the (n, d) vectors the nearest `k` chunk ids with their cosines, nearest first. Raises IndexDamagedError."""
        if k <= 0 or not (count := self._count):
            return [[] for _ in vectors]
        with _asking("Chroma"):
            found = self._collection.query(query_embeddings=vectors, n_results=min(k, count), include=["distances"])
        return [
            [(chunk_id, 1.0 - distance) for chunk_id, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"] or [], strict=True)
        ]

    def ids(self) -> Iterator[str]:
        """All ids, in no particular order."""
        for offset in range(0, self._count, BATCH):
            yield from self._collection.get(limit=BATCH, offset=offset, include=[])["ids"]

    def close(self) -> None:
        """Release files, threads and connections."""
        _close(self._client)


def write_store(folder: Path, ids: Sequence[str], article_ids: Sequence[str], vectors: Vectors) -> None:
    """A new store in `folder`, closed again. Ids must be unique."""
    folder.mkdir(parents=True)
    try:
        with _closed_after(_folder_client(folder)) as client:
            _add(client, COLLECTION, ids, article_ids, vectors)
    except (ChromaError, sqlite3.Error) as error:
        raise IngestError(f"The vector store cannot be written: {error}. The index stays as it was; is the disk full?") from None


def upload_store(url: str, generation_id: str, ids: Sequence[str], article_ids: Sequence[str], vectors: Vectors) -> None:
    """The store of a generation on a server, unless it is there already. Raises IngestError."""
    try:
        with _asking(url), _closed_after(_server_client(url)) as client:
            name = PREFIX + generation_id
            there = name in {collection.name for collection in client.list_collections()}
            if there and client.get_collection(name, embedding_function=None).count() != len(ids):
                client.delete_collection(name)
                there = False
            if not there:
                _add(client, name, ids, article_ids, vectors)
    except IndexDamagedError as error:
        raise IngestError(f"{error} Nothing was published.") from None


def drop_stores(url: str, kept: Collection[str]) -> None:
    """Deletes the stores of all generations but the `kept` ones from a server. Raises IndexDamagedError."""
    with _asking(url), _closed_after(_server_client(url)) as client:
        for name in [collection.name for collection in client.list_collections()]:
            if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in kept:
                client.delete_collection(name)


def _add(client: Client, name: str, ids: Sequence[str], article_ids: Sequence[str], vectors: Vectors) -> None:
    # Written out once, when all are in: what a store has not written out it adds anew at every opening.
    hnsw = CreateHNSWConfiguration(
        space="cosine",
        ef_construction=120,
        max_neighbors=16,
        ef_search=SEARCHED,
        batch_size=max(2, min(BATCH, len(ids))),
        sync_threshold=max(2, len(ids)),
    )
    collection = client.create_collection(name, configuration=CreateCollectionConfiguration(hnsw=hnsw), embedding_function=None)
    for start in range(0, len(ids), BATCH):
        batch = slice(start, start + BATCH)
        metadatas: list[Metadata] = [{"article_id": article_id} for article_id in article_ids[batch]]
        collection.add(ids=list(ids[batch]), embeddings=vectors[batch], metadatas=metadatas)


def _folder_client(folder: Path) -> Client:
    client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False, is_persistent=True))
    assert isinstance(client, Client)
    return client


def _server_client(url: str) -> Client:
    address = urlsplit(url if "//" in url else f"//{url}")
    is_secure = address.scheme == "https"
    client = chromadb.HttpClient(
        host=address.hostname or "localhost",
        port=address.port or (443 if is_secure else 8000),
        ssl=is_secure,
        settings=ChromaSettings(anonymized_telemetry=False),
    )
    assert isinstance(client, Client)
    return client


@contextmanager
def _closed_after(client: Client) -> Iterator[Client]:
    try:
        yield client
    finally:
        _close(client)


def _close(client: Client) -> None:
    # chromadb leaves its connections to a server open, and has two sets of them.
    sessions = [getattr(getattr(part, "_server", None), "_session", None) for part in (client, getattr(client, "_admin_client", None))]
    client.close()
    for session in sessions:
        if session is not None:
            session.close()


@contextmanager
def _asking(place: str) -> Iterator[None]:
    """Failures of chromadb and of the way to it, as ours."""
    try:
        yield
    except (ChromaError, ValueError, OSError, httpx.HTTPError) as error:
        raise IndexDamagedError(f"The vector store ({place}) cannot be used: {error}.") from None
