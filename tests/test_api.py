"""Turns under way: two lanes, and what is refused when too many wait."""

from __future__ import annotations

import asyncio
import time

import pytest
from scripted_bot import HOW_FAST, SEIZURE, SLOW, ScriptedBot

from taperbot.records import Answer, Level
from taperbot.web.api import Asked, Asker, FullError
from taperbot.web.metrics import Metrics
from taperbot.web.turns import TurnStore, new_turn_id


def asker(bot: ScriptedBot, at_once: int, most_waiting: int) -> Asker:
    """An asker with small lanes."""
    return Asker(bot, TurnStore(time.monotonic), Metrics(), at_once, most_waiting)


def test_a_card_never_waits_behind_other_questions() -> None:
    bot = ScriptedBot()
    bot.slow_seconds = 0.5

    async def inside() -> tuple[Answer, bool]:
        asking = asker(bot, at_once=1, most_waiting=9)
        slow = [asking.start(Asked(new_turn_id(), SLOW)).task for _ in range(3)]
        await asyncio.sleep(0.05)
        card = await asking.start(Asked(new_turn_id(), SEIZURE)).task
        others_are_done = any(task.done() for task in slow)
        await asyncio.gather(*slow)
        return card, others_are_done

    card, others_are_done = asyncio.run(inside())
    assert card.route is Level.EMERGENCY
    assert not others_are_done


def test_when_too_many_wait_a_question_is_refused_and_a_card_is_not() -> None:
    bot = ScriptedBot()
    bot.slow_seconds = 0.2

    async def inside() -> None:
        asking = asker(bot, at_once=1, most_waiting=1)
        tasks = [asking.start(Asked(new_turn_id(), SLOW)).task for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(FullError):
            asking.start(Asked(new_turn_id(), HOW_FAST))
        await asking.start(Asked(new_turn_id(), SEIZURE)).task
        await asyncio.gather(*tasks)

    asyncio.run(inside())
