"""Whether two indexes are equal: the same ids and texts, vectors with a cosine of at least 0.9999, and all of it found by searching."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from taperbot.errors import TaperBotError
from taperbot.generation import Generation, open_current
from taperbot.generation_library import open_with_store
from taperbot.generation_manifest import check_files

LEAST_COSINE = 0.9999


def differences(left: Path, right: Path) -> list[str]:
    """What is not the same in the published generations of two index folders; none when they are equal."""
    try:
        return list(_differences(open_current(left), open_current(right)))
    except TaperBotError as error:
        return [str(error)]


def whole(index: Path) -> Generation:
    """The published generation, every file checked and its store opened and compared. Raises TaperBotError or AssertionError."""
    published = open_current(index)
    check_files(published.folder, published.manifest, contents=True)
    generation = open_with_store(index, published.folder)
    assert generation.store is not None
    assert sorted(generation.store.ids()) == sorted(generation.row_of_chunk)
    return generation


def _differences(left: Generation, right: Generation) -> Iterator[str]:
    if left.manifest.articles != right.manifest.articles:
        unshared = set(left.manifest.versions().items()) ^ set(right.manifest.versions().items())
        yield f"articles differ: {sorted(unshared)[:6]}"
        return
    for row in range(left.chunk_count):
        if left.chunk(row) != right.chunk(row) or left.quotes_of_chunk(row) != right.quotes_of_chunk(row):
            yield f"chunk {row} differs"
    rows = range(left.chunk_count)
    for name, ours, theirs in (
        ("chunk", left.chunk_vectors(rows), right.chunk_vectors(rows)),
        ("quote", left.quotes(rows).vectors, right.quotes(rows).vectors),
        ("heading", left.heading_vectors(rows), right.heading_vectors(rows)),
    ):
        if ours.shape != theirs.shape or ((ours * theirs).sum(axis=1) < LEAST_COSINE * np.linalg.norm(ours, axis=1)).any():
            yield f"{name} vectors differ"
    words = [chunk.text.split()[-1] for chunk in map(left.chunk, list(rows)[:20])]
    if left.lexical_chunks(words, 10) != right.lexical_chunks(words, 10):
        yield "lexical search differs"
