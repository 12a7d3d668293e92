"""What speaks for a quote as an answer, as numbers: the columns that `compose_score` weighs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from taperbot.compose_forms import defines, gives_reason, holds_figure
from taperbot.evidence import Evidence, Scores, normalized
from taperbot.intent import Intent
from taperbot.query import Query
from taperbot.records import Passage, Quote, QuoteKind

NEAR_HEADING = 0.65
_KINDS = {kind: place for place, kind in enumerate(QuoteKind)}
_LISTED = (QuoteKind.LIST, QuoteKind.LIST_ITEM, QuoteKind.TABLE_CELL)
FEATURES = (
    "cosine", "aspect", "nearness", "aspect_here", "bm25_here", "heading", "opens", "opens_under_near_heading", "place",
    "chunk_cosine", "chunk_nearness", "passage_rank", "passage_score",
    *(kind.value for kind in QuoteKind), "members", "has_lead_in", "has_question",
    "figure_found", "figure_missing", "definition_found", "reason_found", "section_found", "list_found",
)  # fmt: skip
"""`..._here` are normalised over the quotes at hand; `heading` is how near the section's heading or lay phrasing is; `place` runs from 0 to 1
through the section; `chunk_...` are of the best quote of the same chunk; `..._found` are 1 where that form is asked for and found."""


def features_of(query: Query, intent: Intent, passages: Sequence[Passage], evidence: Evidence) -> Scores:
    """(quotes, FEATURES): one row for each quote of `evidence`, which is of `passages`, best first."""
    quotes = evidence.quotes
    if not quotes:
        return np.zeros((0, len(FEATURES)), np.float32)
    places = {passage.chunk.chunk_id: place for place, passage in enumerate(passages)}
    rows = np.array([places[quote.chunk_id] for quote in quotes], np.int64)
    heading = np.array([passage.opening for passage in passages], np.float32)[rows]
    score = np.array([passage.score for passage in passages], np.float32)[rows]
    nearness = evidence.nearness
    opens = np.array(opening_quotes(quotes), np.float32)
    columns = [
        evidence.cosines,
        evidence.aspects,
        nearness,
        normalized(evidence.aspects),
        normalized(evidence.bm25),
        heading,
        opens,
        opens * np.clip((heading - NEAR_HEADING) / (1 - NEAR_HEADING), 0.0, 1.0),
        _places(quotes, rows, len(passages)),
        _best_of_chunk(evidence.cosines, rows, len(passages)),
        _best_of_chunk(nearness, rows, len(passages)),
        np.log1p(rows),
        score,
        *np.eye(len(_KINDS), dtype=np.float32)[[_KINDS[quote.kind] for quote in quotes]].T,
        *_columns([[len(quote.members) / 5, quote.lead_in is not None, quote.question is not None] for quote in quotes]),
        *_columns(_forms(evidence, query, intent)),
    ]
    return np.column_stack(columns).astype(np.float32)


def opening_quotes(quotes: Sequence[Quote]) -> list[bool]:
    """For each quote whether its section opens with it."""
    opens: dict[str, int] = {}
    for quote in quotes:
        opens[quote.chunk_id] = min(quote.start, opens.get(quote.chunk_id, quote.start))
    return [quote.start == opens[quote.chunk_id] for quote in quotes]


def _columns(rows: Sequence[Sequence[float]]) -> Scores:
    return np.array(rows, np.float32).T


def _places(quotes: Sequence[Quote], rows: NDArray[np.int64], count: int) -> Scores:
    starts = np.array([quote.start for quote in quotes], np.float64)
    ends = np.array([quote.end for quote in quotes], np.float64)
    first, last = np.full(count, np.inf), np.zeros(count)
    np.minimum.at(first, rows, starts)
    np.maximum.at(last, rows, ends)
    return np.asarray((starts - first[rows]) / np.maximum(last[rows] - first[rows], 1), np.float32)


def _best_of_chunk(scores: Scores, rows: NDArray[np.int64], count: int) -> Scores:
    best = np.full(count, -1.0, np.float32)
    np.maximum.at(best, rows, scores)
    return np.asarray(best[rows], np.float32)


def _forms(evidence: Evidence, query: Query, intent: Intent) -> Sequence[Sequence[float]]:
    quotes = evidence.quotes
    held = _tokens_held(query, evidence) if intent.wants_definition else [frozenset[str]()] * len(quotes)
    headings = {quote.heading_path for quote in quotes}
    wanted = {path for path in headings if intent.section is not None and intent.section.search(" ".join(path))}
    found = []
    for quote, asked in zip(quotes, held, strict=True):
        figure = intent.wants_figure and holds_figure(quote.text, intent)
        found.append(
            (
                figure,
                intent.wants_figure and not figure,
                intent.wants_definition and defines(quote.text, asked),
                intent.wants_reason and gives_reason(quote.text),
                quote.heading_path in wanted,
                intent.wants_list and quote.kind in _LISTED,
            )
        )
    return found


def _tokens_held(query: Query, evidence: Evidence) -> list[frozenset[str]]:
    """For each quote those of the question's tokens that it holds: what it defines is among them."""
    asked = frozenset(query.tokens)
    own = [place for place, word in enumerate(evidence.words) if word in asked]
    words = [evidence.words[place] for place in own]
    return [frozenset(compress(words, row)) for row in (evidence.matches[:, own] > 0).tolist()]
