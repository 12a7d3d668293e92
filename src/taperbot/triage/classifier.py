"""The small classifier fitted by `python -m taperbot.triage.fit`: chances of the levels from words, averaged with those of the tuned layers.

The words are numpy alone and always there; the tuned layers (`taperbot.embedding_judge`) need the exported embedder.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np

from taperbot.embedding_tuned import LEVELS
from taperbot.records import Level
from taperbot.triage.lists import triage_file

WORDS_FILE = "words.npz"
FEWEST_WORDS = 3
"""Marks included; of fewer, the words alone tell nothing, since such a message is about the turns before it."""
SHORT_WORDS = 9
"""The most of a message that is read by its context alone, marks included."""
LAYERS_SHARE = 0.6
"""Of a chance, what comes from the tuned layers."""
_ORDINARY = np.array([float(level == Level.QUESTION.value) for level in LEVELS], np.float32)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Chances from which the classifier is heard; `grave` is emergency and crisis together. One set with the tuned layers, one for words alone.

    `grave_soft` shows the numbers above a normal answer, `grave_firm` the card alone; `grave_with_mark` the card where a loose pattern or danger
    word stands in the message; below `pattern_stays` a firm pattern's card is shown soft, with the answer. Where a guard (negation, past, textbook,
    idiom) holds, `guarded_soft` and `guarded_firm` are wanted instead, and where that guard stands before a danger phrase, both models have to
    reach `held_soft` or `held_firm`, each by itself. `urgent`, `dosing`: soft; `…_firm` firm; below `urgent_stays` and
    `dosing_stays` a pattern is shown soft, below `lesser_dropped` not at all. `injection` and `off_topic` have no soft form; `off_topic_beside_word` holds beside an everyday topic word,
    `off_topic_other_language` in a message that is not English.
    """

    grave_soft: float
    grave_firm: float
    grave_with_mark: float
    pattern_stays: float
    guarded_soft: float
    guarded_firm: float
    held_soft: float
    held_firm: float
    urgent: float
    urgent_firm: float
    urgent_stays: float
    dosing: float
    dosing_firm: float
    dosing_stays: float
    lesser_dropped: float
    injection: float
    off_topic: float
    off_topic_beside_word: float
    off_topic_other_language: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights of shape (levels, terms), intercepts (levels,), in the order of LEVELS; `terms` maps a term to its column."""

    terms: dict[str, int]
    weights: np.ndarray
    intercepts: np.ndarray

    def by_words(self, text: str) -> np.ndarray:
        """Chances (levels,) of one normalized text."""
        shares = shares_of(text)
        known = [term for term in shares if term in self.terms]
        columns = [self.terms[term] for term in known]
        values = np.array([shares[term] for term in known], np.float32)
        scores = self.weights[:, columns].astype(np.float32) @ values + self.intercepts
        raised = np.exp(scores - scores.max())
        return np.asarray(raised / raised.sum())


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely each level is, in the order of LEVELS, and from where on that is heard."""

    values: np.ndarray
    thresholds: Thresholds
    agreed_grave: float
    """Chance of emergency and crisis together by the model that holds it less likely."""

    def of(self, level: Level) -> float:
        """Chance of one level."""
        return float(self.values[LEVELS.index(level.value)])

    @property
    def grave(self) -> float:
        """Chance of emergency and crisis together."""
        return self.of(Level.EMERGENCY) + self.of(Level.CRISIS)

    @property
    def graver(self) -> Level:
        """The likelier of the two."""
        return Level.EMERGENCY if self.of(Level.EMERGENCY) >= self.of(Level.CRISIS) else Level.CRISIS


def chances_of(text: str, by_layers: np.ndarray | None, *, has_context: bool = False) -> Chances:
    """Chances for one normalized text; `by_layers` are those of the tuned layers, or None where these are not to be had.

    The words see no turn but this one, so they are not asked about a message that is too short to stand by itself.
    """
    by_words = classifier().by_words(text)
    length = len(text.split())
    too_short = length < FEWEST_WORDS or (has_context and length <= SHORT_WORDS)
    if by_layers is None:
        by_words = _ORDINARY if too_short else by_words
        return Chances(by_words, thresholds("words_alone"), float(by_words[:2].sum()))
    if too_short:
        by_words = by_layers
    return Chances(
        (1 - LAYERS_SHARE) * by_words + LAYERS_SHARE * by_layers,
        thresholds("together"),
        float(min(by_words[:2].sum(), by_layers[:2].sum())),
    )


def shares_of(text: str) -> dict[str, float]:
    """Words and pairs of neighbouring words of a normalized text, marks included, with damped counts scaled to unit length."""
    words = text.split()
    counts = Counter(words + [f"{first} {second}" for first, second in pairwise(words)])
    damped = {term: 1 + math.log(times) for term, times in counts.items()}
    length = math.sqrt(sum(value * value for value in damped.values()))
    return {term: value / length for term, value in damped.items()}


@lru_cache(maxsize=2)
def thresholds(name: str) -> Thresholds:
    """The set `name` of thresholds.yaml."""
    return Thresholds(**triage_file("thresholds.yaml")[name])


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The packaged model of words, read once."""
    with np.load(io.BytesIO(files("taperbot.data").joinpath("triage", WORDS_FILE).read_bytes())) as stored:
        return words_model(stored)


def words_model(stored: Mapping[str, np.ndarray]) -> Classifier:
    """The model that `taperbot.triage.fit` made: arrays `terms`, `weights` and `intercepts`."""
    terms = stored["terms"].tobytes().decode("utf-8").split("\n")
    return Classifier({term: column for column, term in enumerate(terms)}, stored["weights"], stored["intercepts"].astype(np.float32))
