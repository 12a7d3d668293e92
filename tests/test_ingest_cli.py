"""The editors' command line: streams, exit codes and fields as documented, and never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.ingest_process import finish, start_ingest
from benchmarks.small_corpus import SmallCorpus
from ingest.cli import main
from ingest.watch import settled_changes
from taperbot.generation_manifest import read_current

REPORT = {"generation", "published", "articles", "chunks", "quotes", "embedded", "warnings", "seconds"}


def run(*words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, "-m", "ingest", *words], capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture
def places(corpus: SmallCorpus, index: Path) -> list[str]:
    return ["--corpus", str(corpus.folder), "--index", str(index)]


def test_a_report_for_programs_is_the_only_thing_on_stdout(corpus: SmallCorpus, places: list[str]) -> None:
    corpus.spoil()
    report = json.loads(run(*places, "--json").stdout)
    assert report.keys() >= REPORT
    assert report["articles"].keys() >= {"added", "changed", "unchanged", "removed", "rejected"}
    assert [one["path"] for one in report["articles"]["rejected"]] == ["spoilt-0005.pdf"]
    assert all(warning.keys() == {"path", "line", "code", "message"} for warning in report["warnings"])
    assert report["published"]
    assert report["seconds"]["total"] > 0


def test_people_get_lines_on_stderr_and_a_summary_on_stdout(corpus: SmallCorpus, built: Path) -> None:
    places = ["--corpus", str(corpus.folder), "--index", str(built)]
    assert "Nothing has changed" in run(*places).stdout
    corpus.add()
    done = run(*places)
    assert "Published" in done.stdout
    assert corpus.names[-1] in done.stdout
    assert "Articles read" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["--no-such-option"], 2, "usage"),
        (["frobnicate"], 2, "usage"),
        (["--corpus", "/no/such/folder"], 2, "usage"),
        (["rollback", "--index", "/no/such/folder"], 2, "usage"),
        (["history", "--index", "/no/such/folder"], 1, "no_index"),
        (["check", "--index", "/no/such/folder"], 1, "no_index"),
        (["lint", "--corpus", "/no/such/folder"], 2, "usage"),
        (["lint", "no-such-file.md", "--corpus", "."], 2, "usage"),
        (["show", "no-such-article.md", "--corpus", "."], 2, "usage"),
        (["--watch", "--dry-run"], 2, "usage"),
        (["--dry-run", "rollback"], 2, "usage"),
        (["--force", "lint"], 2, "usage"),
        (["--js"], 2, "usage"),
        (["lint", "--corpus", "."], 2, "usage"),
        (["--corpus", ".", "--index", "inside"], 2, "usage"),
        (["--corpus", ".", "--index", "."], 2, "usage"),
    ],
)
def test_failures_are_one_object_and_the_documented_status(
    words: list[str], status: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--json"]) == status
    shown = capsys.readouterr()
    error = json.loads(shown.out)["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert main(words) == status
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("", error["message"])


def test_a_name_that_is_no_text_leaves_stdout_readable(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "ingest", "--json", "--corpus", b"\xff"], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, json.loads(done.stdout.decode("utf-8"))["error"]["code"], done.stderr) == (2, "usage", b"")


def test_lint_takes_files_and_folders_however_they_are_written_and_says_what_is_no_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("corpus/deep/a.md", "corpus/b#c.md", "corpus/_draft.md", "corpus/README.md"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("# A\n\nWarm tea helps a little.\n", "utf-8")
    for words in (["deep"], ["deep/a.md"], ["corpus/../corpus/deep/a.md"], [str(tmp_path / "corpus" / "deep")]):
        assert main(["lint", "--json", *words]) == 0
        assert {found["path"] for found in json.loads(capsys.readouterr().out)["findings"]} == {"deep/a.md"}
    assert main(["lint", "--json", "b#c.md"]) == 0
    assert {found["path"] for found in json.loads(capsys.readouterr().out)["findings"]} == {"b#c.md"}
    for name in ("_draft.md", "README.md"):
        assert main(["lint", f"corpus/{name}"]) == 2
        assert "is no article" in capsys.readouterr().err
    assert main(["show", "corpus/deep/../deep/a.md"]) == 0


def test_golden_questions_and_lay_words_of_the_wrong_form_are_told_before_any_work(
    corpus: SmallCorpus, index: Path, places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for name, said in (("questions.yaml", "questions"), ("lexicon.yaml", "UTF-8")):
        (corpus.folder / name).write_bytes(b"\xe9")
        assert main(places) == 2
        assert said in capsys.readouterr().err
        (corpus.folder / name).unlink()
    assert not [*index.glob("g-*"), *index.glob("embeddings*")]


def test_making_sure_of_an_index_that_cannot_be_written_serves_the_one_there(
    corpus: SmallCorpus, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--corpus", str(corpus.folder), "--index", str(built)]
    (built / "INGEST.lock").unlink(missing_ok=True)
    (built / "INGEST.lock").mkdir()
    corpus.edit()
    assert main(words) == 1
    assert main([*words, "--ensure"]) == 0
    assert "goes on serving" in capsys.readouterr().err


def test_an_unknown_setting_is_refused(places: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TAPERBOT_COPRUS", "x")
    assert main(places) == 2
    assert "TAPERBOT_CORPUS" in capsys.readouterr().err


def test_a_second_ingest_ends_at_once_and_names_the_first(corpus: SmallCorpus, index: Path, places: list[str]) -> None:
    first = start_ingest(corpus.folder, index)
    while not (index / "INGEST.holder").is_file():
        time.sleep(0.01)
    began = time.perf_counter()
    error = json.loads(run(*places, "--json", status=1).stdout)["error"]
    assert time.perf_counter() - began < 10
    assert error["code"] == "lock_held"
    assert f"process {first.pid}" in error["message"]
    assert finish(first)[0] == 0


def test_strict_publishes_nothing_while_lint_finds_anything(places: list[str], index: Path) -> None:
    done = run(*places, "--strict", status=1)
    assert "findings" in done.stderr
    assert not (index / "CURRENT").exists()


def test_ensure_serves_what_there_is_when_the_articles_are_gone(corpus: SmallCorpus, built: Path) -> None:
    index, places = built, ["--corpus", str(corpus.folder), "--index", str(built)]
    before = read_current(index)
    for path in corpus.folder.iterdir():
        path.unlink()
    assert "goes on serving" in run(*places, "--ensure").stderr
    corpus.folder.rmdir()
    assert "goes on serving" in run(*places, "--ensure").stderr
    assert read_current(index) == before
    run("--ensure", "--corpus", str(corpus.folder), "--index", str(index) + "-other", status=2)


def test_lint_and_show_read_the_corpus_alone(corpus: SmallCorpus, places: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    name = corpus.names[0]
    assert main(["lint", *places, "--json", name]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert findings
    assert {finding["path"] for finding in findings} == {name}
    assert main(["lint", *places, "--strict"]) == 1
    capsys.readouterr()
    assert main(["show", *places, str(corpus.folder / name)]) == 0
    assert (corpus.folder / name).read_text("utf-8").splitlines()[0].removeprefix("# ") in capsys.readouterr().out
    assert main(["show", *places, "--json", name]) == 0
    assert json.loads(capsys.readouterr().out)["article"]["article_id"] == name


@pytest.mark.timeout(240)
def test_diff_shows_both_answers_of_a_golden_question_and_changes_nothing(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "calves"
    folder.mkdir()
    text = "# Sore calves\n\n## How long do sore calves last in a taper?\n\nSore calves last for {} days in most tapers.\n"
    question = "{id: calves, question: How long do sore calves last in a taper?, kind: number, expect: answer, articles: [calves.md], facts: ['41']}"
    (folder / "questions.yaml").write_text(f"- {question}\n", "utf-8")
    (folder / "calves.md").write_text(text.format(41), "utf-8")
    words = ["--corpus", str(folder), "--index", str(index), "--json"]
    assert main(words) == 0
    before = read_current(index)
    (folder / "calves.md").write_text(text.format(52), "utf-8")
    (folder / "more.md").write_text("# Cold hands\n\nCold hands warm up slowly in tapers.\n", "utf-8")
    capsys.readouterr()
    assert main(["diff", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["articles"]["changed"], found["articles"]["added"]) == (["calves.md"], ["more.md"])
    [change] = found["answers"]
    assert ("41 days" in change["old_text"], "52 days" in change["new_text"], change["new_right"]) == (True, True, False)
    assert read_current(index) == before
    assert main(["diff", *words[:-1]]) == 0
    assert "52 days" in capsys.readouterr().out
    assert main(["check", *words]) == 0
    assert json.loads(capsys.readouterr().out)["questions"][0]["right"]
    assert main(["suggest", *words]) == 0
    assert json.loads(capsys.readouterr().out)["sections"]


@pytest.mark.timeout(240)
def test_watch_ingests_again_when_changes_have_settled(corpus: SmallCorpus, built: Path) -> None:
    index, places = built, ["--corpus", str(corpus.folder), "--index", str(built)]
    watching = subprocess.Popen(
        [sys.executable, "-m", "ingest", *places, "--watch"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert watching.stdout is not None
    try:
        while not (index / "INGEST.holder").is_file():
            time.sleep(0.01)
        # Watching has begun before the first ingest has: what changes from then on is not missed.
        corpus.edit()
        watching.stdout.readline()
        before = read_current(index)
        corpus.edit()
        for line in watching.stdout:
            if "Published" in line:
                break
        assert read_current(index) != before
    finally:
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=60)
    assert watching.returncode in (0, 1)


def test_watching_ends_though_an_interrupt_was_lost(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    changes = settled_changes(tmp_path)
    next(changes)
    with suppress(KeyboardInterrupt):  # as when it strikes where exceptions are dropped
        signal.raise_signal(signal.SIGINT)
    assert next(changes, "ended") == "ended"
    assert signal.getsignal(signal.SIGINT) is before


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from ingest.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('numpy', 'chromadb', 'onnxruntime', 'lxml', 'rich') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert done.stderr.strip() == "[]"
