"""Lay words and the medical terms that articles use for them.

The packaged list works for any corpus; a corpus adds its own. Terms are only keys for finding a section, never shown as an article's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import yaml

from taperbot.errors import UsageError
from taperbot.tokens import tokenize

_SLACK = 1
"""How many other content words may stand among the words of a lay phrase."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One medical term, the lay phrases for it, and who reviewed them."""

    medical: str
    lay: tuple[str, ...]
    reviewed_by: str


class Lexicon:
    """Finds the medical terms behind a message. Immutable; safe for many threads.

    A phrase of two content words or more is found when they stand together, in any order, with at most one other between. One that leaves a single
    content word is found only as it is written, or in the plural.
    """

    def __init__(self, entries: Sequence[LexiconEntry]) -> None:
        self.entries = tuple(entries)
        self._together: dict[str, list[tuple[frozenset[str], str]]] = {}
        self._literal: dict[str, list[tuple[str, str]]] = {}
        for entry in self.entries:
            for phrase in entry.lay:
                self._add(phrase, entry.medical)

    def terms(self, text: str) -> tuple[str, ...]:
        """Medical terms whose lay phrase stands in `text`, each once."""
        return tuple(self.found(text))

    def found(self, text: str) -> dict[str, frozenset[str]]:
        """Medical terms whose lay phrase stands in `text`, each with the tokens of the phrases that led to it."""
        words = tokenize(text)
        found: dict[str, frozenset[str]] = {}
        for place, word in enumerate(words):
            for phrase, medical in self._together.get(word, ()):
                if phrase.issubset(words[max(0, place - len(phrase) - _SLACK + 1) : place + len(phrase) + _SLACK]):
                    found[medical] = found.get(medical, frozenset()) | phrase
        plain = _plain(text)
        for start in [one for written in plain.split() for one in (written, written.removesuffix("s"))]:
            for literal, medical in self._literal.get(start, ()):
                if f" {literal} " in f" {plain} " or f" {literal}s " in f" {plain} ":
                    found[medical] = found.get(medical, frozenset()) | frozenset(tokenize(literal))
        return found

    def _add(self, phrase: str, medical: str) -> None:
        words = frozenset(tokenize(phrase))
        plain = _plain(phrase)
        if len(words) > 1:
            for word in words:
                self._together.setdefault(word, []).append((words, medical))
        else:
            self._literal.setdefault(plain.split()[0], []).append((plain, medical))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", "")))


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """The packaged lexicon, extended by the file `extra` when it exists. Raises UsageError for a file of the wrong form."""
    packaged = _packaged()
    if extra is None or not extra.is_file():
        return packaged
    return Lexicon((*packaged.entries, *read_entries(extra.read_text("utf-8"), str(extra))))


def read_entries(text: str, name: str) -> tuple[LexiconEntry, ...]:
    """Entries of a lexicon file. Raises UsageError naming the file and the entry that is not of the form wanted."""
    try:
        raw = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise UsageError(f"{name} is not valid YAML: {error}") from None
    listed = raw.get("entries") if isinstance(raw, dict) else raw
    if not isinstance(listed, list):
        raise UsageError(f"{name}: wanted a list under `entries`.")
    return tuple(_entry(item, f"{name}, entry {number}") for number, item in enumerate(listed, 1))


def _entry(item: object, place: str) -> LexiconEntry:
    if not isinstance(item, dict) or set(item) - {"medical", "lay", "reviewed_by"}:
        raise UsageError(f"{place}: wanted the keys medical, lay and reviewed_by, found {item!r}.")
    lay = item.get("lay")
    phrases = [lay] if isinstance(lay, str) else lay
    if not isinstance(item.get("medical"), str) or not isinstance(phrases, list) or not all(isinstance(p, str) for p in phrases):
        raise UsageError(f"{place}: `medical` is one term, `lay` one phrase or a list of phrases.")
    if not item.get("reviewed_by"):
        raise UsageError(f"{place}: `reviewed_by` is missing; a term that nobody reviewed is not used.")
    return LexiconEntry(item["medical"], tuple(phrases), str(item["reviewed_by"]))


@lru_cache(maxsize=1)
def _packaged() -> Lexicon:
    text = files("taperbot.data").joinpath("lexicon.yaml").read_text("utf-8")
    return Lexicon(read_entries(text, "lexicon.yaml"))
