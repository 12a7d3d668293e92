"""Two rules by which quotes cannot be the answer, whatever their scores. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from taperbot.compose_score import holds_figure
from taperbot.drugs import drugs_in
from taperbot.intent import intent_of
from taperbot.query import Query
from taperbot.records import Quote


def contradicted_by_rules(query: Query, quotes: Sequence[Quote]) -> bool:
    """True when a drug named in the question is in none of the quotes, or a figure is asked for and no quote about its drug has one."""
    named = drugs_in(query.text)
    told = [(quote, drugs_in(f"{quote.indexed_text} {quote.question or ''}")) for quote in quotes]
    if named and not any(named & drugs for _, drugs in told):
        return True
    intent = intent_of(query.text)
    if not intent.wants_figure:
        return False
    about = [quote for quote, drugs in told if not named or named & drugs]
    return not any(holds_figure(quote.text, intent) for quote in about)
