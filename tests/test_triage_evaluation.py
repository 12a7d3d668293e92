"""`taperbot eval --triage`: figures from judged messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taperbot.errors import UsageError
from taperbot.records import Level
from taperbot.triage.evaluation import evaluate_triage, rendered


def _file(tmp_path: Path, *rows: dict[str, object]) -> Path:
    path = tmp_path / "judged.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_recall_precision_and_false_alarms(tmp_path: Path) -> None:
    report = evaluate_triage(
        _file(
            tmp_path,
            {"id": "1", "text": "I want to kill myself", "expect": "crisis", "register": "plain"},
            {"id": "2", "text": "my shoes are brown", "expect": "crisis", "register": "plain"},
            {"id": "3", "text": "What is kindling?", "expect": "question", "register": "calm"},
            {"id": "4", "text": "my wife is having a seizure", "expect": "question", "also_ok": [], "register": "calm"},
            {"id": "5", "text": "yes", "history": [{"role": "assistant", "content": "Do you want to die?"}], "expect": "crisis"},
        ),
        None,
    )
    assert report.levels[Level.CRISIS].recall == pytest.approx(2 / 3)
    assert report.levels[Level.CRISIS].precision == 1.0
    assert (report.false_firm, report.false_soft) == (0.5, 0.0)
    assert report.confusion[Level.QUESTION, Level.EMERGENCY] == 1
    assert report.registers["plain"] == (1, 2)
    assert report.wrong == ("2", "4")
    assert "crisis" in rendered(report)


def test_numbers_of_either_card_count_as_shown(tmp_path: Path) -> None:
    report = evaluate_triage(_file(tmp_path, {"id": "1", "text": "I took all my pills", "expect": "crisis"}), None)
    assert (report.numbers_shown, report.numbers_firm) == (1.0, 1.0)


@pytest.mark.parametrize("row", ["not json", '{"id": "1", "text": "a"}', '{"id": "1", "text": "a", "expect": "panic"}', "[]"])
def test_a_bad_line_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "0", "text": "a", "expect": "question"}\n' + row + "\n", "utf-8")
    with pytest.raises(UsageError, match="line 2"):
        evaluate_triage(path, None)


def test_a_missing_or_empty_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.jsonl", _file(tmp_path)):
        with pytest.raises(UsageError, match=path.name):
            evaluate_triage(path, None)
