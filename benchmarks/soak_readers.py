"""Eight reading threads and two reading processes while the articles are replaced 50 times: no error, no mixed answer.

Every sentence of an edition names it, so an answer drawn from two editions shows.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.ingest_process import ingest, share_models
from benchmarks.small_corpus import SmallCorpus
from taperbot.embedding import Embedder, open_embedder
from taperbot.generation import Library
from taperbot.tokens import tokenize

EDITION = re.compile(r"in the (\w+) edition")
QUESTION = "How many days do people notice it in the morning?"
CALL = "import sys; from pathlib import Path; from benchmarks.soak_readers import read_elsewhere; read_elsewhere(*map(Path, sys.argv[1:]))"


@dataclass
class Tally:
    """What readers saw."""

    answers: int = 0
    errors: list[str] = field(default_factory=list)
    mixed: int = 0
    editions: set[str] = field(default_factory=set)


def main(ingests: int = 50, threads: int = 8, processes: int = 2) -> int:
    """Exit status 0 with no error and no mixed answer."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        tally = run(Path(folder), ingests, threads, processes)
    print(
        f"{ingests} ingests under {threads} reading threads and {processes} processes: {tally.answers} answers, {len(tally.errors)} errors, "
        f"{tally.mixed} mixed, {len(tally.editions)} editions seen"
    )
    return int(bool(tally.errors or tally.mixed))


def run(folder: Path, ingests: int, threads: int, processes: int, models: Path | None = None) -> Tally:
    """Replaces the articles `ingests` times under readers."""
    index, stop = folder / "index", folder / "stop"
    if models is None:
        models = folder / "models"
        open_embedder(models=models)
    share_models(index, models)
    corpus = SmallCorpus(folder / "corpus", seed=11)
    corpus.rewrite("e0")
    assert ingest(corpus.folder, index)[0] == 0
    elsewhere = [
        subprocess.Popen([sys.executable, "-c", CALL, index, models, stop], stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    tallies = [Tally() for _ in range(threads)]
    library, embedder = Library(index, exact_up_to=0), open_embedder(models=models)
    library.follow()
    readers = [threading.Thread(target=read, args=(library, embedder, tally, stop)) for tally in tallies]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, ingests + 1):
            corpus.rewrite(f"e{number}")
            status, report = ingest(corpus.folder, index)
            assert status == 0, report
    finally:
        stop.touch()
        for reader in readers:
            reader.join()
        library.close()
    return _summed(tallies, [process.communicate(timeout=120)[0] for process in elsewhere])


def read(library: Library, embedder: Embedder, tally: Tally, stop: Path) -> None:
    """Asks until the file `stop` is there."""
    while not stop.exists():
        try:
            editions = _answer(library, embedder)
        except Exception as error:  # noqa: BLE001 - whatever a reader would have met is counted
            tally.errors.append(repr(error))
            continue
        tally.answers += 1
        tally.mixed += len(editions) != 1
        tally.editions |= editions


def _answer(library: Library, embedder: Embedder) -> set[str]:
    """The editions met in one answer: its passages, quotes, articles and word matches."""
    generation = library.current()
    vector = embedder.embed_queries([QUESTION])[0]
    hits = [*generation.nearest_chunks(vector, 6), *generation.lexical_chunks(tokenize(QUESTION), 6)]
    rows = list(dict.fromkeys(hit.row for hit in hits))
    quotes = generation.quotes(rows).quotes
    texts = [generation.chunk(row).text for row in rows] + [quote.text for quote in quotes]
    for quote in quotes[:5]:
        article = generation.article(quote.article_id)
        assert article is not None
        assert article.text[quote.start : quote.end] == quote.text
    return {edition for text in texts for edition in EDITION.findall(text)}


def read_elsewhere(index: Path, models: Path, stop: Path) -> None:
    """One reading process: asks until told to stop, then prints its counts."""
    library, tally = Library(index, exact_up_to=0), Tally()
    library.follow()
    read(library, open_embedder(models=models), tally, stop)
    library.close()
    print(tally.answers, len(tally.errors), tally.mixed, *sorted(tally.editions))


def _summed(tallies: list[Tally], lines: list[str]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.answers += tally.answers
        total.errors += tally.errors
        total.mixed += tally.mixed
        total.editions |= tally.editions
    for line in lines:
        answers, errors, mixed, *editions = line.split() or ("0", "1", "0")
        total.answers += int(answers)
        total.errors += ["in another process"] * int(errors)
        total.mixed += int(mixed)
        total.editions |= set(editions)
    return total
