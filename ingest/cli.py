"""The editors' command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from taperbot.errors import TaperBotError, UsageError
from taperbot.settings import from_environment


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. See `python -m ingest --help`.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit 0 done, 1 refused or failed, 2 wrong use."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except TaperBotError as error:
        return _failed(error.code, str(error), error.exit_code, as_json="--json" in words)
    except OSError as error:
        return _failed("disk", f"The disk said: {error}. The index stays as it was.", 1, as_json="--json" in words)


def _run(words: list[str]) -> int:
    options = _parser().parse_args(words)
    from ingest.build import Options, run_ingest
    from ingest.progress import progress_for
    from ingest.report import report_to_json, report_to_text

    settings = from_environment(corpus=options.corpus, index=options.index)
    asked = Options(
        settings.corpus, settings.index, settings.embedder, settings.device, options.force, options.allow_shrink, options.dry_run
    )
    report = run_ingest(asked, progress_for(options.json))
    print(json.dumps(report_to_json(report), ensure_ascii=False) if options.json else report_to_text(report))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m ingest", description="Bring the index up to date with a folder of articles.")
    parser.add_argument("--corpus", type=Path, help="folder with the articles")
    parser.add_argument("--index", type=Path, help="folder of the index")
    parser.add_argument("--json", action="store_true", help="print a report for programs")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--allow-shrink", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    return parser


def _failed(code: str, message: str, status: int, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
    return status
