"""The command line. Only this module and the standard library are imported before a command is chosen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from taperbot.errors import TaperBotError, UsageError
from taperbot.offline import one_core_a_question


class _Parser(argparse.ArgumentParser):
    """Raises UsageError instead of exiting, so that every failure leaves by the same door."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. Try `{self.prog} --help`.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status: 0 done, 1 refused or failed, 2 usage."""
    one_core_a_question()
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words or "--batch" in words or any(word.startswith("--batch=") for word in words)
    try:
        options = _parser().parse_args(words)
        return _run(options)
    except TaperBotError as found:
        error = _explained(found, words)
        from taperbot.cli_output import report_failure

        report_failure(error, as_json)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away; nothing is left to say to it.
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130


def _explained(error: TaperBotError, words: Sequence[str]) -> TaperBotError:
    """A missing index is a matter of usage where the folder that was named does not exist."""
    named = words[words.index("--index") + 1] if "--index" in words[:-1] else ""
    if error.code == "no_index" and named and not Path(named).is_dir():
        return UsageError(f"There is no folder {named}.")
    return error


def _run(options: argparse.Namespace) -> int:
    if options.command == "ask":
        from taperbot.cli_ask import run
    elif options.command == "search":
        from taperbot.cli_search import run
    elif options.command == "article":
        from taperbot.cli_article import run
    elif options.command == "serve":
        from taperbot.cli_serve import run
    elif options.command == "eval":
        from taperbot.cli_eval import run
    else:
        from taperbot.cli_doctor import run
    return run(options)


def _parser() -> _Parser:
    parser = _Parser(prog="taperbot", description="Answers questions from a publisher's own articles, by quoting them. Not medical advice.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    _ask(commands.add_parser("ask", help="answer one question, or many from a file"))
    _search(commands.add_parser("search", help="list the passages found for questions from a file"))
    _article(commands.add_parser("article", help="show one article as indexed"))
    _serve(commands.add_parser("serve", help="serve the readers' page"))
    _eval(commands.add_parser("eval", help="score answers, retrieval or triage"))
    _index(commands.add_parser("doctor", help="check that everything needed is in place"))
    return parser


def _index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (default: index, or TAPERBOT_INDEX)")


def _ask(parser: argparse.ArgumentParser) -> None:
    _index(parser)
    parser.add_argument("--country", metavar="CC", help="two-letter country code for help numbers")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--short", action="store_true", help="a shorter answer")
    parser.add_argument("--batch", metavar="FILE", help="JSON lines with id and question; - for standard input")
    parser.add_argument("question", nargs="?", help="the question")


def _search(parser: argparse.ArgumentParser) -> None:
    _index(parser)
    parser.add_argument("--batch", metavar="FILE", required=True, help="JSON lines with id and question; - for standard input")
    parser.add_argument("--k", type=int, default=10, metavar="N", help="passages per question (default 10)")


def _article(parser: argparse.ArgumentParser) -> None:
    _index(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("article_id", metavar="ID", help="the article's path within the corpus")


def _serve(parser: argparse.ArgumentParser) -> None:
    _index(parser)
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 7860)")


def _eval(parser: argparse.ArgumentParser) -> None:
    _index(parser)
    parser.add_argument(
        "questions", nargs="?", metavar="QUESTIONS", help="golden questions, YAML or JSON lines (default: the corpus's own)"
    )
    parser.add_argument("--against", metavar="REPORT", help="an earlier JSON report to compare with")
    parser.add_argument("--retrieval", metavar="FOLDER", help="a document set with queries and judgements")
    parser.add_argument("--triage", metavar="FILE", help="messages with their levels, JSON lines")
    parser.add_argument("--report", metavar="FILE", help="where to write the JSON report; the plot goes beside it")


if __name__ == "__main__":
    sys.exit(main())
