"""Asking the bot from the web: one task per turn, two lanes, and Gradio's `/ask`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from anyio import CapacityLimiter, to_thread

from taperbot import triage
from taperbot.answer_json import answer_to_json
from taperbot.errors import TaperBotError
from taperbot.records import Answer, Article, Level, Starter, Turn
from taperbot.web.bounds import checked_history, checked_question
from taperbot.web.metrics import Metrics
from taperbot.web.turns import KeptTurn, TurnStore
from taperbot.wording import page as words

log = logging.getLogger(__name__)

AT_ONCE = 16
MOST_WAITING = 200
HELP_AT_ONCE = 64
CARDS = (Level.EMERGENCY, Level.CRISIS)


class Shelf(Protocol):
    """The part of a generation that the pages read."""

    @property
    def golden(self) -> Sequence[Starter]:
        """Questions known to be answerable."""

    def article(self, article_id: str) -> Article | None:
        """The article, or None."""


class Answerer(Protocol):
    """The part of the bot that the web asks."""

    def ask(self, question: str, history: Sequence[Turn] = (), country: str = "", short: bool = False) -> Answer:
        """The answer. Raises TaperBotError."""

    def generation(self) -> Shelf:
        """The generation now published. Raises IndexUnavailableError."""


class FullError(TaperBotError):
    """Too many questions wait already."""

    code = "full"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it came in."""

    turn_id: str
    question: str
    history: tuple[Turn, ...] = ()
    previous: str = ""
    country: str = ""
    short: bool = False


class Asker:
    """Starts turns and keeps them. A firm emergency or crisis has a lane of its own, so its card never waits behind others."""

    def __init__(self, bot: Answerer, turns: TurnStore, metrics: Metrics, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._bot = bot
        self._turns = turns
        self._metrics = metrics
        self._lane = CapacityLimiter(at_once)
        self._help_lane = CapacityLimiter(HELP_AT_ONCE)

    def start(self, asked: Asked) -> KeptTurn:
        """The turn of that id; started now unless it is known already. Raises QuestionError or FullError."""
        known = self._turns.get(asked.turn_id)
        if known is not None:
            return known
        asked = replace(asked, question=checked_question(asked.question))
        screen = triage.screen(asked.question, asked.history)
        # By patterns and words alone, which need no embedder: nobody who may be in danger waits behind others.
        cannot_wait = triage.decide(screen, None).danger in CARDS
        if not cannot_wait and self._lane.statistics().tasks_waiting >= self._most_waiting:
            self._metrics.count_failure(FullError.code)
            raise FullError(words.FULL_LEAD)
        task = asyncio.create_task(self._answered(asked, self._help_lane if cannot_wait else self._lane))
        turn = KeptTurn(asked.turn_id, asked.question, asked.previous, task)
        self._turns.keep(turn)
        return turn

    async def _answered(self, asked: Asked, lane: CapacityLimiter) -> Answer:
        since = time.perf_counter()
        work = partial(self._bot.ask, asked.question, asked.history, asked.country, asked.short)
        try:
            answer = await to_thread.run_sync(work, limiter=lane, abandon_on_cancel=True)
        except TaperBotError as error:
            self._metrics.count_failure(error.code)
            raise
        self._metrics.count_answer(answer, time.perf_counter() - since)
        return answer


def gradio_ask(bot: Answerer, metrics: Metrics, failure: Callable[[str], Exception]) -> Callable[..., dict[str, Any]]:
    """The function behind Gradio's `/ask`; `failure` makes Gradio's own error from a sentence."""

    def ask(question: str, history: list[dict[str, Any]] | None = None, country: str = "", short: bool = False) -> dict[str, Any]:
        """Answer one question from the articles, with citations; the answer object."""
        since = time.perf_counter()
        try:
            answer = bot.ask(checked_question(question), checked_history(history), country, short)
        except TaperBotError as error:
            metrics.count_failure(error.code)
            raise failure(str(error)) from None
        except Exception as error:  # noqa: BLE001  the outermost edge: Gradio would print the message, which could hold a reader's words
            log.error("%s while answering through Gradio", type(error).__name__)
            raise failure(words.ERROR_LEAD) from None
        metrics.count_answer(answer, time.perf_counter() - since)
        return answer_to_json(answer)

    return ask
