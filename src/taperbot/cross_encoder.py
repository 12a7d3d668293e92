"""The package's own cross-encoder: it reads a question beside a quote and says how likely the one is answered by the other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from taperbot.cores import available_cores
from taperbot.embedding_onnx import load_tokenizer, session_options
from taperbot.embedding_tuned import pair_pieces, relevance_export_name
from taperbot.evidence import Scores


class CrossEncoder:
    """Safe to share between threads. Pairs are run one at a time, unpadded: the same pair has the same score whatever stands beside it."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), session_options(), providers=["CPUExecutionProvider"])

    def read(self, question: str, texts: Sequence[str]) -> Scores:
        """(n,) log-odds that each of `texts`, a quote behind its title and heading, answers `question`; the pairs are shared out among the cores."""
        score = self._pool.map if len(texts) > 1 else map
        found = score(lambda text: self._session.run(None, given(self._tokenizer, question, text))[0], texts)
        return np.concatenate([np.empty(0, np.float32), *found])

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(available_cores(), thread_name_prefix="read")


def given(tokenizer: Any, question: str, text: str) -> dict[str, NDArray[np.int64]]:
    """What the exported graph is given for a pair."""
    pieces, types = pair_pieces(tokenizer, question, text)
    return {"input_ids": np.array([pieces], np.int64), "token_type_ids": np.array([types], np.int64)}


def open_cross_encoder(models: Path) -> CrossEncoder | None:
    """The cross-encoder exported into `models`, or None where there is none that passed its verification: quotes are weighed without it then."""
    try:
        folder = models / relevance_export_name()
        return CrossEncoder(folder) if json.loads((folder / "verified.json").read_text("utf-8"))["passed"] else None
    except Exception:  # noqa: BLE001 - whatever is wrong with the model, a reader's question has to be answered without it
        return None
