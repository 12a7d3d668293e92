"""Every mark of every answer resolves and slices, whatever is asked."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.soak_marks import asked_of, fault_of
from taperbot.bot import Bot


def test_generated_questions_over_the_articles(bot: Bot) -> None:
    for question in asked_of(bot.generation(), 120, seed=3):
        assert fault_of(bot.ask(question), bot.generation()) == ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(min_size=1, max_size=200).filter(str.strip))
def test_any_text_at_all(bot: Bot, question: str) -> None:
    assert fault_of(bot.ask(question), bot.generation()) == ""
