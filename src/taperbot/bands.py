"""Whether the articles answer: three bands over raw signs of a match, fitted by the build on golden questions."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from taperbot.errors import IndexDamagedError
from taperbot.records import Outcome

MIN_SAMPLES = 60
"""With fewer golden questions than this the shipped bands are kept."""
MIN_OF_A_KIND = 15
PENALTY = 3.0
"""What a way of one from the shipped weights costs, where each sample costs its share of the loss."""


UNREAD_RELEVANCE, UNREAD_BACKGROUND = 2.0, -4.5
"""What stands for the cross-encoder's log-odds where nothing was read: midway between questions with an answer (medians 4.1 to 5.7, and -3.5 to -.3) and
without one (-2.0 to -.5, and -6.9 to -5.5) on four sets, so that it speaks for neither."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Raw signs that the articles hold an answer; larger is better unless said.

    `quote_cosine`, `passage_cosine`: the best of the shown quotes and of the chunks. `coverage`: share of the question's idf that the shown quotes hold;
    `closeness`: likewise, near words counted as near as they are; `weakest`: of its farthest word. `strangest`, `strange`: idf of the rarest word, and
    share of all idf, that is neither near nor explained by the lexicon (smaller is better). `lead`: how far the best quote stands above the tenth.
    `opening`: the nearest heading, or lay phrasing kept for a section. `length`: log of the question's words, those of earlier turns it leans on included: a long one comes less near to what answers it.
    `relevance`, `background`: the best and the mean of the cross-encoder's log-odds of the quotes it read.
    Signs of how far the lexicon reached did not carry over to questions that nobody had read, and are left out.
    """

    quote_cosine: float = 0.0
    passage_cosine: float = 0.0
    coverage: float = 0.0
    closeness: float = 0.0
    weakest: float = 0.0
    strangest: float = 0.0
    strange: float = 0.0
    lead: float = 0.0
    opening: float = 0.0
    length: float = 0.0
    relevance: float = UNREAD_RELEVANCE
    background: float = UNREAD_BACKGROUND


SIGN_NAMES = tuple(field.name for field in fields(Signs))


@dataclass(frozen=True, slots=True)
class Sample:
    """The signs of one golden question and whether the articles answer it."""

    signs: Signs
    answerable: bool


@dataclass(frozen=True, slots=True)
class Bands:
    """A logistic model over Signs, and the probabilities from which a question is answered, or its nearest passage shown.

    `fitted_on` counts the golden questions, 0 for the shipped default; `figures` are the shares in each band on them.
    """

    weights: tuple[float, ...]
    intercept: float
    answer_at: float
    nearest_at: float
    fitted_on: int = 0
    figures: tuple[tuple[str, float], ...] = ()

    def probability(self, signs: Signs) -> float:
        """How likely the articles answer, in [0, 1]."""
        total = self.intercept + sum(weight * getattr(signs, name) for weight, name in zip(self.weights, SIGN_NAMES, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def outcome(self, signs: Signs) -> Outcome:
        """ANSWER, NEAREST or ABSTAIN."""
        probability = self.probability(signs)
        if probability >= self.answer_at:
            return Outcome.ANSWER
        return Outcome.NEAREST if probability >= self.nearest_at else Outcome.ABSTAIN


@lru_cache(maxsize=1)
def shipped_bands() -> Bands:
    """The default of the package, for an index with no or too few golden questions."""
    return bands_from_json(files("taperbot.data").joinpath("bands.json").read_text("utf-8"))


def bands_to_json(bands: Bands) -> str:
    """Text for a generation's `bands.json`."""
    record = asdict(bands) | {"weights": dict(zip(SIGN_NAMES, bands.weights, strict=True)), "figures": dict(bands.figures)}
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def bands_from_json(text: str) -> Bands:
    """Bands as written by `bands_to_json`, by an earlier version with fewer signs too. Raises IndexDamagedError for anything else."""
    try:
        raw: dict[str, Any] = json.loads(text)
        weights = tuple(float(raw["weights"].get(name, 0.0)) for name in SIGN_NAMES)
        figures = tuple((str(name), float(value)) for name, value in raw["figures"].items())
        return Bands(
            weights, float(raw["intercept"]), float(raw["answer_at"]), float(raw["nearest_at"]), int(raw["fitted_on"]), figures
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamagedError(f"The bands of the index cannot be read ({error!r}). Run `python -m ingest`.") from None


def fit(samples: Sequence[Sample], prior: Bands | None = None) -> Bands:
    """`prior` (the shipped bands) drawn towards `samples`; `prior` itself when they are too few or nearly all of one kind."""
    prior = prior or shipped_bands()
    answerable = sum(sample.answerable for sample in samples)
    if len(samples) < MIN_SAMPLES or min(answerable, len(samples) - answerable) < MIN_OF_A_KIND:
        return prior
    return with_thresholds(drawn_to(samples, prior), samples, _cross_validated(samples, prior))


def with_thresholds(bands: Bands, samples: Sequence[Sample], probabilities: Sequence[float]) -> Bands:
    """`bands` with thresholds and figures from the probabilities of `samples` by models that have not seen them."""
    truth = [sample.answerable for sample in samples]
    answer_at, nearest_at = _thresholds(probabilities, truth)
    figures = _figures(probabilities, truth, answer_at, nearest_at)
    return replace(bands, answer_at=answer_at, nearest_at=nearest_at, fitted_on=len(samples), figures=figures)


def drawn_to(samples: Sequence[Sample], prior: Bands) -> Bands:
    """`prior` with its weights drawn towards `samples`, both kinds counting alike; the way is paid for in deviations of each sign."""
    import numpy as np
    from scipy.optimize import minimize

    values = np.array([[getattr(sample.signs, name) for name in SIGN_NAMES] for sample in samples])
    scale = values.std(axis=0) + 1e-3
    values, start = values / scale, np.array([*(np.array(prior.weights) * scale), prior.intercept])
    truth = np.array([sample.answerable for sample in samples], np.float64)
    share = np.where(truth > 0, 0.5 / truth.sum(), 0.5 / (len(truth) - truth.sum()))

    def loss(weights: Any) -> tuple[float, Any]:
        odds = np.clip(values @ weights[:-1] + weights[-1], -30, 30)
        off = share * (1 / (1 + np.exp(-odds)) - truth)
        away = np.append(weights[:-1] - start[:-1], 0.0) * PENALTY / len(samples)
        return float(share @ np.logaddexp(0, np.where(truth > 0, -odds, odds)) + away @ (weights - start) / 2), np.append(
            off @ values, off.sum()
        ) + away

    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return replace(prior, weights=tuple(float(weight) for weight in found[:-1] / scale), intercept=float(found[-1]))


def _cross_validated(samples: Sequence[Sample], prior: Bands, folds: int = 10) -> list[float]:
    """Each sample's probability by a model that has not seen it; every `folds`th sample is left out at once."""
    probabilities = [0.0] * len(samples)
    for fold in range(folds):
        model = drawn_to([sample for place, sample in enumerate(samples) if place % folds != fold], prior)
        for place in range(fold, len(samples), folds):
            probabilities[place] = model.probability(samples[place].signs)
    return probabilities


def _thresholds(probabilities: Sequence[float], truth: Sequence[bool]) -> tuple[float, float]:
    """Where few answerable questions fall below `answer_at` (3.5 %; the rules refuse more), hardly any below `nearest_at` (.8 %)."""
    right = sorted(p for p, answerable in zip(probabilities, truth, strict=True) if answerable)
    answer_at = min(right[int(0.035 * len(right))], 0.5)
    return round(answer_at, 4), round(min(right[int(0.008 * len(right))], answer_at) * 0.9, 4)


def _figures(probabilities: Sequence[float], truth: Sequence[bool], answer_at: float, nearest_at: float) -> tuple[tuple[str, float], ...]:
    def share(answerable: bool, low: float, high: float) -> float:
        of_kind = [p for p, is_answerable in zip(probabilities, truth, strict=True) if is_answerable == answerable]
        return round(sum(low <= p < high for p in of_kind) / len(of_kind), 4)

    return tuple(
        (f"{name}_{band}", share(answerable, low, high))
        for name, answerable in (("answerable", True), ("unanswerable", False))
        for band, low, high in (("answer", answer_at, 1.1), ("nearest", nearest_at, answer_at), ("abstain", -0.1, nearest_at))
    )
