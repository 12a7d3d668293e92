"""Further questions that the articles are known to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from taperbot.records import Passage
from taperbot.tokens import tokenize

MOST_SUGGESTIONS = 3
_LONGEST = 90


def suggestions_for(
    question: str, passages: Sequence[Passage], starters: Sequence[str], is_answered: Callable[[str], bool]
) -> tuple[str, ...]:
    """At most three questions, nearest first: headings of retrieved sections that are questions, then `starters`.

    Only those that `is_answered` says the articles answer, and none that says what was asked.
    """
    asked = set(tokenize(question))
    chosen: list[str] = []
    seen: list[set[str]] = [asked]
    for candidate in [*_headings(passages), *starters]:
        words = set(tokenize(candidate))
        if len(chosen) == MOST_SUGGESTIONS:
            break
        if not words or any(len(words & other) >= 0.6 * len(words | other) for other in seen):
            continue
        seen.append(words)
        if is_answered(candidate):
            chosen.append(candidate)
    return tuple(chosen)


def _headings(passages: Sequence[Passage]) -> list[str]:
    headings = (passage.chunk.section for passage in passages if passage.chunk.heading_path)
    return list(dict.fromkeys(heading for heading in headings if heading.endswith("?") and len(heading) <= _LONGEST))


def remembered(is_answered: Callable[[str], bool], most: int = 4096) -> Callable[[str], bool]:
    """`is_answered` with its results kept; for one generation, since they change with it."""
    return lru_cache(maxsize=most)(is_answered)
