"""The nearest chunks of an index by Chroma and by comparing with every chunk, side by side: `python -m benchmarks.compare_search [INDEX]`.

Questions are vectors drawn around those of chunks; prints milliseconds and what opening the store adds to the process (decision 8).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from taperbot.offline import one_core_a_question

one_core_a_question()
import numpy as np  # noqa: E402
import psutil  # noqa: E402

from taperbot.generation_library import open_with_store  # noqa: E402
from taperbot.generation_manifest import read_current  # noqa: E402
from taperbot.generation_reader import open_generation  # noqa: E402
from taperbot.retrieve import POOL  # noqa: E402

ASKED, WARM_UP = 200, 20
NOISE = 0.05
MEBIBYTE = 2**20


def main(index: Path) -> int:
    """Print the table."""
    folder = index / read_current(index).generation_id
    exact, before = open_generation(folder), psutil.Process().memory_info().rss
    generation = open_with_store(index, folder)
    added = psutil.Process().memory_info().rss - before
    drawn, vectors = np.random.default_rng(0), np.asarray(exact.all_chunk_vectors)
    asked = vectors[drawn.integers(0, len(vectors), ASKED)] + drawn.normal(0, NOISE, (ASKED, vectors.shape[1])).astype(np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    print(f"{len(vectors):,} chunks, nearest {POOL}; opening the store adds {added / MEBIBYTE:.0f} MiB")
    for name, search in (("Chroma", generation.nearest_chunks), ("every chunk", exact.exact_chunks)):
        taken = []
        for vector in asked:
            started = time.perf_counter()
            search(vector, POOL)
            taken.append((time.perf_counter() - started) * 1000)
        print(f"{name:<12} p50 {np.median(taken[WARM_UP:]):.2f} ms, p95 {np.percentile(taken[WARM_UP:], 95):.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "index")))
