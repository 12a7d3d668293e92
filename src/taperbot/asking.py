"""What one turn has to embed, gathered so that the embedder is called once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from taperbot.followup import FollowUp, follow_up, leaning_on, mix, possible_follow_up
from taperbot.lexicon import Lexicon
from taperbot.query import Query, Vector, parts_of
from taperbot.records import Turn
from taperbot.tokens import tokenize, tokens_with_words

MOST_NEW_WORDS = 12


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions of one turn and the texts that want a vector: each part, each part with its medical terms, what it leans on.

    `context` is what the turn leans on; a later part may lean on the first one. `otherwise` is the same turn read as leaning on earlier ones, where it
    is short and does not say whether it does; it is embedded only when it is wanted.
    """

    parts: tuple[str, ...]
    terms: tuple[dict[str, frozenset[str]], ...]
    contexts: tuple[FollowUp | None, ...]
    context: FollowUp | None
    new_words: Mapping[str, str] = field(default_factory=dict)
    """Tokens that the articles do not hold, with the words they were made from."""
    otherwise: Asking | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """What somebody asks, each once in a fixed order: the parts, the parts with their medical terms, the earlier questions leant on."""
        lay = [_with_terms(part, terms) for part, terms in zip(self.parts, self.terms, strict=True) if terms]
        earlier = [text for context in self.contexts if context for text in (context.previous, context.first) if text]
        return tuple(dict.fromkeys([*self.parts, *lay, *earlier]))

    @property
    def others(self) -> tuple[str, ...]:
        """What wants a vector and is no question: the opening of the last answer, and new words."""
        openings = [context.answer_opening for context in self.contexts if context and context.answer_opening]
        return tuple(dict.fromkeys([*openings, *self.new_words.values()]))


def asking_of(question: str, history: Sequence[Turn], lexicon: Lexicon, has_word: Callable[[str], bool]) -> Asking:
    """What `question` asks after the turns of `history`. `has_word` tells the tokens that the articles hold."""
    context = follow_up(question, history)
    asking = _asking(question, context, lexicon, has_word)
    possible = None if context else possible_follow_up(question, history)
    return replace(asking, otherwise=_asking(question, possible, lexicon, has_word)) if possible else asking


def _asking(question: str, context: FollowUp | None, lexicon: Lexicon, has_word: Callable[[str], bool]) -> Asking:
    parts = (question,) if context else parts_of(question)
    contexts = (context, *(leaning_on(part, parts[0]) for part in parts[1:]))
    terms = tuple(lexicon.found(f"{leant.previous} {part}" if leant else part) for part, leant in zip(parts, contexts, strict=True))
    new = {token: word for token, word in tokens_with_words(question) if word.isalpha() and not has_word(token)}
    return Asking(parts, terms, contexts, context, dict(list(new.items())[:MOST_NEW_WORDS]))


def queries_of(asking: Asking, vectors: dict[str, Vector]) -> tuple[Query, ...]:
    """One query a part. `vectors` holds one for each of `asking.questions` and `asking.others`."""
    words = {token: vectors[word] for token, word in asking.new_words.items()}
    return tuple(
        replace(_query(part, terms, context, vectors), words=words)
        for part, terms, context in zip(asking.parts, asking.terms, asking.contexts, strict=True)
    )


def _query(part: str, terms: Mapping[str, frozenset[str]], context: FollowUp | None, vectors: dict[str, Vector]) -> Query:
    own = vectors[part]
    lay = vectors[_with_terms(part, terms)] if terms else None
    hints = [token for term in terms for token in tokenize(term)]
    if context is not None:
        around = [vectors[text] for text in context.texts]
        own = mix(own, context, around)
        lay = None if lay is None else np.asarray(mix(lay, context, around), dtype=np.float32)
    heard = tokenize(f"{context.previous} {context.first if context.first != context.previous else ''}") if context else []
    tokens = tuple(tokenize(part))
    explained = frozenset(token for phrase in terms.values() for token in phrase)
    heard = list(dict.fromkeys(token for token in heard if token not in tokens))
    fresh = tuple(dict.fromkeys([*heard, *(token for token in hints if token not in tokens)]))
    before = context.previous if context else ""
    return Query(part, own, tokens, fresh, lay_vector=lay, heard=tuple(heard), explained=explained, before=before)


def _with_terms(part: str, terms: Iterable[str]) -> str:
    return f"{part} ({', '.join(terms)})"
