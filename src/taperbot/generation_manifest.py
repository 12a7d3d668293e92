"""What a generation says about itself: `MANIFEST.json`, and `CURRENT`, which names the published one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taperbot.errors import IndexDamagedError, IndexMismatchError, NoIndexError

FORMAT = 2
"""Layout of the files of a generation; another one is refused."""
READABLE_CHUNKERS = ("1",)
MANIFEST_NAME = "MANIFEST.json"
CURRENT_NAME = "CURRENT"


@dataclass(frozen=True, slots=True)
class EmbedderEntry:
    """The embedder all vectors of a generation were made by."""

    name: str
    fingerprint: str
    dimensions: int
    route: str


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """One article of a generation, in row order. `rejected` is why the file's newest version is not the one serving, else empty."""

    article_id: str
    version: str
    sidecar: str
    chunk_ids: tuple[str, ...]
    quotes: int
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the generation; `path` is relative to its folder."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`parser_version` and `tokens_version` change with the code that parses files and cuts words; `inputs` is a hash of everything
    besides the articles that shapes the generation (golden questions, word lists).

    `number` counts the generations of an index, so that their order does not hang on the clock. `exact` tells readers to search vectors exactly, the nearest-neighbour index having failed verification. `golden_passed` names the
    golden questions answered as expected among `golden_asked`.
    """

    generation_id: str
    created: str
    embedder: EmbedderEntry
    chunker_version: str
    parser_version: str
    tokens_version: str
    inputs: str
    articles: tuple[ArticleEntry, ...]
    chunks: int
    quotes: int
    exact: bool = False
    golden_asked: tuple[str, ...] = ()
    golden_passed: tuple[str, ...] = ()
    files: tuple[FileEntry, ...] = ()
    number: int = 0

    def versions(self) -> dict[str, str]:
        """article_id to version."""
        return {article.article_id: article.version for article in self.articles}


@dataclass(frozen=True, slots=True)
class Current:
    """The published generation. `pinned` after a rollback, until an explicit ingest; `before` is the one an ingest put it in place of."""

    generation_id: str
    manifest_sha256: str
    pinned: bool = False
    before: str = ""


def manifest_to_json(manifest: Manifest) -> bytes:
    """The bytes of MANIFEST.json."""
    embedder = manifest.embedder
    record = {
        "format": FORMAT,
        "generation": manifest.generation_id,
        "number": manifest.number,
        "created": manifest.created,
        "embedder": {
            "name": embedder.name,
            "weights_sha256": embedder.fingerprint,
            "dimensions": embedder.dimensions,
            "route": embedder.route,
        },
        "chunker_version": manifest.chunker_version,
        "parser_version": manifest.parser_version,
        "tokens_version": manifest.tokens_version,
        "inputs": manifest.inputs,
        "counts": {"articles": len(manifest.articles), "chunks": manifest.chunks, "quotes": manifest.quotes},
        "exact": manifest.exact,
        "golden": {"asked": list(manifest.golden_asked), "passed": list(manifest.golden_passed)},
        "articles": {entry.article_id: _article_to_json(entry) for entry in manifest.articles},
        "files": {entry.path: {"bytes": entry.bytes, "sha256": entry.sha256} for entry in manifest.files},
    }
    return json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass") + b"\n"


def _article_to_json(entry: ArticleEntry) -> dict[str, object]:
    record: dict[str, object] = {"version": entry.version, "chunks": list(entry.chunk_ids), "quotes": entry.quotes}
    if entry.sidecar:
        record["sidecar"] = entry.sidecar
    if entry.rejected:
        record["rejected"] = entry.rejected
    return record


def manifest_from_json(data: bytes) -> Manifest:
    """A Manifest of its bytes. IndexMismatchError for another layout or chunker, IndexDamagedError for anything unreadable."""
    try:
        record: dict[str, Any] = json.loads(data)
        if record["format"] != FORMAT or record["chunker_version"] not in READABLE_CHUNKERS:
            raise IndexMismatchError(
                f"The index has layout {record['format']} and chunker {record['chunker_version']}; this version reads layout {FORMAT} and "
                f"chunker {' or '.join(READABLE_CHUNKERS)}. Run `python -m ingest` to build it anew."
            )
        return _manifest(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamagedError(
            f"{MANIFEST_NAME} cannot be read ({error!r}). Run `python -m ingest`, or `python -m ingest rollback`."
        ) from None


def _manifest(record: Mapping[str, Any]) -> Manifest:
    embedder = record["embedder"]
    return Manifest(
        generation_id=record["generation"],
        created=record["created"],
        embedder=EmbedderEntry(embedder["name"], embedder["weights_sha256"], embedder["dimensions"], embedder["route"]),
        chunker_version=record["chunker_version"],
        parser_version=record["parser_version"],
        tokens_version=record["tokens_version"],
        inputs=record["inputs"],
        articles=tuple(
            ArticleEntry(
                article_id, item["version"], item.get("sidecar", ""), tuple(item["chunks"]), item["quotes"], item.get("rejected", "")
            )
            for article_id, item in record["articles"].items()
        ),
        chunks=record["counts"]["chunks"],
        quotes=record["counts"]["quotes"],
        exact=record["exact"],
        golden_asked=tuple(record["golden"]["asked"]),
        golden_passed=tuple(record["golden"]["passed"]),
        files=tuple(FileEntry(path, item["bytes"], item["sha256"]) for path, item in record["files"].items()),
        number=record.get("number", 0),
    )


def read_current(index: Path) -> Current:
    """What CURRENT names. NoIndexError when nothing is published, IndexDamagedError when it cannot be read."""
    path = index / CURRENT_NAME
    try:
        record = json.loads(path.read_bytes())
        return Current(record["generation"], record["manifest_sha256"], bool(record.get("pinned", False)), record.get("before", ""))
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndexError(f"There is no index in {index}. Run `python -m ingest --corpus FOLDER --index {index}` first.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{path} cannot be read ({error!r}). Run `python -m ingest rollback`, or ingest again.") from None


def read_manifest(folder: Path, expected_sha256: str | None = None) -> Manifest:
    """The manifest of a generation folder; with `expected_sha256`, IndexDamagedError unless it is that one."""
    try:
        data = (folder / MANIFEST_NAME).read_bytes()
    except OSError as error:
        raise IndexDamagedError(f"{folder} has no readable {MANIFEST_NAME} ({error}). Run `python -m ingest`, or roll back.") from None
    if expected_sha256 is not None and hashlib.sha256(data).hexdigest() != expected_sha256:
        raise IndexDamagedError(f"{folder / MANIFEST_NAME} is not the one that was published. Run `python -m ingest`, or roll back.")
    return manifest_from_json(data)


def check_files(folder: Path, manifest: Manifest, *, contents: bool = False) -> None:
    """IndexDamagedError unless all files are there with their sizes; with `contents`, unless their sha256 agree too."""
    for entry in manifest.files:
        path = folder / entry.path
        try:
            right = path.stat().st_size == entry.bytes
            if right and contents:
                with path.open("rb") as file:
                    right = hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
        except OSError:
            right = False
        if not right:
            raise IndexDamagedError(f"{path} is missing or altered. Run `python -m ingest --force`, or `python -m ingest rollback`.")
