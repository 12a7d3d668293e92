"""HTML: the main content alone, nothing a reader would not see."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.parsed import ParsedFile
from ingest.read import read_article
from taperbot.records import BlockKind

ARTICLE = Path(__file__).parent / "articles" / "cold-hands.html"


@pytest.fixture(scope="module")
def parsed() -> ParsedFile:
    return read_article(ARTICLE.read_bytes(), "cold-hands.html")


def test_metadata_comes_from_the_head(parsed: ParsedFile) -> None:
    article = parsed.article
    assert (article.title, str(article.published), article.url) == (
        "Cold hands while tapering",
        "2026-02-11",
        "https://www.example.org/cold-hands",
    )
    assert article.topics == ("cold hands", "circulation")


@pytest.mark.parametrize("hidden", ["WINTER", "Ignore your doctor", "never counts", "All articles", "Copyright", "[1]"])
def test_what_readers_do_not_see_is_not_read(parsed: ParsedFile, hidden: str) -> None:
    assert hidden not in parsed.article.text


def test_hidden_text_is_named_with_its_line(parsed: ParsedFile) -> None:
    assert [finding.line for finding in parsed.findings if finding.code == "hidden-text"] == [18, 19]


def test_running_text_lists_tables_and_questions_are_told_apart(parsed: ParsedFile) -> None:
    article = parsed.article
    shown = {kind: [article.text[block.start : block.end] for block in article.blocks if block.kind is kind] for kind in BlockKind}
    assert shown[BlockKind.PARAGRAPH][0].endswith("They come from vessels in the skin that narrow under stress & worry.")
    assert shown[BlockKind.LIST_ITEM] == ["Warm water for a few minutes.", "Gloves indoors, even in summer.", "Thin ones are enough."]
    assert shown[BlockKind.TABLE_ROW][1] == "Blue fingers that stay blue | See a doctor the same day"
    assert shown[BlockKind.QUESTION] == ["Do cold hands mean poor circulation?"]


def test_blocks_know_their_source_lines(parsed: ParsedFile) -> None:
    lines = {
        parsed.article.text[block.start : block.end]: line for block, line in zip(parsed.article.blocks, parsed.block_lines, strict=True)
    }
    assert lines["Warm water for a few minutes."] == 23
    assert lines["What helps cold hands?"] == 20


@pytest.mark.parametrize(
    "markup",
    [
        "<p hidden>secret words</p>",
        '<p style="visibility: hidden">secret words</p>',
        '<p style="font-size:0">secret words</p>',
        '<span aria-hidden="true">secret words</span>',
        '<p style="position:absolute; left:-9999px">secret words</p>',
        "<template>secret words</template>",
        "<!-- secret words -->",
        "<noscript>secret words</noscript>",
        "<style>secret words</style>",
        '<p style="color:#fff; background: white">secret words</p>',
        '<p style="color: #FFFFFF">secret words</p>',
        '<font color="white">secret words</font>',
        '<p style="color:transparent">secret words</p>',
        '<p style="color: rgba(0, 0, 0, 0)">secret words</p>',
        '<p style="font-size:1px">secret words</p>',
        '<p style="font-size: 0.0em">secret words</p>',
        '<p style="opacity:0.0">secret words</p>',
        '<p style="height:0;overflow:hidden">secret words</p>',
        '<p style="max-height:0px; overflow: hidden">secret words</p>',
        '<p style="position:absolute; clip: rect(0,0,0,0)">secret words</p>',
        '<p style="transform:scale(0)">secret words</p>',
        "<style>p.gone { display: none }</style><p class=gone>secret words</p>",
        "<style>/* x */ .a > .b { visibility:hidden }</style><div class=a><p class=b>secret words</p></div>",
    ],
)
def test_every_way_of_hiding_is_seen_through(markup: str) -> None:
    article = read_article(f"<body><p>Plain words that count.</p>{markup}</body>".encode(), "a.html").article
    assert article.text == "Plain words that count."


@pytest.mark.parametrize(
    "markup",
    [
        "<style>@media print { .screen { display: none } }</style><p class=screen>seen words</p>",
        '<div style="background: navy"><p style="color: white">seen words</p></div>',
        '<p style="font-size:0.8em; opacity:0.9; left:-5px; color:#333; background:#fff">seen words</p>',
        "<style>:no-such(thing) { display: none } .x { color: white }</style><p>seen words</p>",
    ],
    ids=["hidden on paper only", "white on blue", "small and pale", "a rule nobody knows"],
)
def test_what_readers_do_see_is_read(markup: str) -> None:
    article = read_article(f"<body><p>Plain words that count.</p>{markup}</body>".encode(), "a.html").article
    assert "seen words" in article.text


def test_a_table_inside_a_cell_is_read_out_in_the_cell() -> None:
    markup = b"<table><tr><td>Sign<td>What to do<tr><td>Itch<td>Cool it <table><tr><td>with a cloth</table></table>"
    article = read_article(markup, "a.html").article
    rows = [article.text[block.start : block.end] for block in article.blocks if block.kind is BlockKind.TABLE_ROW]
    assert rows[-1] == "Itch | Cool it with a cloth"


def test_unclosed_tags_and_tags_in_the_wrong_order_still_read() -> None:
    article = read_article(b"<h1>A title</h1><p>First words here.<p>Second words <b>here.<table><tr><td>x<td>y", "a.htm").article
    assert article.title == "A title"
    assert "First words here." in article.text
    assert "Second words here." in article.text


def test_a_figure_below_a_limit_is_not_a_tag() -> None:
    assert "<5 mg" in read_article(b"<p>A dose of &lt;5 mg is low in this text.</p>", "a.html").article.text
    assert "<5 mg" in read_article(b"A dose of <5 mg is low in this text.\n", "a.txt").article.text
