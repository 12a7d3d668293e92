"""Libraries that are loaded when they are first touched, and a server that loads none it never uses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from taperbot.deferred import deferred

LIBRARY = "answer = 42\n\ndef double(number):\n    return 2 * number\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "slow_library.py").write_text(LIBRARY, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "slow_library", raising=False)
    return "slow_library"


def test_a_deferred_module_is_loaded_by_the_first_thing_asked_of_it(library: str) -> None:
    with deferred(library):
        import slow_library  # type: ignore[import-not-found]
    assert library not in sys.modules
    assert slow_library.answer == 42
    assert library in sys.modules


def test_it_can_be_asked_before_the_block_ends(library: str) -> None:
    with deferred(library):
        import slow_library

        assert slow_library.double(4) == 8
    assert sys.modules[library].answer == 42


def test_a_callable_taken_from_it_loads_it_when_called(library: str) -> None:
    with deferred(library, "double"):
        from slow_library import double
    assert library not in sys.modules
    assert double(number=21) == 42
    assert library in sys.modules


def test_a_module_that_is_loaded_already_stays_itself() -> None:
    with deferred("json"):
        import json
    assert sys.modules["json"] is json


def printed_by(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120).stdout.strip()


def test_the_server_loads_no_data_frames_writes_no_hints_and_goes_on_collecting() -> None:
    program = """
import gc, sys
from taperbot.web import server
from gradio import component_meta
print("pandas" in sys.modules, component_meta.create_or_modify_pyi(None, "", []), gc.isenabled())
import gradio.components.dataframe
print(gradio.caching.pd.DataFrame({"a": [1]}).shape)
"""
    assert printed_by(program).splitlines() == ["False None True", "(1, 1)"]


def test_opening_a_store_loads_nothing_that_reports_traces() -> None:
    assert printed_by("import sys, taperbot.store; print('grpc' in sys.modules)") == "False"
