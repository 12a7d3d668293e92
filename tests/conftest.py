"""Shared parts of the tests: the real embedder, exported once, and no way out of the machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from benchmarks.ingest_process import share_models
from benchmarks.small_corpus import SmallCorpus
from ingest.flow import run_ingest
from ingest.lock import ingest_lock
from ingest.options import Options
from ingest.progress import Silence
from taperbot.embedding import BUNDLED_NAME, Embedder, open_embedder
from taperbot.embedding_judge import OnnxJudge, open_judge
from taperbot.offline import forbid_lookups

pytest_plugins = ["browser_fixtures", "answer_fixtures"]

ROOT = Path(__file__).resolve().parent.parent

forbid_lookups()


def pytest_runtest_setup() -> None:
    """No test reaches further than this machine."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """The exported embedder, kept between runs."""
    folder = ROOT / "build" / "models"
    open_embedder(models=folder)
    return folder


@pytest.fixture(scope="session")
def embedder(models_folder: Path) -> Embedder:
    """The bundled embedder on its fast route."""
    return open_embedder(models=models_folder)


@pytest.fixture(scope="session")
def judge(embedder: Embedder, models_folder: Path) -> OnnxJudge:
    """The tuned layers that tell levels apart, exported with the embedder."""
    found = open_judge(models_folder)
    assert found is not None
    return found


@pytest.fixture
def corpus(tmp_path: Path) -> SmallCorpus:
    """Four short articles in a folder of their own."""
    return SmallCorpus(tmp_path / "corpus", seed=7)


@pytest.fixture
def index(tmp_path: Path, models_folder: Path) -> Path:
    """A folder for an index, empty but for the exported embedder."""
    share_models(tmp_path / "index", models_folder)
    return tmp_path / "index"


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Path:
    """An index of the four articles of `corpus`, for reading only."""
    folder = tmp_path_factory.mktemp("small")
    share_models(folder / "index", models_folder)
    options = Options(SmallCorpus(folder / "corpus", seed=7).folder, folder / "index", BUNDLED_NAME)
    with ingest_lock(options.index):
        run_ingest(options, Silence())
    return options.index


@pytest.fixture
def built(small_index: Path, tmp_path: Path) -> Path:
    """An index of one's own in which the articles of `corpus` have been ingested."""
    shutil.copytree(small_index, tmp_path / "index", symlinks=True)
    return tmp_path / "index"
