"""Numbers, units, doses, durations and the direction of statements, read out of plain text. Pure; used by the answer contract and by composing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from taperbot.tokens import tokenize

_WORDS = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "seventy": 70.0,
    "eighty": 80.0,
    "ninety": 90.0,
    "hundred": 100.0,
}
_WORDS |= {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "double": 2.0, "twice": 2.0, "dozen": 12.0, "thousand": 1000.0}
_WEAK = frozenset({"one", "half", "third", "quarter", "double", "twice", "zero"})
"""Number words that are mostly not amounts; they count only in front of a unit."""

_UNITS = {
    "mg": "mg", "mgs": "mg", "milligram": "mg", "mcg": "mcg", "ug": "mcg", "microgram": "mcg", "g": "g", "gram": "g", "kg": "kg", "ml": "ml",
    "millilitre": "ml", "milliliter": "ml", "iu": "iu", "l": "litre", "litre": "litre", "liter": "litre", "%": "%", "percent": "%", "per cent": "%",
    "second": "second", "sec": "second", "s": "second", "minute": "minute", "min": "minute", "hour": "hour", "hr": "hour", "h": "hour", "day": "day",
    "night": "night", "week": "week", "fortnight": "fortnight", "month": "month", "year": "year", "tablet": "tablet", "pill": "tablet",
    "capsule": "capsule", "drop": "drop", "cup": "cup", "time": "time", "fold": "time",
}  # fmt: skip
DURATION_UNITS = frozenset({"second", "minute", "hour", "day", "night", "week", "fortnight", "month", "year"})
DOSE_UNITS = frozenset({"mg", "mcg", "g", "kg", "ml", "iu", "%", "tablet", "capsule", "drop"})

_FIGURE = r"\d+(?:[.,]\d+)*"
_NAME = "|".join(sorted(_WORDS, key=len, reverse=True))
_VALUE = rf"(?:{_FIGURE}|\b(?:{_NAME})\b)"
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<first>{_VALUE})(?P<rest>(?:\s?(?:-|to|or|and)\s?{_VALUE})*)\s?-?\s?(?:(?P<unit>{_UNIT})(?:s|es)?(?![a-z]))?",
)
_UNIT_WORD = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(DURATION_UNITS))})s?(?![a-z])")
_SIGNS = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "µ": "u", "μ": "u", "½": "0.5", "¼": "0.25", "’": "'"})

_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|rarely|unlikely|avoid|avoids|avoiding|lack|lacks|lacking|isn|aren|wasn|weren"
    r"|don|doesn|didn|won|wouldn|can|couldn|shouldn|hasn|haven|hadn)(?='t\b)|\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|rarely"
    r"|unlikely|avoid|avoids|avoiding|lack|lacks|lacking)\b"
)
_OPPOSITES = (
    ("increas", "decreas"), ("increas", "reduc"), ("rais", "lower"), ("wors", "better"), ("worsen", "improv"), ("wors", "eas"), ("safe", "unsafe"),
    ("safe", "danger"), ("harmless", "harm"), ("benign", "serious"), ("fast", "slow"), ("faster", "slower"), ("rapid", "slow"), ("quick", "slow"),
    ("shorter", "longer"), ("short", "long"), ("start", "stop"), ("begin", "stop"), ("temporari", "perman"), ("common", "rare"), ("more", "less"),
    ("higher", "lower"), ("high", "low"), ("before", "after"), ("alway", "never"), ("all", "none"), ("reliev", "trigger"), ("help", "harm"),
    ("prevent", "caus"), ("must", "may"), ("effect", "ineffect"), ("proven", "unproven"), ("allow", "forbid"), ("enough", "insuffici"),
    ("rest", "movement"), ("shorten", "prolong"), ("agonist", "antagonist"), ("likely", "unlik"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """One stated quantity: a value, or the values of a range in order, with its unit ("" for a bare number)."""

    values: tuple[float, ...]
    unit: str

    @property
    def is_dose(self) -> bool:
        """A quantity of something taken, or a share of it."""
        return self.unit in DOSE_UNITS


def amounts(text: str) -> frozenset[Amount]:
    """Every quantity in `text`, figures and number words alike."""
    return frozenset(amount for match in _AMOUNT.finditer(_folded(text)) if (amount := _amount(match)) is not None)


def unit_words(text: str) -> frozenset[str]:
    """Units of time named in `text`, with or without a number ("for weeks")."""
    return frozenset(match.group().removesuffix("s") for match in _UNIT_WORD.finditer(_folded(text)))


def negations(text: str) -> int:
    """How many words of `text` turn a statement round."""
    return len(_NEGATIONS.findall(_folded(text)))


def contradicts(sentence: str, quote: str) -> bool:
    """True when `sentence` uses one of two opposite words where `quote` has only the other."""
    said, given = set(_stems(sentence)), set(_stems(quote))
    for one, other in _OPPOSITES:
        for here, there in ((one, other), (other, one)):
            if here in said and here not in given and there in given and there not in said:
                return True
    return False


def _stems(text: str) -> list[str]:
    bare = [
        word
        for word in re.findall(r"[a-z]+", _folded(text))
        if word in {"before", "after", "all", "none", "always", "never", "more", "less", "must", "may"}
    ]
    return tokenize(text) + ["alway" if word == "always" else word for word in bare]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).lower()


def _amount(match: re.Match[str]) -> Amount | None:
    unit = _UNITS.get(match["unit"] or "", "")
    parts = [match["first"], *re.findall(_VALUE, match["rest"])]
    if not unit and all(part in _WEAK for part in parts):
        return None
    return Amount(tuple(_value(part) for part in parts), unit)


def _value(text: str) -> float:
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return float(re.sub(r"[.,]", "", text))
