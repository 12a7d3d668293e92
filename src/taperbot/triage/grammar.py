"""The small phrase language of the pattern files, turned into regular expressions.

    word        that word                    verb+       every form of the verb
    <name>      a word class of words.yaml   (a|b c)     one of these
    [a|b]       may be there or not          _           any one word
    ~           up to four words             ~~          up to nine words
    .  ,  ?     that mark                    ^  $        the start of a clause; the end of the text

Gaps never cross punctuation. Everything else is read as a regular expression on one word (`\\d+`); brackets mean
    "optional"
and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from taperbot.triage.inflect import inflections

_WORD = r"(?![.,?] )[^ ]+"
_GAPS = {"~": 4, "~~": 9}
_INFLECTED = re.compile(r"([a-z]+)\+")
_CLASS = re.compile(r"<([a-z_]+)>")
_PLAIN = re.compile(r"[\w'%-]+")


class WordClasses:
    """Named lists of words and phrases; a phrase may use the phrase language itself, and other classes."""

    def __init__(self, lists: Mapping[str, list[str]]) -> None:
        self._lists = {name: tuple(str(item) for item in items) for name, items in lists.items()}
        self._regexes: dict[str, str] = {}
        self._firsts: dict[str, frozenset[str] | None] = {}

    def regex(self, name: str) -> str:
        """The class as a group; longer phrases are tried first."""
        if name not in self._regexes:
            ordered = sorted(self._lists[name], key=len, reverse=True)
            self._regexes[name] = f"(?:{'|'.join(expand(item, self) for item in ordered)})"
        return self._regexes[name]

    def first_words(self, name: str) -> frozenset[str] | None:
        """The words any member can begin with, or None when that is open."""
        if name not in self._firsts:
            self._firsts[name] = _union(first_words(item, self) for item in self._lists[name])
        return self._firsts[name]


@dataclass(frozen=True)
class Phrase:
    """One pattern. It is compiled when first needed: when a text holds a word of each of its `anchors`."""

    source: str
    classes: WordClasses

    @cached_property
    def anchors(self) -> tuple[frozenset[str], ...]:
        """Sets of words; a text without a word of each cannot match."""
        found = (first_words(part, self.classes) for part in split_top(self.source, " ") if not part.startswith(("[", "~")))
        return tuple(words for words in found if words)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![^ ]){expand(self.source, self.classes)}")

    def finditer(self, text: str, words: frozenset[str]) -> list[tuple[int, int]]:
        """Spans of all matches in `text`, whose words are `words`."""
        for anchor in self.anchors:  # asked a thousand times a message
            if anchor.isdisjoint(words):
                return []
        return [match.span() for match in self.compiled.finditer(text)]


def expand(source: str, classes: WordClasses) -> str:
    """The regular expression of a phrase over a text in which every word is followed by one space."""
    return "".join(_element(part, classes) for part in split_top(source, " "))


def _element(part: str, classes: WordClasses) -> str:
    if part in _GAPS:
        return f"(?:{_WORD} ){{0,{_GAPS[part]}}}?"
    if part.startswith("[") and part.endswith("]"):
        return f"(?:{_alternatives(part[1:-1], classes)})?"
    if part.startswith("(") and part.endswith(")"):
        return f"(?:{_alternatives(part[1:-1], classes)})"
    named, verb = _CLASS.fullmatch(part), _INFLECTED.fullmatch(part)
    if named:
        return classes.regex(named[1])
    if verb:
        return f"(?:{'|'.join(sorted(inflections(verb[1]), key=len, reverse=True))}) "
    if part == "$":
        return r"\Z"
    if part == "^":
        return r"(?:\A|(?<=[.,?] ))"
    if part in (".", ",", "?"):
        return rf"\{part} "
    return f"{_WORD} " if part == "_" else f"{part} "


def _alternatives(inner: str, classes: WordClasses) -> str:
    return "|".join(expand(item, classes) for item in split_top(inner, "|"))


def first_words(source: str, classes: WordClasses) -> frozenset[str] | None:
    """The words a phrase can begin with, or None when that is open."""
    head = split_top(source, " ")[0]
    if head.startswith("[") or head in _GAPS or head in ("_", "$", "^"):
        return None
    if head.startswith("(") and head.endswith(")"):
        return _union(first_words(item, classes) for item in split_top(head[1:-1], "|"))
    named = _CLASS.fullmatch(head)
    if named:
        return classes.first_words(named[1])
    verb = _INFLECTED.fullmatch(head)
    if verb:
        return frozenset(inflections(verb[1]))
    return frozenset([head]) if _PLAIN.fullmatch(head) else None


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    collected: set[str] = set()
    for words in sets:
        if words is None:
            return None
        collected |= words
    return frozenset(collected)


def split_top(source: str, mark: str) -> list[str]:
    """`source` cut at `mark` outside any brackets; empty pieces are dropped."""
    pieces, depth, current = [], 0, ""
    for letter in source:
        depth += (letter in "([") - (letter in ")]")
        if letter == mark and depth == 0:
            pieces.append(current)
            current = ""
        else:
            current += letter
    return [piece for piece in [*pieces, current] if piece]
