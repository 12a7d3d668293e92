"""How well each quote of the retrieved passages answers a question: features weighed as golden questions taught."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from taperbot.compose_features import FEATURES, features_of
from taperbot.evidence import Evidence, Scores
from taperbot.intent import Intent
from taperbot.query import Query
from taperbot.records import Passage, Quote

WEIGHTS_NAME = "quote_weights.json"
"""Written by `python -m benchmarks.fit_quotes`."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Quotes that can be an answer with their scores: log-odds against each other, larger is better, only differences mean anything."""

    evidence: Evidence
    scores: Scores

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes, in the order of the scores."""
        return self.evidence.quotes

    @property
    def shares(self) -> Scores:
        """(quotes,) how likely each is the one that answers, one of them taken to; they add up to 1."""
        raised = np.exp(self.scores - self.scores.max()) if len(self.scores) else self.scores
        return np.asarray(raised / max(float(raised.sum()), 1e-9), np.float32)


def score_quotes(query: Query, intent: Intent, passages: Sequence[Passage], evidence: Evidence) -> Scored:
    """Every quote of `evidence`, which is of `passages`, best first."""
    return Scored(evidence, np.asarray(features_of(query, intent, passages, evidence) @ quote_weights(), np.float32))


@lru_cache(maxsize=1)
def quote_weights() -> Scores:
    """(FEATURES,) the weights of the package."""
    raw = json.loads(files("taperbot.data").joinpath(WEIGHTS_NAME).read_text("utf-8"))["weights"]
    return np.array([raw[name] for name in FEATURES], np.float32)
