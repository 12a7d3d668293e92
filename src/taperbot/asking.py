"""What one turn has to embed, gathered so that the embedder is called once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from taperbot.followup import FollowUp, follow_up, mix
from taperbot.lexicon import Lexicon
from taperbot.query import Query, Vector, parts_of
from taperbot.records import Turn
from taperbot.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions of one turn and the texts that want a vector: each part, each part with its medical terms, what it leans on."""

    parts: tuple[str, ...]
    terms: tuple[tuple[str, ...], ...]
    context: FollowUp | None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text once, in a fixed order."""
        lay = [_with_terms(part, terms) for part, terms in zip(self.parts, self.terms, strict=True) if terms]
        return tuple(dict.fromkeys([*self.parts, *lay, *(self.context.texts if self.context else ())]))


def asking_of(question: str, history: Sequence[Turn], lexicon: Lexicon) -> Asking:
    """What `question` asks after the turns of `history`."""
    context = follow_up(question, history)
    parts = (question,) if context else parts_of(question)
    heard = f"{context.previous} {question}" if context else ""
    return Asking(parts, tuple(lexicon.terms(heard or part) for part in parts), context)


def queries_of(asking: Asking, vectors: dict[str, Vector]) -> tuple[Query, ...]:
    """One query a part. `vectors` holds one for each of `asking.texts`."""
    return tuple(_query(part, terms, asking.context, vectors) for part, terms in zip(asking.parts, asking.terms, strict=True))


def _query(part: str, terms: Sequence[str], context: FollowUp | None, vectors: dict[str, Vector]) -> Query:
    own = vectors[part]
    lay = vectors[_with_terms(part, terms)] if terms else None
    hints = [token for term in terms for token in tokenize(term)]
    if context is not None:
        around = [vectors[text] for text in context.texts]
        own = mix(own, context, around)
        lay = None if lay is None else np.asarray(mix(lay, context, around), dtype=np.float32)
        hints += tokenize(context.previous) + (tokenize(context.first) if context.first != context.previous else [])
    tokens = tuple(tokenize(part))
    return Query(
        part, own, tokens, tuple(dict.fromkeys(token for token in hints if token not in tokens)), lay_vector=lay, terms=tuple(terms)
    )


def _with_terms(part: str, terms: Sequence[str]) -> str:
    return f"{part} ({', '.join(terms)})"
