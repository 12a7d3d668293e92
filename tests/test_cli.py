"""The command line as other programs see it: streams, exit codes, fields."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ANSWER_FIELDS = {
    "id", "question", "generation", "route", "outcome", "text", "sentences", "citations", "notice", "remarks", "nearest", "suggestions",
    "disclaimer", "timings_ms",
}  # fmt: skip
CITATION_FIELDS = {"number", "article_id", "version", "title", "section", "start", "end", "quote", "article_date"}


def taperbot(*words: str, given: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("TAPERBOT_")}
    return subprocess.run(
        [sys.executable, "-m", "taperbot.cli", *words], input=given, capture_output=True, check=False, env=surroundings, cwd=cwd
    )


def rows(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_help_is_quick_and_heavy_parts_stay_out() -> None:
    begun = time.perf_counter()
    done = taperbot("--help")
    assert done.returncode == 0
    assert all(command in done.stdout.decode() for command in ("ask", "search", "article", "serve", "eval", "doctor"))
    loaded = subprocess.run(
        [sys.executable, "-c", "import taperbot.cli, sys; taperbot.cli._parser(); print([m for m in ('numpy', 'torch', 'yaml') if m in sys.modules])"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert loaded.stdout.decode().strip() == "[]"
    assert time.perf_counter() - begun < 5


def test_ask_prints_one_object_with_the_documented_fields(article_index: Path) -> None:
    done = taperbot("ask", "--index", str(article_index), "--json", "What is jaw tension?")
    assert done.returncode == 0
    (answer,) = rows(done)
    assert set(answer) == ANSWER_FIELDS
    assert (answer["route"], answer["outcome"], answer["notice"]) == ("question", "answer", None)
    assert all(set(citation) == CITATION_FIELDS for citation in answer["citations"])
    assert set(answer["timings_ms"]) == {"triage", "embed", "retrieve", "compose", "total"}
    shown = json.loads(taperbot("article", "--index", str(article_index), "--json", "jaw-tension.md").stdout)
    for citation in answer["citations"]:
        assert shown["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert citation["version"] == shown["version"]


def test_plain_ask_shows_text_sources_and_disclaimer(article_index: Path) -> None:
    said = taperbot("ask", "--index", str(article_index), "What is jaw tension?").stdout.decode()
    assert "chewing muscles" in said
    assert "jaw-tension.md" in said
    assert "not medical advice" in said


def test_a_batch_keeps_order_and_goes_on_after_bad_lines(article_index: Path) -> None:
    lines = [
        json.dumps({"id": 1, "question": "What is jaw tension?"}).encode(),
        b"not json",
        b'["a list"]',
        json.dumps({"id": "no question"}).encode(),
        json.dumps({"id": 5, "question": "x" * 2001}).encode(),
        json.dumps({"id": 6, "question": "and what helps?", "history": [{"role": "user", "content": "I have night sweats"}]}).encode(),
        json.dumps({"id": 7, "question": "and?", "history": [{"role": "robot", "content": "x"}]}).encode(),
        json.dumps({"id": 8, "question": "I want to kill myself", "country": "GB"}).encode(),
        b"",
        b'{"id": 9, "question": "' + b"z" * 20_000_000 + b'"}',
        json.dumps({"id": 10, "question": "hi"}).encode(),
    ]
    done = taperbot("ask", "--index", str(article_index), "--batch", "-", given=b"\n".join(lines))
    assert done.returncode == 0
    answers = rows(done)
    assert [answer.get("id") for answer in answers] == [1, None, None, "no question", 5, 6, 7, 8, None, 10]
    assert [("error" in answer) for answer in answers] == [False, True, True, True, True, False, True, False, True, False]
    assert all(set(answer["error"]) == {"code", "message"} for answer in answers if "error" in answer)
    assert answers[7]["route"] == "crisis"
    assert answers[7]["notice"]["country"] == "GB"


def test_batch_lines_are_answered_while_more_are_to_come(article_index: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "taperbot.cli", "ask", "--index", str(article_index), "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(2):
            process.stdin.write(json.dumps({"id": number, "question": "What is jaw tension?"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()


def test_search_gives_hits(article_index: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "a", "question": "night sweats"}\n{"id": "b"}\n', "utf-8")
    done = taperbot("search", "--index", str(article_index), "--batch", str(tmp_path / "in.jsonl"), "--k", "3")
    good, bad = rows(done)
    assert good["id"] == "a"
    assert len(good["hits"]) == 3
    assert set(good["hits"][0]) == {"article_id", "chunk_id", "score"}
    assert good["hits"][0]["article_id"] == "night-sweats.txt"
    scores = [hit["score"] for hit in good["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert bad["id"] == "b"
    assert "error" in bad


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("ask", "--json"), 2, "usage"),
        (("ask", "--json", "--nonsense", "x"), 2, "usage"),
        (("ask", "--batch", "no-such-file.jsonl"), 2, "usage"),
        (("search", "--batch", "-", "--k", "none"), 2, "usage"),
        (("ask", "--json", "what are night sweats"), 1, "no_index"),
        (("ask", "--json", "--index", "no-such-folder", "what are night sweats"), 2, "usage"),
        (("article", "--json", "x.md"), 1, "no_index"),
    ],
)
def test_failures_are_json_with_their_exit_status(words: tuple[str, ...], status: int, code: str, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    done = taperbot(*words, cwd=tmp_path)
    assert done.returncode == status
    assert json.loads(done.stdout)["error"]["code"] == code


def test_failures_without_json_go_to_stderr(tmp_path: Path) -> None:
    done = taperbot("ask", "what are night sweats", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"ingest" in done.stderr


def test_an_unknown_article_is_named_beside_the_known_ones(article_index: Path) -> None:
    done = taperbot("article", "--index", str(article_index), "--json", "absent.md")
    assert done.returncode == 1
    assert "jaw-tension.md" in json.loads(done.stdout)["error"]["message"]


def test_cards_need_no_index(tmp_path: Path) -> None:
    done = taperbot("ask", "--json", "--country", "US", "i took all my pills and cant stay awake", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["notice"]["lines"]


def test_doctor_reports_in_plain_lines(article_index: Path) -> None:
    done = taperbot("doctor", "--index", str(article_index))
    assert done.returncode == 0, done.stdout
    assert b"4 articles" in done.stdout
