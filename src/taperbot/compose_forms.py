"""Whether a quote has the form of answer that is asked for. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from taperbot.facts import DURATION_UNITS, Amount, amounts
from taperbot.intent import Intent
from taperbot.tokens import tokenize

_DEFINES = re.compile(r"(?P<subject>[^.:;]{2,70}?)\s(?:is|are|means?|refers? to|involves?|describes?)\s", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|due to|caus(?:e|es|ed|ing)|lead(?:s|ing)? to|trigger|driven|driv(?:es|ing)|result|since|amplif|heighten|spikes?|so that|why|comes? from|aris(?:e|es))",
    re.IGNORECASE,
)


def defines(text: str, asked: frozenset[str]) -> bool:
    """True when `text` begins by saying what one of the tokens `asked` is."""
    return bool(asked) and not asked.isdisjoint(_subject(text))


@lru_cache(maxsize=16_384)
def _subject(text: str) -> frozenset[str]:
    """Tokens of what `text` begins by defining; none where it defines nothing."""
    found = _DEFINES.match(text)
    return frozenset(tokenize(found["subject"])) if found else frozenset()


def gives_reason(text: str) -> bool:
    """True when `text` says why something is so."""
    return _REASON.search(text) is not None


def holds_figure(text: str, intent: Intent) -> bool:
    """True when `text` states a quantity of the kind that is asked for."""
    found = amounts(text)
    if intent.wants_dose:
        return any(amount.is_dose for amount in found)
    if intent.wants_duration:
        return any(amount.unit in DURATION_UNITS for amount in found) or _vague_duration(text)
    return any(_is_count(amount) for amount in found)


def _is_count(amount: Amount) -> bool:
    return not (amount.unit == "" and len(amount.values) == 1 and 1900 <= amount.values[0] <= 2100)


def _vague_duration(text: str) -> bool:
    lowered = text.lower()
    return any(f"{unit}s" in lowered for unit in DURATION_UNITS)
