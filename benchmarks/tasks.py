"""Measured work that runs in a process of its own: `python -m benchmarks.tasks FILE`, the file naming the task and its arguments.

Both sides of one measurement stand beside each other. Imports are inside the tasks, so that each side pays for its own alone.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def rate_plain(texts: list[str]) -> dict[str, Any]:
    """Texts embedded a second by sentence-transformers, warm."""
    from benchmarks.plain import MiniLM

    model = MiniLM()
    return _rate(model.embed_documents, texts)


def rate_ours(texts: list[str], models: str) -> dict[str, Any]:
    """Texts embedded a second by our embedder, warm."""
    from taperbot.embedding import open_embedder

    return _rate(open_embedder(models=Path(models)).embed_documents, texts)


def vectors(texts: list[str], models: str, route: str, target: str) -> dict[str, Any]:
    """Vectors of the texts by one route of ours, saved as a numpy file."""
    import numpy as np

    from taperbot.embedding import open_embedder

    np.save(target, open_embedder(models=Path(models), route=route).embed_documents(texts))
    return {}


def ingest_plain(export: str, store: str) -> dict[str, Any]:
    """Split, embed and store every passage of an export."""
    from benchmarks.passages import read_export
    from benchmarks.plain import build_store, split

    chunks = split(read_export(Path(export)))
    build_store(Path(store), chunks)
    return {"chunks": len(chunks)}


def questions_plain(store: str, questions: list[str], warm_up: int) -> dict[str, Any]:
    """Milliseconds of each bare similarity search."""
    from benchmarks.plain import open_store

    opened = open_store(Path(store))
    return _timed(lambda question: opened.similarity_search(question, k=4), questions, warm_up)


def questions_ours(index: str, questions: list[str], warm_up: int, serving: bool = False) -> dict[str, Any]:
    """Milliseconds of each question, from triage to the checked answer, as in a process of `taperbot`.

    One that is `serving` searches in Chroma; one with a few questions compares with every chunk. A question that triage settles by itself, as off-topic
    say, costs a fraction and is left out: only what is searched and answered counts.
    """
    from taperbot.offline import one_core_a_question

    one_core_a_question()
    from taperbot.bot import Bot
    from taperbot.settings import from_environment

    bot = Bot(from_environment({}, index=Path(index)))
    if serving:
        bot.warm()
    return _timed(bot.ask, questions, warm_up, lambda answer: answer.generation is not None)


def rankings_plain(store: str, questions: dict[str, str], k: int) -> dict[str, Any]:
    """Passage ids for each question, best chunk first."""
    from benchmarks.plain import open_store

    opened = open_store(Path(store))
    found = {key: [hit.metadata["source"] for hit in opened.similarity_search(text, k=k)] for key, text in questions.items()}
    return {"rankings": found}


def _rate(embed: Callable[[list[str]], object], texts: list[str]) -> dict[str, Any]:
    embed(texts[:16])
    started = time.perf_counter()
    embed(texts)
    return {"rate": len(texts) / (time.perf_counter() - started)}


def _timed(
    answer: Callable[[str], Any], questions: list[str], warm_up: int, counts: Callable[[Any], bool] = lambda _: True
) -> dict[str, Any]:
    milliseconds = []
    for place, question in enumerate(questions):
        started = time.perf_counter()
        given = answer(question)
        taken = 1000 * (time.perf_counter() - started)
        if place >= warm_up and counts(given):
            milliseconds.append(taken)
    return {"milliseconds": milliseconds, "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


TASKS = {task.__name__: task for task in (rate_plain, rate_ours, vectors, ingest_plain, questions_plain, questions_ours, rankings_plain)}

if __name__ == "__main__":
    wanted = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print(json.dumps(TASKS[wanted.pop("task")](**wanted)))
