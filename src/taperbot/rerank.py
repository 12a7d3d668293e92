"""An optional cross-encoder that reads question and passage together. Off unless a setting names one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from taperbot.errors import ModelError
from taperbot.evidence import normalized
from taperbot.records import Passage

SHARE = 0.6


def reordering(name: str, device: str = "cpu") -> Callable[[str, Sequence[Passage]], Sequence[Passage]] | None:
    """Reorders by the cross-encoder of that name, loaded at the first question (ModelError then); None for ""."""
    load = lru_cache(maxsize=1)(lambda: Reranker(name, device))
    return (lambda question, passages: load().reranked(question, passages)) if name else None


class Reranker:
    """Reorders passages by a cross-encoder's scores mixed with the fused ones."""

    def __init__(self, name: str, device: str = "cpu") -> None:
        """Raises ModelError when no such model can be loaded."""
        try:
            from sentence_transformers import CrossEncoder

            self._model: Any = CrossEncoder(name, device=device)
        except (OSError, ValueError, ImportError) as error:
            raise ModelError(f"The cross-encoder {name!r} cannot be loaded: {error}") from None

    def reranked(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """The same passages, best first, with scores in [0, 1]."""
        if not passages:
            return []
        read = normalized(np.asarray(self._model.predict([(question, passage.chunk.indexed_text) for passage in passages]), np.float32))
        scores = SHARE * read + (1 - SHARE) * np.array([passage.score for passage in passages], np.float32)
        return [replace(passages[row], score=float(scores[row])) for row in np.argsort(-scores, kind="stable")]
