"""A question as retrieval sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from taperbot.tokens import tokenize

Vector = NDArray[np.float32]

_ASKS = r"(?:what|which|how|why|when|where|who|is|are|do|does|can|could|should|will|would)"
_SPLIT = re.compile(
    rf"(?:\?+\s+(?:and\s+|also\s+|oh\s+)*|[,;]?\s+(?:and also|oh and|and|also|plus)\s+(?={_ASKS}\b)"
    r"|[.;]\s+(?:also\s+|and\s+)?(?=(?:what|which|how|why|when|where|who)\b))",
    re.IGNORECASE,
)
_PAIRS = (
    re.compile(r"(?P<head>.*?)\bbetween\s+(?P<one>.+?)\s+and\s+(?P<other>[^,?.;]+)(?P<tail>.*)", re.IGNORECASE),
    re.compile(r"(?P<head>.*?)\b(?:both|either)\s+(?:of\s+)?(?P<one>.+?)\s+(?:and|or)\s+(?P<other>[^,?.;]+)(?P<tail>.*)", re.IGNORECASE),
    re.compile(
        r"(?P<head>(?:how\s+)?(?:do|does|are|is)\b)\s(?P<one>[^,?.;]+?)\s+and\s+(?P<other>[^,?.;]+?)\s+(?:both|differ|compare|the same)\b(?P<tail>.*)",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<head>(?:which|what|who)\b[^?]*?),\s+(?P<one>[^,?.;]+?)\s+or\s+(?P<other>[^,?.;]+)(?P<tail>\??)", re.IGNORECASE),
    re.compile(r"(?P<head>.*?)\bcompare\s+(?P<one>.+?)\s+(?:and|with|to)\s+(?P<other>[^,?.;]+)(?P<tail>.*)", re.IGNORECASE),
    re.compile(r"(?P<head>.*?\b)(?P<one>[\w-]+)\s+(?:vs\.?|versus)\s+(?P<other>[\w-]+)(?P<tail>.*)", re.IGNORECASE),
)
_ELLIPSIS = re.compile(
    r"(?P<head>.+?\b(?:for|of|in|with|about|to|from|during))\s+(?P<one>[^,]+?),?\s+and\s+(?:what|which|how)(?:\s+(?:ones?|about|many|much|long))?"
    r"\s+(?:for|of|in|with|about|to|from|during)?\s*(?P<other>[^,?.]+?)\s*\??$",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:do|does|did|is|are|was|were|can|could|should|will|would|may|might|has|have|i|you|we)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(r"\b(?:compare[ds]?|comparison|differences?|differ|different|distinction|the same|versus|vs)\b", re.IGNORECASE)
MAX_PARTS = 3
_LEAST_WORDS = 1
_LONGEST_SIDE = 8


@dataclass(frozen=True, slots=True)
class Query:
    """One question, or one of two asked at once. Vectors are of unit length.

    `tokens` are the question's own words; `hints` words from earlier turns and medical terms behind lay words, which weigh `heard_weight` and `hint_weight`.
    `lay_vector` is the vector of the question with those medical terms, or None. `heard` are the hints that stand in earlier turns. `explained` are tokens whose medical term is known. `words` holds vectors of tokens that the articles have not.
    `before` is the question that it leans on, or "".
    """

    text: str
    vector: Vector
    tokens: tuple[str, ...]
    hints: tuple[str, ...] = ()
    hint_weight: float = 1.0
    heard_weight: float = 0.5
    lay_vector: Vector | None = None
    words: Mapping[str, Vector] = field(default_factory=dict)
    heard: tuple[str, ...] = ()
    explained: frozenset[str] = frozenset()
    before: str = ""

    @property
    def whole(self) -> str:
        """The question behind the one it leans on."""
        return f"{self.before} / {self.text}" if self.before else self.text


def parts_of(question: str) -> tuple[str, ...]:
    """The questions asked at once in `question`, in order; the whole of it where it asks one thing."""
    short = _ELLIPSIS.fullmatch(question.strip())
    if short and len(tokenize(short["other"])) in (1, 2, 3) and not _VERB.search(short["other"]):
        return (f"{short['head']} {short['one']}", f"{short['head']} {short['other']}")
    parts = [part.strip(" ?.,;") for part in _SPLIT.split(question)]
    parts = [part for part in parts if len(tokenize(part)) >= _LEAST_WORDS]
    if len(parts) > 1:
        return tuple(parts[:MAX_PARTS])
    return _sides(question) or (question,)


def _sides(question: str) -> tuple[str, ...]:
    """One question for each of two things set side by side; () where there are none."""
    for pattern in _PAIRS:
        found = pattern.fullmatch(question.strip())
        if found and all(_is_side(found[side]) for side in ("one", "other")):
            head, tail = ("what is", "") if _DIFFERENCE.search(question) else (found["head"], found["tail"])
            return tuple(" ".join(f"{head} {found[side]} {tail}".split()) for side in ("one", "other"))
    return ()


def _is_side(text: str) -> bool:
    """True for one thing: a few words without a comma."""
    return bool(tokenize(text)) and "," not in text and len(text.split()) <= _LONGEST_SIDE
