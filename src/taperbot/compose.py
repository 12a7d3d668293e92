"""From passages to a draft answer made of quotes, with the signs of how well it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from taperbot.bands import Signs
from taperbot.compose_choose import choose
from taperbot.compose_lines import lines_of
from taperbot.compose_score import Material, Scored, score_quotes
from taperbot.draft import Draft
from taperbot.intent import intent_of
from taperbot.query import Query
from taperbot.records import Article, Passage, Quote

NEAR_WORD = 0.5
"""Closeness from which a word of the question counts as met."""
MOST_RARE = 10.0


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft with the quotes it is made of, best first, and its signs. `disagreement`: two of them give different figures for one thing."""

    draft: Draft
    quotes: tuple[Quote, ...]
    signs: Signs
    disagreement: bool = False


def compose(query: Query, material: Material, article_of: Callable[[str], Article | None], words: int) -> Composed:
    """The best draft for one question in about `words` words; `article_of` finds an article by its id."""
    scored = score_quotes(query, intent_of(query.text), material)
    chosen = choose(scored, words).rows
    quotes = tuple(scored.quotes[row] for row in chosen)
    found = {quote.article_id: article_of(quote.article_id) for quote in quotes}
    articles = {article_id: article for article_id, article in found.items() if article is not None}
    siblings = {quote.quote_id: quote for quote in material.quote_set.quotes}
    scores = {quote.quote_id: float(score) for quote, score in zip(scored.quotes, scored.scores, strict=True)}
    draft = lines_of(quotes, siblings, articles, scores, words)
    return Composed(draft, quotes, signs_of(material.passages, scored, chosen))


def signs_of(passages: Sequence[Passage], scored: Scored, chosen: Sequence[int]) -> Signs:
    """What speaks for the articles holding an answer."""
    if not chosen or not passages:
        return Signs()
    rows = list(chosen)
    weights = np.maximum(scored.rarity, 0.1)
    total = float(weights.sum()) or 1.0
    held = (scored.matches[rows] > 0).any(axis=0)
    near = scored.closeness[rows].max(axis=0)
    strange = np.where(scored.explained | (near >= NEAR_WORD), 0.0, weights)
    ranked = np.sort(scored.scores)[::-1]
    return Signs(
        quote_cosine=float(scored.cosines[rows].max()),
        passage_cosine=max(passage.cosine for passage in passages),
        aspect=float(scored.aspects[rows].max()),
        coverage=float(weights[held].sum()) / total,
        closeness=float(near @ weights) / total,
        weakest=float(np.where(scored.explained, 1.0, near).min()) if len(weights) else 0.0,
        strangest=float(strange.max()) / MOST_RARE if len(weights) else 1.0,
        strange=float(strange.sum()) / total,
        explained=float(scored.explained.mean()) if len(weights) else 0.0,
        lead=float(ranked[0] - ranked[min(9, len(ranked) - 1)]),
    )
