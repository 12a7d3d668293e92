"""Measures of rankings and shares with bootstrap confidence intervals. Pure; the same numbers every time."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 1000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean of `count` values with its 95 % bootstrap interval; all NaN-free, 0 with no values."""

    mean: float
    low: float
    high: float
    count: int


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and interval of values, by drawing them anew with a fixed seed."""
    if not len(values):
        return Estimate(0.0, 0.0, 0.0, 0)
    data = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(1).integers(0, len(data), (DRAWS, len(data)))
    low, high = np.quantile(data[draws].mean(axis=1), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(float(data.mean()), float(low), float(high), len(data))


def recall_at(ranked: Sequence[str], right: Collection[str], k: int) -> float:
    """Share of `right` among the first `k`."""
    return len(set(ranked[:k]) & set(right)) / len(set(right)) if right else 0.0


def reciprocal_rank(ranked: Sequence[object], right: Collection[object], k: int = 10) -> float:
    """1 / rank of the first right one among the first `k`, else 0."""
    return next((1 / rank for rank, found in enumerate(ranked[:k], 1) if found in right), 0.0)


def ndcg_at(ranked: Sequence[str], right: Collection[str], k: int = 10) -> float:
    """Discounted gain of the first `k`, as a share of the best possible; every right one counts the same."""
    gained = sum(1 / math.log2(rank + 1) for rank, found in enumerate(ranked[:k], 1) if found in right)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(set(right))) + 1))
    return gained / best if best else 0.0


def first_of_each(ids: Sequence[str]) -> list[str]:
    """`ids` without repeats, the first kept."""
    return list(dict.fromkeys(ids))
