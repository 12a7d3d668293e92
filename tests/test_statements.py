"""What quote weights and bands are fitted and measured on, and that no tuned layer has seen it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.fit_asking import PAIRS, read_pairs
from benchmarks.fit_relevance import HARD_PAIRS, read_rows
from benchmarks.statements import CORPUS, LIBRARIES, QUESTIONS, families, write_library
from ingest.read import read_article
from taperbot.questions import Expect, load_questions

SOURCES = sorted(LIBRARIES.rglob("*.jsonl"))
ROOT = LIBRARIES.parent


def test_there_are_libraries_to_fit_on_and_one_held_back() -> None:
    assert [path.parent == LIBRARIES for path in SOURCES].count(True) == 2
    assert [path.parent == LIBRARIES / "held" for path in SOURCES].count(True) == 1


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_library_becomes_articles_and_questions_whose_facts_stand_in_them(source: Path, tmp_path: Path) -> None:
    written = write_library(source, tmp_path)
    articles = {path.name: read_article(path.read_bytes(), path.name).article.text for path in (written / CORPUS).iterdir()}
    assert sorted(path.name for family in families(written) for path in family) == sorted(articles)
    questions = load_questions(written / QUESTIONS)
    assert len(questions) > 900
    for question in questions:
        text = " ".join(" ".join(articles[name] for name in question.articles).split())
        assert (question.expect is Expect.ANSWER) == bool(question.articles)
        assert all(fact.search(text) for fact in question.facts), question.id


def test_no_tuned_layer_has_seen_what_is_measured_on() -> None:
    trained = {pair.question for pair in read_pairs(PAIRS) if not pair.about} | {row.question for row in read_rows()}
    quoted = {text.split(": ", 1)[-1] for row in read_rows() for text in (*row.answers, *row.same)}
    asked: set[str] = set()
    for source in SOURCES:
        for line in map(json.loads, source.read_text("utf-8").splitlines()):
            asked |= {line["question"]} if "both" in line else {*line["answered"], *line["near"]}
            assert line.get("quote") not in quoted
    golden = [path for folder in ("seed_questions", "invented_articles") for path in (ROOT / folder).rglob("*.yaml")]
    asked |= {question.question for path in golden for question in load_questions(path) if not question.history}
    assert len(asked) > 3000
    # Two hands may come upon one short question; no more than that.
    assert len(asked & trained) < len(asked) / 100


def test_pairs_name_their_hand_and_what_only_seems_to_answer() -> None:
    hard = [json.loads(line) for line in HARD_PAIRS.read_text("utf-8").splitlines()]
    assert all(row["hand"] and bool(row["answers"]) != ("near" in row) for row in hard)
    assert sum(not row["answers"] for row in hard) > 3000
