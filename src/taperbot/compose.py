"""From passages to a draft answer made of quotes, with the signs of how well it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from taperbot.bands import Signs
from taperbot.compose_choose import choose
from taperbot.compose_lines import lines_of
from taperbot.compose_score import Scored, score_quotes
from taperbot.disagree import differing
from taperbot.draft import Draft
from taperbot.evidence import Read
from taperbot.intent import intent_of
from taperbot.query import Query
from taperbot.records import Article, Passage, Quote
from taperbot.retrieve import Retrieved

NEAR_WORD = 0.5
"""Closeness from which a word of the question counts as met."""
MOST_RARE = 10.0


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft with the quotes it is made of, best first, and its signs. `disagreement` holds the ids of articles that give different figures for one thing.

    `taken_up` is the share, by rarity, of the question's own words that the quotes hold or come near, those of earlier turns left out, in [0, 1].
    """

    draft: Draft
    quotes: tuple[Quote, ...]
    signs: Signs
    disagreement: tuple[str, ...] = ()
    taken_up: float = 0.0


def compose(query: Query, found: Retrieved, article_of: Callable[[str], Article | None], words: int, read: Read | None = None) -> Composed:
    """The best draft for one question in about `words` words; `article_of` finds an article by its id, `read` is the cross-encoder."""
    scored = score_quotes(query, intent_of(query.text), found.passages, found.evidence, read)
    chosen = choose(scored, words).rows
    apart = differing(scored, chosen, intent_of(query.text))
    if apart is not None and apart[1] not in chosen:
        chosen = (apart[0], apart[1], *(row for row in chosen if row != apart[0]))[: max(2, len(chosen))]
    quotes = tuple(scored.quotes[row] for row in chosen)
    opened = {quote.article_id: article_of(quote.article_id) for quote in quotes}
    articles = {article_id: article for article_id, article in opened.items() if article is not None}
    siblings = {quote.quote_id: quote for quote in (*found.evidence.quotes, *found.evidence.context)}
    scores = {quote.quote_id: float(score) for quote, score in zip(scored.quotes, scored.scores, strict=True)}
    draft = lines_of(quotes, siblings, articles, scores, words)
    disagreement = tuple(scored.quotes[row].article_id for row in apart) if apart else ()
    return Composed(draft, quotes, signs_of(query, found.passages, scored, chosen), disagreement, _taken_up(query, scored, chosen))


def _taken_up(query: Query, scored: Scored, chosen: Sequence[int]) -> float:
    said = len(dict.fromkeys(query.tokens))
    if not chosen or not said:
        return 0.0
    weights = np.maximum(scored.evidence.rarity[:said], 0.1)
    near = scored.evidence.closeness[list(chosen), :said].max(axis=0) >= NEAR_WORD
    explained = np.array([word in query.explained for word in scored.evidence.words[:said]], bool)
    return float(weights[near | explained].sum() / weights.sum())


def signs_of(query: Query, passages: Sequence[Passage], scored: Scored, chosen: Sequence[int]) -> Signs:
    """What speaks for the articles holding an answer."""
    if not chosen or not passages:
        return Signs()
    evidence, rows, own = scored.evidence, list(chosen), scored.evidence.own
    weights = np.maximum(evidence.rarity[:own], 0.1) * evidence.weights[:own]
    total = float(weights.sum()) or 1.0
    held = (evidence.matches[rows, :own] > 0).any(axis=0)
    near = evidence.closeness[rows, :own].max(axis=0)
    explained = np.array([word in query.explained for word in evidence.words[:own]], bool)
    strange = np.where(explained | (near >= NEAR_WORD), 0.0, weights)
    ranked = np.sort(scored.scores)[::-1]
    return Signs(
        quote_cosine=float(evidence.cosines[rows].max()),
        passage_cosine=max(passage.cosine for passage in passages),
        coverage=float(weights[held].sum()) / total,
        closeness=float(near @ weights) / total,
        weakest=float(np.where(explained, 1.0, near).min()) if own else 0.0,
        strangest=float(strange.max()) / MOST_RARE if own else 1.0,
        strange=float(strange.sum()) / total,
        lead=float(ranked[0] - ranked[min(9, len(ranked) - 1)]),
        opening=max(passage.opening for passage in passages),
        length=float(np.log1p(len(query.text.split()) + len(query.heard))),
        relevance=scored.relevance,
        background=scored.background,
    )
