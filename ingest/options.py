"""What is asked of an ingest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """`force` builds even when nothing changed and publishes in spite of fallen golden questions; `allow_shrink` lets articles vanish.

    `explicit` is False for --watch and --ensure, which leave a pinned generation alone.
    """

    corpus: Path
    index: Path
    embedder: str
    device: str = "cpu"
    chroma_url: str = ""
    force: bool = False
    allow_shrink: bool = False
    dry_run: bool = False
    explicit: bool = True
