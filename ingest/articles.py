"""Delivers parsed articles in row order: from the generation before where nothing changed, else parsed in the sandbox, ahead of need."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

from ingest.parsed import ParsedFile
from ingest.plan import Plan
from ingest.sandbox import Sandbox
from ingest.scan import Seen
from taperbot.errors import RejectedFileError
from taperbot.generation import Generation

Item = TypeVar("Item")
AHEAD = 128
Delivered = tuple[Seen, "ParsedFile | RejectedFileError"]


def deliver(plan: Plan, before: Generation | None, sandbox: Sandbox) -> Iterator[Delivered]:
    """Each article of the plan in order, parsed or refused."""
    fresh = [one for one in plan.seen if one.article_id not in plan.reused and not one.problem]
    parsing = sandbox.parse([one.source for one in fresh])
    for one in plan.seen:
        if one.problem:
            yield one, RejectedFileError(one.article_id, one.problem)
        elif one.article_id in plan.reused and before is not None:
            yield one, stored(before, one.article_id)
        else:
            yield one, next(parsing)


def stored(generation: Generation, article_id: str) -> ParsedFile:
    """An article as the generation holds it."""
    article = generation.article(article_id)
    assert article is not None
    rows = generation.chunk_rows(article_id)
    quotes = tuple(quote for row in rows for quote in generation.quotes_of_chunk(row))
    return ParsedFile(article, tuple(generation.chunk(row) for row in rows), quotes, generation.findings(article_id))


def ahead(items: Iterator[Item], size: int = AHEAD) -> Iterator[Item]:
    """The same items, made by a thread of their own up to `size` ahead; its error is raised here, in its place."""
    ready: queue.Queue[Item | BaseException | None] = queue.Queue(size)
    stopped = threading.Event()

    def work() -> None:
        try:
            for item in items:
                if stopped.is_set():
                    return
                ready.put(item)
            ready.put(None)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that reads
            ready.put(error)

    thread = threading.Thread(target=work, name="read-ahead", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        while not ready.empty():
            ready.get_nowait()
