"""200 ingests cut short at random: killed at any moment, or killed, out of disk or in error at a named place.

After each, what is published has to open whole and to equal a fresh build, of the articles as they are or as they were when last published;
and after the next undisturbed ingest, of the articles as they are.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.ingest_process import finish, ingest, share_models, start_ingest
from benchmarks.same_index import differences, whole
from benchmarks.small_corpus import SmallCorpus
from ingest.faults import KINDS, PLACES
from taperbot.embedding import open_embedder


def main(cuts: int = 200, seed: int = 1) -> int:
    """Exit status 0 when no cut left less than an index."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        counts = run(Path(folder), cuts, seed)
    print(
        f"{cuts} ingests cut short ({', '.join(f'{count} {name}' for name, count in sorted(counts.items()))}): 0 broken, all equal afterwards"
    )
    return 0


def run(folder: Path, cuts: int, seed: int, models: Path | None = None) -> Counter[str]:
    """How many were cut in which way. Raises AssertionError when an index was broken or came out differently."""
    drawn = random.Random(seed)
    index = folder / "index"
    if models is None:
        models = folder / "models"
        open_embedder(models=models)
    share_models(index, models)
    corpus = SmallCorpus(folder / "corpus", seed)
    assert ingest(corpus.folder, index)[0] == 0
    took = _seconds_of_an_ingest(corpus, index)
    was = _fresh_build(corpus, folder / "fresh", models)
    counts: Counter[str] = Counter()
    for number in range(cuts):
        corpus.change()
        counts[_cut(corpus, index, drawn, took)] += 1
        whole(index)
        now = _fresh_build(corpus, folder / f"fresh-{number}", models)
        if number % 5 == 4 or number == cuts - 1:
            status, report = ingest(corpus.folder, index)
            assert status == 0, f"after cut {number}: {report}"
            was = _kept(now, was, now)
        else:
            was = _kept(now if not differences(index, now) else was, was, now)
        found = differences(index, was)
        assert not found, f"after cut {number}: {found}"
    return counts


def _fresh_build(corpus: SmallCorpus, index: Path, models: Path) -> Path:
    share_models(index, models)
    assert ingest(corpus.folder, index)[0] == 0
    return index


def _kept(chosen: Path, *builds: Path) -> Path:
    """The build that the index is compared with; the others are deleted."""
    for build in builds:
        if build != chosen:
            shutil.rmtree(build)
    return chosen


def _seconds_of_an_ingest(corpus: SmallCorpus, index: Path) -> float:
    corpus.edit()
    began = time.perf_counter()
    assert ingest(corpus.folder, index)[0] == 0
    return time.perf_counter() - began


def _cut(corpus: SmallCorpus, index: Path, drawn: random.Random, took: float) -> str:
    if drawn.random() < 0.5:
        process = start_ingest(corpus.folder, index, "--force")
        time.sleep(drawn.random() * took)
        process.kill()
        finish(process)
        return "killed at a random moment"
    kind = drawn.choice(KINDS)
    ingest(corpus.folder, index, "--force", fault=f"{drawn.choice(PLACES)}:{kind}")
    return {"kill": "killed", "full": "out of disk", "error": "in error"}[kind] + " at a named place"
