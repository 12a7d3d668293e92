"""Retrieval on a set of documents with judgements: ingested as any corpus is, searched as any question is."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taperbot.errors import TaperBotError, UsageError
from taperbot.evaluate_report import Report
from taperbot.measures import estimate, first_of_each, ndcg_at, recall_at, reciprocal_rank
from taperbot.records import Passage

DEPTH = 50
EXPORT_NAME = "documents.jsonl"
Search = Callable[[str, int], Sequence[Passage]]


class DocumentSetError(TaperBotError):
    """The documents of a set could not be ingested."""

    code = "document_set"


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """Documents as export lines, questions by id, and the ids of the right documents of each question."""

    name: str
    documents: tuple[dict[str, str], ...]
    questions: dict[str, str]
    right: dict[str, frozenset[str]]


def load_document_set(folder: Path) -> DocumentSet:
    """Reads documents, queries and qrels (`.jsonl.gz` or `.jsonl`) of a folder. Raises UsageError that says what is missing."""
    documents = tuple({key: str(row.get(key) or "") for key in ("id", "title", "text")} for row in _rows(folder, "documents"))
    questions = {str(row["id"]): str(row["text"]) for row in _rows(folder, "queries")}
    right: dict[str, set[str]] = {}
    for row in _rows(folder, "qrels"):
        if int(row.get("grade", 1)) > 0:
            right.setdefault(str(row["qid"]), set()).add(str(row["did"]))
    return DocumentSet(folder.name, documents, questions, {key: frozenset(ids) for key, ids in right.items() if key in questions})


def ingest_set(documents: DocumentSet, workspace: Path) -> Path:
    """The index of the set inside `workspace`, built by `python -m ingest` in a process of its own; unchanged sets are not built again."""
    corpus, index = workspace / "corpus", workspace / "index"
    corpus.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in documents.documents)
    (corpus / EXPORT_NAME).write_text(lines, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "--corpus", str(corpus), "--index", str(index), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DocumentSetError(f"The documents of {documents.name} could not be ingested: {(done.stdout + done.stderr)[-500:]}")
    return index


def score_retrieval(documents: DocumentSet, search: Search, generation: str) -> Report:
    """Ranks documents by their best chunk and scores the rankings."""
    rankings = {key: _documents(search(question, DEPTH)) for key, question in documents.questions.items() if key in documents.right}
    measured = (
        ("ndcg@10", [ndcg_at(ranked, documents.right[key]) for key, ranked in rankings.items()]),
        ("mrr@10", [reciprocal_rank(ranked, documents.right[key]) for key, ranked in rankings.items()]),
        ("p@1", [float(bool(ranked) and ranked[0] in documents.right[key]) for key, ranked in rankings.items()]),
        *(
            (f"recall@{k}", [recall_at(ranked, documents.right[key], k) for key, ranked in rankings.items()])
            for k in (1, 5, 20)
        ),
    )  # fmt: skip
    first = {key for key, ranked in rankings.items() if ranked and ranked[0] in documents.right[key]}
    return Report(
        f"retrieval on {documents.name}",
        generation,
        tuple((name, "all", estimate(values)) for name, values in measured),
        right=tuple(sorted(first)),
        wrong=tuple(sorted(set(rankings) - first)),
    )


def _documents(passages: Sequence[Passage]) -> list[str]:
    return first_of_each([passage.chunk.article_id.rpartition("#")[2] for passage in passages])


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    for path, opened in ((folder / f"{name}.jsonl.gz", gzip.open), (folder / f"{name}.jsonl", open)):
        if path.is_file():
            try:
                with opened(path, "rt", encoding="utf-8") as file:
                    return [json.loads(line) for line in file if line.strip()]
            except (OSError, ValueError) as error:
                raise UsageError(f"{path} cannot be read: {error}.") from None
    raise UsageError(f"{folder} holds no {name}.jsonl.gz; wanted documents, queries and qrels.")
