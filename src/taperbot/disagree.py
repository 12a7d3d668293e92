"""Whether two articles give different figures for what was asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from taperbot.compose_forms import holds_figure
from taperbot.compose_score import Scored
from taperbot.drugs import drugs_in
from taperbot.facts import Amount, amounts
from taperbot.intent import Intent
from taperbot.records import Quote

NEAR = 2.0
"""How far below the best one a quote of another article may score, in log-odds."""
SAME_MATTER = 0.55
"""And its cosine with the question this high."""


def differing(scored: Scored, chosen: Sequence[int], intent: Intent) -> tuple[int, int] | None:
    """Rows of a chosen quote and of one from another article that state different figures of one unit for what was asked; None where there are none."""
    if not intent.wants_figure or not chosen:
        return None
    best = float(scored.scores[chosen[0]])
    rows = [row for row in range(len(scored.quotes)) if scored.scores[row] >= best - NEAR and scored.evidence.cosines[row] >= SAME_MATTER]
    for one in chosen:
        stated = _figures(scored.quotes[one], intent)
        for other in sorted(rows, key=lambda row: -float(scored.scores[row])):
            if stated and _differ(scored.quotes[one], scored.quotes[other], stated, _figures(scored.quotes[other], intent)):
                return one, other
    return None


def _differ(one: Quote, other: Quote, stated: frozenset[Amount], found: frozenset[Amount]) -> bool:
    if one.article_id == other.article_id or drugs_in(one.text) != drugs_in(other.text):
        return False
    units = {amount.unit for amount in stated} & {amount.unit for amount in found}
    return any(
        {amount.values for amount in stated if amount.unit == unit}.isdisjoint(amount.values for amount in found if amount.unit == unit)
        for unit in units
    )


def _figures(quote: Quote, intent: Intent) -> frozenset[Amount]:
    """The figures of `quote` that bear a unit, where it holds the kind that is asked for."""
    return frozenset(amount for amount in amounts(quote.text) if amount.unit) if holds_figure(quote.text, intent) else frozenset()
