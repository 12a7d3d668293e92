"""Five ingests of five different corpora at once, again and again: one writes, the others end at once and name it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.ingest_process import finish, share_models, start_ingest
from benchmarks.same_index import differences, whole
from benchmarks.small_corpus import SmallCorpus
from taperbot.embedding import open_embedder
from taperbot.generation import open_current


def main(rounds: int = 10, writers: int = 5) -> int:
    """Exit status 0 when every round left one writer's work, whole."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        published, refused = run(Path(folder), rounds, writers)
    print(f"{rounds} rounds of {writers} ingests at once: {published} published, {refused} refused with the holder's name, 0 lost or mixed")
    return 0


def run(folder: Path, rounds: int, writers: int, models: Path | None = None) -> tuple[int, int]:
    """How many published, how many were refused. Raises AssertionError for anything else."""
    index = folder / "index"
    if models is None:
        models = folder / "models"
        open_embedder(models=models)
    corpora = [SmallCorpus(folder / f"corpus-{number}", seed=number) for number in range(writers)]
    fresh = [_alone(corpus, folder / f"fresh-{number}", models) for number, corpus in enumerate(corpora)]
    share_models(index, models)
    published = refused = 0
    for _ in range(rounds):
        started = [start_ingest(corpus.folder, index, "--force") for corpus in corpora]
        results = [finish(process) for process in started]
        done = [number for number, (status, _) in enumerate(results) if status == 0]
        codes = {report["error"]["code"] for status, report in results if status}
        assert done, results
        assert codes <= {"lock_held"}, results
        versions = open_current(index).manifest.versions()
        [winner] = [number for number in done if open_current(fresh[number]).manifest.versions() == versions]
        assert not differences(index, fresh[winner])
        whole(index)
        published, refused = published + len(done), refused + len(results) - len(done)
    return published, refused


def _alone(corpus: SmallCorpus, index: Path, models: Path) -> Path:
    share_models(index, models)
    status, report = finish(start_ingest(corpus.folder, index))
    assert status == 0, report
    return index
