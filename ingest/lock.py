"""One writer per index: an operating-system lock that ends with its process, and a note of who holds it."""

from __future__ import annotations

import getpass
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.faults import fault_point
from taperbot.errors import LockHeldError

LOCK_NAME = "INGEST.lock"
HOLDER_NAME = "INGEST.holder"


@contextmanager
def ingest_lock(index: Path, purpose: str = "ingest") -> Iterator[None]:
    """Holds the lock on `index`. LockHeldError at once, naming the holder, when another process has it."""
    lock = FileLock(index / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockHeldError(f"Another ingest is at work on {index}: {_holder(index)}. Wait until it is done, then try again.") from None
    try:
        (index / HOLDER_NAME).write_text(f"{purpose}, process {os.getpid()} on {_host()}, begun {time.strftime('%H:%M:%S')}\n", "utf-8")
        fault_point("lock taken")
        yield
    finally:
        lock.release()


def _holder(index: Path) -> str:
    try:
        return (index / HOLDER_NAME).read_text("utf-8").strip() or "its name is not known yet"
    except OSError:
        return "its name is not known yet"


def _host() -> str:
    try:
        return f"{socket.gethostname()} by {getpass.getuser()}"
    except (OSError, KeyError):
        return socket.gethostname()
