"""JSON Lines exports: each entry an article of its own, each bad line a rejection of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.parsed import ParsedFile
from ingest.read.export import list_entries, read_entry
from ingest.sandbox import parse_many
from taperbot.errors import RejectedFileError

ENTRIES = [
    {
        "id": "sleep",
        "title": "Sleep",
        "url": "https://www.example.org/sleep",
        "date": "2026-01-02T08:00:00Z",
        "html": "<h2>Naps</h2><p>Naps are fine here.</p>",
    },
    {"id": "tea", "title": "Tea", "date": "2026-02-03", "markdown": "## Kinds\n\n- Green tea.\n- Mint tea.\n"},
    {"id": "walks", "title": "Walks", "text": "Walks help most people to rest.[1]"},
]


def write(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n", "utf-8")
    return path


def test_every_entry_is_an_article(tmp_path: Path) -> None:
    write(tmp_path, *ENTRIES)
    articles = [parsed.article for parsed in parse_many(tmp_path) if isinstance(parsed, ParsedFile)]
    assert [article.article_id for article in articles] == ["export.jsonl#sleep", "export.jsonl#tea", "export.jsonl#walks"]
    assert [article.title for article in articles] == ["Sleep", "Tea", "Walks"]
    assert [str(article.date) for article in articles] == ["2026-01-02", "2026-02-03", "None"]
    assert articles[0].url == "https://www.example.org/sleep"
    assert articles[1].text == "Kinds\n\n- Green tea.\n- Mint tea."
    assert articles[2].text == "Walks help most people to rest."


def test_bad_lines_are_refused_by_number_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, ENTRIES[0], "{not json", {"title": "no id"}, ENTRIES[0], {"id": "empty"}, [1, 2], ENTRIES[1])
    results = list(parse_many(tmp_path))
    refused = {result.path: result.reason for result in results if isinstance(result, RejectedFileError)}
    assert set(refused) == {f"export.jsonl#line-{number}" for number in (2, 3, 4, 6)} | {"export.jsonl#empty"}
    assert "line 2" in refused["export.jsonl#line-2"]
    assert "repeats the id" in refused["export.jsonl#line-4"]
    assert [result.article.title for result in results if isinstance(result, ParsedFile)] == ["Sleep", "Tea"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": ' + "1" * 5000 + ', "text": "x"}', "number too long"),
        ('{"id": "deep", "text": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"id": ["a"], "text": "x"}', 'no "id"'),
        ('{"id": "' + "x" * 301 + '", "text": "x"}', "301 letters"),
        ('{"id": "wide", "text": "' + "x" * 20_000_000 + '"}', "20 MB"),
        ("null", "not a JSON object"),
    ],
    ids=["endless number", "deep nesting", "a list as id", "endless id", "endless line", "no object"],
)
def test_hostile_lines_are_refused_by_number_before_anything_is_parsed(line: str, said: str) -> None:
    [entry] = list_entries(line.encode(), "a.jsonl")
    assert said in entry.problem
    assert (entry.article_id, entry.is_nameless) == ("a.jsonl#line-1", True)


def test_a_number_is_an_id_and_zero_is_one() -> None:
    lines = b'{"id": 0, "text": "a"}\n{"id": 17, "text": "b"}\n'
    assert [entry.article_id for entry in list_entries(lines, "a.jsonl")] == ["a.jsonl#0", "a.jsonl#17"]


def test_an_entry_that_is_no_longer_where_it_was_is_not_taken_for_another() -> None:
    with pytest.raises(RejectedFileError, match="changed while it was read"):
        read_entry(json.dumps(ENTRIES[2]).encode(), "a.jsonl#tea", {})


def test_an_export_in_another_encoding_is_refused_once() -> None:
    with pytest.raises(RejectedFileError, match="UTF-16"):
        list(list_entries("\n".join(map(json.dumps, ENTRIES)).encode("utf-16"), "a.jsonl"))


def test_the_version_of_an_entry_is_that_of_its_line_alone() -> None:
    line = json.dumps(ENTRIES[2]).encode()
    assert read_entry(line, "a#walks", {}).article.version == read_entry(line + b"  ", "a#walks", {}).article.version
    assert read_entry(line, "a#walks", {}).article.version != read_entry(line.replace(b"most", b"many"), "a#walks", {}).article.version


def test_an_empty_export_is_refused() -> None:
    with pytest.raises(RejectedFileError, match="empty"):
        list(list_entries(b" \n", "export.jsonl"))
