"""How much one request may carry, and what shape its question and history must have. Checked at the door, before any queue."""

from __future__ import annotations

import json

from taperbot.bounds import bounded_history, bounded_question
from taperbot.errors import QuestionError
from taperbot.records import Turn
from taperbot.wording import page as words

BODY_BYTES = 512 * 1024
"""Room for the longest question and history with every character escaped."""


def checked_question(question: object) -> str:
    """The question without white space around it. Raises QuestionError when it is empty, too long or no text."""
    return bounded_question(question if isinstance(question, str) else "")


def checked_history(history: object) -> tuple[Turn, ...]:
    """Turns from `[{"role", "content"}, ...]`; None means none. Raises QuestionError when there is too much, or it is malformed."""
    entries = history or []
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise QuestionError(words.HISTORY_MALFORMED)
    return bounded_history([Turn(entry["role"], entry["content"]) for entry in entries])


def check_gradio_call(body: bytes) -> None:
    """Raise QuestionError when the question or history of a call to Gradio's `/ask` is over its bounds.

    What is not such a call is left to Gradio, which refuses it in its own words.
    """
    try:
        call = json.loads(body)
    except ValueError:
        return
    if not isinstance(call, dict):
        return
    data = call.get("data")
    values = data if isinstance(data, list) else [call.get("question"), call.get("history")]
    if values and isinstance(values[0], str):
        checked_question(values[0])
    if len(values) > 1 and values[1]:
        checked_history(values[1])


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("role"), str) and isinstance(entry.get("content"), str)
