"""Turns kept in memory, so that an answer outlives a locked phone or a dropped line.

Nothing here is written anywhere. A turn is known by an id that the page (or the server, for plain forms) draws at random;
turns of one conversation are chained by `previous`. They expire, and the oldest make room for new ones.
"""

from __future__ import annotations

import re
import secrets
from asyncio import Task
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from taperbot.records import Answer, Turn

LIFETIME_SECONDS = 2 * 60 * 60
CAPACITY = 5_000
CHAIN_LENGTH = 20

_ID = re.compile(r"[0-9a-f]{32}")


def new_turn_id() -> str:
    """128 random bits, hexadecimal."""
    return secrets.token_hex(16)


def is_turn_id(text: str) -> bool:
    """Whether `text` has the form of a turn's id."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One question and the task that answers it. `previous` is the id of the turn before it, or ""."""

    turn_id: str
    question: str
    previous: str
    task: Task[Answer]
    short: bool = False

    @property
    def answer(self) -> Answer | None:
        """The answer once it is there; None while it is being looked for, or when the turn failed or was stopped."""
        if not self.task.done() or self.task.cancelled() or self.task.exception() is not None:
            return None
        return self.task.result()


class TurnStore:
    """Turns by id, in memory alone, used from one event loop. `clock` gives seconds that never run backwards."""

    def __init__(self, clock: Callable[[], float], lifetime_seconds: float = LIFETIME_SECONDS, capacity: int = CAPACITY) -> None:
        self._clock = clock
        self._lifetime = lifetime_seconds
        self._capacity = capacity
        self._turns: OrderedDict[str, tuple[float, KeptTurn]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._turns)

    def keep(self, turn: KeptTurn) -> None:
        """Keep `turn`; the oldest go when there are too many."""
        self._sweep()
        self._turns[turn.turn_id] = (self._clock(), turn)
        while len(self._turns) > self._capacity:
            self._turns.popitem(last=False)

    def get(self, turn_id: str) -> KeptTurn | None:
        """The turn of that id, or None when it is unknown, expired or wiped."""
        self._sweep()
        kept = self._turns.get(turn_id)
        return kept[1] if kept else None

    def chain(self, turn_id: str) -> list[KeptTurn]:
        """The conversation that ends with `turn_id`, oldest first, as far as it is still known."""
        turns: list[KeptTurn] = []
        turn = self.get(turn_id)
        while turn is not None and len(turns) < CHAIN_LENGTH:
            turns.append(turn)
            turn = self.get(turn.previous)
        return turns[::-1]

    def forget(self, turn_id: str) -> None:
        """Wipe the conversation that ends with `turn_id`, and stop what is still being looked for."""
        for turn in self.chain(turn_id):
            turn.task.cancel()
            self._turns.pop(turn.turn_id, None)

    def _sweep(self) -> None:
        oldest_allowed = self._clock() - self._lifetime
        while self._turns:
            turn_id, (kept_at, _) = next(iter(self._turns.items()))
            if kept_at > oldest_allowed:
                return
            del self._turns[turn_id]


def history_of(turns: list[KeptTurn]) -> tuple[Turn, ...]:
    """The conversation as the bot wants it: question and answer text in turn, oldest first."""
    history: list[Turn] = []
    for turn in turns:
        if turn.answer is not None:
            history += [Turn("user", turn.question), Turn("assistant", turn.answer.text)]
    return tuple(history[-10:])
