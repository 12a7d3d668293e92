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


def test_the_version_of_an_entry_is_that_of_its_line_alone() -> None:
    line = json.dumps(ENTRIES[2]).encode()
    assert read_entry(line, "a#walks", {}).article.version == read_entry(line + b"  ", "a#walks", {}).article.version
    assert read_entry(line, "a#walks", {}).article.version != read_entry(line.replace(b"most", b"many"), "a#walks", {}).article.version


def test_an_empty_export_is_refused() -> None:
    with pytest.raises(RejectedFileError, match="empty"):
        list(list_entries(b" \n", "export.jsonl"))
