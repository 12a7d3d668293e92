"""The vectors of a turn and the chances of its level: one pass over the message gives both, one call the other vectors."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from taperbot.embedding import ONNX_ROUTE, Embedder, is_bundled, open_embedder
from taperbot.evidence import Read
from taperbot.query import Vector
from taperbot.settings import Settings

if TYPE_CHECKING:
    from taperbot.cross_encoder import CrossEncoder
    from taperbot.embedding_judge import OnnxJudge, Reading

ASKING_SHARE = 0.7
"""Of a question's vector, what comes from the tuned layers."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one pass over a message gave: `levels` are the chances of triage's levels; `vector` is that of the message for retrieval. Each may be None."""

    levels: Vector | None = None
    vector: Vector | None = None


class TurnEmbedder:
    """Opens embedders when they are first wanted. Safe for many threads.

    A question's vector is the embedder's own mixed with the one that its answers would have (`OnnxJudge`), where retrieval uses the bundled embedder.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: dict[str, Embedder] = {}
        self._judge: OnnxJudge | None = None
        self._cross_encoder: CrossEncoder | None = None

    def judged(self, message: str, context: str = "") -> Judged:
        """What the tuned layers make of `message` after the turns in `context`; nothing where they are not to be had. Never raises."""
        judge = self._opened_judge()
        if judge is None:
            return Judged()
        reading = judge.read(message, context)
        return Judged(reading.chances, _mixed(reading) if not context and self._shares_vectors(judge) else None)

    def embed(self, questions: Sequence[str], others: Sequence[str] = (), known: Mapping[str, Vector] | None = None) -> dict[str, Vector]:
        """One vector a text: of `questions` as something asked, of `others` as they are; those in `known` are taken from there. Raises ModelError."""
        embedder, judge = self.embedder(), self._opened_judge()
        vectors = dict(known or {})
        if judge is not None and self._shares_vectors(judge):
            vectors |= {text: _mixed(judge.read(text)) for text in questions if text not in vectors}
        wanted = [text for text in dict.fromkeys([*questions, *others]) if text not in vectors]
        if wanted:
            vectors |= zip(wanted, embedder.embed_queries(wanted), strict=True)
        return vectors

    def embedder(self, name: str = "") -> Embedder:
        """The embedder of that name; "" for the one the settings name. Raises ModelError."""
        name = name or self._settings.embedder
        with self._lock:
            if name not in self._opened:
                device = "cpu" if is_bundled(name) else self._settings.device
                self._opened[name] = open_embedder(name, self._settings.index / "models", device)
            return self._opened[name]

    def reader(self) -> Read | None:
        """What reads a question beside quotes; None where it is not to be had. Never raises."""
        if self._cross_encoder is None:
            with self._lock:
                if self._cross_encoder is None:
                    from taperbot.cross_encoder import open_cross_encoder

                    self._cross_encoder = open_cross_encoder(self._settings.index / "models")
        return self._cross_encoder.read if self._cross_encoder else None

    def _opened_judge(self) -> OnnxJudge | None:
        if self._judge is None:
            with self._lock:
                if self._judge is None:
                    from taperbot.embedding_judge import open_judge

                    self._judge = open_judge(self._settings.index / "models")
        return self._judge

    def _shares_vectors(self, judge: OnnxJudge) -> bool:
        """Whether retrieval's vectors are those that the judge gives as well."""
        if not judge.gives_vectors or not is_bundled(self._settings.embedder) or self._settings.device != "cpu":
            return False
        opened = self._opened.get(self._settings.embedder)
        return opened is not None and opened.route == ONNX_ROUTE


def _mixed(reading: Reading) -> Vector:
    mixed = (1 - ASKING_SHARE) * reading.vector + ASKING_SHARE * reading.asking
    return np.asarray(mixed / np.linalg.norm(mixed), np.float32)
