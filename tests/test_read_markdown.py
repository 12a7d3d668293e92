"""Markdown: front matter, structure, and markup that leaves only words behind."""

from __future__ import annotations

from pathlib import Path

from ingest.parsed import ParsedFile
from ingest.read import read_article
from taperbot.records import BlockKind

ARTICLE = Path(__file__).parent / "articles" / "jaw-tension.md"


def read() -> ParsedFile:
    return read_article(ARTICLE.read_bytes(), "jaw-tension.md")


def texts(parsed: ParsedFile, kind: BlockKind) -> list[str]:
    return [parsed.article.text[block.start : block.end] for block in parsed.article.blocks if block.kind is kind]


def test_front_matter_becomes_metadata() -> None:
    article = read().article
    assert article.title == "Jaw tension"
    assert article.date is not None
    assert article.date.isoformat() == "2026-08-02"
    assert article.topics == ("jaw", "muscles")
    assert article.sources == ("A dental handbook, 2019",)
    assert article.asked_as[0].lines == ("my teeth hurt in the morning", "face feels locked up")


def test_an_unknown_key_is_a_finding_with_its_line() -> None:
    finding = next(finding for finding in read().findings if finding.code == "unknown-key")
    assert finding.line == 17
    assert '"colour"' in finding.message


def test_emphasis_links_and_html_tags_leave_only_their_words() -> None:
    text = read().article.text
    assert "a common complaint" in text
    assert "slow breathing help many people. See the dental page" in text
    assert "Old notice: call us." in text
    assert not any(mark in text for mark in ("**", "](", "<div>"))


def test_links_are_kept_aside_with_their_lines() -> None:
    assert [(link.target, link.text, link.line) for link in read().links] == [
        ("breathing.md", "slow breathing", 46),
        ("https://www.example.org/dental", "the dental page", 46),
    ]


def test_a_source_mark_is_removed_and_its_line_named() -> None:
    found = [(finding.line, finding.message) for finding in read().findings if finding.code == "source-mark"]
    assert [line for line, _ in found] == [21, 25]
    assert "[2] [5]" in found[1][1]


def test_nested_items_and_wrapped_items_are_items_of_one_list() -> None:
    parsed = read()
    items = [block for block in parsed.article.blocks if block.kind is BlockKind.LIST_ITEM and "What it feels like" in block.heading_path]
    assert [parsed.article.text[item.start : item.end] for item in items] == [
        "A tight band from ear to chin.",
        "Teeth that ache at breakfast, mostly at the back.",
        "A click on opening wide.",
        "Sometimes with pain.",
    ]
    assert len({item.group for item in items}) == 1


def test_sub_headings_make_a_path_and_faq_headings_are_questions() -> None:
    parsed = read()
    assert texts(parsed, BlockKind.QUESTION) == ["Can a mouthguard help?", "Is it a sign of something worse?"]
    row = next(block for block in parsed.article.blocks if block.kind is BlockKind.TABLE_ROW)
    assert row.heading_path == ("What is jaw tension?", "What it feels like")


def test_front_matter_in_toml_reads_as_in_yaml() -> None:
    article = read_article(
        b'+++\ntitle = "Tea"\npublished = 2026-02-03\ntopics = ["tea"]\n+++\nTea is fine for most people.\n', "tea.markdown"
    ).article
    assert (article.title, str(article.published), article.topics) == ("Tea", "2026-02-03", ("tea",))


def test_a_sidecar_wins_over_front_matter() -> None:
    article = read_article(
        b"---\ntitle: Old\nsummary: Kept.\n---\n# Old\n\nSome words stand here.\n", "a.md", sidecar=b"title: New\n"
    ).article
    assert (article.title, article.summary) == ("New", "Kept.")


def test_a_file_without_any_title_is_named_after_itself() -> None:
    assert read_article(b"just some words in a paragraph here.\n", "night-time_calm.md").article.title == "Night time calm"
