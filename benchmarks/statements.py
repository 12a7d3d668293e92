"""Libraries of short articles made of statements, with the questions they answer and those they only seem to answer: `python -m benchmarks.statements FOLDER`.

Each line of `statement_libraries/*.jsonl` is a statement under its title and heading, with questions that it answers, near misses that nothing answers
and short questions behind earlier ones; or a question that two statements answer together. Nothing is fitted on them but the weights of quotes and the
bands: the tuned layers have never seen these files. Their figures are not checked facts.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

LIBRARIES = Path(__file__).resolve().parent / "statement_libraries"
CORPUS, QUESTIONS = "corpus", "questions.yaml"
FACT_WORDS = 6
"""Words at the beginning of a sentence by which it is found in an answer."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
Record = dict[str, Any]


def write_library(source: Path, folder: Path) -> Path:
    """Write the statements of `source` as Markdown articles into `folder`/corpus, their questions beside it; returns `folder`."""
    lines = [json.loads(line) for line in source.read_text("utf-8").splitlines() if line.strip()]
    statements = [line for line in lines if "quote" in line]
    (folder / CORPUS).mkdir(parents=True, exist_ok=True)
    file_of = {title: f"{place:02}.md" for place, title in enumerate(dict.fromkeys(one["title"] for one in statements))}
    for title, name in file_of.items():
        (folder / CORPUS / name).write_text(_article(title, [one for one in statements if one["title"] == title]), "utf-8")
    together = [line for line in lines if "both" in line]
    questions = [*_questions(statements, file_of), *_of_two(together, {one["id"]: one for one in statements}, file_of)]
    (folder / QUESTIONS).write_text(yaml.safe_dump(questions, allow_unicode=True, sort_keys=False, width=160), "utf-8")
    return folder


def families(folder: Path, size: int = 3) -> list[list[Path]]:
    """The articles of a written library that treat sides of one subject: they were written one after the other."""
    articles = sorted((folder / CORPUS).glob("*.md"))
    return [articles[start : start + size] for start in range(0, len(articles), size)]


def statement_of(question_id: str) -> str:
    """The statement that a question of a written library was written for, the first of two."""
    return question_id.split("-")[0]


def _article(title: str, statements: Sequence[Record]) -> str:
    sections: dict[str, list[str]] = {}
    for one in statements:
        sections.setdefault(one["heading"], []).append(one["quote"])
    body = "\n\n".join(f"## {heading}\n\n" + "\n\n".join(quotes) for heading, quotes in sections.items())
    return f"# {title}\n\n{body}\n"


def _questions(statements: Sequence[Record], file_of: dict[str, str]) -> Iterator[Record]:
    for one in statements:
        answered = {"expect": "answer", "articles": [file_of[one["title"]]], "section": one["heading"], "facts": _facts(one)}
        for number, question in enumerate(one["answered"]):
            yield {"id": f"{one['id']}-answered-{number}", "question": question, "kind": "lay", **answered}
        for number, question in enumerate(one["near"]):
            yield {"id": f"{one['id']}-near-{number}", "question": question, "kind": "unanswerable", "expect": "abstain"}
        for number, turn in enumerate(one.get("after", ())):
            asked = {"question": turn["then"], "kind": "follow_up", "history": [turn["before"]]}
            yield {"id": f"{one['id']}-after-{number}", **asked, **answered}


def _of_two(lines: Sequence[Record], statement_of: dict[str, Record], file_of: dict[str, str]) -> Iterator[Record]:
    for line in lines:
        both = [statement_of[one] for one in line["both"]]
        articles, facts = [file_of[one["title"]] for one in both], [fact for one in both for fact in _facts(one)]
        asked = {"question": line["question"], "kind": "two_articles", "expect": "answer"}
        yield {"id": "-".join(line["both"]), **asked, "articles": articles, "facts": facts}


def _facts(statement: Record) -> list[str]:
    """A pattern for the beginning of each sentence."""
    sentences = _SENTENCE_END.split(statement["quote"])
    return [re.sub(r"[^\w ]", ".", " ".join(sentence.split()[:FACT_WORDS])) for sentence in sentences]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write every library into a folder of its own, the held one too."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.statements", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    for source in sorted(LIBRARIES.rglob("*.jsonl")):
        print(write_library(source, options.folder / source.stem))
    return 0


if __name__ == "__main__":
    sys.exit(main())
