"""Our index under writers, readers and kills. Tasks of `python -m benchmarks.our_updates FILE`.

What an index should hold is read from indexes that were built from nothing out of the same exports.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.passages import passage_id_of
from taperbot.errors import TaperBotError
from taperbot.generation import Generation, Library, open_current

Held = dict[str, tuple[str, tuple[str, ...]]]


def contents(index: str, references: list[str]) -> dict[str, Any]:
    """Chunks in the index, and the articles that are neither as in one of the references nor as in another."""
    wanted = [_held(open_current(Path(reference))) for reference in references]
    expected = sum(len(chunks) for _, chunks in wanted[0].values())
    try:
        held = _held(open_current(Path(index)))
    except (TaperBotError, OSError) as error:
        return {"expected": expected, "found": 0, "torn": len(wanted[0]), "readable": False, "error": str(error)[:200]}
    torn = [article_id for article_id in wanted[0] if held.get(article_id) not in [reference[article_id] for reference in wanted]]
    return {"expected": expected, "found": sum(len(chunks) for _, chunks in held.values()), "torn": len(torn), "readable": True}


def reads_until(index: str, references: list[str], passage_id: str, question: str, stop: str) -> dict[str, Any]:
    """Reads by another process until the file `stop` appears; says "reading" when it begins.

    A read has failed when it raises, finds nothing of the article, or sees it neither wholly as it was nor wholly as it will be.
    """
    from taperbot.embedding import open_embedder

    wanted = [_held(open_current(Path(reference))) for reference in references]
    article_id = next(found for found in wanted[0] if passage_id_of(found) == passage_id)
    wholes = [held[article_id] for held in wanted]
    vector = open_embedder(models=Path(index) / "models").embed_queries([question])[0]
    library, done, failed = Library(Path(index)), 0, 0
    print("reading", flush=True)
    while not Path(stop).exists():
        done += 1
        failed += not _reads_whole(library, article_id, vector, wholes)
        time.sleep(0.001)
    return {"done": done, "failed": failed}


def _reads_whole(library: Library, article_id: str, vector: Any, wholes: list[tuple[str, tuple[str, ...]]]) -> bool:
    try:
        generation = library.current()
        hits = generation.nearest_chunks(vector, 50)
        found = any(generation.chunk(hit.row).article_id == article_id for hit in hits)
        return found and _article(generation, article_id) in wholes
    except Exception:  # noqa: BLE001 - any error is a failed read
        return False


def _held(generation: Generation) -> Held:
    return {card.article_id: _article(generation, card.article_id) for card in generation.articles()}


def _article(generation: Generation, article_id: str) -> tuple[str, tuple[str, ...]]:
    article = generation.article(article_id)
    texts = tuple(generation.chunk(row).text for row in generation.chunk_rows(article_id))
    return (article.version if article else "", texts)


TASKS = {task.__name__: task for task in (contents, reads_until)}

if __name__ == "__main__":
    wanted_task = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print(json.dumps(TASKS[wanted_task.pop("task")](**wanted_task)))
