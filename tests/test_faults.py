"""Cut short at a named place, an ingest leaves the old index or the new one, and the next ingest needs no help.

`make soak` walks every place in every way; here each step of the way has one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ingest
from benchmarks.ingest_process import ingest as run
from benchmarks.ingest_process import share_models
from benchmarks.same_index import differences, whole
from benchmarks.small_corpus import SmallCorpus
from ingest.faults import PLACES
from taperbot.generation_manifest import read_current

WALKED = (
    ("article written", "kill"),
    ("store written", "full"),
    ("manifest written", "kill"),
    ("current synced", "error"),
    ("current renamed", "kill"),
    ("old generation set aside", "kill"),
)
BEFORE_PUBLISHING = PLACES[: PLACES.index("current renamed")]


def test_every_named_place_is_reached_in_the_code_and_no_other() -> None:
    code = "".join(path.read_text("utf-8") for path in Path(ingest.__file__).parent.glob("*.py"))
    assert set(re.findall(r'fault_point\("([^"]+)"\)', code)) == set(PLACES)


@pytest.mark.timeout(300)
def test_cut_short_at_any_step_the_index_is_the_old_or_the_new_one(corpus: SmallCorpus, built: Path, models_folder: Path) -> None:
    index = built
    for _ in range(2):
        corpus.edit()
        assert run(corpus.folder, index)[0] == 0
    for place, kind in WALKED:
        before = read_current(index).generation_id
        corpus.edit()
        status, report = run(corpus.folder, index, fault=f"{place}:{kind}")
        assert status not in (0, 2), place
        assert "error" in report if kind != "kill" else report == {}, place
        assert place not in BEFORE_PUBLISHING or read_current(index).generation_id == before, place
        whole(index)
    assert run(corpus.folder, index)[0] == 0
    assert not [*index.glob("building-*"), *index.glob("expired-*"), *index.glob("*.tmp")]
    assert len(list(index.glob("g-*"))) == 3
    share_models(index.with_name("fresh"), models_folder)
    assert run(corpus.folder, index.with_name("fresh"))[0] == 0
    assert differences(index, index.with_name("fresh")) == []


@pytest.mark.timeout(240)
@pytest.mark.parametrize("place", ["cache pruned", "old generation deleted"])
def test_what_fails_after_publishing_is_told_and_made_good_by_the_next_ingest(place: str, corpus: SmallCorpus, built: Path) -> None:
    for _ in range(2):
        corpus.edit()
        assert run(corpus.folder, built)[0] == 0
    corpus.edit()
    status, report = run(corpus.folder, built, fault=f"{place}:full")
    assert (status, report["published"]) == (0, True)
    assert "next ingest tries again" in report["notes"][0]
    assert list(built.glob("expired-*/*")) == []
    assert run(corpus.folder, built)[0] == 0
    assert not list(built.glob("expired-*"))


def test_a_kept_index_that_has_been_damaged_does_not_stand_in_the_way(corpus: SmallCorpus, built: Path) -> None:
    damaged = read_current(built).generation_id
    (built / damaged / "quotes.jsonl").unlink()
    status, report = run(corpus.folder, built)
    assert (status, report["published"], report["embedded"]) == (0, True, 0)
    whole(built)
