"""A state machine that adds, edits, renames, deletes and spoils articles, ingests, kills ingests and rolls back, in any order.

Whenever it ingests undisturbed, the index has to equal a fresh build; at all other times it has to be whole.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from benchmarks.ingest_process import ingest, share_models
from benchmarks.same_index import differences, whole
from benchmarks.small_corpus import SmallCorpus
from ingest.cli_history import roll_back
from ingest.faults import PLACES
from ingest.publish import generations
from taperbot.embedding import open_embedder
from taperbot.generation_manifest import read_current


def main(examples: int = 25, steps: int = 20) -> int:
    """Exit status 0 when no order of steps broke anything."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        open_embedder(models=Path(folder))
        run(Path(folder), examples, steps)
    print(f"{examples} random stories of up to {steps} steps: the index always equalled a fresh build")
    return 0


def run(models: Path, examples: int, steps: int) -> None:
    """Raises AssertionError with the shortest story that broke something."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    options = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=slow, database=None)
    machine = type("Story", (IndexStory,), {"models": models})
    run_state_machine_as_test(machine, settings=options)


class IndexStory(RuleBasedStateMachine):
    """One index and its articles; `models` holds the exported embedder."""

    models: Path

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(prefix="story-"))
        self._index = self._folder / "index"
        share_models(self._index, self.models)
        self._published = False

    @initialize(seed=st.integers(0, 10_000))
    def begin(self, seed: int) -> None:
        """A few articles, in an index."""
        self._corpus = SmallCorpus(self._folder / "corpus", seed, articles=2)
        self.ingest()

    @rule()
    def add(self) -> None:
        """An article more."""
        self._corpus.add()

    @rule()
    def edit(self) -> None:
        """A sentence more."""
        self._corpus.edit()

    @rule()
    def rename(self) -> None:
        """Another name."""
        self._corpus.rename()

    @rule()
    def delete(self) -> None:
        """An article fewer."""
        self._corpus.delete()

    @rule()
    def spoil(self) -> None:
        """A file that cannot be read."""
        self._corpus.spoil()

    @rule()
    def ingest_again(self) -> None:
        """Undisturbed."""
        self.ingest()

    def ingest(self) -> None:
        """Ingests, and compares with a fresh build."""
        status, report = ingest(self._corpus.folder, self._index)
        assert status == 0, report
        self._published = True
        fresh = self._folder / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        share_models(fresh, self.models)
        assert ingest(self._corpus.folder, fresh)[0] == 0
        assert not differences(self._index, fresh)

    @rule(place=st.sampled_from(PLACES))
    def ingest_cut_short(self, place: str) -> None:
        """Killed at a named place."""
        ingest(self._corpus.folder, self._index, "--force", fault=f"{place}:kill")
        self._published = (self._index / "CURRENT").exists()

    @precondition(lambda self: self._published)
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        """To any generation there is."""
        chosen = data.draw(st.sampled_from([manifest.generation_id for manifest in generations(self._index)]))
        roll_back(self._index, chosen)
        assert read_current(self._index).generation_id == chosen

    @invariant()
    def is_whole(self) -> None:
        """What is published can be read to the last byte."""
        if self._published:
            whole(self._index)

    def teardown(self) -> None:
        """Leaves nothing."""
        shutil.rmtree(self._folder, ignore_errors=True)
