"""`taperbot search`: the passages found, without triage or composing."""

from __future__ import annotations

import argparse
from typing import Any

from taperbot.bot import Bot
from taperbot.bounds import bounded_history, bounded_question
from taperbot.cli_batch import history_of, question_of, run_batch
from taperbot.errors import UsageError
from taperbot.settings import from_environment

MOST_PASSAGES = 1000


def run(options: argparse.Namespace) -> int:
    """Searches and prints hits."""
    if not 1 <= options.k <= MOST_PASSAGES:
        raise UsageError(f"--k is {options.k}; wanted 1 to {MOST_PASSAGES}.")
    bot = Bot(from_environment(index=options.index))
    bot.generation()

    def search(record: dict[str, Any]) -> dict[str, Any]:
        passages = bot.passages(bounded_question(question_of(record)), bounded_history(history_of(record)), options.k)
        hits = [
            {"article_id": passage.chunk.article_id, "chunk_id": passage.chunk.chunk_id, "score": round(passage.score, 6)}
            for passage in passages
        ]
        return {"hits": hits}

    return run_batch(options.batch, search)
