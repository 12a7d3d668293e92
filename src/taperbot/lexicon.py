"""Lay words and the medical terms that articles use for them.

The packaged list works for any corpus; a corpus adds its own. Terms are only keys for finding a section, never shown as an article's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import yaml

from taperbot.errors import UsageError
from taperbot.tokens import stem, tokenize

_SLACK = 2
"""How many other content words may stand among the words of a lay phrase."""


_NOT = frozenset(
    "not no never cant cannot couldnt wont wouldnt dont doesnt didnt isnt arent wasnt unable without nothing havent hasnt shouldnt".split()
)
_FILLERS = frozenset(
    "a an the my your his her their our its it i im ive id ill me myself you he she they we them this that these those to so just is are be am been was were of"
    " and or really very much too some any all like feel feels feeling felt get gets getting got keep keeps keeping make makes making made have has had having"
    " do does did go goes going will can could would should there here then than as with for from at by if when what how why who which".split()
)
_SET = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One medical term, the lay phrases for it, and who reviewed them."""

    medical: str
    lay: tuple[str, ...]
    reviewed_by: str


class Lexicon:
    """Finds the medical terms behind a message. Immutable; safe for many threads.

    The words of a phrase have to stand together, in any order, with at most one other word between; filler words and endings do not count, and
    all words that say "not" are one. A phrase that has but one word that counts is found as it is written, or in the plural.
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
        """Medical terms whose lay phrase stands in `text`, each with the tokens of the words that led to it."""
        written, stems = _read(text)
        found: dict[str, frozenset[str]] = {}
        for place, stem_here in enumerate(stems):
            for phrase, medical in self._together.get(stem_here, ()):
                reach = stems[place : place + len(phrase) + _SLACK]
                if phrase.issubset(reach):
                    said = " ".join(word for word, one in zip(written[place:], reach, strict=False) if one in phrase)
                    found[medical] = found.get(medical, frozenset()) | frozenset(tokenize(said))
        plain = f" {_plain(text)} "
        for word in plain.split():
            for one in {word, word.removesuffix("s")}:
                for literal, medical in self._literal.get(one, ()):
                    if f" {literal} " in plain or f" {literal}s " in plain:
                        found[medical] = found.get(medical, frozenset()) | frozenset(tokenize(literal))
        return found

    def _add(self, phrase: str, medical: str) -> None:
        words = frozenset(_read(phrase)[1])
        if len(words) > 1:
            for word in words:
                self._together.setdefault(word, []).append((words, medical))
        else:
            plain = _plain(phrase)
            self._literal.setdefault(plain.split()[0], []).append((plain, medical))


def _read(text: str) -> tuple[list[str], list[str]]:
    """The words of `text` that count, as written and by their stems."""
    written = [word for word in _plain(text).split() if word not in _FILLERS]
    return written, ["not" if word in _NOT else stem(word) for word in written]


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
    sets = raw.get("sets", {}) if isinstance(raw, dict) else {}
    if not isinstance(listed, list) or not isinstance(sets, dict):
        raise UsageError(f"{name}: wanted a list under `entries`, and named lists of words under `sets` if any.")
    found = (_entry(item, f"{name}, entry {number}") for number, item in enumerate(listed, 1))
    return tuple(replace(entry, lay=tuple(one for phrase in entry.lay for one in _expanded(phrase, sets, name))) for entry in found)


def _expanded(phrase: str, sets: dict[str, list[str]], name: str) -> list[str]:
    """A phrase for each word of the sets it names: "<body> <jump>"."""
    slot = _SET.search(phrase)
    if slot is None:
        return [phrase]
    if slot[1] not in sets:
        raise UsageError(f"{name}: {phrase!r} names the set {slot[1]!r}; there are: {', '.join(sets) or 'none'}.")
    return [one for word in sets[slot[1]] for one in _expanded(phrase.replace(slot[0], str(word), 1), sets, name)]


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
