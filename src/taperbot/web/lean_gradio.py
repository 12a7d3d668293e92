"""Imports Gradio in a third of its time and half of its memory, and settles a process that is to serve for long.

Gradio writes an editor's hints (`.pyi`) about each of its components into its own folder at every import, which is half of the time; pandas is for
data frames, which the readers' side has none of; and while thousands of objects are made that all stay, looking for garbage among them finds none.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from taperbot.deferred import deferred
from taperbot.offline import forbid_lookups, one_core_a_question

_HINTS = "gradio.component_meta"


@contextmanager
def lean_imports() -> Iterator[None]:
    """Around the first import of Gradio."""
    forbid_lookups()
    one_core_a_question()
    finder = _WithoutHints()
    sys.meta_path.insert(0, finder)
    try:
        with nothing_collected(), deferred("pandas"), deferred("gradio.cli", "deploy"):
            yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def nothing_collected() -> Iterator[None]:
    """While things are loaded that stay: no looking for garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def draw_nothing() -> None:
    """For a process that only serves: Gradio imports matplotlib for each question, to be ready for a plot; where it is not there, it goes on."""
    sys.modules.setdefault("matplotlib", None)  # type: ignore[arg-type]


def settle() -> None:
    """When everything is loaded: what is there stays out of every later search for garbage, and freed memory goes back to the system."""
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


class _WithoutHints(MetaPathFinder):
    """Finds the module that writes the hints, and takes the writing out of it."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == _HINTS else None
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def without_hints(module: ModuleType) -> None:
            execute(module)
            if hasattr(module, "create_or_modify_pyi"):
                module.create_or_modify_pyi = lambda *_: None  # type: ignore[attr-defined]

        spec.loader.exec_module = without_hints  # type: ignore[method-assign]
        return spec
