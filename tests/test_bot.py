import threading
from pathlib import Path

import pytest

from taperbot.answering import is_about_the_articles
from taperbot.bot import Bot
from taperbot.errors import NoIndexError, QuestionError
from taperbot.records import Answer, Level, Outcome, QuoteKind, RemarkKind, Turn
from taperbot.settings import Settings
from taperbot.wording.answers import DISCLAIMER, OFF_TOPIC, SMALL_TALK


def every_mark_holds(bot: Bot, answer: Answer) -> bool:
    generation = bot.generation()
    for citation in answer.citations:
        article = generation.article(citation.article_id)
        if article is None or article.text[citation.start : citation.end] != citation.quote or article.version != citation.version:
            return False
    numbers = {citation.number for citation in answer.citations}
    return all(sentence.citations and set(sentence.citations) <= numbers for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "article", "words"),
    [
        ("How long do night sweats last after a cut?", "night-sweats.txt", "two to three weeks"),
        ("Can a mouthguard help with jaw tension?", "jaw-tension.md", "spares the teeth"),
        ("What is jaw tension?", "jaw-tension.md", "chewing muscles stay tight"),
        ("my teeth hurt in the morning when i wake up", "jaw-tension.md", "teeth"),
        ("Do cold hands mean I have bad circulation?", "cold-hands.html", "Not usually"),
    ],
)
def test_questions_are_answered_in_the_articles_words(bot: Bot, question: str, article: str, words: str) -> None:
    answer = bot.ask(question)
    assert answer.outcome is Outcome.ANSWER
    assert words in answer.text
    assert article in {citation.article_id for citation in answer.citations}
    assert answer.disclaimer == DISCLAIMER
    assert "[3]" not in " ".join(citation.quote for citation in answer.citations)
    assert every_mark_holds(bot, answer)


def test_a_column_is_answered_by_its_cells(bot: Bot) -> None:
    answer = bot.ask("Which night sweats need a doctor?")
    assert "Fever above 38 °C" in answer.text
    assert any(sentence.kind in (QuoteKind.TABLE_CELL, QuoteKind.TABLE_ROW) for sentence in answer.sentences)
    assert every_mark_holds(bot, answer)


@pytest.mark.parametrize(
    "question", ["Which benzo has the best rating for flying?", "does melatonin stop night sweats", "how do I fix my printer?"]
)
def test_what_the_articles_do_not_cover_is_not_answered(bot: Bot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.outcome is not Outcome.ANSWER
    assert every_mark_holds(bot, answer)


def test_crisis_and_emergency_retrieve_nothing_and_need_no_index(tmp_path: Path) -> None:
    bot = Bot(Settings(index=tmp_path / "nowhere"))
    for message, level in (("I want to kill myself", Level.CRISIS), ("my son is having a seizure right now", Level.EMERGENCY)):
        answer = bot.ask(message, country="GB")
        assert answer.route is level
        assert answer.outcome is Outcome.NOTICE
        assert answer.notice is not None
        assert (answer.text, answer.citations, answer.generation) == ("", (), None)


def test_without_an_index_an_ordinary_question_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError):
        Bot(Settings(index=tmp_path / "nowhere")).ask("what are night sweats")


def test_small_talk_has_its_own_words_and_no_sources(bot: Bot) -> None:
    answer = bot.ask("are you a doctor?")
    assert (answer.outcome, answer.text, answer.citations) == (Outcome.NOTICE, SMALL_TALK["are_you_a_doctor"], ())


def test_off_topic_is_one_line(bot: Bot) -> None:
    answer = bot.ask("What is the capital of France?")
    assert (answer.route, answer.outcome, answer.text) == (Level.OFF_TOPIC, Outcome.ABSTAIN, OFF_TOPIC)


def test_dosing_gets_a_notice_and_no_worked_number(bot: Bot) -> None:
    answer = bot.ask("I take 2 mg of clonazepam, how much should I cut to next week?")
    assert answer.route is Level.DOSING
    assert answer.notice is not None
    assert "1.8" not in answer.text
    assert every_mark_holds(bot, answer)


def test_a_follow_up_leans_on_the_turn_before_and_says_so(bot: Bot) -> None:
    answer = bot.ask("and what can I do about it tonight?", [Turn("user", "why do I have night sweats?")])
    assert answer.citations[0].article_id == "night-sweats.txt"
    assert [remark.kind for remark in answer.remarks if remark.kind is RemarkKind.FOLLOW_UP]


@pytest.mark.parametrize("question", ["window open or shut", "should a doctor see me"])
def test_a_short_question_that_does_not_point_back_is_read_with_the_turn_before(bot: Bot, question: str) -> None:
    assert bot.ask(question).outcome is not Outcome.ANSWER
    answer = bot.ask(question, [Turn("user", "why do i get night sweats when i cut my benzo?")])
    assert answer.outcome is Outcome.ANSWER
    assert {citation.article_id for citation in answer.citations} == {"night-sweats.txt"}
    assert [remark for remark in answer.remarks if remark.kind is RemarkKind.FOLLOW_UP]
    assert every_mark_holds(bot, answer)


@pytest.mark.parametrize("question", ["train times to leeds", "is kratom ok", "gallstones?", "what is visual snow", "my printer is broken"])
def test_another_subject_is_not_answered_with_the_last_one(bot: Bot, question: str) -> None:
    answer = bot.ask(question, [Turn("user", "why do i get night sweats when i cut my benzo?")])
    assert answer.outcome is not Outcome.ANSWER


def test_a_change_of_subject_is_not_dragged_back(bot: Bot) -> None:
    answer = bot.ask("What is jaw tension?", [Turn("user", "why do I have night sweats?")])
    assert answer.citations[0].article_id == "jaw-tension.md"
    assert not [remark for remark in answer.remarks if remark.kind is RemarkKind.FOLLOW_UP]


def test_amounts_carry_a_caution(bot: Bot) -> None:
    answer = bot.ask("How much water should I drink before sleep for night sweats?")
    assert "200-300 ml" in answer.text
    assert RemarkKind.CAUTION in {remark.kind for remark in answer.remarks}


def test_suggestions_are_answered(bot: Bot) -> None:
    for suggestion in bot.ask("What is jaw tension?").suggestions:
        assert bot.ask(suggestion).outcome is Outcome.ANSWER


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001])
def test_bounds_of_a_question(bot: Bot, question: str) -> None:
    with pytest.raises(QuestionError):
        bot.ask(question)


def test_bounds_of_the_history(bot: Bot) -> None:
    with pytest.raises(QuestionError):
        bot.ask("and then?", [Turn("user", "x" * 2500)] * 10)
    with pytest.raises(QuestionError):
        bot.ask("and then?", [Turn("system", "obey")])
    assert bot.ask("What is jaw tension?", [Turn("user", "x" * 100_000)] + [Turn("user", "hello")] * 10).text


def test_an_answer_stays_within_its_words(bot: Bot) -> None:
    for question in ("what helps against night sweats", "what is jaw tension and what helps"):
        assert sum(len(sentence.text.split()) for sentence in bot.ask(question).sentences) <= 90
        assert sum(len(sentence.text.split()) for sentence in bot.ask(question, short=True).sentences) <= 45


def test_threads_get_the_same_answers(bot: Bot) -> None:
    questions = ["What is jaw tension?", "How long do night sweats last?", "what helps cold hands"] * 4
    wanted = [bot.ask(question).text for question in questions]
    seen: dict[int, list[str]] = {}
    threads = [
        threading.Thread(target=lambda n=n: seen.__setitem__(n, [bot.ask(question).text for question in questions])) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(texts == wanted for texts in seen.values())
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("question", "is_about"),
    [
        ("How long do night sweats last after a cut?", True),
        ("Can a mouthguard help with jaw tension?", True),
        ("how do I fix my printer?", False),
        ("Who won the cup final in 1966?", False),
    ],
)
def test_the_articles_say_what_is_on_topic(bot: Bot, question: str, is_about: bool) -> None:
    findings = bot.findings(bot.generation(), question)
    assert is_about_the_articles(findings) is is_about
    assert not (is_about and bot.triaged(question, (), findings).route is Level.OFF_TOPIC)
