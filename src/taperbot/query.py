"""A question as retrieval sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from taperbot.tokens import tokenize

Vector = NDArray[np.float32]

_SPLIT = re.compile(
    r"(?:\?+\s+(?:and\s+|also\s+|oh\s+)?|[,;]?\s+(?:and|also|plus|oh and|and also)\s+(?=(?:what|which|how|why|when|where|who|is|are|do|does|can|could|should|will|would)\b)"
    r"|[.;]\s+(?:also|and)?\s*(?=(?:what|which|how|why|when|where|who)\b))",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:both|compare[ds]?|comparison|difference|differences|differ|different|versus|vs|each of|either|as well as|common between|or)\b",
    re.IGNORECASE,
)
MAX_PARTS = 3
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Query:
    """One question, or one of two asked at once. Vectors are of unit length.

    `tokens` are the question's own words; `hints` words from earlier turns and medical terms behind lay words, which weigh `hint_weight`.
    `lay_vector` is the vector of the question with those medical terms, or None. `words` holds vectors of tokens that the articles have not.
    """

    text: str
    vector: Vector
    tokens: tuple[str, ...]
    hints: tuple[str, ...] = ()
    hint_weight: float = 0.5
    lay_vector: Vector | None = None
    words: Mapping[str, Vector] = field(default_factory=dict)
    terms: tuple[str, ...] = field(default=())


def parts_of(question: str) -> tuple[str, ...]:
    """The questions asked at once in `question`, in order; the whole of it where it asks one thing."""
    parts = [part.strip(" ?.,;") for part in _SPLIT.split(question)]
    parts = [part for part in parts if len(tokenize(part)) >= _LEAST_WORDS]
    return tuple(parts[:MAX_PARTS]) if len(parts) > 1 else (question,)


def asks_of_several(question: str) -> bool:
    """True when the question sets things side by side, so that more than one article may be wanted."""
    return _BOTH.search(question) is not None
