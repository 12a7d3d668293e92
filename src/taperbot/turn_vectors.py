"""All vectors of a turn by one embedder call; by two where retrieval uses another model than triage."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from taperbot.embedding import BUNDLED_NAME, Embedder, is_bundled, open_embedder
from taperbot.query import Vector
from taperbot.settings import Settings


@dataclass(frozen=True, slots=True)
class TurnVectors:
    """`own` holds one vector a text. `triage` is (n, d) in the order of triage's texts, or None when there are none."""

    own: dict[str, Vector]
    triage: Vector | None


class TurnEmbedder:
    """Opens embedders when they are first wanted. Safe for many threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: dict[str, Embedder] = {}

    def embed(self, texts: Sequence[str], triage_texts: Sequence[str] = ()) -> TurnVectors:
        """Vectors for `texts` and `triage_texts`; no text is embedded twice. Raises ModelError."""
        shared = is_bundled(self._settings.embedder)
        wanted = list(dict.fromkeys([*texts, *(triage_texts if shared else ())]))
        rows = dict(zip(wanted, self.embedder().embed_queries(wanted), strict=True)) if wanted else {}
        if not triage_texts:
            return TurnVectors(rows, None)
        judged = np.stack([rows[text] for text in triage_texts]) if shared else self.embedder(BUNDLED_NAME).embed_queries(triage_texts)
        return TurnVectors({text: rows[text] for text in texts}, judged)

    def embedder(self, name: str = "") -> Embedder:
        """The embedder of that name; "" for the one the settings name. Raises ModelError."""
        name = name or self._settings.embedder
        with self._lock:
            if name not in self._opened:
                device = "cpu" if is_bundled(name) else self._settings.device
                self._opened[name] = open_embedder(name, self._settings.index / "models", device)
            return self._opened[name]
