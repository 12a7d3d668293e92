"""Named places where an ingest can be cut short, so that a test can walk them all: a kill, a full disk, or any other error.

Nothing happens unless the environment variable INGEST_FAULT says "PLACE:KIND", or "PLACE:KIND:N" for the N-th time it is reached.
"""

from __future__ import annotations

import errno
import os
import signal
from collections import Counter

VARIABLE = "INGEST_FAULT"
KINDS = ("kill", "full", "error")
PLACES = (
    "lock taken",
    "folder made",
    "vectors cached",
    "article written",
    "rows written",
    "words written",
    "store written",
    "bands written",
    "files synced",
    "manifest written",
    "verified",
    "folder named",
    "current written",
    "current synced",
    "current renamed",
    "current's folder synced",
    "old generation set aside",
    "cache pruned",
    "old generation deleted",
)
_reached: Counter[str] = Counter()


def fault_point(place: str) -> None:
    """Does nothing, or fails here if the environment asks for it. `place` is one of PLACES."""
    assert place in PLACES, place
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    name, kind, *times = wanted.split(":")
    if name != place:
        return
    _reached[place] += 1
    if _reached[place] == int(times[0] if times else 1):
        _fail(kind)


def _fail(kind: str) -> None:
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    raise OSError(errno.EIO, os.strerror(errno.EIO))
