"""The gate to chromadb. It always gets our vectors and never embeds; its cosine distance becomes cosine similarity here.

A store is opened from a private copy: opening one writes to it, even when nothing is added.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taperbot.errors import IngestError
from taperbot.offline import forbid_lookups

forbid_lookups()

import chromadb  # noqa: E402
from chromadb.api.client import Client  # noqa: E402
from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration  # noqa: E402
from chromadb.api.types import Metadata  # noqa: E402
from chromadb.config import Settings as ChromaSettings  # noqa: E402
from chromadb.errors import ChromaError  # noqa: E402

Vectors = NDArray[np.float32]

COLLECTION = "chunks"
BATCH = 2000
SEARCHED = 200
"""Candidates the nearest-neighbour index looks at; over 0.99 of the true ten nearest are among them (verified per build)."""


class ChunkStore:
    """An open store. Ids are chunk ids; scores are cosines, larger is nearer."""

    def __init__(self, folder: Path) -> None:
        self._client = _client(folder)
        self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        self._count = self._collection.count()

    def nearest_of_many(self, vectors: Vectors, k: int) -> list[list[tuple[str, float]]]:
        """For each of the (n, d) vectors the nearest `k` chunk ids with their cosines, nearest first."""
        if k <= 0 or not (count := self._count):
            return [[] for _ in vectors]
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
        """Release files and threads."""
        self._client.close()


def write_store(folder: Path, ids: Sequence[str], article_ids: Sequence[str], vectors: Vectors) -> None:
    """A new store in `folder`, closed again. Ids must be unique."""
    folder.mkdir(parents=True)
    try:
        _write(folder, ids, article_ids, vectors)
    except (ChromaError, sqlite3.Error) as error:
        raise IngestError(f"The vector store cannot be written: {error}. The index stays as it was; is the disk full?") from None


def _write(folder: Path, ids: Sequence[str], article_ids: Sequence[str], vectors: Vectors) -> None:
    client = _client(folder)
    try:
        batch_size = max(2, min(BATCH, len(ids)))
        # Written out once, when all are in: what a store has not written out it adds anew at every opening.
        hnsw = CreateHNSWConfiguration(
            space="cosine",
            ef_construction=120,
            max_neighbors=16,
            ef_search=SEARCHED,
            batch_size=batch_size,
            sync_threshold=max(2, len(ids)),
        )
        configuration = CreateCollectionConfiguration(hnsw=hnsw)
        collection = client.create_collection(COLLECTION, configuration=configuration, embedding_function=None)
        for start in range(0, len(ids), BATCH):
            batch = slice(start, start + BATCH)
            metadatas: list[Metadata] = [{"article_id": article_id} for article_id in article_ids[batch]]
            collection.add(ids=list(ids[batch]), embeddings=vectors[batch], metadatas=metadatas)
    finally:
        client.close()


def _client(folder: Path) -> Client:
    client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False, is_persistent=True))
    assert isinstance(client, Client)
    return client
