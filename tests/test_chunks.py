"""Chunks cover an article, fit the window and keep their ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.parsed import ParsedFile
from ingest.read import read_article
from ingest.wordpieces import WINDOW, count_pieces
from taperbot.records import Article, BlockKind

ARTICLES = sorted((Path(__file__).parent / "articles").iterdir())


def read(text: str, name: str = "a.md") -> ParsedFile:
    return read_article(text.encode(), name)


def assert_covered(article: Article, spans: list[tuple[int, int]]) -> None:
    """Every letter of every block but headings lies in exactly one span."""
    for block in article.blocks:
        if block.kind is not BlockKind.HEADING:
            overlap = "".join(
                article.text[max(start, block.start) : min(end, block.end)]
                for start, end in spans
                if start < block.end and block.start < end
            )
            assert "".join(overlap.split()) == "".join(article.text[block.start : block.end].split())


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_every_block_but_headings_lies_in_exactly_one_chunk(path: Path) -> None:
    parsed = read_article(path.read_bytes(), path.name)
    for block in parsed.article.blocks:
        holders = [chunk for chunk in parsed.chunks if chunk.start <= block.start and block.end <= chunk.end]
        assert len(holders) == (block.kind is not BlockKind.HEADING)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_chunks_are_slices_within_the_window_and_within_a_section(path: Path) -> None:
    parsed = read_article(path.read_bytes(), path.name)
    for chunk in parsed.chunks:
        assert parsed.article.text[chunk.start : chunk.end] == chunk.text
        assert count_pieces(chunk.indexed_text) <= WINDOW
        assert {block.heading_path for block in parsed.article.blocks if chunk.start <= block.start < chunk.end} == {chunk.heading_path}


def test_indexed_text_names_title_and_headings_and_says_a_question_once() -> None:
    chunks = read("# Sleep\n\nFirst words of it.\n\n## Naps\n\nNaps are fine.\n\n## FAQ\n\n### Is it safe?\n\nYes, it is.\n").chunks
    assert [chunk.indexed_text for chunk in chunks] == [
        "Sleep: First words of it.",
        "Sleep > Naps: Naps are fine.",
        "Sleep > FAQ: Is it safe?\n\nYes, it is.",
    ]


def test_a_long_section_is_cut_between_sentences_and_a_lead_in_stays_with_its_list() -> None:
    sentences = " ".join(
        f"Sentence number {number} says a little more about how nights go while a dose comes down." for number in range(30)
    )
    parsed = read(f"# T\n\n## S\n\n{sentences}\n\nThese things help many people to rest:\n\n- A cool room.\n- A dark room.\n")
    assert len(parsed.chunks) > 2
    assert all(chunk.text.endswith(".") for chunk in parsed.chunks)
    assert "help many people to rest:\n\n- A cool room." in parsed.chunks[-1].text


def test_words_without_end_are_cut_too() -> None:
    parsed = read("x" * 9000 + " " + "word " * 3000, "a.txt")
    assert_covered(parsed.article, [(chunk.start, chunk.end) for chunk in parsed.chunks])
    assert max(count_pieces(chunk.indexed_text) for chunk in parsed.chunks) <= WINDOW


def test_a_table_cut_in_two_is_indexed_with_its_columns_both_times() -> None:
    rows = "\n".join(f"| Sign number {n} with several words | Thing to do about sign number {n} on the same day |" for n in range(40))
    chunks = read(f"# T\n\n## S\n\n| Sign | What to do |\n| --- | --- |\n{rows}\n").chunks
    assert len(chunks) > 1
    assert all("Sign | What to do |" in chunk.indexed_text for chunk in chunks)
    assert all(count_pieces(chunk.indexed_text) <= WINDOW for chunk in chunks)


def test_ids_stay_when_other_text_changes_and_differ_for_twins() -> None:
    before = read("# T\n\n## A\n\nSame words here.\n\n## B\n\nOther words here.\n").chunks
    after = read("# T\n\n## A\n\nSame words here.\n\n## B\n\nChanged words here.\n").chunks
    assert before[0].chunk_id == after[0].chunk_id
    assert before[1].chunk_id != after[1].chunk_id
    twins = read("# T\n\n## A\n\nSame words here.\n\n## A\n\nSame words here.\n").chunks
    assert len({chunk.chunk_id for chunk in twins}) == 2
    assert read("# T\n\nSame words here.\n", "b.md").chunks[0].chunk_id != read("# T\n\nSame words here.\n", "c.md").chunks[0].chunk_id


def test_lay_lines_go_to_the_first_chunk_of_their_section_and_to_their_question() -> None:
    parsed = read(
        "---\nasked_as:\n  naps:\n    - can i doze at noon\n  Is it safe?:\n    - will it hurt me\n  Nowhere:\n    - x\n---\n"
        "# Sleep\n\n## Naps\n\nNaps are fine.\n\n## FAQ\n\n### Is it safe?\n\nYes, it is.\n"
    )
    assert [chunk.asked_as for chunk in parsed.chunks] == [("can i doze at noon",), ("will it hurt me",)]
    assert [finding.code for finding in parsed.findings] == ["asked-as-heading"]


BLOCKS = st.sampled_from(
    ["# H\n", "## Sub heading\n", "### Deep?\n", "## FAQ\n", "- item one\n- item two\n", "| a | b |\n|---|---|\n| c | d |\n", "Lead in:\n"]
)
WORDS = st.lists(
    st.sampled_from(["taper", "dose", "sleeps.", "rest?", "(e.g.", "tea)", "calm.", "300-400mg", "Dr. Who"]), min_size=1, max_size=120
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(BLOCKS | WORDS, min_size=1, max_size=12).map("\n\n".join))
def test_chunks_cover_any_article(text: str) -> None:
    parsed = read(f"{text}\n\nA last line of words.")
    assert_covered(parsed.article, [(chunk.start, chunk.end) for chunk in parsed.chunks])
    assert all(count_pieces(chunk.indexed_text) <= WINDOW for chunk in parsed.chunks)
