"""The output side: what no sentence of our own, or of a language model, may say to a reader, and what not even a quote may say.

A pure function over plain text; the answer contract calls it and withholds what it objects to.
"""

from __future__ import annotations

import re
from enum import StrEnum

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_CHANGE = (
    r"(?:re-?start|reinstate|resume|stop|quit|discontinue|come off|take|use|try|swallow|skip|double|halve|split|crush|increase|"
    r"raise|up|reduce|lower|cut|drop|"
    r"decrease|hold|switch|swap|change|adjust|taper|updose|go back|go up|go down|start|begin|add|replace)"
)
_MEDICINE = (
    r"(?:dose|doses|dosage|medicine|medicines|medication|meds|tablet|tablets|pill|pills|capsule|capsules|amount|benzo\w*|taper|"
    r"schedule|\w+(?:pam|lam|zepate|clone|"
    r"pidem)\b|supplement|magnesium|melatonin|it|them|mg|milligrams?|half|quarter|by \d+|to \d+|\d+ ?(?:mg|%|percent|ml|mcg)| ?mg)"
)
_TELLS = re.compile(
    rf"\b(?:you (?:should|must|can|may|need to|have to|ought to|might want to|will want to|are fine to|are safe to|would do well "
    rf"to)(?: now| then| just| safely| simply)?|"
    rf"(?:i|we) (?:recommend|suggest|advise|would)(?: that you| you)?(?: to)?|(?:try|consider|start by|begin by|go ahead and|it "
    rf"is (?:safe|fine|ok|best) (?:for you )?to|"
    rf"your (?:next|first) (?:cut|dose|step) (?:is|should be|would be)))\s+(?:(?=\d)|{_CHANGE}(?:ping|ting|ing|ling|ning)?|(?:tak|"
    rf"us|reduc|increas|chang|decreas|halv|doubl|rais)ing|\d)"
    rf"(?:[^.!?]|\.(?=\d))*?(?:\b|(?<=\d)){_MEDICINE}",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    rf"^\W*(?:then |now |so |please |just |simply |next,? )*{_CHANGE}\b(?! care| part| note| time| place| notes)[^.!?]*\b{_MEDICINE}",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|never|no one|nobody|without|before you|rather than|don't|do not|cannot|can not|should(?:n't| not)|avoid)\b", re.IGNORECASE
)
_NAMED = (
    r"ld ?50|"
    r"\d[\d.,]*\s*(?:mg|g|milligrams?|tablets?|pills?|x)\b[^.!?]*\b(?:kills?|fatal|lethal|deadly|death|die|never wake|overdose)|"
    r"(?:kills?|fatal|lethal|deadly|overdose)[^.!?]*\b\d[\d.,]*\s*(?:mg|g|milligrams?|tablets?|pills?)\b|"
    r"(?:painless|easiest|quickest|surest|best|effective) (?:way|method)s? (?:to|of) (?:die|dying|kill|end|suicide|overdos\w+)|"
    r"(?:to|by) (?:overdose|overdosing|hang(?:ing)? (?:yourself|oneself)|jump(?:ing)? (?:off|from) a|cut(?:ting)? (?:your|the) wrists?)"
)
_METHOD = re.compile(rf"\b(?:{_NAMED})\b", re.IGNORECASE)
_LETHAL = re.compile(
    r"\b(?:(?:lethal|fatal|deadly|toxic) (?:dose|amount|quantity|level|combination|number|threshold)|(?:enough|sufficient) "
    rf"to (?:kill|die|be fatal|end (?:your|a) life)|{_NAMED})\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d[\d.,]*\s*(?:%|per ?cent|percent)", re.IGNORECASE)
_MILLIGRAMS = re.compile(r"\d[\d.,]*\s*(?:mg|mcg|milligrams?|micrograms?|ml)\b", re.IGNORECASE)


class Objection(StrEnum):
    """Why a text may not be shown."""

    TELLS_TO_CHANGE = "tells a reader to restart, stop, take or change a medicine"
    METHOD_OR_LETHAL_AMOUNT = "names a method or a lethal amount"
    PERCENTAGE_WORKED_OUT = "turns a percentage into an amount"


def objections(text: str) -> tuple[Objection, ...]:
    """What `text`, being our own or a model's words, says that it must not; empty when it may be shown."""
    found = []
    sentences = [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip()]
    if any(_tells_to_change(sentence) for sentence in sentences):
        found.append(Objection.TELLS_TO_CHANGE)
    if any(_LETHAL.search(sentence) for sentence in sentences):
        found.append(Objection.METHOD_OR_LETHAL_AMOUNT)
    if any(_PERCENT.search(sentence) and _MILLIGRAMS.search(sentence) for sentence in sentences) or _is_worked_out(text):
        found.append(Objection.PERCENTAGE_WORKED_OUT)
    return tuple(found)


def names_a_method(text: str) -> bool:
    """Whether `text`, an article's sentence included, names a method of suicide or an amount that kills."""
    return any(_METHOD.search(sentence) for sentence in _SENTENCE_END.split(text))


def _tells_to_change(sentence: str) -> bool:
    told = _TELLS.search(sentence) or _ORDERS.search(sentence)
    return bool(told and not _NOT.search(sentence[: told.end()]))


def _is_worked_out(text: str) -> bool:
    """A percentage in one sentence whose amount follows in the next ("Cut 10 %. That is 2 mg.")."""
    return bool(
        re.search(
            r"(?:%|per ?cent)[^\n]{0,80}\b(?:that is|which is|equals|makes|i\.e\.|so|works out|comes to|"
            r"=)[^\n]{0,40}\d[\d.,]*\s*(?:mg|mcg|ml)\b",
            text,
            re.IGNORECASE,
        )
    )
