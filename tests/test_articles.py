"""Reading ahead keeps order, stays bounded, and tells errors in their place."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ingest.articles import MOST_AHEAD, ReadAhead
from ingest.parsed import ParsedFile
from ingest.read import read_article


def articles(count: int, letters: int = 100) -> Iterator[ParsedFile]:
    for number in range(count):
        yield read_article(f"# Note {number}\n\n{'Tea is kind. ' * (letters // 13)}\n".encode(), f"{number:03d}.md")


def test_items_come_in_order() -> None:
    assert [item.article.article_id for item in ReadAhead(articles(20))] == [f"{number:03d}.md" for number in range(20)]
    assert list(ReadAhead(iter(()))) == []


def test_no_more_is_made_than_a_bounded_amount_ahead() -> None:
    made = 0
    waiting = threading.Event()

    def counted() -> Iterator[ParsedFile]:
        nonlocal made
        item = next(articles(1, 60_000))
        for _ in range(200):
            made += 1
            if made * len(item.article.text) > MOST_AHEAD:
                waiting.set()
            yield item

    reading = iter(ReadAhead(counted()))
    first = next(reading)
    assert waiting.wait(20)
    assert made <= MOST_AHEAD // len(first.article.text) + 3
    assert sum(1 for _ in reading) == 199


def test_an_error_is_raised_after_what_came_before_it() -> None:
    def failing() -> Iterator[ParsedFile]:
        yield from articles(2)
        raise ValueError("no more")

    reading = iter(ReadAhead(failing()))
    assert [next(reading).article.article_id for _ in range(2)] == ["000.md", "001.md"]
    with pytest.raises(ValueError, match="no more"):
        next(reading)


def test_the_maker_stops_when_nobody_reads_any_more() -> None:
    threads = threading.active_count()
    reading = iter(ReadAhead(articles(2000)))
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    for thread in threading.enumerate():
        if thread.name == "read-ahead":
            thread.join(20)
    assert threading.active_count() <= threads
