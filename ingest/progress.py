"""How far an ingest is: a bar for people at a terminal, plain lines elsewhere, silence when asked. Always on stderr."""

from __future__ import annotations

import sys
import time
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

SECONDS_BETWEEN_LINES = 5.0


class Progress(Protocol):
    """What an ingest tells while it works."""

    def say(self, message: str) -> None:
        """One sentence."""

    def start(self, articles: int) -> None:
        """That many articles are to be read."""

    def advance(self, articles: int, embedded: int) -> None:
        """That many more are done; `embedded` texts were embedded so far."""

    def done(self) -> None:
        """No more are read."""


class Silence:
    """Says nothing."""

    def say(self, message: str) -> None:
        """Nothing."""

    def start(self, articles: int) -> None:
        """Nothing."""

    def advance(self, articles: int, embedded: int) -> None:
        """Nothing."""

    def done(self) -> None:
        """Nothing."""


class Lines:
    """A line every few seconds, with the time left."""

    def __init__(self) -> None:
        self._total = self._count = 0
        self._began = self._spoke = time.monotonic()

    def say(self, message: str) -> None:
        """One line."""
        print(message, file=sys.stderr, flush=True)

    def start(self, articles: int) -> None:
        """Remembers how many there are."""
        self._total = articles
        self._began = time.monotonic()

    def advance(self, articles: int, embedded: int) -> None:
        """A line, when the last is some seconds ago."""
        self._count += articles
        now = time.monotonic()
        if now - self._spoke >= SECONDS_BETWEEN_LINES:
            self._spoke = now
            left = (now - self._began) / self._count * (self._total - self._count)
            self.say(f"{self._count} of {self._total} articles read, {embedded} texts embedded, about {left:.0f} s left")

    def done(self) -> None:
        """Nothing; the next line says what follows."""


class Bar:
    """A progress bar."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
        )
        self._bar = RichProgress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("Reading articles", total=None, note="")

    def say(self, message: str) -> None:
        """One line above the bar."""
        self._bar.console.print(message)

    def start(self, articles: int) -> None:
        """Shows the bar."""
        self._bar.update(self._task, total=articles)
        self._bar.start()

    def advance(self, articles: int, embedded: int) -> None:
        """Moves the bar."""
        self._bar.update(self._task, advance=articles, note=f"{embedded} texts embedded")

    def done(self) -> None:
        """Takes the bar away."""
        self._bar.stop()


def progress_for(is_quiet: bool) -> Progress:
    """A bar at a terminal, lines elsewhere, nothing when quiet."""
    if is_quiet:
        return Silence()
    return Bar() if sys.stderr.isatty() else Lines()
