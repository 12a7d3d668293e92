"""Rules by which quotes cannot be the answer, whatever their scores. Pure but for reading the packaged list once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import yaml

from taperbot.compose_forms import holds_figure
from taperbot.drugs import drugs_in, family_of, speaks_of
from taperbot.intent import intent_of
from taperbot.query import Query
from taperbot.records import Quote
from taperbot.tokens import tokenize


def contradicted_by_rules(query: Query, quotes: Sequence[Quote]) -> bool:
    """True when a drug, treatment or test named in the question is in none of the quotes, or a figure is asked for and no quote about it has one."""
    texts = [f"{quote.indexed_text} {quote.question or ''}" for quote in quotes]
    if _unspoken(drugs_in(query.text), texts):
        return True
    if named_things(query.text) - frozenset(thing for text in texts for thing in named_things(text)):
        return True
    intent = intent_of(query.text)
    if not intent.needs_figure:
        return False
    drugs = drugs_in(query.text)
    about = [quote for quote, text in zip(quotes, texts, strict=True) if not drugs or drugs & drugs_in(text)]
    return not any(holds_figure(quote.text, intent) for quote in about)


def _unspoken(drugs: frozenset[str], texts: Sequence[str]) -> bool:
    """True when no text speaks of any of the drugs, or none of one that is no benzodiazepine: what a question sets beside them is what it asks about."""
    missing = {drug for drug in drugs if not any(speaks_of(text, drug) for text in texts)}
    return bool(missing) and (missing == drugs or any(family_of(drug) != "benzodiazepine" for drug in missing))


def named_things(text: str) -> frozenset[str]:
    """Treatments and tests named in `text`, each by the first of its names."""
    words = tokenize(text)
    pairs = {f"{one}-{other}" for one, other in pairwise(words)}
    return frozenset(thing for word in (*words, *pairs) if (thing := _things().get(word)))


@lru_cache(maxsize=1)
def _things() -> dict[str, str]:
    raw = yaml.load(files("taperbot.data").joinpath("named_things.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {"-".join(tokenize(name)): names[0] for group in ("treatments", "tests", "subjects") for names in raw[group] for name in names}
