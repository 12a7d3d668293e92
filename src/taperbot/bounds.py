"""The bounds on what a reader sends, refused before anything is worked out. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from taperbot.errors import QuestionError
from taperbot.records import Turn
from taperbot.wording.answers import EMPTY, HISTORY_TOO_LONG, TOO_LONG

MOST_QUESTION_CHARACTERS = 2_000
MOST_HISTORY_TURNS = 10
MOST_HISTORY_CHARACTERS = 20_000
ROLES = frozenset({"user", "assistant"})


def bounded_question(question: str) -> str:
    """The question without outer blanks. Raises QuestionError when it is empty or too long."""
    if len(question) > MOST_QUESTION_CHARACTERS:
        raise QuestionError(TOO_LONG.format(most=MOST_QUESTION_CHARACTERS, found=len(question)))
    if not question.strip():
        raise QuestionError(EMPTY)
    return question.strip()


def bounded_history(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """The last ten turns. Raises QuestionError when they are too long together or one has an unknown role."""
    kept = tuple(history[-MOST_HISTORY_TURNS:])
    found = sum(len(turn.content) for turn in kept)
    if found > MOST_HISTORY_CHARACTERS:
        raise QuestionError(HISTORY_TOO_LONG.format(most=MOST_HISTORY_CHARACTERS, found=found))
    for turn in kept:
        if turn.role not in ROLES:
            raise QuestionError(f"A turn of the history has the role {turn.role!r}; wanted user or assistant.")
    return kept
