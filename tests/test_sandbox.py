"""Nothing in a file can stop an ingest: every file comes back as an article or as a named rejection."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from article_makers import make_docx, make_locked_pdf, make_pdf, make_swelling_pdf

from benchmarks import soak_mutations
from ingest.parsed import ParsedFile
from ingest.read import read_article
from ingest.sandbox import Sandbox, parse_file, parse_many
from ingest.sandbox_jobs import Limits
from ingest.sources import Source
from taperbot.errors import IngestError, RejectedFileError

ARTICLES = sorted((Path(__file__).parent / "articles").iterdir())
PLAIN = b"# A title\n\nSome plain words in a sentence.\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(side_by_side=2)
    yield sandbox
    sandbox.close()


def reason_of(sandbox: Sandbox, path: Path, article_id: str | None = None) -> str:
    result = next(sandbox.parse([Source(path, article_id or path.name)]))
    assert isinstance(result, RejectedFileError), result
    return result.reason


def test_a_file_is_the_same_article_inside_the_sandbox_as_outside(sandbox: Sandbox) -> None:
    results = list(sandbox.parse([Source(path, path.name) for path in ARTICLES]))
    assert results == [read_article(path.read_bytes(), path.name) for path in ARTICLES]


def test_results_come_in_the_order_asked_for(sandbox: Sandbox, tmp_path: Path) -> None:
    names = [f"{number}.md" for number in range(30)]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(PLAIN * (60 if number % 7 == 0 else 1) if number % 5 else b"")
    results = list(sandbox.parse([Source(tmp_path / name, name) for name in names]))
    assert [result.article.article_id if isinstance(result, ParsedFile) else result.path for result in results] == names
    assert [isinstance(result, RejectedFileError) for result in results] == [number % 5 == 0 for number in range(30)]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("deep.html", b"<div>" * 100_000 + b"x", "nested too deeply"),
        ("deep.md", b"---\ntitle: " + b"[" * 50_000 + b"\n---\nwords\n", "front matter"),
        ("vast.txt", b"A sentence of words in a row. \n\n" * 400_000, "at most 5,000,000"),
        ("table.html", b"<table>" + (b"<tr>" + b"<td>x</td>" * 50 + b"</tr>") * 60 + b"</table>", ""),
        ("swollen.pdf", make_swelling_pdf(120), ""),
        ("locked.pdf", make_locked_pdf(), "password"),
        ("words.docx", make_pdf(), "not a Word document"),
        ("other.exe", b"MZ", "not a format"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_bomb_is_refused_by_name_or_read_and_the_next_file_is_read(
    sandbox: Sandbox, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "next.md").write_bytes(PLAIN)
    bomb, after = sandbox.parse([Source(tmp_path / name, name), Source(tmp_path / "next.md", "next.md")])
    assert isinstance(after, ParsedFile)
    if said:
        assert isinstance(bomb, RejectedFileError)
        assert said in bomb.reason


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    hurried = Sandbox(side_by_side=2, limits=Limits(wall_seconds=0.5))
    (tmp_path / "slow.txt").write_bytes(b"&" + b"amp;" * 600_000)
    try:
        assert "takes longer" in reason_of(hurried, tmp_path / "slow.txt")
    finally:
        hurried.close()


def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    narrow = Sandbox(side_by_side=2, limits=Limits(memory_bytes=200_000_000))
    (tmp_path / "wide.html").write_bytes(b"<p>" + b"ab " * 2_000_000)
    try:
        assert "more than 200 MB of memory" in reason_of(narrow, tmp_path / "wide.html")
    finally:
        narrow.close()


def test_a_link_out_of_the_corpus_is_refused_and_one_within_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "deep").mkdir(parents=True)
    (tmp_path / "secret.md").write_bytes(PLAIN)
    (corpus / "real.md").write_bytes(PLAIN)
    (corpus / "out.md").symlink_to(tmp_path / "secret.md")
    (corpus / "deep" / "in.md").symlink_to(corpus / "real.md")
    (corpus / "folder.md").symlink_to(tmp_path, target_is_directory=True)
    assert "leads out" in reason_of(sandbox, corpus / "out.md")
    assert "leads out" in reason_of(sandbox, corpus / "folder.md")
    assert isinstance(next(sandbox.parse([Source(corpus / "deep" / "in.md", "deep/in.md")])), ParsedFile)


def test_paths_upwards_pipes_and_missing_files_are_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert "`..`" in reason_of(sandbox, tmp_path / "x" / ".." / "a.md", "x/../a.md")
    assert "regular file" in reason_of(sandbox, tmp_path / "pipe.md")
    assert "cannot be opened" in reason_of(sandbox, tmp_path / "gone.md")
    assert "cannot be shown" in reason_of(sandbox, tmp_path / "a\nb.md")


def test_a_broken_sidecar_refuses_its_article(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(make_docx())
    (tmp_path / "a.docx.meta.yaml").write_text("title: [")
    assert "front matter" in reason_of(sandbox, tmp_path / "a.docx")
    (tmp_path / "a.docx.meta.yaml").write_text("title: Named beside\n")
    parsed = next(sandbox.parse([Source(tmp_path / "a.docx", "a.docx")]))
    assert isinstance(parsed, ParsedFile)
    assert parsed.article.title == "Named beside"


def test_parse_many_leaves_out_what_is_no_article_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.md", "a.md", "_draft.md", ".hidden.md", "README.md", "questions.yaml", "lexicon.yaml", "a.md.meta.yaml", "picture.png"):
        (tmp_path / name).write_bytes(PLAIN if name.endswith(".md") else b"")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.txt").write_bytes(PLAIN)
    results = list(parse_many(tmp_path))
    assert [result.article.article_id if isinstance(result, ParsedFile) else f"refused {result.path}" for result in results] == [
        "a.md",
        "b.md",
        "refused picture.png",
        "sub/c.txt",
    ]
    with pytest.raises(RejectedFileError):
        parse_file(tmp_path / "picture.png", "picture.png")


def test_a_helper_that_dies_is_named_and_the_next_call_starts_another(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(PLAIN)
    sandbox = Sandbox(side_by_side=1)
    source = Source(tmp_path / "a.md", "a.md")
    try:
        results = sandbox.parse([source] * 50)
        next(results)
        helper = children_of(os.getpid(), "ingest.sandbox_worker")[-1]
        os.kill(helper, signal.SIGKILL)
        with pytest.raises(IngestError, match="helper"):
            list(results)
        assert isinstance(next(sandbox.parse([source])), ParsedFile)
    finally:
        sandbox.close()


def test_a_caller_who_stops_half_way_leaves_nothing_for_the_next(sandbox: Sandbox, tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_bytes(PLAIN.replace(b"title", name[:1].encode()))
    results = sandbox.parse([Source(tmp_path / name, name) for name in ("a.md", "b.md", "c.md")])
    next(results)
    results.close()  # type: ignore[attr-defined]
    parsed = next(sandbox.parse([Source(tmp_path / "c.md", "c.md")]))
    assert isinstance(parsed, ParsedFile)
    assert parsed.article.article_id == "c.md"


def test_300_mutated_files(sandbox: Sandbox, tmp_path: Path) -> None:
    originals = [*ARTICLES]
    for name, data in (
        ("a.pdf", make_pdf()),
        ("b.docx", make_docx()),
        ("c.jsonl", b'{"id": "1", "title": "T", "text": "Some words to read here."}\n'),
    ):
        (tmp_path / name).write_bytes(data)
        originals.append(tmp_path / name)
    results = list(soak_mutations.run(originals, 300, 11, sandbox))
    assert len(results) >= 300
    assert sum(isinstance(result, ParsedFile) for result in results) > 100


def children_of(parent: int, name: str) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if name in line]
