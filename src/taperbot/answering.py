"""From the queries of one turn to what the articles give: an answer, the nearest passage, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from taperbot.bands import Bands, shipped_bands
from taperbot.check import Checked, check
from taperbot.compose import Composed, compose
from taperbot.draft import Draft, Line, Source
from taperbot.evidence import Read
from taperbot.query import Query
from taperbot.records import Article, Nearest, Outcome, Passage, Quote
from taperbot.retrieve import Index, Retrieved, retrieve
from taperbot.rules import contradicted_by_rules

PASSAGES = 20
MOST_NEAREST = 3
FIRST_SHARE = 0.6
ON_TOPIC, ON_TOPIC_HEADING = 0.42, 0.55
"""Cosine of a passage, or of its heading, with the question from which the articles are about it: of 245 off-topic messages that only a classifier
called so, none came that near and had an answer, of 96 golden questions, 81."""
SAME_QUESTION = 0.85
"""Cosine from which a section's heading, or a lay phrasing kept for it, is the question in other words."""


class Articles(Index, Protocol):
    """The part of a generation that answering reads."""

    @property
    def bands(self) -> Bands | None:
        """Bands fitted by the build, or None."""

    def article(self, article_id: str) -> Article | None:
        """The article, or None."""


@dataclass(frozen=True, slots=True)
class Part:
    """One question of the turn with what was found for it."""

    query: Query
    passages: tuple[Passage, ...]
    composed: Composed
    outcome: Outcome
    probability: float

    @property
    def words(self) -> int:
        """Words of its draft, when it is shown."""
        return sum(len(line.text.split()) for line in self.composed.draft.lines) if self.outcome is Outcome.ANSWER else 0


@dataclass(frozen=True, slots=True)
class Findings:
    """What the articles give. `nearest` names articles when they do not answer, `disagreement` those whose figures differ; times are in milliseconds.

    `follow_up` is the earlier question that the turn was read with, or "".
    """

    outcome: Outcome
    checked: Checked
    parts: tuple[Part, ...]
    nearest: tuple[Nearest, ...] = ()
    disagreement: tuple[str, ...] = ()
    retrieve_ms: float = 0.0
    compose_ms: float = 0.0
    follow_up: str = ""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage retrieved in this turn, each once."""
        return tuple({passage.row: passage for part in self.parts for passage in part.passages}.values())


Reorder = Callable[[str, Sequence[Passage]], Sequence[Passage]]
"""The same passages for a question, best first, scored anew in [0, 1]."""


def find_answer(
    index: Articles, queries: Sequence[Query], words: int, reorder: Reorder | None = None, read: Read | None = None
) -> Findings:
    """What the articles say to `queries`, in about `words` words altogether; `read` is the cross-encoder for quotes, where there is one."""
    started = time.perf_counter()
    found = [(query, retrieve_in_order(index, query, reorder)) for query in queries]
    searched = time.perf_counter()
    parts = _parts(index, found, words, read)
    findings = _findings(index, parts)
    done = time.perf_counter()
    return replace(findings, retrieve_ms=(searched - started) * 1000, compose_ms=(done - searched) * 1000)


def retrieve_in_order(index: Articles, query: Query, reorder: Reorder | None, k: int = PASSAGES) -> Retrieved:
    """The best `k` passages for one question, put in another order where `reorder` is given."""
    found = retrieve(index, query, k)
    return found if reorder is None else replace(found, passages=tuple(reorder(query.text, found.passages)))


def _parts(index: Articles, found: Sequence[tuple[Query, Retrieved]], words: int, read: Read | None) -> tuple[Part, ...]:
    """Each question in turn; the first of several may take FIRST_SHARE of the words, the others what is left."""
    parts: list[Part] = []
    for place, (query, retrieved) in enumerate(found):
        left = words - sum(part.words for part in parts)
        parts.append(_part(index, query, retrieved, left if place == len(found) - 1 else int(left * FIRST_SHARE), read))
    return tuple(parts)


def _part(index: Articles, query: Query, retrieved: Retrieved, words: int, read: Read | None) -> Part:
    composed = compose(query, retrieved, index.article, words, read)
    bands = index.bands or shipped_bands()
    probability = bands.probability(composed.signs)
    outcome = bands.outcome(composed.signs) if composed.quotes else Outcome.ABSTAIN
    if contradicted_by_rules(query, composed.quotes):
        outcome = Outcome.NEAREST if outcome is Outcome.ANSWER else outcome
    elif outcome is Outcome.NEAREST and query.heard:
        # Short and leaning on what was asked before, it has fewer signs to show than a question that stands alone.
        outcome = Outcome.ANSWER
    elif composed.quotes and opens_with(retrieved.passages, composed.quotes[0]) >= SAME_QUESTION:
        outcome = Outcome.ANSWER
    return Part(query, retrieved.passages, composed, outcome, probability)


def is_about_the_articles(findings: Findings) -> bool:
    """Whether the articles answer, or nearly, and hold a passage or heading so near that the question cannot be about something else."""
    if any(passage.opening >= SAME_QUESTION for passage in findings.passages):
        return findings.outcome is not Outcome.ABSTAIN
    return findings.outcome is Outcome.ANSWER and any(
        passage.cosine >= ON_TOPIC or passage.opening >= ON_TOPIC_HEADING for passage in findings.passages
    )


def opens_with(passages: Sequence[Passage], quote: Quote) -> float:
    """How near the heading, or a lay phrasing, of the section of `quote` comes to the question."""
    return max((passage.opening for passage in passages if passage.chunk.chunk_id == quote.chunk_id), default=0.0)


def _findings(index: Articles, parts: tuple[Part, ...]) -> Findings:
    passages = tuple(passage for part in parts for passage in part.passages)
    nearest = _nearest(passages)
    if any(part.outcome is Outcome.ANSWER for part in parts):
        # Beside a part that is answered, one that nearly is helps more than its silence.
        answered = [part for part in parts if part.outcome is not Outcome.ABSTAIN]
        checked = check(_joined(answered), passages, _articles(index, answered))
        if checked.sentences:
            return Findings(
                Outcome.ANSWER, checked, parts, disagreement=tuple(one for part in answered for one in part.composed.disagreement)
            )
    near = [part for part in parts if part.outcome is not Outcome.ABSTAIN]
    if near:
        best = max(near, key=lambda part: part.probability)
        checked = check(_first(best.composed), passages, _articles(index, [best]))
        if checked.sentences:
            return Findings(Outcome.NEAREST, checked, parts, nearest)
    return Findings(Outcome.ABSTAIN, Checked(), parts, nearest)


def _articles(index: Articles, parts: Sequence[Part]) -> dict[str, Article]:
    """The articles that the drafts of `parts` rest on, by id."""
    ids = {source.article_id for part in parts for line in part.composed.draft.lines for source in line.sources}
    found = {article_id: index.article(article_id) for article_id in ids}
    return {article_id: article for article_id, article in found.items() if article is not None}


def _joined(parts: Sequence[Part]) -> Draft:
    """The lines of all parts; what overlaps with a line of an earlier part is not said again."""
    lines: list[Line] = []
    for part in parts:
        earlier = [source for line in lines for source in line.sources]
        lines += [line for line in part.composed.draft.lines if not any(_overlap(one, other) for one in line.sources for other in earlier)]
    return Draft(tuple(lines), tuple(cut for part in parts for cut in part.composed.draft.shown_of))


def _overlap(one: Source, other: Source) -> bool:
    return one.article_id == other.article_id and one.start < other.end and other.start < one.end


def _first(composed: Composed) -> Draft:
    """The lines of the best quote alone."""
    if not composed.draft.lines:
        return Draft()
    sources = composed.draft.lines[0].sources
    return Draft(tuple(line for line in composed.draft.lines if line.sources == sources), composed.draft.shown_of[:1])


def _nearest(passages: Sequence[Passage]) -> tuple[Nearest, ...]:
    titles = {passage.chunk.article_id: passage.chunk.title for passage in passages}
    return tuple(Nearest(article_id, title) for article_id, title in list(titles.items())[:MOST_NEAREST])
