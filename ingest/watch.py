"""Waits for changes to the articles to settle."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from watchfiles import watch

QUIET_MILLISECONDS = 1500
LONGEST_MILLISECONDS = 60_000
LOOKING_MILLISECONDS = 500


def settled_changes(corpus: Path) -> Iterator[None]:
    """Once at the start, then whenever something has changed and nothing more has for a moment; ends with Ctrl-C.

    The start is told when watching has begun, so that what changes during the first ingest is not missed.
    """
    has_begun = False
    with _told_to_stop() as stop:
        for changes in watch(
            corpus,
            step=QUIET_MILLISECONDS,
            debounce=LONGEST_MILLISECONDS,
            rust_timeout=LOOKING_MILLISECONDS,
            yield_on_timeout=True,
            raise_interrupt=False,
            stop_event=stop,
        ):
            if changes or not has_begun:
                has_begun = True
                yield None


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set by Ctrl-C, which goes on to interrupt as ever: where that is lost, as in the clearing up of an object, watching ends all the same."""
    stop = threading.Event()

    def interrupted(*_: Any) -> None:
        stop.set()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
