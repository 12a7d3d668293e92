"""The reference route: sentence-transformers, for any of its models, on the processor or a GPU."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from taperbot.embedding import BUNDLED_WEIGHTS, REFERENCE_ROUTE, Vectors, bundled_folder, is_bundled
from taperbot.errors import ModelError


class ReferenceEmbedder:
    """One sentence-transformers model. On a processor texts run one at a time, so that neighbours never change a vector."""

    route = REFERENCE_ROUTE

    def __init__(self, name: str, device: str = "cpu") -> None:
        if device == "cuda" and not torch.cuda.is_available():
            raise ModelError("No CUDA device is usable here. Set TAPERBOT_DEVICE=cpu, or start where there is one.")
        try:
            self._model = SentenceTransformer(str(bundled_folder()) if is_bundled(name) else name, device=device)
        except (OSError, ValueError) as error:
            reason = str(error).strip().splitlines()[0]
            raise ModelError(
                f"The embedder {name!r} cannot be loaded without a network: {reason} Give a folder or a cached name."
            ) from None
        self.name = name
        self.fingerprint = BUNDLED_WEIGHTS if is_bundled(name) else _fingerprint(self._model)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self._batch_size = 1 if device == "cpu" else 64

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) float32, with the model's document prompt if it has one."""
        return self._checked(self._model.encode_document(list(texts), **self._options), len(texts))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) float32, with the model's query prompt if it has one."""
        return self._checked(self._model.encode_query(list(texts), **self._options), len(texts))

    @property
    def _options(self) -> dict[str, Any]:
        return {"batch_size": self._batch_size, "normalize_embeddings": True, "show_progress_bar": False, "convert_to_numpy": True}

    def _checked(self, vectors: object, count: int) -> Vectors:
        return np.asarray(vectors, dtype=np.float32).reshape(count, self.dimensions)


def _fingerprint(model: SentenceTransformer) -> str:
    digest = hashlib.sha256(str(model.max_seq_length).encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
