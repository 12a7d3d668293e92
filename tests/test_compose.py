"""Choosing among quotes, through retrieval on real articles."""

from __future__ import annotations

import pytest

from taperbot.answering import Findings
from taperbot.bot import Bot
from taperbot.records import Outcome, QuoteKind


def found(bot: Bot, question: str) -> Findings:
    return bot.findings(bot.generation(), question)


def test_no_two_quotes_overlap(bot: Bot) -> None:
    for question in (
        "what are night sweats",
        "what helps against jaw tension",
        "how do I get up safely when dizzy",
        "signs of trouble with sweating",
    ):
        citations = found(bot, question).checked.citations
        for one in citations:
            for other in citations:
                apart = one.end <= other.start or other.end <= one.start
                assert one is other or one.article_id != other.article_id or apart


def test_the_first_quote_answers(bot: Bot) -> None:
    first = found(bot, "Can a mouthguard help?").checked.sentences[0]
    assert first.kind in (QuoteKind.FAQ_ANSWER, QuoteKind.PAIR, QuoteKind.SENTENCE)
    assert "mouthguard" in f"{first.label} {first.text}"


def test_two_questions_in_one_are_both_answered(bot: Bot) -> None:
    findings = found(bot, "What is jaw tension? And what are night sweats?")
    assert len(findings.parts) == 2
    assert {"jaw-tension.md", "night-sweats.txt"} <= {citation.article_id for citation in findings.checked.citations}


def test_a_figure_is_preferred_where_one_is_asked_for(bot: Bot) -> None:
    text = found(bot, "How long do night sweats last?").checked.text
    assert "weeks" in text


def test_nearest_names_articles(bot: Bot) -> None:
    findings = found(bot, "does acupuncture help night sweats")
    assert findings.outcome is not Outcome.ANSWER
    assert findings.nearest[0].article_id == "night-sweats.txt"


@pytest.mark.parametrize("question", ["?", "the of and", "asdf qwer", "zzz " * 300])
def test_nothing_to_go_by_is_survived(bot: Bot, question: str) -> None:
    assert found(bot, question).outcome in Outcome
