"""The fast route: the exported model run by onnxruntime and tokenizers, without torch.

Dynamic int8 scales depend on everything in a batch, so texts are run one at a time, unpadded, on one thread each.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from taperbot.cores import available_cores
from taperbot.embedding import ONNX_ROUTE, Vectors
from taperbot.errors import ModelError

MAX_WORD_PIECES = 256
MOST_AT_ONCE = 16
"""Texts that one thread takes at a time."""


class OnnxEmbedder:
    """One exported model; safe to share between threads."""

    route = ONNX_ROUTE

    def __init__(self, folder: Path, name: str, fingerprint: str, dimensions: int) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.dimensions = dimensions
        try:
            self._tokenizer = load_tokenizer(folder / "tokenizer.json")
            self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), session_options(), providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001 - both libraries raise bare exceptions of their own
            raise ModelError(f"The exported embedder in {folder} cannot be loaded: {error}") from None

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) float32, one text per core at a time."""
        size = min(MOST_AT_ONCE, max(1, len(texts) // (4 * available_cores())))
        blocks = [texts[start : start + size] for start in range(0, len(texts), size)]
        made = self._pool.map(self._embed, blocks) if len(blocks) > 1 else map(self._embed, blocks)
        return np.concatenate([np.empty((0, self.dimensions), np.float32), *made])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As for documents: this model has no query prompt."""
        return self.embed_documents(texts)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(available_cores(), thread_name_prefix="embed")

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Cut into word pieces together, which is cheaper, then run one by one."""
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        return np.concatenate([self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})[0] for ids in pieces])


def load_tokenizer(path: Path) -> Tokenizer:
    """The model's tokenizer, cutting at MAX_WORD_PIECES and padding nothing."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_WORD_PIECES)
    return tokenizer


def session_options() -> onnxruntime.SessionOptions:
    """One thread, and no memory kept for texts of each length."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Every text has its own length: arenas and memory patterns would keep a piece of memory for each.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    return options
