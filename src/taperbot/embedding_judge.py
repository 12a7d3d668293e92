"""One pass over a message that gives both its vector and the chances of its levels: the exported embedder with the tuned layers on its lower ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime

from taperbot.embedding import Vectors
from taperbot.embedding_levels import levels_export_name, pieces_of
from taperbot.embedding_onnx import load_tokenizer, session_options


class OnnxJudge:
    """Safe to share between threads. `gives_vectors` says that its vectors are those of the exported embedder, to the bit."""

    def __init__(self, folder: Path) -> None:
        self.gives_vectors = bool(json.loads((folder / "verified.json").read_text("utf-8"))["same_vectors"])
        self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), session_options(), providers=["CPUExecutionProvider"])

    def judge(self, text: str, context: str = "") -> tuple[Vectors, Vectors]:
        """The vector (dimensions,), which is that of `text` only without `context`, and the chances (levels,) in the order of LEVELS."""
        vector, scores = self._session.run(None, {"input_ids": np.array([pieces_of(self._tokenizer, text, context)], dtype=np.int64)})
        raised = np.exp(scores[0] - scores[0].max())
        return vector[0], raised / raised.sum()


def open_judge(models: Path) -> OnnxJudge | None:
    """The judge exported into `models`, or None where there is none that passed its verification: words and patterns judge alone then."""
    try:
        folder = models / levels_export_name()
        return OnnxJudge(folder) if json.loads((folder / "verified.json").read_text("utf-8"))["passed"] else None
    except Exception:  # noqa: BLE001 - whatever is wrong with the model, danger has to be judged without it
        return None
