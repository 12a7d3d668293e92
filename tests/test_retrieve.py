from pathlib import Path

import numpy as np
import pytest

from taperbot.bot import Bot
from taperbot.embedding import Embedder
from taperbot.evidence import aspects, normalized
from taperbot.generation import open_current
from taperbot.query import Query
from taperbot.retrieve import WEIGHED, retrieve
from taperbot.tokens import tokenize


def query(embedder: Embedder, text: str) -> Query:
    return Query(text, embedder.embed_queries([text])[0], tuple(tokenize(text)))


@pytest.mark.parametrize(
    ("question", "article", "section"),
    [
        ("what helps cold hands", "cold-hands.html", "What helps cold hands?"),
        ("do i need that plastic thing from the dentist", "jaw-tension.md", "Can a mouthguard help?"),
        ("why do night sweats come with tapering", "night-sweats.txt", "Why Do They Come With Tapering?"),
    ],
)
def test_the_right_section_is_found_and_answers(bot: Bot, question: str, article: str, section: str) -> None:
    first = [(passage.chunk.article_id, passage.chunk.section) for passage in bot.passages(question, (), 2)]
    assert (article, section) in first
    assert section in [citation.section for citation in bot.ask(question).citations]


def test_passages_are_distinct_in_order_and_in_bounds(bot: Bot) -> None:
    for k in (1, 3, WEIGHED, 100):
        passages = bot.passages("how do night sweats and cold hands differ", (), k)
        scores = [passage.score for passage in passages]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert len({passage.row for passage in passages}) == len(passages) <= k
    assert len(passages) == bot.generation().chunk_count


def test_evidence_is_of_the_passages_alone(article_index: Path, embedder: Embedder) -> None:
    found = retrieve(open_current(article_index), query(embedder, "jaw"), 3)
    ids = {passage.chunk.chunk_id for passage in found.passages}
    assert {quote.chunk_id for quote in found.evidence.quotes} <= ids
    assert len(found.evidence.quotes) == len(found.evidence.cosines) == len(found.evidence.matches)


def test_aspects_leave_the_subject_out() -> None:
    subject, other, third = np.eye(3, dtype=np.float32)
    asked = (subject + other) / np.sqrt(2).astype(np.float32)
    same = (subject + 0.2 * other) / np.linalg.norm(subject + 0.2 * other)
    different = (subject + 0.2 * third) / np.linalg.norm(subject + 0.2 * third)
    found = aspects(np.stack([same, different]), np.stack([subject, subject]), asked)
    assert found[0] == pytest.approx(1, abs=1e-4)
    assert found[1] == pytest.approx(0, abs=1e-4)


def test_normalizing_keeps_order_and_bounds() -> None:
    assert list(normalized(np.array([1.0, 3.0, 2.0], np.float32))) == [0, 1, 0.5]
    assert list(normalized(np.array([2.0, 2.0], np.float32))) == [0, 0]
    assert len(normalized(np.array([], np.float32))) == 0
