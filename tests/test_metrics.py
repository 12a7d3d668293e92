"""Counters in the Prometheus text format."""

from __future__ import annotations

from scripted_bot import HOW_FAST, SEIZURE, ScriptedBot

from taperbot.web.metrics import Metrics


def test_answers_are_counted_by_route_outcome_and_time() -> None:
    metrics, bot = Metrics(), ScriptedBot()
    for question, seconds in ((HOW_FAST, 0.03), (HOW_FAST, 0.3), (SEIZURE, 0.001)):
        metrics.count_answer(bot.ask(question), seconds)
    metrics.count_failure("full")
    lines = metrics.text(turns_kept=4).splitlines()
    assert 'taperbot_answers_total{route="question",outcome="answer"} 2' in lines
    assert 'taperbot_answers_total{route="emergency",outcome="notice"} 1' in lines
    assert 'taperbot_failures_total{code="full"} 1' in lines
    assert 'taperbot_answer_seconds_bucket{le="0.05"} 2' in lines
    assert 'taperbot_answer_seconds_bucket{le="+Inf"} 3' in lines
    assert "taperbot_turns_kept 4" in lines


def test_before_the_first_question_every_count_is_there_and_zero() -> None:
    lines = Metrics().text(0).splitlines()
    assert "taperbot_answer_seconds_count 0" in lines
    assert all(line.startswith(("# TYPE ", "taperbot_")) for line in lines)
