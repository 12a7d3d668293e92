"""Looks at a corpus folder without parsing: which articles there are, and in which version."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.read import MOST_FILE_BYTES
from ingest.read.export import list_entries
from ingest.sources import EXPORT_SUFFIX, SIDECAR_SUFFIX, Source, article_paths, source_of
from taperbot.errors import RejectedFileError, UsageError


@dataclass(frozen=True, slots=True)
class Seen:
    """An article of the corpus as found. `version` and `sidecar` are sha256 hexadecimal; version is "" for a file that cannot be read
    simply, which parsing refuses by name. `problem` is why it is refused already."""

    source: Source
    version: str = ""
    sidecar: str = ""
    problem: str = ""

    @property
    def article_id(self) -> str:
        """The id its article will have."""
        return self.source.article_id


def scan_corpus(corpus: Path) -> list[Seen]:
    """Every article of the folder by id. UsageError when the folder does not exist."""
    if not corpus.is_dir():
        raise UsageError(f"There is no folder {corpus}. Give the folder with the articles: --corpus FOLDER.")
    inside = corpus.resolve()
    found = [seen for path in article_paths(corpus) for seen in _look(path, corpus, inside)]
    return sorted(found, key=lambda seen: seen.article_id)


def _look(path: Path, corpus: Path, inside: Path) -> Iterator[Seen]:
    source = source_of(path, corpus)
    if not path.resolve().is_relative_to(inside) or (data := _simple_bytes(path)) is None:
        yield Seen(source)
        return
    beside = _simple_bytes(path.with_name(path.name + SIDECAR_SUFFIX))
    sidecar = _hash(beside) if beside is not None else ""
    if path.suffix.lower() == EXPORT_SUFFIX:
        yield from _entries(source, data, sidecar)
    else:
        yield Seen(source, _hash(data), sidecar)


def _entries(export: Source, data: bytes, sidecar: str) -> Iterator[Seen]:
    try:
        for entry in list_entries(data, export.article_id):
            source = Source(export.path, entry.article_id, entry.offset, entry.length)
            line = data[entry.offset : entry.offset + entry.length]
            yield Seen(source, _hash(line.strip()), sidecar, entry.problem)
    except RejectedFileError as error:
        yield Seen(export, problem=error.reason)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _simple_bytes(path: Path) -> bytes | None:
    """The bytes of a regular file of bearable size, or None for anything else: pipes, links to nowhere, giants."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            return file.read() if stat.S_ISREG(status.st_mode) and status.st_size <= MOST_FILE_BYTES else None
    except OSError:
        return None
