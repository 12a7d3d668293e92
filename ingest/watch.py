"""Waits for changes to the articles to settle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

QUIET_MILLISECONDS = 1500
LONGEST_MILLISECONDS = 60_000
LOOKING_MILLISECONDS = 500


def settled_changes(corpus: Path) -> Iterator[None]:
    """Once at the start, then whenever something has changed and nothing more has for a moment; ends with Ctrl-C.

    The start is told when watching has begun, so that what changes during the first ingest is not missed.
    """
    has_begun = False
    for changes in watch(
        corpus,
        step=QUIET_MILLISECONDS,
        debounce=LONGEST_MILLISECONDS,
        rust_timeout=LOOKING_MILLISECONDS,
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        if changes or not has_begun:
            has_begun = True
            yield None
