"""The editors' command line: what can be asked, and how failure is told. What the commands do is in `cli_ingest` and `cli_look`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ingest.cli_ingest import print_json, told
from taperbot.errors import TaperBotError, UsageError
from taperbot.offline import forbid_lookups

Command = Callable[[argparse.Namespace], int]
INGEST_FLAGS = ("--force", "--allow-shrink", "--dry-run", "--watch", "--ensure")
DESCRIPTION = "Bring the index up to date with a folder of articles, or, with a command, look at either."


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}. See `python -m ingest --help`.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit 0 done, 1 refused or failed, 2 wrong use. With --json, stdout is one JSON object, on failure `{"error": ...}`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    forbid_lookups()
    try:
        options = _parser().parse_args(words)
        _refuse_ingest_flags(options)
        return _command(options.command)(options)
    except TaperBotError as error:
        return _failed(error.code, str(error), error.exit_code, as_json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _failed("disk", f"{told(error)} The published index is whole.", 1, as_json)
    except KeyboardInterrupt:
        return _failed("stopped", "Stopped. The published index is whole.", 1, as_json)
    except Exception as error:  # noqa: BLE001 - the outermost edge: an editor never sees a traceback
        return _failed(
            "unexpected", f"Unexpected {type(error).__name__}: {error}. The published index is whole; please report this.", 1, as_json
        )


def _failed(code: str, message: str, status: int, as_json: bool) -> int:
    if as_json:
        print_json({"error": {"code": code, "message": message}})
    else:
        print(message, file=sys.stderr)
    return status


def _refuse_ingest_flags(options: argparse.Namespace) -> None:
    """UsageError for `--dry-run rollback` and the like, where the flag would say nothing and the command be carried out all the same."""
    given = [flag for flag in INGEST_FLAGS if getattr(options, flag.strip("-").replace("-", "_"), False)]
    if options.command is not None and given:
        raise UsageError(f"{given[0]} goes with an ingest, not with {options.command}. Leave it out.")


def _command(name: str | None) -> Command:
    """The command of that name; its module is imported only now."""
    if name is None:
        from ingest import cli_ingest

        return cli_ingest.ingest
    if name in ("history", "rollback"):
        from ingest import cli_history

        return cli_history.history if name == "history" else cli_history.rollback
    from ingest import cli_look

    commands: dict[str, Command] = {
        "lint": cli_look.lint,
        "show": cli_look.show,
        "diff": cli_look.diff,
        "check": cli_look.check,
        "suggest": cli_look.suggest,
    }
    return commands[name]


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--corpus", type=Path, metavar="DIR", help="folder with the articles (default: corpus, or TAPERBOT_CORPUS)")
    common.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: index, or TAPERBOT_INDEX)")
    common.add_argument("--json", action="store_true", help="print one JSON object for programs")
    parser = _Parser(prog="python -m ingest", description=DESCRIPTION, parents=[common])
    parser.add_argument("--force", action="store_true", help="build even when nothing changed, publish although golden questions fell")
    parser.add_argument("--allow-shrink", action="store_true", help="let over a fifth of the articles or passages vanish")
    parser.add_argument("--strict", action="store_true", help="publish nothing while lint finds anything")
    parser.add_argument("--dry-run", action="store_true", help="build and verify, publish nothing")
    parser.add_argument("--watch", action="store_true", help="stay, and ingest again whenever the articles have changed and settled")
    parser.add_argument("--ensure", action="store_true", help="make sure there is an index to serve; one that was rolled back stays")
    _add_commands(parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser), common)
    return parser


def _add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    commands.add_parser("history", parents=[common], help="the indexes kept, and which one is in use")
    rollback = commands.add_parser("rollback", parents=[common], help="put an older index back into use")
    rollback.add_argument("generation", nargs="?", help="which one; the one that the last ingest replaced, when left out")
    lint = commands.add_parser("lint", parents=[common], help="what should be better about the articles")
    lint.add_argument("files", nargs="*", type=Path, help="these only")
    lint.add_argument("--strict", action="store_true", default=argparse.SUPPRESS, help="exit 1 when there is any finding")
    show = commands.add_parser("show", parents=[common], help="what ingestion makes of one article")
    show.add_argument("article", help="its path inside the corpus, or its id")
    commands.add_parser("diff", parents=[common], help="what an ingest would change, golden questions included")
    check = commands.add_parser("check", parents=[common], help="ask the golden questions and print the scoreboard")
    check.add_argument("--strict", action="store_true", default=argparse.SUPPRESS, help="exit 1 when one that was right is not any more")
    commands.add_parser("suggest", parents=[common], help="sections that no lay wording reaches, worst first")
