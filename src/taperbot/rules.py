"""Rules by which quotes cannot be the answer, whatever their scores. Pure but for reading the packaged list once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import yaml

from taperbot.compose_score import holds_figure
from taperbot.drugs import drugs_in, speaks_of
from taperbot.intent import intent_of
from taperbot.query import Query
from taperbot.records import Quote
from taperbot.tokens import tokenize


def contradicted_by_rules(query: Query, quotes: Sequence[Quote]) -> bool:
    """True when a drug, treatment or test named in the question is in none of the quotes, or a figure is asked for and no quote about it has one."""
    texts = [f"{quote.indexed_text} {quote.question or ''}" for quote in quotes]
    drugs = drugs_in(query.text)
    about = [quote for quote, text in zip(quotes, texts, strict=True) if not drugs or any(speaks_of(text, drug) for drug in drugs)]
    if not about:
        return True
    if named_things(query.text) - frozenset(thing for text in texts for thing in named_things(text)):
        return True
    intent = intent_of(query.text)
    return intent.needs_figure and not any(holds_figure(quote.text, intent) for quote in about)


def named_things(text: str) -> frozenset[str]:
    """Treatments and tests named in `text`, each by the first of its names."""
    words = tokenize(text)
    pairs = {f"{one}-{other}" for one, other in pairwise(words)}
    return frozenset(thing for word in (*words, *pairs) if (thing := _things().get(word)))


@lru_cache(maxsize=1)
def _things() -> dict[str, str]:
    raw = yaml.load(files("taperbot.data").joinpath("named_things.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {"-".join(tokenize(name)): names[0] for names in (*raw["treatments"], *raw["tests"]) for name in names}
