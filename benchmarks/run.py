"""`make bench`: every figure of both sides, one after another, with RESULTS.md and plots at the end.

python -m benchmarks.run [--data FOLDER] [--only SECTION]... [--quick] [--passages N] [--no-growth-full] [--keep]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from benchmarks import machine
from benchmarks.figures import Section
from benchmarks.passages import SET_NAME, load_judged, thinned
from benchmarks.plots import draw
from benchmarks.report import save, table
from benchmarks.workspace import Workspace

HERE = Path(__file__).resolve().parent
SECTIONS = ("ingest", "embedding", "quality", "question", "start", "resilience", "page", "growth")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; exit status 1 when a section could not be measured."""
    options = _parser().parse_args(arguments)
    judged = load_judged(options.data)
    is_part = judged is not None and options.passages is not None and options.passages < len(judged.passages)
    if judged and is_part:
        judged = thinned(judged, options.passages)
    bench = Workspace(options.out.resolve(), judged, options.quick, is_part, options.kills, options.growth_full and not options.quick)
    if judged is None:
        print(f"No {SET_NAME} in {options.data}: the bundled corpus stands in for its passages, and retrieval quality is skipped.")
    if not options.keep:
        shutil.rmtree(bench.out, ignore_errors=True)
    bench.out.mkdir(parents=True, exist_ok=True)
    names, results = options.only or SECTIONS, options.results
    results.mkdir(parents=True, exist_ok=True)
    measured = 0
    for name in names:
        section = _measured(name, bench)
        if section is not None:
            measured += 1
            draw([section], results / "plots")
            save([section], machine.description(), results)
    print(f"Written: {results / 'RESULTS.md'}")
    return 0 if measured == len(names) else 1


def _measured(name: str, bench: Workspace) -> Section | None:
    measure: Callable[[Workspace], Section] = import_module(f"benchmarks.section_{name}").measure
    print(f"\n{name} ...", flush=True)
    started, busy = time.perf_counter(), machine.load()
    try:
        section = measure(bench)
    except (RuntimeError, OSError) as error:
        print(f"{name} could not be measured: {error}", file=sys.stderr)
        return None
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    took = time.perf_counter() - started
    section = replace(section, measured=f"{when}, load {busy} before and {machine.load()} after, {took:.0f} s")
    print("\n".join([table(section), *section.notes]), flush=True)
    return section


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/benchmarks"), help=f"folder that holds {SET_NAME}")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="measure this section alone; may be given again")
    parser.add_argument("--quick", action="store_true", help="a tiny set, one run each: checks that everything works, figures mean little")
    parser.add_argument("--passages", type=int, metavar="N", help="take only so many passages, evenly from the whole set")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="writers to kill on each side (default 20)")
    parser.add_argument(
        "--growth-full", action=argparse.BooleanOptionalAction, default=True, help="grow to 100,000 chunks too, which takes some minutes"
    )
    parser.add_argument("--keep", action="store_true", help="use the indexes that an earlier run left in --out")
    parser.add_argument("--out", type=Path, default=HERE / "out", help="scratch folder")
    parser.add_argument("--results", type=Path, default=HERE, help="where RESULTS.md, results.json and plots/ go")
    return parser


if __name__ == "__main__":
    sys.exit(main())
