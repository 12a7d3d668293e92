"""What reading quotes beside the question costs: `python -m benchmarks.compare_reading [--index INDEX] [--questions FILE]`.

The same questions are asked of two bots in turn, one of them without the cross-encoder: the first time, when suggestions are still to be judged, and again.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np

from taperbot.bot import Bot
from taperbot.questions import load_questions
from taperbot.settings import Settings
from taperbot.turn_vectors import TurnEmbedder

EACH = 3
"""Of the questions every third is asked."""


def main() -> None:
    """Print medians and 95th percentiles in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--questions", type=Path, default=Path("corpus/questions.yaml"))
    options = parser.parse_args()
    questions = [one.question for one in load_questions(options.questions) if not one.history][::EACH]
    bots = {is_read: Bot(Settings(index=options.index)) for is_read in (False, True)}
    for bot in bots.values():
        bot.warm()
    for name in ("first time", "again"):
        taken = {is_read: _milliseconds(bot, questions, is_read) for is_read, bot in bots.items()}
        without, read = (f"median {np.median(found):.1f} p95 {np.quantile(found, 0.95):.1f} ms" for found in taken.values())
        print(
            f"{name} ({len(questions)}): without {without}; read {read}; ratio of medians {np.median(taken[True]) / np.median(taken[False]):.2f}"
        )


def _milliseconds(bot: Bot, questions: Sequence[str], is_read: bool) -> list[float]:
    taken = []
    with _reading(is_read):
        for question in questions:
            started = time.perf_counter()
            bot.ask(question)
            taken.append((time.perf_counter() - started) * 1000)
    return taken


@contextmanager
def _reading(is_read: bool) -> Iterator[None]:
    if is_read:
        yield
        return
    with patch.object(TurnEmbedder, "reader", lambda _: None):
        yield


if __name__ == "__main__":
    main()
