"""Reopens a built generation in a process of its own and looks whether it is what was asked for.

Run as `python -m ingest.verify CORPUS INDEX FOLDER EMBEDDER DEVICE`; prints a Verdict as one JSON object.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.options import Options
from taperbot.cores import available_cores
from taperbot.errors import TaperBotError, VerificationError
from taperbot.generation import Generation
from taperbot.generation_manifest import check_files
from taperbot.offline import forbid_lookups
from taperbot.settings import Settings

LEAST_RECALL = 0.99
NEIGHBOURS = 10
TWIN = 1e-4
"""Cosines this close are the same: the store computes them in another order of additions."""
BLOCK = 500
MOST_COMPARED = 5000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problem` is "" for a sound generation. `recall` compares the store's ten nearest with exact search, as far as compared.

    `kinds` are (kind of golden question, right, asked).
    """

    problem: str = ""
    recall: float = 1.0
    asked: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    kinds: tuple[tuple[str, int, int], ...] = ()
    bands: str = ""
    starters: tuple[tuple[str, str], ...] = ()


def verify_elsewhere(options: Options, folder: Path) -> Verdict:
    """The verdict of another process. VerificationError when that process fails."""
    places = map(str, (options.corpus, options.index, folder))
    command = [sys.executable, "-m", "ingest.verify", *places, options.embedder, options.device]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1]
        raise VerificationError(f"The new index could not be verified: {reason} The index before stays in use.")
    raw = json.loads(done.stdout)
    starters = tuple((question, article_id) for question, article_id in raw["starters"])
    kinds = tuple((kind, right, asked) for kind, right, asked in raw["kinds"])
    return Verdict(raw["problem"], raw["recall"], tuple(raw["asked"]), tuple(raw["passed"]), kinds, raw["bands"], starters)


def verify(corpus: Path, index: Path, folder: Path, settings: Settings) -> Verdict:
    """Everything about the generation in `folder` that can be checked by reading it, and how it answers the golden questions."""
    from taperbot.generation_library import open_with_store

    generation = open_with_store(index, folder)
    check_files(folder, generation.manifest, contents=True)
    problem = next(_problems(generation), "")
    return Verdict(problem) if problem else _asked(generation, corpus, settings, recall_of_store(generation))


def _asked(generation: Generation, corpus: Path, settings: Settings, recall: float) -> Verdict:
    # The whole bot is imported here, in the process that verifies, and not in the one that builds.
    from ingest.golden import ask_golden, fit_bands, golden_questions
    from taperbot.bands import bands_to_json

    questions = golden_questions(corpus)
    if not questions:
        return Verdict(recall=recall)
    generation.bands = fit_bands(generation, questions, settings)
    run = ask_golden(generation, questions, settings)
    starters = tuple((starter.question, starter.article_id) for starter in run.starters)
    asked = tuple(question.id for question in questions)
    return Verdict("", recall, asked, run.passed, run.kinds, bands_to_json(generation.bands), starters)


def _problems(generation: Generation) -> Iterator[str]:
    manifest = generation.manifest
    wanted = [chunk_id for entry in manifest.articles for chunk_id in entry.chunk_ids]
    stored = list(generation.store.ids()) if generation.store else []
    if len(set(wanted)) != len(wanted):
        yield "two chunks have the same id"
    if sorted(stored) != sorted(wanted):
        yield f"the vector store holds {len(stored)} chunks, the manifest {len(wanted)}, and they are not the same"
    for entry in manifest.articles:
        yield from _problems_of_article(generation, entry.article_id, entry.version, entry.chunk_ids)


def _problems_of_article(generation: Generation, article_id: str, version: str, chunk_ids: tuple[str, ...]) -> Iterator[str]:
    article = generation.find_version(article_id, version)
    if article is None:
        yield f"{article_id} is not there in the version of the manifest"
        return
    rows = generation.chunk_rows(article_id)
    if [generation.chunk(row).chunk_id for row in rows] != list(chunk_ids):
        yield f"{article_id} has other chunks than the manifest says"
    for row in rows:
        chunk, found = generation.chunk(row), generation.quotes([row])
        if article.text[chunk.start : chunk.end] != chunk.text:
            yield f"{article_id}: a chunk is not a slice of its article"
        if any(article.text[quote.start : quote.end] != quote.text for quote in found.quotes):
            yield f"{article_id}: a quote is not a slice of its article"
        if len(found.quotes) != len(found.vectors) or not _find_themselves(found.vectors):
            yield f"{article_id}: a quote does not find itself"


def _find_themselves(vectors: NDArray[np.float32]) -> bool:
    """Whether each vector's nearest, among those beside it, is itself or an identical twin."""
    if not len(vectors):
        return True
    cosines = vectors @ vectors.T
    return bool((cosines.diagonal() >= cosines.max(axis=1) - TWIN).all() and np.allclose(cosines.diagonal(), 1.0, atol=1e-2))


def recall_of_store(generation: Generation) -> float:
    """Share of the exact ten nearest that the store finds; 0 when a chunk finds neither itself nor a twin.

    Every chunk looks for itself; where there are many, an even sample of them is compared with exact search.
    """
    if generation.store is None or not generation.chunk_count:
        return 1.0
    step = -(-generation.chunk_count // MOST_COMPARED)
    with ThreadPoolExecutor(available_cores()) as pool:
        shares = list(pool.map(partial(_recall_of_block, generation, step), range(0, generation.chunk_count, BLOCK)))
    found = np.concatenate(shares)
    return 0.0 if (found < 0).any() else float(found.mean())


def _recall_of_block(generation: Generation, step: int, start: int) -> NDArray[np.float64]:
    """The share for each chunk of a block that is compared, or -1 for one that does not find itself."""
    assert generation.store is not None
    rows = range(start, min(start + BLOCK, generation.chunk_count))
    vectors = generation.chunk_vectors(rows)
    found = generation.store.nearest_of_many(vectors, NEIGHBOURS)
    first = generation.chunk_vectors([generation.row_of_chunk[hits[0][0]] for hits in found if hits])
    if len(first) < len(vectors) or ((first * vectors).sum(axis=1) < (vectors * vectors).sum(axis=1) - TWIN).any():
        return np.array([-1.0])
    compared = [place for place, row in enumerate(rows) if row % step == 0]
    exact = vectors[compared] @ generation.all_chunk_vectors.T
    shares = []
    for cosines, place in zip(exact, compared, strict=True):
        got = cosines[[generation.row_of_chunk[chunk_id] for chunk_id, _ in found[place]]]
        tenth = np.partition(cosines, -len(got))[-len(got)]
        shares.append((got >= tenth - TWIN).mean())
    return np.array(shares, np.float64)


def main(arguments: list[str]) -> int:
    """Exit 0 with a verdict on stdout; 1 with the reason as the last line of stderr."""
    forbid_lookups()
    corpus, index, folder, embedder, device = arguments
    try:
        verdict = verify(Path(corpus), Path(index), Path(folder), Settings(index=Path(index), embedder=embedder, device=device))
    except (TaperBotError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(asdict(verdict)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
