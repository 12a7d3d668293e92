from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from taperbot.bot import Bot
from taperbot.errors import UsageError
from taperbot.evaluate import run_golden
from taperbot.evaluate_report import comparison, report_from_json, report_of, report_to_text, write_report
from taperbot.evaluate_retrieval import load_document_set, score_retrieval
from taperbot.questions import GoldenQuestion, load_questions

QUESTIONS = """
- {id: jaw, question: What is jaw tension?, kind: plain, expect: answer, articles: [jaw-tension.md], facts: [chewing muscles]}
- {id: wrong, question: What is jaw tension?, kind: plain, expect: answer, articles: [jaw-tension.md], facts: [purple elephants]}
- {id: never, question: What is jaw tension?, kind: plain, expect: answer, articles: [jaw-tension.md], never: [chewing]}
- {id: sweat, question: how long?, history: [do night sweats stop], kind: follow_up, expect: answer, articles: [night-sweats.txt], facts: [weeks]}
- {id: both, question: What is jaw tension? What are night sweats?, kind: two_articles, expect: answer, articles: [jaw-tension.md, night-sweats.txt]}
- {id: none, question: does acupuncture help jaw tension, kind: unanswerable, expect: abstain}
- {id: other, question: What is the capital of France?, kind: off_topic, expect: abstain}
"""


@pytest.fixture(scope="session")
def questions(tmp_path_factory: pytest.TempPathFactory) -> tuple[GoldenQuestion, ...]:
    path = tmp_path_factory.mktemp("golden") / "questions.yaml"
    path.write_text(QUESTIONS, "utf-8")
    return load_questions(path)


def test_each_question_is_judged_by_facts_articles_and_refusals(bot: Bot, questions: tuple[GoldenQuestion, ...]) -> None:
    board = run_golden(lambda question, history: bot.findings(bot.generation(), question, history), questions, bot.triaged)
    assert {one.question.id: one.is_right for one in board.scored} == {
        "jaw": True, "wrong": False, "never": False, "sweat": True, "both": True, "none": True, "other": True,
    }  # fmt: skip
    measures = {(name, kind): found for name, kind, found in board.measures()}
    assert measures["complete_and_cited", "plain"].mean == pytest.approx(1 / 3)
    assert measures["right_refusal", "all"].mean == 1
    assert measures["recall@1", "plain"].mean == 1
    assert measures["complete_and_cited", "all"].count == 5
    assert 0 < board.median_words <= 90


def test_reports_are_written_read_and_compared(bot: Bot, questions: tuple[GoldenQuestion, ...], tmp_path: Path) -> None:
    board = run_golden(lambda question, history: bot.findings(bot.generation(), question, history), questions)
    report = report_of(board, "golden", "g-1")
    picture = write_report(report, tmp_path / "out" / "eval.json")
    assert picture is not None
    assert picture.read_bytes().startswith(b"\x89PNG")
    back = report_from_json(tmp_path / "out" / "eval.json")
    assert set(back.right) == set(report.right)
    assert "complete_and_cited" in report_to_text(report)
    assert "no measure moved" in comparison(report, replace(report, measures=report.measures))
    worse = replace(report, right=(), wrong=tuple(sorted({*report.right, *report.wrong})))
    assert "worse: " in comparison(worse, report)
    assert "better: " in comparison(report, worse)


def test_no_report_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]", "utf-8")
    with pytest.raises(UsageError, match=r"x\.json"):
        report_from_json(tmp_path / "x.json")


def test_a_document_set_is_scored_by_its_judgements(bot: Bot, tmp_path: Path) -> None:
    def write(name: str, rows: list[dict[str, object]]) -> None:
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    write("documents", [{"id": "d1", "title": "T", "text": "x"}])
    write("queries", [{"id": "q1", "text": "jaw tension"}, {"id": "q2", "text": "cold hands"}, {"id": "q3", "text": "unjudged"}])
    write("qrels", [{"qid": "q1", "did": "jaw-tension.md", "grade": 1}, {"qid": "q2", "did": "nowhere", "grade": 1}])
    report = score_retrieval(load_document_set(tmp_path), lambda question, k: bot.passages(question, (), k), "g")
    measures = {name: found.mean for name, _, found in report.measures}
    assert measures["p@1"] == measures["ndcg@10"] == measures["recall@20"] == 0.5
    assert report.right == ("q1",)


def test_an_incomplete_document_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="documents"):
        load_document_set(tmp_path)


def test_cards_shown_to_questions_that_have_an_answer_are_counted(bot: Bot, questions: tuple[GoldenQuestion, ...]) -> None:
    asked = [replace(questions[0], question=text) for text in ("I want to kill myself", questions[0].question)]
    board = run_golden(lambda question, history: bot.findings(bot.generation(), question, history), asked, bot.triaged)
    measures = {name: found.mean for name, kind, found in board.measures() if kind == "all"}
    assert (measures["card_for_answer"], measures["numbers_shown"], measures["any_card"]) == (0.5, 0.5, 0.5)
    assert [one.is_right for one in board.scored] == [False, True]
