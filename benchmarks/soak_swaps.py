"""1,000 changes of generation under one reader: its memory and its open files stay flat, and no copy is left behind."""

from __future__ import annotations

import gc
import json
import shutil
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.ingest_process import ingest, share_models
from benchmarks.small_corpus import SmallCorpus
from ingest.publish import publish
from taperbot.embedding import open_embedder
from taperbot.generation import Generation, Library
from taperbot.generation_manifest import MANIFEST_NAME, read_current

MOST_GROWTH_BYTES = 64_000_000
MOST_NEW_HANDLES = 8
LONGEST_SECONDS = 30


def main(swaps: int = 1000) -> int:
    """Exit status 0 when neither grew."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        memory, handles = run(Path(folder), swaps)
    print(f"{swaps} swaps in one reader: {memory / 1e6:+.1f} MB, {handles:+d} open files")
    return int(memory > MOST_GROWTH_BYTES or handles > MOST_NEW_HANDLES)


def run(folder: Path, swaps: int, models: Path | None = None) -> tuple[int, int]:
    """Growth of memory in bytes and of open files, after a warm-up of a tenth."""
    index = folder / "index"
    if models is None:
        models = folder / "models"
        open_embedder(models=models)
    share_models(index, models)
    assert ingest(SmallCorpus(folder / "corpus", seed=2).folder, index)[0] == 0
    names = [read_current(index).generation_id, _twin(index)]
    library = Library(index, exact_up_to=0)
    library.follow()
    process, before = psutil.Process(), (0, 0)
    for swap in range(swaps):
        publish(index, names[(swap + 1) % 2])
        generation = followed(library, names[(swap + 1) % 2])
        vector = generation.chunk_vectors([0])[0]
        assert generation.nearest_chunks(vector, 3)[0].score > 0.999
        assert generation.quotes([0, 1]).quotes
        if swap == swaps // 10:
            gc.collect()
            before = (process.memory_info().rss, process.num_fds())
    gc.collect()
    after = (process.memory_info().rss, process.num_fds())
    del generation
    library.close()
    gc.collect()
    assert not list((index / "readers").iterdir()), "copies were left behind"
    return after[0] - before[0], after[1] - before[1]


def followed(library: Library, generation_id: str) -> Generation:
    """The generation of that id, once the reader has moved on to it, which takes moments. Raises AssertionError after LONGEST_SECONDS."""
    began = time.monotonic()
    while (generation := library.current()).generation_id != generation_id:
        assert time.monotonic() - began < LONGEST_SECONDS, f"still at {generation.generation_id}"
        time.sleep(0.001)
    return generation


def _twin(index: Path) -> str:
    """A second generation of the same content; returns its id."""
    folder = index / read_current(index).generation_id
    twin = folder.with_name("g-twin")
    shutil.copytree(folder, twin)
    manifest = json.loads((twin / MANIFEST_NAME).read_text("utf-8"))
    (twin / MANIFEST_NAME).write_text(json.dumps(manifest | {"generation": twin.name}), "utf-8")
    return twin.name
