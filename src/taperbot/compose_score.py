"""How well each quote of the retrieved passages answers a question: features weighed as golden questions taught, and the likeliest ones read beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from taperbot.bands import UNREAD_BACKGROUND, UNREAD_RELEVANCE
from taperbot.compose_features import FEATURES, features_of
from taperbot.evidence import Evidence, Read, Scores
from taperbot.intent import Intent
from taperbot.query import Query
from taperbot.records import Passage, Quote

Rows = NDArray[np.intp]
WEIGHTS_NAME = "quote_weights.json"
"""Written by `python -m benchmarks.fit_quotes`."""
READ = 12
"""Quotes that the cross-encoder reads, the likeliest by the other features."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What the features weigh, (FEATURES,) each: alone, and where the cross-encoder's log-odds are added, which weigh `relevance`."""

    alone: Scores
    beside: Scores
    relevance: float


@dataclass(frozen=True, slots=True)
class Scored:
    """Quotes that can be an answer with their scores: log-odds against each other, larger is better, only differences mean anything.

    `relevance` is the best log-odds that the cross-encoder gave to any of them, `background` the mean of those it read.
    """

    evidence: Evidence
    scores: Scores
    relevance: float = UNREAD_RELEVANCE
    background: float = UNREAD_BACKGROUND

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes, in the order of the scores."""
        return self.evidence.quotes

    @property
    def shares(self) -> Scores:
        """(quotes,) how likely each is the one that answers, one of them taken to; they add up to 1."""
        raised = np.exp(self.scores - self.scores.max()) if len(self.scores) else self.scores
        return np.asarray(raised / max(float(raised.sum()), 1e-9), np.float32)


def score_quotes(query: Query, intent: Intent, passages: Sequence[Passage], evidence: Evidence, read: Read | None = None) -> Scored:
    """Every quote of `evidence`, which is of `passages`, best first; `read` is the cross-encoder, where there is one."""
    features, weights = features_of(query, intent, passages, evidence), quote_weights()
    if read is None or not len(features):
        return Scored(evidence, np.asarray(features @ weights.alone, np.float32))
    likeliest, found = read_likeliest(query, evidence.quotes, features @ weights.alone, read)
    scores = features @ weights.beside + weights.relevance * relevance_of(likeliest, found, len(features))
    return Scored(evidence, np.asarray(scores, np.float32), float(found.max()), float(found.mean()))


def read_likeliest(query: Query, quotes: Sequence[Quote], scores: Scores, read: Read) -> tuple[Rows, Scores]:
    """The rows of the READ quotes with the best `scores`, and the cross-encoder's log-odds of each."""
    likeliest = np.argsort(-scores, kind="stable")[:READ]
    return likeliest, read(query.whole, [quotes[row].indexed_text for row in likeliest])


def relevance_of(rows: Rows, found: Scores, count: int) -> Scores:
    """(count,) log-odds of all quotes: those that were not read are taken to be as the worst of those in `rows`."""
    relevance = np.full(count, found.min(), np.float32)
    relevance[rows] = found
    return relevance


@lru_cache(maxsize=1)
def quote_weights() -> Weights:
    """The weights of the package."""
    raw = json.loads(files("taperbot.data").joinpath(WEIGHTS_NAME).read_text("utf-8"))
    alone, beside = (np.array([raw[kind][name] for name in FEATURES], np.float32) for kind in ("weights", "weights_beside"))
    return Weights(alone, beside, float(raw["relevance"]))
