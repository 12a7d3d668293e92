"""Golden questions: what a corpus should answer, and what it should not. The schema and its reader."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from taperbot.errors import UsageError

Choice = TypeVar("Choice", bound=StrEnum)


class QuestionKind(StrEnum):
    """What a question asks of retrieval and composing; figures are told apart by it."""

    PLAIN = "plain"
    LAY = "lay"
    NUMBER = "number"
    TABLE = "table"
    FOLLOW_UP = "follow_up"
    TWO_ARTICLES = "two_articles"
    UNANSWERABLE = "unanswerable"
    OFF_TOPIC = "off_topic"


class Expect(StrEnum):
    """ABSTAIN is met by the nearest-passage band too."""

    ANSWER = "answer"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """`history` holds earlier user turns, oldest first. One of `articles` has to be cited, two in questions of the kind that asks of two. Every pattern of `facts` (case ignored) must stand in the answer, none of `never`."""

    id: str
    question: str
    kind: QuestionKind
    expect: Expect
    history: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    section: str = ""
    facts: tuple[re.Pattern[str], ...] = ()
    never: tuple[re.Pattern[str], ...] = ()


_KEYS = {"id", "question", "history", "kind", "expect", "articles", "section", "facts", "never"}
_LISTS = ("history", "articles", "facts", "never")


def load_questions(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions of a YAML or JSON Lines file. Raises UsageError that names the file, the question and what was wanted."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Cannot read the questions in {path}: {error}") from None
    questions = tuple(_question(item, f"{path.name}, question {number}") for number, item in enumerate(_items(text, path), 1))
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise UsageError(f"{path.name}: the id {question.id!r} stands twice.")
        seen.add(question.id)
    return questions


def _items(text: str, path: Path) -> Sequence[Any]:
    try:
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        items = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, json.JSONDecodeError) as error:
        raise UsageError(f"{path.name} is not valid {'JSON Lines' if path.suffix == '.jsonl' else 'YAML'}: {error}") from None
    if items is None:
        return []
    if not isinstance(items, list):
        raise UsageError(f"{path.name}: wanted a list of questions, found {type(items).__name__}.")
    return items


def _question(item: Any, place: str) -> GoldenQuestion:
    if not isinstance(item, dict):
        raise UsageError(f"{place}: wanted keys and values, found {item!r}.")
    place = f"{place} ({item.get('id', 'without id')})"
    if unknown := set(item) - _KEYS:
        raise UsageError(f"{place}: unknown {', '.join(sorted(map(str, unknown)))}. Known: {', '.join(sorted(_KEYS))}.")
    lists = {key: _strings(item.get(key), key, place) for key in _LISTS}
    expect = _one_of(Expect, item.get("expect"), "expect", place)
    question = GoldenQuestion(
        id=_word(item.get("id"), "id", place),
        question=_word(item.get("question"), "question", place),
        kind=_one_of(QuestionKind, item.get("kind"), "kind", place),
        expect=expect,
        history=lists["history"],
        articles=lists["articles"],
        section=str(item.get("section") or ""),
        facts=tuple(_pattern(fact, place) for fact in lists["facts"]),
        never=tuple(_pattern(fact, place) for fact in lists["never"]),
    )
    if expect is Expect.ANSWER and not question.articles:
        raise UsageError(f"{place}: a question that is to be answered names its `articles`.")
    return question


def _word(value: Any, key: str, place: str) -> str:
    if not isinstance(value, str | int) or not str(value).strip():
        raise UsageError(f"{place}: `{key}` is missing.")
    return str(value).strip()


def _strings(value: Any, key: str, place: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(entry, str | int | float) for entry in value):
        raise UsageError(f"{place}: `{key}` is a list of texts, found {value!r}.")
    return tuple(str(entry) for entry in value)


def _one_of(choices: type[Choice], value: Any, key: str, place: str) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise UsageError(f"{place}: `{key}` is {value!r}; wanted one of {', '.join(choices)}.") from None


def _pattern(text: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise UsageError(f"{place}: {text!r} is no regular expression: {error}") from None
