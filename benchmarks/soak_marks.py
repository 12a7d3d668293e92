"""Asks thousands of generated questions and checks every mark: `python -m benchmarks.soak_marks [INDEX]`.

Without an index, one is made of the bundled corpus.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.ingest_process import ingest
from taperbot.bot import Bot
from taperbot.generation import Generation
from taperbot.records import Answer
from taperbot.settings import Settings

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FRAMES = (
    "{phrase}",
    "what about {phrase}?",
    "is it true that {phrase}",
    "{one} and {other}?",
    "how long does {one} last?",
    "how much {one} for {other}",
    "what is the difference between {one} and {other}",
    "why does {phrase}",
    "which signs of {one} are serious",
    "i have {one} since my last cut, {other}?? help",
    "<b>{one}</b> [1] {other} https://example.org",
)


def asked_of(generation: Generation, count: int, seed: int = 1) -> Iterator[str]:
    """`count` questions from words and phrases of the articles, the same for a seed."""
    drawn = random.Random(seed)
    chunks = [generation.chunk(row) for row in range(generation.chunk_count)]
    for _ in range(count):
        words = [drawn.choice(chunks).text.split() for _ in range(2)]
        start = drawn.randrange(max(1, len(words[0]) - 6))
        phrase = " ".join(words[0][start : start + drawn.randint(2, 9)])
        yield drawn.choice(FRAMES).format(phrase=phrase, one=drawn.choice(words[0]), other=drawn.choice(words[1]))[:2000]


def fault_of(answer: Answer, generation: Generation) -> str:
    """What is wrong with the marks of an answer, or ""."""
    numbers = [citation.number for citation in answer.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        return f"numbers {numbers}"
    used = {number for sentence in answer.sentences for number in sentence.citations}
    if used != set(numbers) or not all(sentence.citations for sentence in answer.sentences):
        return f"marks {used} of {numbers}"
    for citation in answer.citations:
        article = generation.article(citation.article_id)
        if article is None or article.version != citation.version or article.text[citation.start : citation.end] != citation.quote:
            return f"citation {citation.number} does not slice"
    marked = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)} if answer.sentences else set()
    if answer.sentences and marked != set(numbers):
        return f"text shows marks {marked} of {numbers}"
    for sentence in answer.sentences:
        quotes = " ".join(citation.quote for citation in answer.citations if citation.number in sentence.citations)
        if not set(re.findall(r"\w+", sentence.text)) <= set(re.findall(r"\w+", quotes)):
            return f"{sentence.text!r} is not in its quotes"
    return "" if answer.disclaimer else "no disclaimer"


def main(index: Path | None = None, count: int = 10_000) -> int:
    """Prints the faults and how the turns ended; 1 when there was a fault."""
    if index is not None:
        return _asked(index, count)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        status, report = ingest(CORPUS, Path(folder))
        assert status == 0, report
        return _asked(Path(folder), count)


def _asked(index: Path, count: int) -> int:
    bot = Bot(Settings(index=index))
    faults, outcomes, marks = 0, Counter[str](), 0
    for question in asked_of(bot.generation(), count):
        answer = bot.ask(question)
        outcomes[answer.outcome.value] += 1
        marks += len(answer.citations)
        fault = fault_of(answer, bot.generation())
        if fault:
            faults += 1
            print(f"{fault}: {question!r}")
    print(f"{count} questions, {marks} marks, {faults} faults; {dict(outcomes)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
