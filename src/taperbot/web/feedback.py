"""What a reader says about an answer: which articles were shown and how it was judged; their words only when they chose to send them."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock
from typing import Any

from taperbot.errors import QuestionError
from taperbot.records import Answer
from taperbot.wording import page as words

VERDICTS = ("helpful", "not_helpful")
REASONS = tuple(code for code, _ in words.FEEDBACK_REASONS)


def feedback_record(answer: Answer, verdict: str, reason: str, include_question: bool) -> dict[str, Any]:
    """What is stored; no word of the reader's without `include_question`. Raises QuestionError for an unknown verdict or reason."""
    if verdict not in VERDICTS or (reason and reason not in REASONS):
        raise QuestionError(words.FEEDBACK_UNKNOWN)
    record: dict[str, Any] = {
        "verdict": verdict,
        "reason": reason,
        "generation": answer.generation,
        "outcome": answer.outcome.value,
        "citations": [{"article_id": c.article_id, "version": c.version, "start": c.start, "end": c.end} for c in answer.citations],
    }
    return record | {"question": answer.question} if include_question else record


class FeedbackFile:
    """JSON lines, one per judgement, added at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def add(self, record: dict[str, Any]) -> None:
        """Write one record; the folder is made when it is missing."""
        line = json.dumps(record, ensure_ascii=False) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)
