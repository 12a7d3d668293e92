"""Seconds by step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Counts from its making."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Counts the time inside towards `name`."""
        since = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - since

    @property
    def seconds(self) -> dict[str, float]:
        """So far, by step, with the total."""
        return {**self._seconds, "total": time.perf_counter() - self._began}
