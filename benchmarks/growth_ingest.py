"""`python -m ingest` with vectors that cost nothing, so that 100,000 chunks can be grown within the hour.

Every text gets the vector of some real passage with noise: searched like real ones, as close together, and the same again for the same text.
Reading, storing, the lexical index, verification and publishing are the real ones.

    python -m benchmarks.growth_ingest VECTORS.npy [flags of python -m ingest]
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import ingest.flow
from ingest.cli import main as ingest_main
from taperbot.embedding import Embedder, open_embedder

NOISE = 0.6
"""Length of the noise beside a vector of length 1; about how far one sentence is from another of its article."""


class StandIn:
    """An embedder's name, weights and route, with drawn vectors in place of its own."""

    def __init__(self, real: Embedder, pool: NDArray[np.float32]) -> None:
        self.name, self.dimensions, self.fingerprint, self.route = real.name, real.dimensions, real.fingerprint, real.route
        self._pool = pool

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dimensions), drawn by the text's hash."""
        return np.stack([self._vector(text) for text in texts]) if texts else np.empty((0, self.dimensions), np.float32)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As for documents."""
        return self.embed_documents(texts)

    def _vector(self, text: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "little")
        drawn = np.random.default_rng(seed)
        noise = drawn.standard_normal(self.dimensions).astype(np.float32)
        vector = self._pool[seed % len(self._pool)] + NOISE * noise / np.linalg.norm(noise)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def main(arguments: list[str]) -> int:
    """Exit status of the ingest."""
    pool = np.load(arguments[0])

    def opened(name: str, models: Path, *_: object, **__: object) -> Embedder:
        return StandIn(open_embedder(name, models), pool)

    ingest.flow.open_embedder = opened  # type: ignore[attr-defined, assignment]
    return ingest_main(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
