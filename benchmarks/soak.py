"""`make soak`: runs every long safety test, one after another, each in a process of its own.

A test is a module `benchmarks/soak_*.py` with a `main()` that raises or returns a status other than 0 when something broke.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import PYTHON, ROOT, environment

HERE = Path(__file__).resolve().parent
CALL = "import importlib, sys; sys.exit(importlib.import_module(sys.argv[1]).main() or 0)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test ended; `last` is its last line of output."""

    name: str
    passed: bool
    seconds: float
    last: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them all; exit status 1 when one failed or none was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("names", nargs="*", help="run these alone, such as soak_index")
    parser.add_argument("--folder", type=Path, default=HERE, help="where the tests are")
    options = parser.parse_args(arguments)
    found = sorted(path.stem for path in options.folder.glob("soak_*.py") if "\ndef main(" in path.read_text("utf-8"))
    outcomes = [_run(name, options.folder) for name in found if not options.names or name in options.names]
    print(_table(outcomes))
    return 0 if outcomes and all(outcome.passed for outcome in outcomes) else 1


def _run(name: str, folder: Path) -> Outcome:
    print(f"\n{name} ...", flush=True)
    started = time.perf_counter()
    places = os.pathsep.join(map(str, (ROOT, ROOT / "src", folder.parent)))
    surroundings = environment() | {"PYTHONPATH": places, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [PYTHON, "-c", CALL, f"{folder.name}.{name}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=surroundings,
        cwd=ROOT,
    )
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line.strip() or last
    return Outcome(name, process.wait() == 0, time.perf_counter() - started, last)


def _table(outcomes: Sequence[Outcome]) -> str:
    rows = [f"| {one.name} | {'passed' if one.passed else '**failed**'} | {one.seconds:.0f} s | {one.last[:120]} |" for one in outcomes]
    return "\n".join(["", "| soak test | | time | last line |", "| --- | --- | ---: | --- |", *rows])


if __name__ == "__main__":
    sys.exit(main())
