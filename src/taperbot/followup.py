"""Whether a turn leans on the turns before it, and how far their vectors are mixed in. Pure; no history is ever pasted as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taperbot.drugs import drugs_in
from taperbot.records import Turn
from taperbot.tokens import tokenize

ANSWER_WEIGHT = 0.3
FIRST_WEIGHT = 0.2
PREVIOUS_WEIGHT = 0.2
TOKEN_WEIGHT = 0.5
"""Weight of the previous question's words in BM25, beside 1 for the turn's own."""
_OPENING_WORDS = 40
SHORT = 6
"""Content words up to which a question after others may lean on them though it does not say so."""

_OPENER = re.compile(
    r"^\s*(?:and|but|so|or|also|then|ok(?:ay)?,?|what about|how about|what if|why|why not|how so|really|since when|like what|such as|which ones?|for how long"
    r"|how long|how often|how much|how come|anything else|what else|any other|and then|is that|are those|are these|does that|would that|can that|will that)\b",
    re.IGNORECASE,
)
_STRONG_OPENER = re.compile(
    r"^\s*(?:and|but|what about|how about|so what|then what|what else|anything else|like what|such as|which ones?)\b", re.IGNORECASE
)
_POINTER = re.compile(
    r"\b(?:it|its|it's|this|that|that's|these|those|they|them|they're|their|one|ones|there|the same|either|both of (?:them|these|those)|the (?:first|second|other|last) one)\b",
    re.IGNORECASE,
)
_GENERAL = frozenset(
    token
    for word in (
        "long longer often soon fast worse better safe dangerous danger harmful bad good help helps normal common rare night day morning week month year stop"
        " end start last ease work works happen happens cause causes sign signs symptom symptoms risk treat treatment cure prevent avoid food eat drink pill"
        " pills age children women men example examples detail details source sources meaning mean serious permanent hurt feel doctor time"
    ).split()
    for token in tokenize(word)
)
"""Words that say what is asked, but not of what."""
_POINTS_BACK = re.compile(r"\b(?:it|its|this|these|those|they|them|their|ones|there|the same)\b", re.IGNORECASE)
_SHORT_PART = 4
_CLEFT = re.compile(
    r"\b(?:is it (?:ok|okay|safe|true|normal|possible|bad|dangerous|common|a )|does it (?:help|matter) (?:to|if)|it is|it's (?:ok|safe|normal)|that (?:i|my|the|you|it|are|is)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The earlier words a turn leans on; each may be empty. `shown` is the earlier question that readers are told of."""

    shown: str
    previous: str
    first: str
    answer_opening: str

    @property
    def texts(self) -> tuple[str, ...]:
        """What wants a vector, in a fixed order without repeats: previous question, first question, opening of the last answer."""
        return tuple(dict.fromkeys(text for text in (self.previous, self.first, self.answer_opening) if text))


def follow_up(question: str, history: Sequence[Turn]) -> FollowUp | None:
    """What `question` leans on in `history` (oldest first), or None when it stands by itself."""
    return _leaning(history) if _depends(question) else None


def possible_follow_up(question: str, history: Sequence[Turn]) -> FollowUp | None:
    """What a short `question` may lean on though nothing in it points back ("which seat then"); None for a longer one, or for `follow_up`."""
    return _leaning(history) if len(tokenize(question)) <= SHORT and not _depends(question) else None


def _leaning(history: Sequence[Turn]) -> FollowUp | None:
    asked = [turn.content for turn in history if turn.role == "user" and tokenize(turn.content)]
    if not asked:
        return None
    anchor = next((text for text in reversed(asked) if not _depends(text)), asked[0])
    said = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    return FollowUp(shown=asked[-1], previous=asked[-1], first=anchor, answer_opening=" ".join(said.split()[:_OPENING_WORDS]))


def leaning_on(part: str, first: str) -> FollowUp | None:
    """What a later part of one message leans on, when it points back to the first part."""
    if _POINTS_BACK.search(_CLEFT.sub(" ", part)) is None or len(tokenize(part)) > _SHORT_PART:
        return None
    return FollowUp(shown="", previous=first, first=first, answer_opening="")


def _depends(question: str) -> bool:
    words = tokenize(question)
    if len(words) <= 1:
        stands_alone = bool(words) and (bool(drugs_in(question)) or words[0] not in _GENERAL) and _POINTER.search(question) is None
        return not stands_alone or bool(_STRONG_OPENER.search(question))
    short = len(words) <= 5
    if _STRONG_OPENER.search(question) and len(words) <= 8:
        return True
    pointed = _POINTER.search(_CLEFT.sub(" ", question)) is not None
    return (short and pointed) or (len(words) <= 2 and _OPENER.search(question) is not None) or (pointed and len(words) <= 8)


def mix(own: NDArray[np.float32], context: FollowUp, vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The turn's vector with a little of what it leans on; unit length. `vectors` belong to `context.texts`."""
    by_text = dict(zip(context.texts, vectors, strict=True))
    mixed = own.astype(np.float32).copy()
    weighted = ((context.answer_opening, ANSWER_WEIGHT), (context.first, FIRST_WEIGHT), (context.previous, PREVIOUS_WEIGHT))
    for text, weight in weighted:
        if text:
            mixed += weight * by_text[text]
    return np.asarray(mixed / np.linalg.norm(mixed), dtype=np.float32)
