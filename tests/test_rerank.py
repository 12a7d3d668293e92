from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from taperbot.bot import Bot
from taperbot.lookup import Lookup
from taperbot.records import Passage
from taperbot.rerank import reordering
from taperbot.settings import Settings
from taperbot.turn_vectors import TurnEmbedder


def last_first(question: str, passages: Sequence[Passage]) -> list[Passage]:
    assert question
    return [replace(passage, score=1 - place / len(passages)) for place, passage in enumerate(reversed(passages))]


def test_no_name_reorders_nothing_and_a_name_loads_nothing_yet() -> None:
    assert reordering("") is None
    assert reordering("there-is-no-such-model") is not None


def test_passages_are_put_in_the_order_given_before_quotes_are_chosen(bot: Bot, article_index: Path) -> None:
    lookup = Lookup(TurnEmbedder(Settings(index=article_index)), 90, last_first)
    found = lookup.findings(bot.generation(), "what are night sweats").passages
    plain = bot.findings(bot.generation(), "what are night sweats").passages
    assert [passage.row for passage in found] == [passage.row for passage in reversed(plain)]


def test_a_search_lists_passages_in_the_order_given(bot: Bot, article_index: Path) -> None:
    found = Lookup(TurnEmbedder(Settings(index=article_index)), 90, last_first).passages(bot.generation(), "what are night sweats", (), 3)
    plain = bot.passages("what are night sweats", (), 20)
    assert [passage.row for passage in found] == [passage.row for passage in reversed(plain)][:3]
