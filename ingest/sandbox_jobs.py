"""What a sandboxed child does: opens one file with care and parses it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.parsed import ParsedFile
from ingest.pieces import UnreadableError
from ingest.read import MOST_FILE_BYTES, read_article
from ingest.read.decode import decode_text
from ingest.read.export import Entry, list_entries, read_entry
from ingest.read.front_matter import parse_yaml
from ingest.sources import EXPORT_SUFFIX, SIDECAR_SUFFIX, Source
from taperbot.errors import RejectedFileError

MOST_SIDECAR_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: address space, processor time, and time by the clock."""

    memory_bytes: int = 1_000_000_000
    cpu_seconds: int = 20
    wall_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Job:
    """One file, or one entry of an export, to be parsed; an export without a picked entry is listed."""

    number: int
    source: Source
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A RejectedFileError on its way between processes."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: an article, a rejection, or the entries of an export."""

    parsed: ParsedFile | None = None
    rejected: Rejection | None = None
    entries: tuple[Entry, ...] = ()


def run_job(job: Job) -> Outcome:
    """Parses in this process; only RejectedFileError is caught."""
    source = job.source
    try:
        _refuse_odd_names(source.article_id)
        if source.path.suffix.lower() != EXPORT_SUFFIX:
            sidecar = source.path.with_name(source.path.name + SIDECAR_SUFFIX)
            return Outcome(parsed=read_article(_read(source), source.article_id, _sidecar_bytes(sidecar, source.article_id)))
        if source.length is None:
            return Outcome(entries=tuple(list_entries(_read(source), source.article_id)))
        return Outcome(parsed=read_entry(_read(source), source.article_id, _beside(source)))
    except RejectedFileError as error:
        return Outcome(rejected=Rejection(error.path, error.reason))


def _refuse_odd_names(article_id: str) -> None:
    if not article_id.isprintable():
        shown = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in article_id)
        raise RejectedFileError(shown, "its name holds characters that cannot be shown. Rename it in plain letters.")
    if ".." in PurePosixPath(article_id.split("#")[0]).parts:
        raise RejectedFileError(article_id, "its path leads upwards (`..`). Put the file inside the corpus folder.")


def _read(source: Source) -> bytes:
    """The bytes of a regular file of bearable size inside the corpus, or of one entry of it."""
    try:
        _refuse_outside(source)
        with open(os.open(source.path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise RejectedFileError(source.article_id, "it is not a regular file. Put the article itself in its place.")
            if status.st_size > MOST_FILE_BYTES:
                size = f"{status.st_size / 1_000_000:.0f} MB; at most {MOST_FILE_BYTES // 1_000_000} MB"
                raise RejectedFileError(source.article_id, f"the file has {size} are read. Split the article.")
            file.seek(source.offset)
            return file.read(source.length if source.length is not None else -1)
    except OSError as error:
        raise RejectedFileError(source.article_id, f"it cannot be opened ({error.strerror or error}).") from None


def _refuse_outside(source: Source) -> None:
    """A file may be a link, but only to somewhere inside the corpus."""
    relative = Path(source.article_id.split("#")[0])
    folder = os.path.realpath(Path(*source.path.parts[: len(source.path.parts) - len(relative.parts)]))
    if not Path(os.path.realpath(source.path)).is_relative_to(folder):
        raise RejectedFileError(source.article_id, "it is a link that leads out of the corpus folder. Put the article itself in its place.")


def _sidecar_bytes(path: Path, article_id: str) -> bytes | None:
    try:
        size = path.stat().st_size
        if path.is_symlink() or size > MOST_SIDECAR_BYTES:
            raise RejectedFileError(article_id, f"its metadata file {path.name} is a link or too large. Write a plain file of a few lines.")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RejectedFileError(article_id, f"its metadata file {path.name} cannot be opened ({error.strerror or error}).") from None


def _beside(source: Source) -> dict[str, object]:
    data = _sidecar_bytes(source.path.with_name(source.path.name + SIDECAR_SUFFIX), source.article_id)
    try:
        return parse_yaml(decode_text(data)) if data is not None else {}
    except UnreadableError as error:
        raise RejectedFileError(source.article_id, str(error)) from None
