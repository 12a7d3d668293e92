"""Parses files in limited child processes, so that no file can harm or stop an ingest: always an article or a named rejection.

A light helper process is started once, apart from this one's threads and imports, and forks a child per file (half a millisecond).
"""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ingest.parsed import ParsedFile
from ingest.sandbox_jobs import Job, Limits, Outcome, Rejection
from ingest.sources import Source, article_paths, source_of
from taperbot.errors import IngestError, RejectedFileError

HEADER = struct.Struct("<Q")


class Sandbox:
    """A helper process and the pipe to it. One conversation at a time; further callers wait."""

    def __init__(self, side_by_side: int | None = None, limits: Limits | None = None) -> None:
        self.side_by_side = side_by_side or os.cpu_count() or 1
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._helper: subprocess.Popen[bytes] | None = None

    def parse(self, sources: Sequence[Source]) -> Iterator[ParsedFile | RejectedFileError]:
        """Articles or rejections in the order of `sources`; an export yields each of its entries in its place."""
        with self._lock:
            for outcome in self._run(sources):
                if outcome.parsed is not None:
                    yield outcome.parsed
                if outcome.rejected is not None:
                    yield RejectedFileError(outcome.rejected.path, outcome.rejected.reason)

    def close(self) -> None:
        """Ends the helper; the next call starts another."""
        helper, self._helper = self._helper, None
        if helper is not None and helper.stdin is not None and helper.stdout is not None:
            helper.stdin.close()
            helper.stdout.close()
            helper.kill()
            helper.wait()

    def _run(self, sources: Sequence[Source]) -> Iterator[Outcome]:
        waiting = deque(enumerate(sources))
        results: dict[int, Outcome] = {}
        running = 0
        try:
            for number in range(len(sources)):
                while number not in results:
                    while waiting and running < 2 * self.side_by_side:
                        self._send(Job(*waiting.popleft(), self.limits))
                        running += 1
                    done, outcome = self._receive()
                    results[done] = outcome
                    running -= 1
                outcome = results.pop(number)
                yield outcome
                if outcome.entries:
                    while running:
                        done, result = self._receive()
                        results[done] = result
                        running -= 1
                    yield from self._entries(sources[number], outcome)
        finally:
            if running:
                self.close()

    def _entries(self, export: Source, listing: Outcome) -> Iterator[Outcome]:
        """The entries of an export: what is wrong with the list first, then each that can be read. No other job may be under way."""
        for entry in listing.entries:
            if entry.problem:
                yield Outcome(rejected=Rejection(entry.article_id, entry.problem))
        good = [entry for entry in listing.entries if not entry.problem]
        yield from self._run([Source(export.path, entry.article_id, entry.offset, entry.length) for entry in good])

    def _send(self, job: Job) -> None:
        helper = self._started()
        assert helper.stdin is not None
        payload = pickle.dumps(job)
        helper.stdin.write(HEADER.pack(len(payload)) + payload)
        helper.stdin.flush()

    def _receive(self) -> tuple[int, Outcome]:
        helper = self._started()
        assert helper.stdout is not None
        header = helper.stdout.read(HEADER.size)
        if len(header) < HEADER.size:
            self.close()
            raise IngestError(
                "The helper that parses files has ended. Run ingest again; if it ends again, the machine may be short of memory."
            )
        payload = helper.stdout.read(HEADER.unpack(header)[0])
        outcome = pickle.loads(payload[HEADER.size :])
        assert isinstance(outcome, Outcome)
        return HEADER.unpack(payload[: HEADER.size])[0], outcome

    def _started(self) -> subprocess.Popen[bytes]:
        if self._helper is None or self._helper.poll() is not None:
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "TOKENIZERS_PARALLELISM": "false"}
            command = [sys.executable, "-P", "-m", "ingest.sandbox_worker", str(self.side_by_side)]
            self._helper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        return self._helper


_shared = Sandbox()
atexit.register(_shared.close)


def parse_file(path: Path, article_id: str) -> ParsedFile:
    """The article in one file, whose path ends with `article_id`. Raises RejectedFileError."""
    for outcome in _shared.parse([Source(path, article_id)]):
        if isinstance(outcome, RejectedFileError):
            raise outcome
        return outcome
    raise RejectedFileError(article_id, "the export holds no article.")


def parse_many(corpus: Path, paths: Iterable[Path] | None = None) -> Iterator[ParsedFile | RejectedFileError]:
    """Every article of a corpus folder, or of those of its files that are named, in order; nothing is left out unsaid."""
    chosen = article_paths(corpus) if paths is None else list(paths)
    sandbox = Sandbox()
    try:
        yield from sandbox.parse([source_of(path, corpus) for path in chosen])
    finally:
        sandbox.close()
