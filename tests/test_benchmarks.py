"""The benchmark and soak runners, on a set so small that the figures mean nothing but everything is measured for real."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from benchmarks.figures import Figure, Section, Target
from benchmarks.passages import PassageText, gathered, load_judged, passage_id_of, read_export, scored, varied_passages, write_export
from benchmarks.processes import run
from benchmarks.report import load, save

PASSAGES = [
    {"id": f"p{number}", "title": title, "text": f"{text} " * 4, "heading": "", "source": "made"}
    for number, (title, text) in enumerate(
        [
            ("Tremor", "A tremor is a shaking of the hands. It often eases when the body rests."),
            ("Sleep", "Broken sleep is common. A regular hour for getting up helps more than an early night."),
            ("Ringing ears", "Ringing in the ears is called tinnitus. It can come and go for months."),
        ]
    )
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A judged set of three passages and two questions."""
    folder = tmp_path / "data" / "nih_known_item"
    folder.mkdir(parents=True)
    questions = [{"id": "q1", "text": "why do my hands shake"}, {"id": "q2", "text": "what is tinnitus"}]
    judged = [{"qid": "q1", "did": "p0", "grade": 1}, {"qid": "q2", "did": "p2", "grade": 1}]
    for name, rows in (("documents", PASSAGES), ("queries", questions), ("qrels", judged)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder.parent


def bench(*arguments: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    places = ["--quick", "--keep", "--out", str(tmp_path / "out"), "--results", str(tmp_path / "results")]
    command = [sys.executable, "-m", "benchmarks.run", *arguments, *places]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.mark.timeout(400)
def test_the_runner_measures_both_sides_and_writes_them_down(data: Path, tmp_path: Path, models_folder: Path) -> None:
    shutil.copytree(models_folder, tmp_path / "out" / "models")
    done = bench("--data", str(data), "--only", "quality", "--only", "ingest", tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr
    figures = {figure.name: figure for section in load(tmp_path / "results" / "results.json") for figure in section.figures}
    whole = figures["whole ingest of 3 passages"]
    assert whole.ratio is not None
    assert whole.ratio > 0
    assert figures["unchanged re-ingest, texts embedded"].ours == 0
    assert figures["nDCG@10"].plain == figures["nDCG@10"].ours == 1.0
    page = (tmp_path / "results" / "RESULTS.md").read_text("utf-8")
    assert "| whole ingest of 3 passages | passages/s |" in page
    assert (tmp_path / "results" / "plots" / "ingest-rate.png").stat().st_size > 1000


def test_what_is_skipped_without_the_judged_set_is_said_in_one_line(tmp_path: Path) -> None:
    done = bench("--data", str(tmp_path / "nowhere"), "--only", "quality", tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "retrieval quality is skipped" in done.stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("figure", "reached"),
    [
        (Figure("a", "s", 10.0, 4.0, Target(0.45)), True),
        (Figure("b", "s", 10.0, 5.0, Target(0.45)), False),
        (Figure("c", "/s", 10.0, 31.0, Target(3, at_least=True)), True),
        (Figure("d", "", None, 0.0, Target(0, of_plain=False)), True),
        (Figure("e", "", 7.0, 1.0, Target(0, of_plain=False)), False),
        (Figure("f", "s", None, 4.0, Target(0.45)), None),
        (Figure("g", "s", 1.0, 2.0), None),
    ],
)
def test_a_figure_is_held_against_its_target(figure: Figure, reached: bool | None) -> None:
    assert figure.reached is reached


def test_a_section_measured_again_replaces_itself_and_leaves_the_others(tmp_path: Path) -> None:
    first, other = (Section(name, name, (Figure(name, "s", 2.0, 1.0, Target(0.5)),), measured="today") for name in ("one", "other"))
    save([first, other], {"processor": "some"}, tmp_path)
    again = Section("one", "one", (Figure("one", "s", 2.0, 1.5, Target(0.5)),), measured="later")
    assert save([again], {"processor": "some"}, tmp_path) == (again, other) == load(tmp_path / "results.json")
    assert "1 of 2 targets are reached." in (tmp_path / "RESULTS.md").read_text("utf-8")


def test_scores_are_those_of_the_usual_definitions() -> None:
    right = {"q1": frozenset({"a"}), "q2": frozenset({"b", "c"}), "q3": frozenset({"d"})}
    ndcg, first = scored({"q1": ["a"], "q2": ["x", "b", "b", "c"]}, right)
    found, ideal = 1 / 1.584962500721156 + 1 / 2, 1 + 1 / 1.584962500721156
    assert ndcg == pytest.approx((1 + found / ideal) / 3)
    assert first == pytest.approx(1 / 3)


def test_an_export_is_read_back_as_written(tmp_path: Path) -> None:
    passages = [PassageText(f"p{number}", "Title", f"Text {number} with “quotes”.") for number in range(5)]
    write_export(passages, tmp_path)
    assert read_export(tmp_path) == passages
    assert passage_id_of("export-00.jsonl#CDC_1#2") == "CDC_1#2"


def test_varied_passages_begin_with_the_real_ones_and_never_repeat_a_text(data: Path) -> None:
    judged = load_judged(data)
    assert judged is not None
    stream = varied_passages(judged.passages)
    made = [next(stream) for _ in range(12)]
    assert [passage.text for passage in made[:3]] == [passage.text for passage in judged.passages]
    assert len({passage.text for passage in made}) == len({passage.passage_id for passage in made}) == 12


def test_the_soak_runner_runs_every_test_and_fails_when_one_does(tmp_path: Path) -> None:
    folder = tmp_path / "trials"
    folder.mkdir()
    (folder / "soak_good.py").write_text("def helper():\n    pass\n\ndef main():\n    print('200 kills, 0 broken')\n", "utf-8")
    (folder / "soak_bad.py").write_text("import os\n\ndef main():\n    raise SystemExit(3)\n", "utf-8")
    (folder / "soak_part.py").write_text("SIZE = 3\n", "utf-8")
    command = [sys.executable, "-m", "benchmarks.soak", "--folder", str(folder)]
    both = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    alone = subprocess.run([*command, "soak_good"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (both.returncode, alone.returncode) == (1, 0)
    assert "| soak_bad | **failed** |" in both.stdout
    assert "| soak_good | passed |" in alone.stdout
    assert "200 kills, 0 broken |" in alone.stdout
    assert "soak_part" not in both.stdout


def test_gathered_passages_keep_every_text_and_the_first_id() -> None:
    passages = [PassageText(f"p{number}", f"T{number}", f"text {number}") for number in range(5)]
    made = list(gathered(iter(passages), 2))
    assert [(one.passage_id, one.title) for one in made] == [("p0", "T0"), ("p2", "T2"), ("p4", "T4")]
    assert "\n\n".join(one.text for one in made) == "\n\n".join(one.text for one in passages)


def test_a_finished_process_tells_what_it_printed_and_about_how_much_memory_it_held() -> None:
    done = run([sys.executable, "-c", "import time; held = bytearray(b'x') * 80_000_000; time.sleep(1.5); print(len(held))"])
    assert done.stdout.strip() == "80000000"
    assert done.peak > 80_000_000
    with pytest.raises(RuntimeError, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])
