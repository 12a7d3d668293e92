"""One pass over a message that gives its vector, the chances of its levels, and the vector its answers would have: the exported embedder with tuned layers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime

from taperbot.embedding import Vectors
from taperbot.embedding_onnx import load_tokenizer, session_options
from taperbot.embedding_tuned import pieces_of, tuned_export_name


class Reading(NamedTuple):
    """`vector` (dimensions,) is the embedder's own; `chances` (levels,) in the order of LEVELS; `asking` (dimensions,) has unit length as well."""

    vector: Vectors
    chances: Vectors
    asking: Vectors


class OnnxJudge:
    """Safe to share between threads. `gives_vectors` says that its vectors are those of the exported embedder, to the bit."""

    def __init__(self, folder: Path) -> None:
        self.gives_vectors = bool(json.loads((folder / "verified.json").read_text("utf-8"))["same_vectors"])
        self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), session_options(), providers=["CPUExecutionProvider"])

    def read(self, text: str, context: str = "") -> Reading:
        """What the layers make of `text`; behind a `context` only the chances mean anything."""
        pieces = np.array([pieces_of(self._tokenizer, text, context)], dtype=np.int64)
        vector, scores, asking = self._session.run(None, {"input_ids": pieces})
        raised = np.exp(scores[0] - scores[0].max())
        return Reading(vector[0], raised / raised.sum(), asking[0])


def open_judge(models: Path) -> OnnxJudge | None:
    """The judge exported into `models`, or None where there is none that passed its verification: words and patterns judge alone then."""
    try:
        folder = models / tuned_export_name()
        return OnnxJudge(folder) if json.loads((folder / "verified.json").read_text("utf-8"))["passed"] else None
    except Exception:  # noqa: BLE001 - whatever is wrong with the model, danger has to be judged without it
        return None
