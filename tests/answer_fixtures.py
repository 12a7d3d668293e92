"""An index of the messy articles in `tests/articles`, for tests of answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.ingest_process import share_models
from ingest.flow import run_ingest
from ingest.lock import ingest_lock
from ingest.options import Options
from ingest.progress import Silence
from taperbot.bot import Bot
from taperbot.embedding import BUNDLED_NAME
from taperbot.settings import Settings

ARTICLES = Path(__file__).parent / "articles"


@pytest.fixture(scope="session")
def article_index(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Path:
    """For reading only."""
    index = tmp_path_factory.mktemp("articles") / "index"
    share_models(index, models_folder)
    with ingest_lock(index):
        run_ingest(Options(ARTICLES, index, BUNDLED_NAME), Silence())
    return index


@pytest.fixture(scope="session")
def bot(article_index: Path) -> Bot:
    """A bot over those articles, without a language model."""
    return Bot(Settings(index=article_index))
