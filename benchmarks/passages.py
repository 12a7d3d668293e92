"""The texts both sides are measured on, and how a ranking of them is scored."""

from __future__ import annotations

import gzip
import json
import math
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

SET_NAME = "nih_known_item"
EXPORT_CHARACTERS = 20_000_000
CORPUS = Path(__file__).resolve().parent.parent / "corpus"


@dataclass(frozen=True, slots=True)
class PassageText:
    """One document of a set, or one part of an article of the bundled corpus."""

    passage_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Documents, questions by id, and for each question the ids of the documents that answer it."""

    passages: tuple[PassageText, ...]
    questions: Mapping[str, str]
    right: Mapping[str, frozenset[str]]


def load_judged(data: Path) -> JudgedSet | None:
    """The judged set inside `data`, or None when it is not there."""
    folder = data / SET_NAME
    if not (folder / "documents.jsonl.gz").is_file():
        return None
    passages = tuple(PassageText(row["id"], row["title"], row["text"]) for row in _rows(folder / "documents.jsonl.gz"))
    questions = {row["id"]: row["text"] for row in _rows(folder / "queries.jsonl.gz")}
    right: dict[str, set[str]] = {}
    for row in _rows(folder / "qrels.jsonl.gz"):
        right.setdefault(row["qid"], set()).add(row["did"])
    return JudgedSet(passages, questions, {question: frozenset(ids) for question, ids in right.items()})


def thinned(judged: JudgedSet, wanted: int) -> JudgedSet:
    """`wanted` passages taken evenly from the whole set, with the questions whose right passages are all among them."""
    step = len(judged.passages) / wanted
    kept = tuple(judged.passages[int(number * step)] for number in range(wanted))
    ids = {passage.passage_id for passage in kept}
    right = {question: good for question, good in judged.right.items() if good <= ids}
    return JudgedSet(kept, {question: judged.questions[question] for question in right}, right)


def corpus_passages(corpus: Path = CORPUS) -> tuple[PassageText, ...]:
    """The Markdown articles of the bundled corpus cut at their second-level headings, for where no public set is at hand."""
    made = []
    for path in sorted(corpus.glob("*.md")):
        if path.name.startswith(("_", "README")):
            continue
        body = re.sub(r"\A---\n.*?\n---\n", "", path.read_text("utf-8"), flags=re.DOTALL)
        parts = [part.strip() for part in re.split(r"(?m)^## ", body) if part.strip()]
        made += [PassageText(f"{path.stem}-{number}", path.stem.replace("-", " "), part) for number, part in enumerate(parts)]
    return tuple(made)


def corpus_questions(passages: Sequence[PassageText], wanted: int = 100) -> tuple[str, ...]:
    """Questions to time where no judged ones are at hand: the opening line of each passage."""
    return tuple(passage.text.splitlines()[0][:200] for passage in passages[:wanted])


def write_export(passages: Iterable[PassageText], folder: Path) -> None:
    """JSON Lines exports as content systems write them, each of about EXPORT_CHARACTERS at most."""
    folder.mkdir(parents=True, exist_ok=True)
    stream = iter(passages)
    for number in count():
        part = first_characters(stream, EXPORT_CHARACTERS)
        if not part:
            return
        with (folder / f"export-{number:02}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(
                json.dumps({"id": row.passage_id, "title": row.title, "text": row.text}, ensure_ascii=False) + "\n" for row in part
            )


def read_export(folder: Path) -> list[PassageText]:
    """The passages of the exports in a folder, in order."""
    made = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            made += [PassageText(row["id"], row["title"], row["text"]) for row in map(json.loads, file)]
    return made


def passage_id_of(article_id: str) -> str:
    """The passage an article of an export was made from."""
    return article_id.split("#", 1)[1]


def edited(passages: Sequence[PassageText], which: int) -> list[PassageText]:
    """The passages with one sentence more in one of them."""
    changed = list(passages)
    row = changed[which]
    changed[which] = PassageText(row.passage_id, row.title, row.text + " Ask at the next visit whether this still holds for you.")
    return changed


def varied_passages(passages: Sequence[PassageText], seed: int = 7) -> Iterator[PassageText]:
    """The passages over and over without end, each round with about every sixth longer word drawn anew from the whole set."""
    vocabulary = sorted({word for passage in passages for word in re.findall(r"[a-z]{5,}", passage.text)})
    for turn in count():
        drawn = random.Random(seed + turn)
        for passage in passages:
            text = passage.text if turn == 0 else _reworded(passage.text, vocabulary, drawn)
            yield PassageText(f"{passage.passage_id}-{turn}", passage.title, text)


def gathered(passages: Iterator[PassageText], size: int) -> Iterator[PassageText]:
    """Articles of `size` passages each, under the id and title of the first."""
    while part := list(islice(passages, size)):
        yield PassageText(part[0].passage_id, part[0].title, "\n\n".join(passage.text for passage in part))


def first_characters(passages: Iterator[PassageText], wanted: int) -> list[PassageText]:
    """The next passages, as many as hold `wanted` characters together, or all that are left."""
    taken: list[PassageText] = []
    characters = 0
    while characters < wanted and (passage := next(passages, None)):
        taken.append(passage)
        characters += len(passage.text)
    return taken


def texts_of_words(passages: Sequence[PassageText], words: int, wanted: int) -> list[str]:
    """`wanted` texts of `words` words each, cut from the passages in order, over again where they run out."""
    stream = (word for passage in varied_passages(passages) for word in passage.text.split())
    return [" ".join(islice(stream, words)) for _ in range(wanted)]


def ndcg_at_10(ranking: Sequence[str], right: frozenset[str]) -> float:
    """nDCG@10 of document ids, best first; repeated ids count once."""
    found = list(dict.fromkeys(ranking))[:10]
    gained = sum(1 / math.log2(rank + 2) for rank, document in enumerate(found) if document in right)
    return gained / sum(1 / math.log2(rank + 2) for rank in range(min(10, len(right))))


def scored(rankings: Mapping[str, Sequence[str]], right: Mapping[str, frozenset[str]]) -> tuple[float, float]:
    """Mean nDCG@10 and P@1 over all judged questions; a question without a ranking counts 0."""
    gains = [ndcg_at_10(rankings.get(question, ()), good) for question, good in right.items()]
    firsts = [bool(rankings.get(question)) and rankings[question][0] in good for question, good in right.items()]
    return sum(gains) / len(right), sum(firsts) / len(right)


def _reworded(text: str, vocabulary: Sequence[str], drawn: random.Random) -> str:
    def maybe(match: re.Match[str]) -> str:
        return drawn.choice(vocabulary) if drawn.random() < 0.16 else match.group()

    return re.sub(r"[a-z]{5,}", maybe, text)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
