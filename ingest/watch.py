"""Waits for changes to the articles to settle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

QUIET_MILLISECONDS = 1500
LONGEST_MILLISECONDS = 60_000


def settled_changes(corpus: Path) -> Iterator[None]:
    """Once at the start, then whenever something has changed and nothing more has for a moment; ends with Ctrl-C."""
    yield None
    for _ in watch(corpus, step=QUIET_MILLISECONDS, debounce=LONGEST_MILLISECONDS, raise_interrupt=False):
        yield None
