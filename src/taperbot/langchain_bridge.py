"""Our retriever and our bot as LangChain parts, for people who build on them."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from taperbot.answer_json import answer_to_json
from taperbot.bot import Bot
from taperbot.records import Passage, Turn


class TaperBotRetriever(BaseRetriever):
    """The `k` best passages for a question as documents; the page content is the article's words."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    bot: Bot
    k: int = 8

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        return [_document(passage) for passage in self.bot.passages(query, (), self.k)]


def as_runnable(bot: Bot) -> Runnable[str | dict[str, Any], dict[str, Any]]:
    """A runnable from a question, or `{"question", "history"?, "country"?}`, to the answer object."""

    def ask(given: str | dict[str, Any]) -> dict[str, Any]:
        if isinstance(given, str):
            return answer_to_json(bot.ask(given))
        history = [Turn(turn["role"], turn["content"]) for turn in given.get("history", ())]
        return answer_to_json(bot.ask(given["question"], history, given.get("country", "")), given.get("id"))

    return RunnableLambda(ask)


def _document(passage: Passage) -> Document:
    chunk = passage.chunk
    place = {"article_id": chunk.article_id, "title": chunk.title, "section": chunk.section, "start": chunk.start, "end": chunk.end}
    return Document(page_content=chunk.text, metadata=place | {"chunk_id": chunk.chunk_id, "score": passage.score})
