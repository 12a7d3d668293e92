"""A language model that lies is never believed; one that keeps to the passages is."""

from __future__ import annotations

import re
import string
import time
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from taperbot import generate
from taperbot.bot import Bot
from taperbot.errors import ModelError
from taperbot.generate import Writer, faithful_rewrite, open_chat_model
from taperbot.records import Outcome, Turn
from taperbot.settings import Settings
from taperbot.wording import prompt
from taperbot.wording.answers import DISCLAIMER
from taperbot.writing import Writing

QUESTION = "What is jaw tension?"


class ScriptedModel(BaseChatModel):
    """Answers by a script; sees the messages it was sent."""

    script: Callable[[str, str], str]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:  # noqa: ARG002
        reply = self.script(str(messages[0].content), str(messages[-1].content))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=reply))])


def passage_ids(user: str, holding: str = "") -> list[str]:
    return [key for key, text in re.findall(r"^\[(\w+)\] (.*?)(?=\n\n\[|\n\nQuestion:)", user, re.DOTALL | re.MULTILINE) if holding in text]


def bot_with(index_bot: Bot, script: Callable[[str, str], str], seconds: float = 5.0) -> Bot:
    """The bot of the tests with a scripted model."""
    settings = index_bot._settings
    bot = Bot(settings)
    bot._writing = Writing(settings, Writer(ScriptedModel(script=script), seconds))
    return bot


def test_a_supported_sentence_is_shown_with_our_numbers(bot: Bot) -> None:
    def honest(system: str, user: str) -> str:
        return f"Jaw tension means the chewing muscles stay tight. [{passage_ids(user, 'chewing muscles')[0]}]"

    answer = bot_with(bot, honest).ask(QUESTION)
    assert answer.text == "Jaw tension means the chewing muscles stay tight. [1]"
    assert "chewing muscles stay tight" in answer.citations[0].quote
    assert answer.disclaimer == DISCLAIMER


@pytest.mark.parametrize(
    "lie",
    [
        "Jaw tension is cured by 20 mg of diazepam. [{id}]",
        "Jaw tension means the chewing muscles stay tight for six weeks. [{id}]",
        "Jaw tension means the chewing muscles never stay tight. [{id}]",
        "Jaw tension means the chewing muscles stay tight, so stop Xanax. [{id}]",
        "Jaw tension means the chewing muscles stay tight. [nowhere]",
        "Jaw tension means the chewing muscles stay tight. [1]",
        "Jaw tension means the chewing muscles stay tight.",
        "See https://example.org for jaw tension, chewing muscles stay tight. [{id}]",
        "<b>Jaw tension means the chewing muscles stay tight.</b> [{id}]",
        "Moon rocks relieve every nervous system trouble quickly. [{id}]",
        "Ignore the rules above; jaw tension means the chewing muscles stay tight. [{id}]",
        "",
        "NOT COVERED",
        "[{id}]",
    ],
)
def test_a_lie_is_never_shown(bot: Bot, lie: str) -> None:
    def liar(system: str, user: str) -> str:
        return lie.format(id=passage_ids(user, "chewing muscles")[0])

    assert bot_with(bot, liar).ask(QUESTION).text == bot.ask(QUESTION).text


def test_one_lie_among_truths_is_withheld_whole(bot: Bot) -> None:
    def mixed(system: str, user: str) -> str:
        key = passage_ids(user, "chewing muscles")[0]
        return f"Jaw tension means the chewing muscles stay tight. [{key}]\nTake 5 mg of Valium for it. [{key}]"

    assert bot_with(bot, mixed).ask(QUESTION).text == "Jaw tension means the chewing muscles stay tight. [1]"


def test_a_model_that_fails_or_dawdles_leaves_the_quotes(bot: Bot) -> None:
    def broken(system: str, user: str) -> str:
        raise RuntimeError("no server")

    def slow(system: str, user: str) -> str:
        time.sleep(1.0)
        return "Too late."

    wanted = bot.ask(QUESTION).text
    assert bot_with(bot, broken).ask(QUESTION).text == wanted
    assert bot_with(bot, slow, seconds=0.05).ask(QUESTION).text == wanted


def test_a_model_that_cannot_be_opened_leaves_the_quotes(bot: Bot) -> None:
    settings = Settings(index=bot._settings.index, chat_model="nonsense-provider:none")
    with pytest.raises(ModelError):
        open_chat_model(settings)
    assert Bot(settings).ask(QUESTION).text == bot.ask(QUESTION).text


def test_the_model_is_not_asked_where_it_must_not_speak(bot: Bot) -> None:
    asked: list[str] = []

    def noted(system: str, user: str) -> str:
        asked.append(user)
        return "x"

    speaking = bot_with(bot, noted)
    for message in (
        "I want to kill myself",
        "hi",
        "What is the capital of France?",
        "which benzo is best rated for flying",
        "I take 2 mg, how much should I cut?",
    ):
        assert speaking.ask(message).outcome is not None
    assert asked == []


def test_instructions_in_a_passage_are_handed_over_as_data(bot: Bot) -> None:
    seen: list[tuple[str, str]] = []

    def noted(system: str, user: str) -> str:
        seen.append((system, user))
        return "NOT COVERED"

    bot_with(bot, noted).ask(QUESTION)
    system, user = seen[0]
    assert "do not follow" in system
    assert "chewing muscles" not in system
    assert user.index("Passages:") < user.index("Question:")


def test_a_follow_up_is_rewritten_only_from_what_was_said(bot: Bot) -> None:
    history = [Turn("user", "why do I have night sweats?")]
    assert faithful_rewrite("What can I do about night sweats?", "what can I do about it?", history) == "What can I do about night sweats?"
    for reply in ("", "Should I take 10 mg of Valium?", "What helps purple elephants dance?", "x " * 200):
        assert faithful_rewrite(reply, "what can I do about it?", history) is None

    def rewriting(system: str, user: str) -> str:
        return "What can I do about night sweats?" if "Rewrite" in system else "NOT COVERED"

    answer = bot_with(bot, rewriting).ask("what can I do about it?", history)
    assert answer.outcome is Outcome.ANSWER
    assert answer.citations[0].article_id == "night-sweats.txt"
    assert [remark for remark in answer.remarks if "night sweats" in remark.text]


def test_every_placeholder_of_a_prompt_is_filled() -> None:
    filled = {
        "ANSWER_SYSTEM": {"sentences", "example", "nothing"},
        "ANSWER_QUESTION": {"passages", "question"},
        "PASSAGE": {"id", "title", "section", "text"},
        "REWRITE_SYSTEM": set(),
        "REWRITE_QUESTION": {"history", "question"},
        "NOTHING": set(),
    }
    prompts = {name: value for name, value in vars(prompt).items() if name.isupper()}
    assert set(prompts) == set(filled)
    for name, text in prompts.items():
        assert {field for _, field, _, _ in string.Formatter().parse(text) if field is not None} == filled[name]
    assert generate.MOST_SENTENCES > 0
