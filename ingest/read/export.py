"""JSON Lines exports as content systems write them: `id, title, url, date` and one of `html`, `markdown` or `text` per line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.assemble import assemble
from ingest.parsed import ParsedFile
from ingest.pieces import RawDocument, UnreadableError
from ingest.read.decode import decode_text, refuse_marked
from ingest.read.html import html_document
from ingest.read.markdown import read_markdown
from ingest.read.text import read_text
from taperbot.errors import RejectedFileError

MOST_LINE_BYTES = 20_000_000
MOST_ID_LETTERS = 300
BODY_KEYS = ("html", "markdown", "text")
METADATA_KEYS = {
    "title": "title",
    "url": "url",
    "date": "published",
    "summary": "summary",
    "author": "author",
    "topics": "topics",
    "reviewed": "reviewed",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an entry stands in its export; `problem` says why it cannot be read, "" when nothing is wrong so far.

    `is_nameless`: its id cannot be told, so it may be any article of the export.
    """

    article_id: str
    line: int
    offset: int
    length: int
    problem: str = ""
    is_nameless: bool = False


def list_entries(data: bytes, export_id: str) -> Iterator[Entry]:
    """The entries of an export in order. Raises RejectedFileError when it holds none; a bad line is an entry with a problem."""
    if not data.strip():
        raise RejectedFileError(export_id, "the export is empty. Write one JSON object per line, or remove the file.")
    try:
        refuse_marked(data)
    except UnreadableError as error:
        raise RejectedFileError(export_id, str(error)) from None
    offset, seen = 0, set[str]()
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            entry = _entry(line, export_id, number, offset, seen)
            if not entry.problem:
                seen.add(entry.article_id)
            yield entry
        offset += len(line) + 1


def read_entry(line: bytes, article_id: str, beside: Mapping[str, object]) -> ParsedFile:
    """The article of one line; its version is the hash of the line. Raises RejectedFileError."""
    try:
        values = _parse(line)
        if not article_id.endswith(f"#{_identity(values)}"):
            raise UnreadableError("the export changed while it was read. Run ingest again.")
        raw = _body(values)
        metadata = {key: values[name] for name, key in METADATA_KEYS.items() if values.get(name)}
        if isinstance(metadata.get("published"), str):
            metadata["published"] = str(metadata["published"])[:10]
        merged = RawDocument(raw.pieces, {**raw.metadata, **metadata}, raw.notes, raw.links)
        return assemble(merged, article_id, hashlib.sha256(line.strip()).hexdigest(), beside)
    except UnreadableError as error:
        raise RejectedFileError(article_id, str(error)) from None


def _entry(line: bytes, export_id: str, number: int, offset: int, seen: set[str]) -> Entry:
    def bad(problem: str, *, is_nameless: bool = True) -> Entry:
        return Entry(f"{export_id}#line-{number}", number, offset, len(line), problem, is_nameless)

    try:
        identity = _identity(_parse(line))
    except UnreadableError as error:
        return bad(f"line {number}: {error}")
    if not identity:
        return bad(f'line {number} has no "id". Give each entry one of its own.')
    if len(identity) > MOST_ID_LETTERS:
        return bad(f'line {number} has an "id" of {len(identity):,} letters; at most {MOST_ID_LETTERS} are read.')
    article_id = f"{export_id}#{identity}"
    if article_id in seen:
        return bad(f'line {number} repeats the id "{identity}". Ids have to differ.', is_nameless=False)
    return Entry(article_id, number, offset, len(line))


def _identity(values: Mapping[str, object]) -> str:
    """The id of an entry, a text or a whole number; "" without one."""
    identity = values.get("id")
    return str(identity).strip() if isinstance(identity, (str, int)) and not isinstance(identity, bool) else ""


def _parse(line: bytes) -> dict[str, object]:
    if len(line) > MOST_LINE_BYTES:
        raise UnreadableError(
            f"the line has {len(line) // 1_000_000} MB; at most {MOST_LINE_BYTES // 1_000_000} MB are read. Split the article."
        )
    try:
        values = json.loads(decode_text(line))
    except json.JSONDecodeError as error:
        raise UnreadableError(f"the line is not JSON ({error}). Export it again.") from None
    except RecursionError:
        raise UnreadableError("the line is nested too deeply to be read. Export it again.") from None
    except UnreadableError:
        raise
    except ValueError:
        raise UnreadableError("the line holds a number too long to be read. Export it again.") from None
    if not isinstance(values, dict):
        raise UnreadableError("the line is not a JSON object with id, title and one of html, markdown or text.")
    return values


def _body(values: Mapping[str, object]) -> RawDocument:
    name = next((key for key in BODY_KEYS if isinstance(values.get(key), str) and str(values[key]).strip()), "")
    body = str(values.get(name) or "")
    if name == "html":
        return html_document(body)
    if name == "markdown":
        return read_markdown(_encoded(body))
    if name == "text":
        return read_text(_encoded(body))
    raise UnreadableError(f"the entry has no text. Give it one of {', '.join(BODY_KEYS)}.")


def _encoded(body: str) -> bytes:
    return body.encode("utf-8", "replace")
