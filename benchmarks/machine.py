"""The machine and versions a run was made on, and the limit that its arithmetic sets to the embedder."""

from __future__ import annotations

import os
import platform
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import psutil
from onnx import helper, numpy_helper

PACKAGES = (
    "chromadb", "gradio", "langchain", "langchain-chroma", "langchain-text-splitters", "numpy", "onnxruntime", "sentence-transformers",
    "tokenizers", "torch", "transformers",
)  # fmt: skip
LAYERS, WIDTH, INNER = 6, 384, 1536


@dataclass(frozen=True, slots=True)
class EmbeddingLimit:
    """Multiplications of one pass in billions, and billions a second that this machine reaches on matrices of that shape."""

    tokens: int
    multiplications: float
    float_rate: float
    int8_rate: float

    def sentences(self, plain: float, ours: float) -> tuple[str, ...]:
        """The limit in words, with the texts a second of both sides held against it."""
        most_float, most_int8 = self.float_rate / self.multiplications, self.int8_rate / self.multiplications
        return (
            f"One MiniLM pass over {self.tokens} tokens is {self.multiplications:.2f} thousand million multiplications "
            f"({LAYERS} layers of 12 × {WIDTH}² a token, and attention). This machine reaches {self.float_rate:.0f} thousand million a "
            f"second in float32 and {self.int8_rate:.0f} in int8 on such matrices, all cores: at most {most_float:.0f} texts/s and "
            f"{most_int8:.0f} texts/s. Plain uses {plain / most_float:.0%} of the first, ours {ours / most_int8:.0%} of the second.",
        )


def embedding_limit(tokens: int, quick: bool = False) -> EmbeddingLimit:
    """Count the multiplications of a pass and measure the machine's rate of them, once in float32 and once in int8."""
    per_token = LAYERS * (4 * WIDTH * WIDTH + 2 * WIDTH * INNER)
    attention = LAYERS * 2 * tokens * tokens * WIDTH
    seconds = 0.2 if quick else 2.0
    return EmbeddingLimit(tokens, (per_token * tokens + attention) / 1e9, _rate("float", tokens, seconds), _rate("int8", tokens, seconds))


def description() -> dict[str, str]:
    """What stands at the top of the results."""
    found = {
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    }
    return found | {name: version(name) for name in PACKAGES}


def load() -> str:
    """Processes that wanted to run in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _rate(kind: str, tokens: int, seconds: float) -> float:
    """Billions of multiplications a second of (tokens, WIDTH) x (WIDTH, INNER), one product a core at a time."""
    cores = len(os.sched_getaffinity(0))
    session, feeds = _product(kind, tokens)
    until = time.perf_counter() + seconds

    def work(_core: int) -> int:
        done = 0
        while time.perf_counter() < until:
            session.run(None, feeds)
            done += 1
        return done

    started = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        products = sum(pool.map(work, range(cores)))
    return products * tokens * WIDTH * INNER / (time.perf_counter() - started) / 1e9


def _product(kind: str, tokens: int) -> tuple[onnxruntime.InferenceSession, dict[str, Any]]:
    """One matrix product by a fixed matrix, as onnxruntime does it on one thread."""
    drawn = np.random.default_rng(1)
    given, fixed, made = (
        (np.float32, np.float32, onnx.TensorProto.FLOAT) if kind == "float" else (np.uint8, np.int8, onnx.TensorProto.INT32)
    )
    weights = numpy_helper.from_array(drawn.integers(-9, 9, (WIDTH, INNER)).astype(fixed), "weights")
    node = helper.make_node("MatMul" if kind == "float" else "MatMulInteger", ["texts", "weights"], ["product"])
    texts = drawn.integers(0, 9, (tokens, WIDTH)).astype(given)
    graph = helper.make_graph(
        [node],
        kind,
        [helper.make_tensor_value_info("texts", helper.np_dtype_to_tensor_dtype(texts.dtype), texts.shape)],
        [helper.make_tensor_value_info("product", made, (tokens, INNER))],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session, {"texts": texts}
