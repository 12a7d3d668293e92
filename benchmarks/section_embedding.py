"""Embedding rate, and how close the fast route is to sentence-transformers, in vectors and in retrieval."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, Section, Target
from benchmarks.machine import embedding_limit
from benchmarks.passages import JudgedSet, scored, texts_of_words
from benchmarks.processes import run_task
from benchmarks.workspace import Workspace, interleaved, median, percentile
from taperbot.embedding import ONNX_ROUTE, REFERENCE_ROUTE
from taperbot.embedding_onnx import load_tokenizer

TOKENS = 200


def measure(bench: Workspace) -> Section:
    """Texts a second on each side, parity of the two routes, and the limit that the machine sets."""
    texts = texts_of_tokens(bench, 16 if bench.quick else 256)
    plain, ours = interleaved(
        min(bench.repeats, 3),
        lambda: run_task("rate_plain", texts=texts)["rate"],
        lambda: run_task("rate_ours", texts=texts, models=str(bench.models))["rate"],
    )
    rate = Figure(f"embedding rate, {TOKENS}-token texts", "texts/s", median(plain), median(ours), Target(3, at_least=True))
    limit = embedding_limit(TOKENS, quick=bench.quick)
    return Section("embedding", "Embedding", (rate, *_parity(bench)), notes=limit.sentences(median(plain), median(ours)))


def texts_of_tokens(bench: Workspace, wanted: int) -> list[str]:
    """Texts of exactly TOKENS word pieces, the two marks that the model adds included."""
    tokenizer = load_tokenizer(next(bench.models.glob("*/tokenizer.json")))
    long = texts_of_words(bench.passages, 220, wanted)
    cuts = []
    for text in long:
        end = tokenizer.encode(text).offsets[TOKENS - 2][1]
        cuts.append(text[:end])
    return cuts


def _parity(bench: Workspace) -> tuple[Figure, ...]:
    texts = [f"{passage.title}: {passage.text}" for passage in bench.passages]
    questions = bench.judged.questions if bench.judged else dict(enumerate(bench.questions))
    every = [*texts, *questions.values()]
    fast, reference = (_vectors(bench, every, route) for route in (ONNX_ROUTE, REFERENCE_ROUTE))
    cosines = (fast * reference).sum(axis=1).tolist()
    figures = (
        Figure("cosine of the two routes, median", "", None, median(cosines), Target(0.99, at_least=True, of_plain=False)),
        Figure("cosine of the two routes, least", "", None, min(cosines), Target(0.98, at_least=True, of_plain=False)),
        Figure("cosine of the two routes, lowest hundredth", "", None, percentile(cosines, 0.01)),
    )
    if bench.judged is None or bench.quick:
        return figures
    quality = [_ndcg(bench.judged, vectors, len(texts)) for vectors in (reference, fast)]
    difference = abs(quality[0] - quality[1])
    return (
        *figures,
        Figure("nDCG@10, one vector a passage, both routes", "", quality[0], quality[1], note="plain: sentence-transformers"),
        Figure("difference of the two", "", None, difference, Target(0.005, of_plain=False)),
    )


def _vectors(bench: Workspace, texts: list[str], route: str) -> NDArray[np.float32]:
    target = Path(bench.out / f"vectors-{route}.npy")
    run_task("vectors", texts=texts, models=str(bench.models), route=route, target=str(target))
    vectors: NDArray[np.float32] = np.load(target)
    return vectors


def _ndcg(judged: JudgedSet, vectors: NDArray[np.float32], documents: int) -> float:
    best = np.argsort(-(vectors[documents:] @ vectors[:documents].T), axis=1)[:, :10]
    ids = [passage.passage_id for passage in judged.passages]
    rankings = {question: [ids[row] for row in rows] for question, rows in zip(judged.questions, best, strict=True)}
    return scored(rankings, judged.right)[0]
