"""Front matter and sidecars: from keys as an editor wrote them to typed values, with a note for everything that does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ingest.parsed import Allowance
from ingest.pieces import Note
from taperbot.records import AskedAs

KEYS = (
    "title",
    "summary",
    "author",
    "published",
    "reviewed",
    "next_review",
    "url",
    "topics",
    "related",
    "sources",
    "asked_as",
    "lint_allow",
)
INTERNAL_KEYS = frozenset({"page_title"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an editor said about an article; empty values where nothing was said."""

    title: str = ""
    page_title: str = ""
    summary: str = ""
    author: str = ""
    published: date | None = None
    reviewed: date | None = None
    next_review: date | None = None
    url: str | None = None
    topics: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    asked_as: tuple[AskedAs, ...] = ()
    allowed: tuple[Allowance, ...] = ()
    notes: tuple[Note, ...] = ()


def read_metadata(values: Mapping[str, object], lines: Mapping[str, int]) -> Metadata:
    """Typed metadata; `lines` says where keys stand. A value of the wrong form is left out with a note; so is an unknown key."""
    reader = _Reader(values, lines)
    known = {*KEYS, *INTERNAL_KEYS}
    for key in values:
        if key not in known:
            reader.complain(key, "unknown-key", f'"{key}" is not a key of the front matter. Known keys: {", ".join(KEYS)}.')
    return Metadata(
        title=reader.words("title"),
        page_title=reader.words("page_title"),
        summary=reader.words("summary"),
        author=reader.words("author"),
        published=reader.day("published"),
        reviewed=reader.day("reviewed"),
        next_review=reader.day("next_review"),
        url=reader.words("url") or None,
        topics=reader.list_of_words("topics"),
        related=reader.list_of_words("related"),
        sources=reader.sources(),
        asked_as=reader.asked_as(),
        allowed=reader.allowed(),
        notes=tuple(reader.notes),
    )


@dataclass
class _Reader:
    values: Mapping[str, object]
    lines: Mapping[str, int]
    notes: list[Note] = field(default_factory=list)

    def complain(self, key: str, code: str, message: str) -> None:
        self.notes.append(Note(self.lines.get(key), code, message))

    def words(self, key: str) -> str:
        value = self.values.get(key)
        if value is None or isinstance(value, (str, int, float)):
            return "" if value is None else _flat(str(value))
        if isinstance(value, date):
            return value.isoformat()
        self.complain(key, "bad-metadata", f'"{key}" should be a line of text.')
        return ""

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.complain(key, "bad-metadata", f'"{key}" should be a date such as 2026-03-31, found {str(value)[:40]!r}.')
            return None

    def list_of_words(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        if isinstance(value, str):
            return tuple(_flat(part) for part in value.split(",") if part.strip())
        return tuple(_flat(str(part)) for part in self._list(key) if isinstance(part, (str, int, float)) and str(part).strip())

    def sources(self) -> tuple[str, ...]:
        return tuple(source for source in (_source_line(entry) for entry in self._list("sources")) if source)

    def asked_as(self) -> tuple[AskedAs, ...]:
        value = self.values.get("asked_as")
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self.complain("asked_as", "bad-metadata", '"asked_as" should give a list of lines under each heading.')
            return ()
        entries = ((str(heading), lines if isinstance(lines, list) else [lines]) for heading, lines in value.items())
        return tuple(AskedAs(_flat(heading), tuple(_flat(str(line)) for line in lines if line is not None)) for heading, lines in entries)

    def allowed(self) -> tuple[Allowance, ...]:
        found: list[Allowance] = []
        for entry in self._list("lint_allow"):
            code, why = (str(entry.get("code") or ""), str(entry.get("why") or "")) if isinstance(entry, Mapping) else ("", "")
            if code and why:
                found.append(Allowance(code, _flat(why)))
            else:
                self.complain("lint_allow", "bad-metadata", '"lint_allow" entries need both a code and a why.')
        return tuple(found)

    def _list(self, key: str) -> Sequence[object]:
        value = self.values.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.complain(key, "bad-metadata", f'"{key}" should be a list.')
        return []


def _source_line(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return _flat(str(entry)) if entry is not None else ""
    name, year, link = (_flat(str(entry.get(key) or "")) for key in ("name", "year", "link"))
    return ", ".join(part for part in (name, year, link) if part)


def _flat(text: str) -> str:
    return " ".join(text.split())
