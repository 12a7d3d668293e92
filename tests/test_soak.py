"""A quick version of each long safety test of the index (`make soak`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import soak_kills, soak_readers, soak_states, soak_swaps, soak_writers

pytestmark = pytest.mark.timeout(400)


def test_random_kills_leave_an_index_equal_to_a_fresh_build(tmp_path: Path, models_folder: Path) -> None:
    assert sum(soak_kills.run(tmp_path, 3, 4, models_folder).values()) == 3


def test_readers_meet_no_error_and_no_mixed_answer(tmp_path: Path, models_folder: Path) -> None:
    tally = soak_readers.run(tmp_path, 2, 4, 1, models_folder)
    assert (tally.errors, tally.mixed) == ([], 0)
    assert tally.answers > 20
    assert len(tally.editions) >= 2


def test_of_several_ingests_at_once_one_wins_whole(tmp_path: Path, models_folder: Path) -> None:
    published, refused = soak_writers.run(tmp_path, 1, 3, models_folder)
    assert published + refused == 3


def test_swaps_leave_memory_and_open_files_flat(tmp_path: Path, models_folder: Path) -> None:
    memory, handles = soak_swaps.run(tmp_path, 40, models_folder)
    assert memory < soak_swaps.MOST_GROWTH_BYTES
    assert handles <= soak_swaps.MOST_NEW_HANDLES


def test_a_random_story_keeps_the_index_equal_to_a_fresh_build(models_folder: Path) -> None:
    soak_states.run(models_folder, 2, 4)
