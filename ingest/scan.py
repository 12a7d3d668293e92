"""Looks at a corpus folder without parsing: which articles there are, and in which version."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.read import MOST_FILE_BYTES
from ingest.read.export import list_entries
from ingest.sources import EXPORT_SUFFIX, SIDECAR_SUFFIX, Source, article_paths, source_of
from taperbot.errors import RejectedFileError, UsageError


@dataclass(frozen=True, slots=True)
class Seen:
    """An article of the corpus as found. `version` and `sidecar` are sha256 hexadecimal; version is "" for a file that cannot be read
    simply, which parsing refuses by name. `problem` is why it is refused already. `hides` begins the ids of the articles that may be behind
    something that cannot be opened or told by name: a folder, an export, a line of one; "" where that is not so."""

    source: Source
    version: str = ""
    sidecar: str = ""
    problem: str = ""
    hides: str = ""

    @property
    def article_id(self) -> str:
        """The id its article will have."""
        return self.source.article_id


def scan_corpus(corpus: Path) -> list[Seen]:
    """Every article of the folder by id. UsageError when the folder does not exist."""
    if not corpus.is_dir():
        raise UsageError(f"There is no folder {corpus}. Give the folder with the articles: --corpus FOLDER.")
    inside = Path(os.path.realpath(corpus))
    found = [seen for path in article_paths(corpus) for seen in _look(path, corpus, inside)]
    return list(_told_apart(sorted(found, key=lambda seen: (seen.article_id, bool(seen.problem)))))


def with_hidden(seen: Sequence[Seen], known: Collection[str]) -> list[Seen]:
    """The articles seen and, of those `known` before, each that may be behind something unreadable: it is refused, not gone."""
    there = {one.article_id for one in seen}
    hiding = [(one.hides, one.source) for one in seen if one.hides]
    hidden = [
        Seen(replace(source, article_id=article_id), problem=f"it may be in {source.article_id}, which cannot be read.")
        for article_id in known
        if article_id not in there
        for source in [next((source for begins, source in hiding if article_id.startswith(begins)), None)]
        if source is not None
    ]
    return sorted([*seen, *hidden], key=lambda one: one.article_id)


def _told_apart(found: Iterable[Seen]) -> Iterator[Seen]:
    """The same, but of several with one id, such as an entry and a file named like it, all but the first are refused under another."""
    before = None
    for one in found:
        if one.article_id == before:
            again = replace(one.source, article_id=f"{one.article_id} (again)")
            yield replace(one, source=again, problem=one.problem or "another article has this name already. Rename it.")
        else:
            yield one
        before = one.article_id


def _look(path: Path, corpus: Path, inside: Path) -> Iterator[Seen]:
    if path == corpus:
        raise UsageError(f"The folder {corpus} cannot be opened. Allow it to be read, or give another: --corpus FOLDER.")
    source = source_of(path, corpus)
    if path.is_dir() and not path.is_symlink():
        yield Seen(source, problem="the folder cannot be opened. Allow it to be read.", hides=f"{source.article_id}/")
        return
    is_export = path.suffix.lower() == EXPORT_SUFFIX
    # realpath, since resolve() raises for links that go round in circles.
    if not Path(os.path.realpath(path)).is_relative_to(inside) or (data := _simple_bytes(path)) is None:
        yield Seen(source, hides=f"{source.article_id}#" if is_export else "")
        return
    beside = _simple_bytes(path.with_name(path.name + SIDECAR_SUFFIX))
    sidecar = _hash(beside) if beside is not None else ""
    if is_export:
        yield from _entries(source, data, sidecar)
    else:
        yield Seen(source, _hash(data), sidecar)


def _entries(export: Source, data: bytes, sidecar: str) -> Iterator[Seen]:
    try:
        for entry in list_entries(data, export.article_id):
            source = Source(export.path, entry.article_id, entry.offset, entry.length)
            line = data[entry.offset : entry.offset + entry.length]
            yield Seen(source, _hash(line.strip()), sidecar, entry.problem, f"{export.article_id}#" if entry.is_nameless else "")
    except RejectedFileError as error:
        yield Seen(export, problem=error.reason, hides=f"{export.article_id}#")


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
