"""What an editor is shown of one article."""

from __future__ import annotations

from pathlib import Path

from ingest.read import read_article
from ingest.show import finding_line, render_article
from taperbot.records import Finding

ARTICLE = Path(__file__).parent / "articles" / "jaw-tension.md"


def test_everything_ingestion_makes_of_an_article_is_shown() -> None:
    parsed = read_article(ARTICLE.read_bytes(), "jaw-tension.md")
    shown = render_article(parsed)
    assert parsed.article.text in shown
    for heading in (
        "Article",
        "Canonical text",
        f"Blocks ({len(parsed.article.blocks)})",
        f"Chunks ({len(parsed.chunks)})",
        f"Quotes ({len(parsed.quotes)})",
    ):
        assert f"\n{heading}\n" in f"\n{shown}"
    assert "line 33  list_item group 1  A tight band from ear to chin." in shown
    assert "asked as: my teeth hurt in the morning; face feels locked up" in shown
    assert "jaw-tension.md:17: unknown-key:" in shown


def test_a_finding_without_a_line_names_its_file_alone() -> None:
    assert finding_line(Finding("a.pdf", None, "furniture", "A foot was left out")) == "a.pdf: furniture: A foot was left out"
