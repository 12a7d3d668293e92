"""How well each quote of the retrieved passages answers a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from taperbot.evidence import Evidence, Scores, normalized
from taperbot.facts import DURATION_UNITS, Amount, amounts
from taperbot.intent import Intent
from taperbot.query import Query
from taperbot.records import Passage, Quote, QuoteKind
from taperbot.tokens import tokenize

COSINE_SHARE = 0.4
ASPECT_SHARE = 0.33
BM25_SHARE = 0.26
CLOSENESS_SHARE = 0.3
PASSAGE_SHARE = 0.6
SHORT_WORDS = 6
SHORT_FACTOR = 0.8
ANAPHORA_FACTOR = 0.95
_ANAPHORA = re.compile(
    r"(?:so |but |and |yet |then )?(?:it|this|that|they|these|those|such|its|their|he|she|both|others|other people|one reason|the same|for this reason)\b",
    re.IGNORECASE,
)
"""Openings that lean on the sentence before, which is not shown."""
FIGURE_BONUS = 0.15
LEAD_BONUS = 0.45
NEAR_HEADING = 0.65
DEFINITION_BONUS = 0.1
REASON_BONUS = 0.12
SECTION_BONUS = 0.03
_DEFINES = re.compile(r"(?P<subject>[^.:;]{2,70}?)\s(?:is|are|means?|refers? to|involves?|describes?)\s", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|due to|caus(?:e|es|ed|ing)|lead(?:s|ing)? to|trigger|driven|driv(?:es|ing)|result|since|amplif|heighten|spikes?|so that|why|comes? from|aris(?:e|es))",
    re.IGNORECASE,
)
_SELF_CONTAINED = (QuoteKind.TABLE_CELL, QuoteKind.LIST_ITEM, QuoteKind.TABLE_ROW, QuoteKind.FAQ_ANSWER)


@dataclass(frozen=True, slots=True)
class Scored:
    """Quotes that can be an answer with their scores; about [0, 1]."""

    evidence: Evidence
    scores: Scores

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes, in the order of the scores."""
        return self.evidence.quotes


def score_quotes(query: Query, intent: Intent, passages: Sequence[Passage], evidence: Evidence) -> Scored:
    """Every quote of `evidence`, which is of `passages`."""
    around = {passage.chunk.chunk_id: passage.score for passage in passages}
    scores = (
        COSINE_SHARE * normalized(evidence.cosines)
        + ASPECT_SHARE * normalized(evidence.aspects)
        + BM25_SHARE * normalized(evidence.bm25)
        + CLOSENESS_SHARE * normalized(evidence.nearness)
        + PASSAGE_SHARE * np.array([around[quote.chunk_id] for quote in evidence.quotes], np.float32)
    )
    return Scored(evidence, np.asarray(scores * _fitness(evidence.quotes, query, intent) * _leads(evidence.quotes, passages), np.float32))


def _fitness(quotes: Sequence[Quote], query: Query, intent: Intent) -> Scores:
    """A factor per quote: down for scraps, up for a quote of the kind asked for."""
    asked = frozenset(query.tokens)
    return np.array([_factor(quote, asked, intent) for quote in quotes], np.float32)


def _leads(quotes: Sequence[Quote], passages: Sequence[Passage]) -> Scores:
    """A factor per quote: up for what a section opens with, the more so the nearer its heading is to the question."""
    near = {passage.chunk.chunk_id: passage.opening for passage in passages}
    nearness = [near[quote.chunk_id] if leads else 0.0 for quote, leads in zip(quotes, opening_quotes(quotes), strict=True)]
    above = (np.array(nearness, np.float32) - NEAR_HEADING) / (1 - NEAR_HEADING)
    return np.asarray(1 + LEAD_BONUS * np.clip(above, 0.0, 1.0), np.float32)


def opening_quotes(quotes: Sequence[Quote]) -> list[bool]:
    """For each quote whether its section opens with it."""
    opens: dict[str, int] = {}
    for quote in quotes:
        opens[quote.chunk_id] = min(quote.start, opens.get(quote.chunk_id, quote.start))
    return [quote.start == opens[quote.chunk_id] for quote in quotes]


def _factor(quote: Quote, asked: frozenset[str], intent: Intent) -> float:
    factor = 1.0
    if quote.kind not in _SELF_CONTAINED and len(quote.text.split()) <= SHORT_WORDS:
        factor *= SHORT_FACTOR
    if quote.kind in (QuoteKind.SENTENCE, QuoteKind.PAIR) and _ANAPHORA.match(quote.text):
        factor *= ANAPHORA_FACTOR
    if intent.wants_figure and holds_figure(quote.text, intent):
        factor *= 1 + FIGURE_BONUS
    if intent.wants_definition and defines(quote.text, asked):
        factor *= 1 + DEFINITION_BONUS
    if intent.wants_reason and _REASON.search(quote.text):
        factor *= 1 + REASON_BONUS
    if intent.section is not None and intent.section.search(" ".join(quote.heading_path)):
        factor *= 1 + SECTION_BONUS
    return factor


def defines(text: str, asked: frozenset[str]) -> bool:
    """True when `text` begins by saying what something asked for is."""
    return not asked.isdisjoint(_subject(text))


@lru_cache(maxsize=16_384)
def _subject(text: str) -> frozenset[str]:
    """Tokens of what `text` begins by defining; none where it defines nothing."""
    found = _DEFINES.match(text)
    return frozenset(tokenize(found["subject"])) if found else frozenset()


def holds_figure(text: str, intent: Intent) -> bool:
    """True when `text` states a quantity of the kind that is asked for."""
    found = amounts(text)
    if intent.wants_dose:
        return any(amount.is_dose for amount in found)
    if intent.wants_duration:
        return any(amount.unit in DURATION_UNITS for amount in found) or _vague_duration(text)
    return any(_is_count(amount) for amount in found)


def _is_count(amount: Amount) -> bool:
    return not (amount.unit == "" and len(amount.values) == 1 and 1900 <= amount.values[0] <= 2100)


def _vague_duration(text: str) -> bool:
    lowered = text.lower()
    return any(f"{unit}s" in lowered for unit in DURATION_UNITS)
