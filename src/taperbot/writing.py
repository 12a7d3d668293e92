"""The optional language model of one bot: opened when first wanted, and never in the way of an answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from taperbot.answering import Findings
from taperbot.check import Checked
from taperbot.errors import ModelError
from taperbot.generation import Generation
from taperbot.records import Turn
from taperbot.settings import Settings

if TYPE_CHECKING:
    from taperbot.generate import Writer

_log = logging.getLogger(__name__)


class Writing:
    """Gives None for everything where no model is set or it cannot be opened. Safe for many threads."""

    def __init__(self, settings: Settings, writer: Writer | None = None) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._writer = writer
        self._tried = writer is not None

    def written(self, question: str, findings: Findings, generation: Generation) -> Checked | None:
        """The answer in the model's words, as far as the contract lets it stand; None for the quotes."""
        writer = self._opened()
        if writer is None:
            return None
        articles = {}
        for passage in findings.passages:
            article = generation.article(passage.chunk.article_id)
            if article is not None:
                articles[article.article_id] = article
        ranked = sorted(findings.passages, key=lambda passage: -passage.score)
        quotes = generation.quotes([passage.row for passage in ranked]).quotes
        return writer.answer(question, ranked, quotes, articles)

    def rewritten(self, question: str, history: Sequence[Turn]) -> str | None:
        """A follow-up made to stand alone, or None."""
        writer = self._opened()
        return writer.rewritten(question, history) if writer else None

    def _opened(self) -> Writer | None:
        if not self._settings.chat_model:
            return self._writer
        with self._lock:
            if not self._tried:
                self._tried = True
                self._writer = _open(self._settings)
            return self._writer


def _open(settings: Settings) -> Writer | None:
    from taperbot.generate import Writer, open_chat_model

    try:
        return Writer(open_chat_model(settings), settings.chat_timeout_seconds)
    except ModelError as error:
        _log.warning("Answers are quotes only: %s", error)
        return None
