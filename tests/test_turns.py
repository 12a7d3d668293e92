"""Turns in memory: kept, chained, expiring, wiped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from scripted_bot import HOW_FAST, WHICH_SIGNS, ScriptedBot

from taperbot.records import Answer, Turn
from taperbot.web.turns import KeptTurn, TurnStore, history_of, is_turn_id, new_turn_id


def run(work: Callable[[TurnStore, list[float]], object]) -> None:
    """Run `work` in a loop, with a store whose clock it may set."""

    async def inside() -> None:
        now = [0.0]
        work(TurnStore(lambda: now[0], lifetime_seconds=60, capacity=3), now)
        await asyncio.sleep(0)

    asyncio.run(inside())


async def _answer(question: str) -> Answer:
    return ScriptedBot().ask(question)


def kept(turn_id: str, previous: str = "", question: str = HOW_FAST) -> KeptTurn:
    """A turn whose answer is under way."""
    return KeptTurn(turn_id, question, previous, asyncio.create_task(_answer(question)))


def test_a_turn_is_found_until_it_expires() -> None:
    def work(store: TurnStore, now: list[float]) -> None:
        store.keep(kept("a"))
        now[0] = 59
        assert store.get("a") is not None
        now[0] = 61
        assert store.get("a") is None
        assert len(store) == 0

    run(work)


def test_the_oldest_make_room() -> None:
    def work(store: TurnStore, now: list[float]) -> None:
        for turn_id in "abcd":
            store.keep(kept(turn_id))
        assert [store.get(turn_id) is not None for turn_id in "abcd"] == [False, True, True, True]

    run(work)


def test_a_conversation_is_chained_oldest_first_and_wiped_whole() -> None:
    def work(store: TurnStore, now: list[float]) -> None:
        store.keep(kept("a"))
        store.keep(kept("b", "a"))
        store.keep(kept("x"))
        assert [turn.turn_id for turn in store.chain("b")] == ["a", "b"]
        store.forget("b")
        assert [turn_id for turn_id in "abx" if store.get(turn_id)] == ["x"]

    run(work)


def test_a_chain_that_bites_its_tail_ends() -> None:
    def work(store: TurnStore, now: list[float]) -> None:
        store.keep(kept("a", "a"))
        assert len(store.chain("a")) <= 20

    run(work)


def test_history_holds_answered_turns_alone() -> None:
    async def inside() -> None:
        first, second = kept("a"), kept("b", "a", WHICH_SIGNS)
        running = KeptTurn("c", HOW_FAST, "b", asyncio.create_task(asyncio.sleep(60, result=await _answer(HOW_FAST))))
        await asyncio.gather(first.task, second.task)
        running.task.cancel()
        history = history_of([first, second, running])
        assert [turn.role for turn in history] == ["user", "assistant"] * 2
        assert history[2] == Turn("user", WHICH_SIGNS)

    asyncio.run(inside())


@pytest.mark.parametrize("text", ["", "0" * 31, "0" * 33, "G" * 32, "../" + "0" * 29])
def test_ids_of_another_form_are_refused(text: str) -> None:
    assert not is_turn_id(text)
    assert is_turn_id(new_turn_id())
