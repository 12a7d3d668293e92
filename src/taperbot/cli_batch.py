"""Batches: JSON lines in, JSON lines out, in the same order, one by one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from taperbot.bounds import MOST_HISTORY_CHARACTERS, MOST_QUESTION_CHARACTERS
from taperbot.cli_output import failure, print_json
from taperbot.errors import QuestionError, TaperBotError, UsageError
from taperbot.records import Turn

LONGEST_LINE = 4 * (MOST_HISTORY_CHARACTERS + MOST_QUESTION_CHARACTERS) * 6
"""Bytes of a line that can hold nothing beyond the bounds even with every character escaped."""


def run_batch(source: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Prints `answer` of every line of `source` ("-" is standard input); a bad line gives an error line and the rest goes on."""
    with _opened(source) as stream:
        for number, line in enumerate(_lines(stream), 1):
            if line is None or line.strip():
                print_json(_answered(line, number, answer))
    return 0


def _answered(line: bytes | None, number: int, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    identity: Any = None
    try:
        record = _record(line, number)
        identity = record.get("id")
        return {"id": identity} | answer(record)
    except TaperBotError as error:
        return {"id": identity, "error": failure(error)}


def _record(line: bytes | None, number: int) -> dict[str, Any]:
    if line is None:
        raise QuestionError(
            f"Line {number} is longer than {LONGEST_LINE:,} bytes; a question has at most {MOST_QUESTION_CHARACTERS:,} characters."
        )
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"Line {number} is not JSON: {error}") from None
    if not isinstance(record, dict):
        raise QuestionError(f"Line {number}: wanted an object with id and question, found {type(record).__name__}.")
    return record


def question_of(record: dict[str, Any]) -> str:
    """The question of a batch line. Raises QuestionError when there is none."""
    question = record.get("question")
    if not isinstance(question, str):
        raise QuestionError(f"`question` is a text; found {type(question).__name__}.")
    return question


def history_of(record: dict[str, Any]) -> tuple[Turn, ...]:
    """The history of a batch line, oldest turn first. Raises QuestionError when it is malformed."""
    history = record.get("history") or []
    if not isinstance(history, list):
        raise QuestionError("`history` is a list of turns, oldest first.")
    return tuple(_turn(turn) for turn in history)


def _turn(turn: Any) -> Turn:
    if not isinstance(turn, dict) or not isinstance(turn.get("role"), str) or not isinstance(turn.get("content"), str):
        raise QuestionError('A turn of `history` is {"role": "user" or "assistant", "content": text}.')
    return Turn(turn["role"], turn["content"])


def country_of_line(record: dict[str, Any]) -> str:
    """The country of a batch line, "" when none. Raises QuestionError when it is no text."""
    country = record.get("country") or ""
    if not isinstance(country, str):
        raise QuestionError("`country` is a two-letter code.")
    return country


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """Each line; None for one over the bound, which is read past without being kept."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                continue
            yield None
        else:
            yield line


@contextmanager
def _opened(source: str) -> Iterator[IO[bytes]]:
    if source == "-":
        yield sys.stdin.buffer
        return
    path = Path(source)
    if not path.is_file():
        raise UsageError(f"There is no file {source}.")
    with path.open("rb") as stream:
        yield stream
