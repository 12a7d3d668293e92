"""Ingest, whole: only what changed is embedded, what comes out equals a fresh build, and the guards hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.ingest_process import share_models
from benchmarks.same_index import differences, whole
from benchmarks.small_corpus import SmallCorpus
from ingest.flow import run_ingest
from ingest.lock import ingest_lock
from ingest.options import Options
from ingest.progress import Silence
from ingest.report import IngestReport
from taperbot.embedding import BUNDLED_NAME
from taperbot.errors import ShrinkError, UsageError, VerificationError
from taperbot.generation import open_current
from taperbot.generation_manifest import read_current


def build(corpus: Path, index: Path, **options: bool) -> IngestReport:
    with ingest_lock(index):
        return run_ingest(Options(corpus, index, BUNDLED_NAME, **options), Silence())


@pytest.fixture
def fresh(tmp_path: Path, models_folder: Path) -> Path:
    """A second index to compare with."""
    share_models(tmp_path / "fresh", models_folder)
    return tmp_path / "fresh"


def test_an_unchanged_corpus_embeds_nothing_and_keeps_its_generation(corpus: SmallCorpus, built: Path) -> None:
    report = build(corpus.folder, built)
    assert (report.published, report.generation) == (False, read_current(built).generation_id)
    assert (report.embedded, report.unchanged, report.added) == (0, 4, ())


def test_one_added_sentence_embeds_its_passage_and_quotes_alone_and_equals_a_fresh_build(
    corpus: SmallCorpus, built: Path, fresh: Path
) -> None:
    corpus.edit()
    report = build(corpus.folder, built)
    assert (len(report.changed), report.unchanged) == (1, 3)
    whole_build = build(corpus.folder, fresh)
    assert 0 < report.embedded < whole_build.embedded / 5
    assert differences(built, fresh) == []
    whole(built)


def test_a_renamed_article_and_a_return_to_an_older_text_embed_nothing(corpus: SmallCorpus, built: Path) -> None:
    name = corpus.names[0]
    text = (corpus.folder / name).read_text("utf-8")
    (corpus.folder / name).rename(corpus.folder / "elsewhere.md")
    renamed = build(corpus.folder, built)
    assert (renamed.added, renamed.removed, renamed.embedded) == (("elsewhere.md",), (name,), 0)
    (corpus.folder / "elsewhere.md").write_text(text.replace("days", "weeks"), "utf-8")
    assert build(corpus.folder, built).embedded > 0
    (corpus.folder / "elsewhere.md").write_text(text, "utf-8")
    assert build(corpus.folder, built).embedded == 0


def test_a_rejected_file_keeps_its_last_good_version_and_says_so(corpus: SmallCorpus, built: Path) -> None:
    name = corpus.names[1]
    good = open_current(built).article(name)
    (corpus.folder / name).write_bytes(b"")
    (corpus.folder / "scan.pdf").write_bytes(b"%PDF-1.4 cut off")
    report = build(corpus.folder, built)
    assert {(one.path, one.serving) for one in report.rejected} == {(name, True), ("scan.pdf", False)}
    assert open_current(built).article(name) == good
    corpus.edit()
    report = build(corpus.folder, built)
    assert {one.path for one in report.rejected} == {name, "scan.pdf"}
    assert open_current(built).article(name) == good


def test_a_metadata_file_beside_an_article_counts_as_a_change(corpus: SmallCorpus, built: Path) -> None:
    (corpus.folder / f"{corpus.names[0]}.meta.yaml").write_text("title: Quite another title\n", "utf-8")
    build(corpus.folder, built)
    article = open_current(built).article(corpus.names[0])
    assert article is not None
    assert article.title == "Quite another title"


def test_exports_are_one_article_an_entry_and_only_changed_entries_are_parsed_anew(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    entries = [{"id": f"e{number}", "title": f"Entry {number}", "text": f"It lasts {number} days. Rest helps then."} for number in range(3)]
    (folder / "site.jsonl").write_text("\n".join(json.dumps(entry) for entry in entries), "utf-8")
    assert build(folder, index).added == ("site.jsonl#e0", "site.jsonl#e1", "site.jsonl#e2")
    entries[1]["text"] += " Tea is kind."
    (folder / "site.jsonl").write_text("\n".join(json.dumps(entry) for entry in entries) + "\nnot json\n", "utf-8")
    report = build(folder, index)
    assert (report.changed, report.unchanged, len(report.rejected)) == (("site.jsonl#e1",), 2, 1)


def test_too_much_vanishing_is_refused_unless_allowed(tmp_path: Path, index: Path) -> None:
    corpus = SmallCorpus(tmp_path / "corpus", seed=5, articles=12)
    build(corpus.folder, index)
    before = read_current(index)
    for name in corpus.names[:3]:
        (corpus.folder / name).unlink()
    with pytest.raises(ShrinkError, match="3 of 12 articles"):
        build(corpus.folder, index)
    assert read_current(index) == before
    assert len(build(corpus.folder, index, allow_shrink=True).removed) == 3


def test_an_empty_or_missing_corpus_and_one_of_bad_files_are_refused(corpus: SmallCorpus, built: Path) -> None:
    before = read_current(built)
    with pytest.raises(UsageError, match="no folder"):
        build(corpus.folder / "missing", built)
    for name in corpus.names:
        (corpus.folder / name).unlink()
    with pytest.raises(VerificationError, match="no article"):
        build(corpus.folder, built)
    (corpus.folder / "bad.pdf").write_bytes(b"nothing")
    with pytest.raises(VerificationError, match="rejected"):
        build(corpus.folder, built)
    assert read_current(built) == before


def test_a_dry_run_publishes_nothing_and_leaves_nothing_behind(corpus: SmallCorpus, built: Path) -> None:
    before = read_current(built)
    corpus.add()
    report = build(corpus.folder, built, dry_run=True)
    assert (report.published, len(report.added), report.generation) == (False, 1, before.generation_id)
    assert read_current(built) == before
    assert [path.name for path in built.glob("g-*")] == [before.generation_id]
    assert list(built.glob("building-*")) == []


def test_fallen_golden_questions_block_publishing_by_name_unless_forced(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    text = "# Sore calves\n\n## How long do sore calves last in a taper?\n\nSore calves last for {} days in most tapers.\n"
    (folder / "calves.md").write_text(text.format(41), "utf-8")
    (folder / "questions.yaml").write_text(
        "- {id: calves, question: How long do sore calves last in a taper?, kind: number, expect: answer, articles: [calves.md], facts: [41]}\n",
        "utf-8",
    )
    first = build(folder, index)
    assert first.golden is not None
    assert first.golden.passed == ("calves",)
    (folder / "calves.md").write_text(text.format(52), "utf-8")
    with pytest.raises(VerificationError, match="calves"):
        build(folder, index)
    assert read_current(index).generation_id == first.generation
    forced = build(folder, index, force=True)
    assert (forced.published, forced.golden.fallen if forced.golden else None) == (True, ("calves",))


def test_other_golden_questions_alone_are_a_reason_to_build_and_said(corpus: SmallCorpus, built: Path) -> None:
    (corpus.folder / "questions.yaml").write_text("- {id: tea, question: Is tea kind?, kind: unanswerable, expect: abstain}\n", "utf-8")
    report = build(corpus.folder, built)
    assert (report.published, report.embedded, report.unchanged) == (True, 0, 4)
    assert report.golden is not None
    assert report.golden.asked == 1
    assert any("golden questions" in note for note in report.notes)


def export_of(folder: Path, *lines: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "export.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def entry(name: str) -> str:
    return json.dumps({"id": name, "title": name.title(), "text": f"Warm {name} helps some people at night."})


def test_articles_behind_an_unreadable_line_or_export_stay_and_are_named(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "corpus"
    export_of(folder, entry("tea"), entry("milk"), entry("soup"))
    published = build(folder, index).generation
    export_of(folder, entry("tea"), entry("milk")[:-9], entry("soup"))
    cut = build(folder, index)
    assert (cut.published, cut.generation, cut.removed) == (False, published, ())
    assert {(one.path, one.serving) for one in cut.rejected} == {("export.jsonl#line-2", False), ("export.jsonl#milk", True)}
    assert "export.jsonl#line-2" in next(one.reason for one in cut.rejected if one.serving)
    (folder / "more.md").write_text("# More\n\nCool water helps some people at noon.\n", "utf-8")
    export_of(folder, "")
    emptied = build(folder, index)
    assert (emptied.published, emptied.added, emptied.removed, emptied.unchanged) == (True, ("more.md",), (), 3)
    assert {one.path for one in emptied.rejected if one.serving} == {f"export.jsonl#{name}" for name in ("tea", "milk", "soup")}
    export_of(folder, entry("tea"))
    assert build(folder, index).removed == ("export.jsonl#milk", "export.jsonl#soup")


def test_a_file_named_like_an_entry_is_refused_and_the_entry_kept(tmp_path: Path, index: Path) -> None:
    folder = tmp_path / "corpus"
    export_of(folder, entry("tea.md"), entry("line-3"), "{broken")
    assert build(folder, index).added == ("export.jsonl#line-3", "export.jsonl#tea.md")
    (folder / "export.jsonl#tea.md").write_text("# Tea\n\nAnother article altogether.\n", "utf-8")
    report = build(folder, index)
    assert {one.path for one in report.rejected} == {"export.jsonl#line-3 (again)", "export.jsonl#tea.md (again)"}
    whole(index)


def test_a_folder_with_every_file_spoilt_is_refused(corpus: SmallCorpus, built: Path) -> None:
    for name in corpus.names:
        (corpus.folder / name).write_bytes(b"\xff\xfe")
    before = read_current(built)
    with pytest.raises(VerificationError, match="Every file was rejected"):
        build(corpus.folder, built)
    assert read_current(built) == before


def test_links_round_in_circles_are_refused_by_name(corpus: SmallCorpus, index: Path) -> None:
    (corpus.folder / "round.md").symlink_to("round.md")
    (corpus.folder / "out.md").symlink_to("/etc/hostname")
    assert [one.path for one in build(corpus.folder, index).rejected] == ["out.md", "round.md"]


def test_articles_that_only_moved_have_not_vanished(tmp_path: Path, index: Path) -> None:
    corpus = SmallCorpus(tmp_path / "corpus", seed=3, articles=10)
    build(corpus.folder, index)
    (corpus.folder / "moved").mkdir()
    for name in corpus.names:
        (corpus.folder / name).rename(corpus.folder / "moved" / name)
    report = build(corpus.folder, index)
    assert (report.published, len(report.added), len(report.removed), report.embedded) == (True, 10, 10, 0)
