"""Shared parts of the tests: the real embedder, exported once, and no way out of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from taperbot.embedding import Embedder, open_embedder
from taperbot.offline import forbid_lookups

pytest_plugins = ["browser_fixtures"]

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
