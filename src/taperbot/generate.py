"""A short answer in a language model's words, never trusted: every sentence goes through the answer contract, and quotes stand ready."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from typing import TYPE_CHECKING

from taperbot.check import Checked, check
from taperbot.draft import Draft, Line, Source
from taperbot.drugs import drugs_in
from taperbot.errors import ModelError
from taperbot.facts import amounts
from taperbot.records import Article, Passage, Quote, Turn
from taperbot.settings import Settings
from taperbot.tokens import tokenize
from taperbot.wording.prompt import ANSWER_QUESTION, ANSWER_SYSTEM, NOTHING, PASSAGE, REWRITE_QUESTION, REWRITE_SYSTEM

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_SENTENCES = 4
MOST_PASSAGES = 6
LEAST_KEPT = 0.5
"""Share of the model's sentences that must survive; with fewer the quotes are shown."""
LONGEST_REWRITE = 300
_MARKS = re.compile(r"\[([^\[\]\n]{1,40})\]")


class Writer:
    """Asks one chat model, with a time limit a call. Safe for many threads."""

    def __init__(self, model: BaseChatModel, timeout_seconds: float) -> None:
        self._model = model
        self._timeout = timeout_seconds
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="chat-model")

    def answer(
        self, question: str, passages: Sequence[Passage], quotes: Sequence[Quote], articles: Mapping[str, Article]
    ) -> Checked | None:
        """What of the model's answer keeps the contract; None when too little does, or the model fails, is slow or finds nothing."""
        used = [passage for passage in passages if passage.chunk.article_id in articles][:MOST_PASSAGES]
        by_id = {secrets.token_hex(3): passage for passage in used}
        if not by_id:
            return None
        listed = "\n\n".join(
            PASSAGE.format(id=key, title=one.chunk.title, section=one.chunk.section, text=one.chunk.text) for key, one in by_id.items()
        )
        system = ANSWER_SYSTEM.format(sentences=MOST_SENTENCES, example=next(iter(by_id)), nothing=NOTHING)
        reply = self._said(system, ANSWER_QUESTION.format(passages=listed, question=question))
        return None if reply is None else believed(reply, by_id, quotes, articles)

    def rewritten(self, question: str, history: Sequence[Turn]) -> str | None:
        """The question made to stand alone; None when the model fails, is slow, or brings in what nobody said."""
        said = "\n".join(f"{turn.role}: {turn.content}" for turn in history)
        reply = self._said(REWRITE_SYSTEM, REWRITE_QUESTION.format(history=said, question=question))
        return None if reply is None else faithful_rewrite(reply, question, history)

    def _said(self, system: str, user: str) -> str | None:
        """The model's text, or None. Any failure of a model is the same to a reader, who gets quotes."""
        try:
            message = self._pool.submit(self._model.invoke, [("system", system), ("user", user)]).result(timeout=self._timeout)
        except TooSlow:
            return None
        except Exception:  # noqa: BLE001 - providers raise what they like; the reader is answered by quotes all the same
            return None
        content = message.content
        return content if isinstance(content, str) else None


def open_chat_model(settings: Settings) -> BaseChatModel:
    """The model that `chat_model` names, through LangChain. Raises ModelError."""
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(settings.chat_model, temperature=0, timeout=settings.chat_timeout_seconds)
    except Exception as error:  # noqa: BLE001 - each provider's package raises its own kinds
        raise ModelError(f"The language model {settings.chat_model!r} cannot be opened: {error}") from None
    return model


def believed(reply: str, by_id: Mapping[str, Passage], quotes: Sequence[Quote], articles: Mapping[str, Article]) -> Checked | None:
    """The sentences of `reply` that keep the contract, as long as LEAST_KEPT of them do; else None."""
    lines = [_line(text, by_id, quotes, articles) for text in reply.splitlines() if text.strip() and text.strip() != NOTHING]
    if not lines:
        return None
    checked = check(Draft(tuple(lines[: 2 * MOST_SENTENCES])), list(by_id.values()), articles)
    return checked if len(checked.sentences) >= max(1.0, LEAST_KEPT * len(lines)) else None


def faithful_rewrite(reply: str, question: str, history: Sequence[Turn]) -> str | None:
    """`reply` when it is one short question that names no drug, number or subject beyond what was said; else None."""
    text = " ".join(reply.split()).strip('"“” ')
    said = " ".join([*(turn.content for turn in history), question])
    new_words = set(tokenize(text)) - set(tokenize(said))
    if not text or len(text) > LONGEST_REWRITE or len(new_words) > 1:
        return None
    if not drugs_in(text) <= drugs_in(said) or not amounts(text) <= amounts(said):
        return None
    return text


def _line(text: str, by_id: Mapping[str, Passage], quotes: Sequence[Quote], articles: Mapping[str, Article]) -> Line:
    """One sentence of the model; marks that are no passage's id leave it without a source, and so unshown."""
    marks = [mark.strip() for found in _MARKS.findall(text) for mark in found.split(",")]
    bare = re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", _MARKS.sub("", text)).strip()
    known = [by_id[mark] for mark in marks if mark in by_id]
    if not known or len(known) != len(marks):
        return Line(bare, (), by_model=True)
    found = (_source(bare, passage, quotes, articles) for passage in known)
    return Line(bare, tuple(dict.fromkeys(found)), by_model=True)


def _source(text: str, passage: Passage, quotes: Sequence[Quote], articles: Mapping[str, Article]) -> Source:
    """The quote of the passage that holds most of the sentence's words; the shortest of the best."""
    words = set(tokenize(text))
    held = [quote for quote in quotes if quote.chunk_id == passage.chunk.chunk_id and not quote.is_context]
    rank: Callable[[Quote], tuple[int, int]] = lambda quote: (len(words & set(tokenize(quote.text))), -len(quote.text))  # noqa: E731
    best = max(held, key=rank, default=None)
    start, end = (best.start, best.end) if best else (passage.chunk.start, passage.chunk.end)
    article = articles[passage.chunk.article_id]
    return Source(article.article_id, passage.chunk.section, start, end, article.text[start:end])
