"""The small logistic model over the bundled embedder's vectors, as fitted by `python -m taperbot.triage.fit`; numpy alone at run time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from taperbot.records import Level

MODEL_FILE = "model.json"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Chances from which the classifier is heard: emergency and crisis together (also beside a lesser firm level), and the others each."""

    grave: float
    grave_beside_firm: float
    urgent: float
    dosing: float
    injection: float
    off_topic: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """`weights` has shape (classes, dimensions), `intercepts` (classes,)."""

    classes: tuple[Level, ...]
    weights: np.ndarray
    intercepts: np.ndarray
    thresholds: Thresholds

    def column(self, level: Level) -> int:
        """Where the chances of `level` stand."""
        return self.classes.index(level)

    def probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """Chances per class, shape (n, classes), each row summing to 1, for unit vectors of shape (n, dimensions)."""
        scores = vectors @ self.weights.T + self.intercepts
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The packaged model, read once."""
    raw = json.loads(files("taperbot.data").joinpath("triage", MODEL_FILE).read_text("utf-8"))
    return Classifier(
        classes=tuple(Level(name) for name in raw["classes"]),
        weights=np.array(raw["weights"], dtype=np.float32),
        intercepts=np.array(raw["intercepts"], dtype=np.float32),
        thresholds=Thresholds(**raw["thresholds"]),
    )
