"""Delivers parsed articles in row order: from the generation before where nothing changed, else parsed in the sandbox, ahead of need."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence

from ingest.parsed import ParsedFile
from ingest.plan import Plan
from ingest.sandbox import Sandbox
from ingest.scan import Seen
from taperbot.errors import RejectedFileError
from taperbot.generation import Generation

MOST_AHEAD = 2_000_000
"""Letters of text read ahead of need, so that memory stays bounded whatever the articles are like."""
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


def all_refused(suspects: Sequence[Seen]) -> tuple[RejectedFileError, ...]:
    """The refusals, if every one of the articles is refused; none as soon as one of them can be read."""
    sandbox = Sandbox()
    refused = [RejectedFileError(one.article_id, one.problem) for one in suspects if one.problem]
    try:
        for found in sandbox.parse([one.source for one in suspects if not one.problem]):
            if not isinstance(found, RejectedFileError):
                return ()
            refused.append(found)
    finally:
        sandbox.close()
    return tuple(refused)


class ReadAhead:
    """Iterates over `items`, made by a thread of its own up to MOST_AHEAD letters ahead; its error is raised here, in its place."""

    def __init__(self, items: Iterator[ParsedFile]) -> None:
        self._items = items
        self._ready: deque[ParsedFile] = deque()
        self._letters = 0
        self._ended = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        threading.Thread(target=self._work, name="read-ahead", daemon=True).start()

    def __iter__(self) -> Iterator[ParsedFile]:
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._ready or self._ended)
                    if not self._ready:
                        break
                    item = self._ready.popleft()
                    self._letters -= len(item.article.text)
                    self._changed.notify_all()
                yield item
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as error:  # noqa: BLE001 - handed to the thread that reads
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _put(self, item: ParsedFile) -> bool:
        """False when nobody reads any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._letters < MOST_AHEAD or self._ended)
            self._ready.append(item)
            self._letters += len(item.article.text)
            self._changed.notify_all()
            return not self._ended
