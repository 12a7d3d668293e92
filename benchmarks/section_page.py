"""The weight of the readers' page beside plain ChatInterface, where that measurement is at hand (it needs a Chromium)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from benchmarks.figures import Figure, Section
from benchmarks.workspace import Workspace

MODULE = "benchmarks.page_weight"


def measure(bench: Workspace) -> Section:
    """What `benchmarks.page_weight.figures` measures against our index and the plain page."""
    if find_spec(MODULE) is None:
        return Section("page", "Page weight", (), notes=("Skipped: the measurement of the page is not there.",))
    figures: tuple[Figure, ...] = import_module(MODULE).figures(bench.ours.folder)
    return Section("page", "Page weight", figures)
