"""One text judged by the patterns alone: which levels it holds, how surely, and where the classifier's word would not count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from taperbot.records import Certainty, Level
from taperbot.triage.inflect import inflections
from taperbot.triage.language import may_be
from taperbot.triage.lists import triage_file
from taperbot.triage.normalize import normalize
from taperbot.triage.patterns import Pattern, is_taken_back, possible_patterns, spans_of, without_idioms
from taperbot.triage.scope import BEREAVEMENT, HYPOTHETICAL, guard_of, is_textbook

_CRISIS_DESPITE = frozenset({HYPOTHETICAL})
TAKEN_BACK = "taken back"
"""The guard of a pattern's own `unless` phrases."""
_NO_GUARDS = frozenset({Level.INJECTION, Level.DOSING, Level.OFF_TOPIC})
_DANGER_LINE = re.compile(
    r"(?<![^ ])(?:seiz\w+|convuls\w+|fits|epilep\w+|suicid\w+|abrupt\w*|sudden\w*|cold turkey|overnight|alcohol|drinking|drink|"
    r"wine|beer|vodka|opioids?|opiates?|"
    r"methadone|codeine|oxycodone|tramadol|morphine|heroin|fentanyl|overdos\w+|kill\w*|(?:stop|stopping|quit|"
    r"quitting) (?:all )?(?:at once|completely|straight away))"
    r" "
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A pattern found and counted."""

    level: Level
    certainty: Certainty
    pattern_id: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """`text` is normalized. Where a guard or an idiom holds, it is `guarded`; `guards` are those that hold a danger phrase back."""

    text: str
    marks: tuple[Mark, ...]
    guarded: bool
    has_danger_word: bool
    guards: frozenset[str]
    has_topic: bool
    has_topic_stem: bool
    danger_line: bool

    def firm(self, level: Level) -> bool:
        """Whether a pattern says so firmly."""
        return any(mark.level is level and mark.certainty is Certainty.FIRM for mark in self.marks)


def judge(message: str) -> Judgement:
    """The patterns' view of one message, without its history."""
    text = normalize(message)
    masked, idiom_spans = without_idioms(text)
    marks, guards = _marks(masked)
    stem, word = _topics(masked)
    return Judgement(
        text=text,
        marks=marks,
        guarded=bool(idiom_spans or guards) or _all_textbook(text),
        guards=guards,
        has_danger_word=not _danger_words().isdisjoint(masked.split()),
        has_topic=stem or word,
        has_topic_stem=stem,
        danger_line=bool(_DANGER_LINE.search(masked)),
    )


def _marks(text: str) -> tuple[tuple[Mark, ...], frozenset[str]]:
    """What counts, and the guards that hold danger phrases back."""
    words = frozenset(text.split())
    marks: list[Mark] = []
    guards: set[str] = set()
    found, possible = possible_patterns(words)
    for pattern in found:
        if pattern.language and not may_be(text, pattern.language):
            continue
        guards |= _counted(pattern, text, words, possible, marks)
    return tuple(dict.fromkeys(marks)), frozenset(guards)


def _counted(pattern: Pattern, text: str, words: frozenset[str], possible: frozenset[int], marks: list[Mark]) -> set[str]:
    """Adds to `marks` what counts of one pattern; returns the guards that hold it back."""
    spans = spans_of(pattern, text, words, possible)
    if pattern.level in _NO_GUARDS:
        marks.extend(Mark(pattern.level, pattern.certainty, pattern.pattern_id) for _ in spans[:1])
        return set()
    if spans and is_taken_back(pattern, text, words):
        return {TAKEN_BACK}
    despite = pattern.despite | (_CRISIS_DESPITE if pattern.level is Level.CRISIS else frozenset())
    guards = [guard_of(text, start, end, despite) for start, end in spans]
    free = [guard is None for guard in guards]
    if any(free) if len(pattern.groups) == 1 else (bool(free) and all(free)):
        marks.append(Mark(pattern.level, pattern.certainty, pattern.pattern_id))
    elif BEREAVEMENT in guards and pattern.level is Level.CRISIS:
        marks.append(Mark(pattern.level, Certainty.SOFT, pattern.pattern_id))
    return {guard for guard in guards if guard is not None}


def _all_textbook(text: str) -> bool:
    sentences = [sentence for sentence in re.findall(r"[^.?]+(?:[.?] )?", text) if sentence.strip()]
    return bool(sentences) and all(is_textbook(sentence) for sentence in sentences)


@lru_cache(maxsize=1)
def _danger_words() -> frozenset[str]:
    """Every form of the words a grave message can hardly do without; they count only where the classifier agrees."""
    listed = [word for words in triage_file("danger_words.yaml").values() for word in words.split()]
    return frozenset(form for word in listed for form in (inflections(word[:-1]) if word.endswith("+") else (word,)))


@lru_cache(maxsize=1)
def _topic_lists() -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    raw = triage_file("topic.yaml")
    return tuple(raw["stems"].split()), frozenset(raw["words"].split()), frozenset([*raw["small_talk"].split(), ".", ",", "?"])


def _topics(text: str) -> tuple[bool, bool]:
    """Whether a word begins with a topic stem (or all is small talk), and whether one is a topic word."""
    stems, listed, small_talk = _topic_lists()
    words = text.split()
    return any(word.startswith(stems) for word in words) or small_talk.issuperset(words), any(word in listed for word in words)
