"""The reviewed patterns of data/triage: loaded once, compiled when first needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from taperbot.records import Certainty, Level
from taperbot.triage.grammar import Phrase
from taperbot.triage.lists import triage_file, word_classes

PATTERN_LEVELS = (Level.EMERGENCY, Level.CRISIS, Level.URGENT, Level.INJECTION, Level.DOSING, Level.OFF_TOPIC)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One reviewed entry. It is found where one phrase of each group is; `despite` names the guards that do not apply to it,
    `unless` holds phrases that take it back anywhere in the message.

    `match` is a message it must be found in, `miss` one it must not count in.
    """

    pattern_id: str
    level: Level
    certainty: Certainty
    groups: tuple[tuple[Phrase, ...], ...]
    despite: frozenset[str]
    unless: tuple[Phrase, ...]
    language: str
    match: str
    miss: str


@dataclass(frozen=True, slots=True)
class Idiom:
    """A class of harmless phrases built on a signal word; `match` is a message that holds one."""

    phrases: tuple[Phrase, ...]
    match: str


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """All patterns, gravest level first."""
    return tuple(_pattern(level, entry) for level in PATTERN_LEVELS for entry in triage_file(f"{level.value}.yaml"))


@lru_cache(maxsize=1)
def idioms() -> tuple[Idiom, ...]:
    """All idiom classes."""
    return tuple(Idiom(_phrases(entry["any"]), entry["match"]) for entry in triage_file("idioms.yaml"))


def possible_patterns(words: frozenset[str]) -> tuple[list[Pattern], frozenset[int]]:
    """The patterns that a text of these words can hold, gravest first, and the ids of the phrases it can hold.

    A message holds words of few of the thousand phrases; asking each of them takes most of the time of triage.
    """
    possible = _possible(words)
    return [pattern for pattern, groups in _grouped() if not any(ids.isdisjoint(possible) for ids in groups)], possible


@lru_cache(maxsize=1)
def _grouped() -> tuple[tuple[Pattern, tuple[frozenset[int], ...]], ...]:
    return tuple((pattern, tuple(frozenset(map(id, group)) for group in pattern.groups)) for pattern in patterns())


@lru_cache(maxsize=1)
def _by_word() -> tuple[dict[str, list[int]], frozenset[int]]:
    """Phrases by the words of their narrowest anchor, and those without one. Patterns and idioms live as long as the process, so ids stay theirs."""
    phrases = [phrase for pattern in patterns() for group in pattern.groups for phrase in group]
    phrases += [phrase for idiom in idioms() for phrase in idiom.phrases]
    found: dict[str, list[int]] = {}
    for phrase in phrases:
        for word in min(phrase.anchors, key=len, default=()):
            found.setdefault(word, []).append(id(phrase))
    return found, frozenset(id(phrase) for phrase in phrases if not phrase.anchors)


def _possible(words: frozenset[str]) -> frozenset[int]:
    by_word, always = _by_word()
    return always.union(*(by_word[word] for word in words if word in by_word))


def spans_of(pattern: Pattern, text: str, words: frozenset[str], possible: frozenset[int]) -> list[tuple[int, int]]:
    """Where `pattern` is found in a normalized text; for a pattern of several groups one span of each, or none at all."""
    found = [list(_spans(group, text, words, possible)) for group in pattern.groups]
    if len(found) == 1:
        return found[0]
    return [spans[0] for spans in found] if all(found) else []


def is_taken_back(pattern: Pattern, text: str, words: frozenset[str]) -> bool:
    """Whether the text holds one of the pattern's `unless` phrases."""
    return any(phrase.finditer(text, words) for phrase in pattern.unless)


def without_idioms(text: str) -> tuple[str, list[tuple[int, int]]]:
    """`text` of the same length with every idiom's words overwritten, and the spans that were."""
    words = frozenset(text.split())
    possible = _possible(words)
    spans = [span for idiom in idioms() for span in _spans(idiom.phrases, text, words, possible)]
    for start, end in spans:
        blanked = " ".join("_" * len(word) for word in text[start:end].rstrip().split(" "))
        text = text[:start] + blanked.ljust(end - start) + text[end:]
    return text, spans


def _spans(phrases: Iterable[Phrase], text: str, words: frozenset[str], possible: frozenset[int]) -> Iterator[tuple[int, int]]:
    for phrase in phrases:
        if id(phrase) in possible:
            yield from phrase.finditer(text, words)


def _pattern(level: Level, entry: dict[str, Any]) -> Pattern:
    groups = (entry["any"],) if "any" in entry else tuple(group if isinstance(group, list) else [group] for group in entry["all"])
    return Pattern(
        pattern_id=entry["id"],
        level=level,
        certainty=Certainty(entry.get("certainty", Certainty.FIRM)),
        groups=tuple(_phrases(group) for group in groups),
        despite=frozenset(entry.get("despite", ())),
        unless=_phrases(entry.get("unless", ())),
        language=entry.get("language", ""),
        match=entry["match"],
        miss=entry["miss"],
    )


def _phrases(sources: Iterable[str]) -> tuple[Phrase, ...]:
    classes = word_classes()
    return tuple(Phrase(str(source).strip(), classes) for source in sources)
