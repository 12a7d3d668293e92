"""The small logistic models fitted by `python -m taperbot.triage.fit`: one over the bundled embedder's vectors, one over words; numpy alone at run time.

Their chances are averaged; without vectors the words speak alone.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np

from taperbot.records import Level

MODEL_FILE = "model.json"
BENIGN = "benign"
"""The class of messages that hold danger words and no danger; triage reads it as a question."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Chances from which the classifier is heard: emergency and crisis together, and the others each.

    `grave_beside_firm` holds where a pattern is sure of a lesser level, `grave_with_pattern` makes a soft
    pattern firm, `grave_with_word` a loose danger word, `grave_over_firm` either where a pattern is sure of a lesser level, `off_topic_beside_word` holds beside an everyday topic word,
    `grave_words_alone` and `others_words_alone` hold when there are no vectors.
    """

    grave: float
    grave_beside_firm: float
    grave_with_pattern: float
    grave_with_word: float
    grave_over_firm: float
    grave_words_alone: float
    others_words_alone: float
    urgent: float
    dosing: float
    injection: float
    off_topic: float
    off_topic_beside_word: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """Vector weights have shape (classes, dimensions), word weights (classes, terms); intercepts (classes,). `terms` maps a term to its column."""

    classes: tuple[str, ...]
    weights: np.ndarray
    intercepts: np.ndarray
    terms: dict[str, int]
    word_weights: np.ndarray
    word_intercepts: np.ndarray
    thresholds: Thresholds

    def column(self, level: Level) -> int:
        """Where the chances of `level` stand."""
        return self.classes.index(level.value)

    def probabilities(self, texts: Sequence[str], vectors: np.ndarray | None) -> np.ndarray:
        """Chances per class, shape (n, classes), for normalized texts and their unit vectors (n, dimensions), or None without them."""
        by_words = _softmax(np.stack([self._word_scores(text) for text in texts]))
        if vectors is None:
            return by_words
        return np.asarray((by_words + _softmax(vectors @ self.weights.T + self.intercepts)) / 2)

    def _word_scores(self, text: str) -> np.ndarray:
        shares = shares_of(text)
        known = [term for term in shares if term in self.terms]
        columns = [self.terms[term] for term in known]
        return np.asarray(self.word_weights[:, columns] @ np.array([shares[term] for term in known]) + self.word_intercepts)


def shares_of(text: str) -> dict[str, float]:
    """Words and pairs of neighbouring words of a normalized text, marks included, with damped counts scaled to unit length."""
    words = text.split()
    counts = Counter(words + [f"{first} {second}" for first, second in pairwise(words)])
    damped = {term: 1 + math.log(times) for term, times in counts.items()}
    length = math.sqrt(sum(value * value for value in damped.values()))
    return {term: value / length for term, value in damped.items()}


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The packaged models, read once."""
    raw = json.loads(files("taperbot.data").joinpath("triage", MODEL_FILE).read_text("utf-8"))
    return Classifier(
        classes=tuple(raw["classes"]),
        weights=np.array(raw["weights"], dtype=np.float32),
        intercepts=np.array(raw["intercepts"], dtype=np.float32),
        terms={term: column for column, term in enumerate(raw["terms"])},
        word_weights=np.array(raw["word_weights"], dtype=np.float32),
        word_intercepts=np.array(raw["word_intercepts"], dtype=np.float32),
        thresholds=Thresholds(**raw["thresholds"]),
    )


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
