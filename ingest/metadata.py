"""Front matter and sidecars: from keys as an editor wrote them to typed values, with a note for everything that does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
MOST_LETTERS = 2000
MOST_TITLE_LETTERS = 300
MOST_ENTRIES = 200
"""Bounds for one value, a title, and one list: a title goes with every passage, and a few lines of YAML can stand for gigabytes."""


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
        if value is None:
            return ""
        if not _is_plain(value):
            self.complain(key, "bad-metadata", f'"{key}" should be a line of text.')
            return ""
        return next(iter(self._lines(key, [value], MOST_TITLE_LETTERS if "title" in key else MOST_LETTERS)), "")

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
        return self._lines(key, value.split(",") if isinstance(value, str) else self._list(key))

    def sources(self) -> tuple[str, ...]:
        lines = (_source_line(entry) if isinstance(entry, Mapping) else entry for entry in self._list("sources"))
        return self._lines("sources", lines)

    def asked_as(self) -> tuple[AskedAs, ...]:
        value = self.values.get("asked_as")
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self.complain("asked_as", "bad-metadata", '"asked_as" should give a list of lines under each heading.')
            return ()
        entries = ((str(heading), lines if isinstance(lines, list) else [lines]) for heading, lines in value.items())
        return tuple(AskedAs(_flat(heading), self._lines("asked_as", lines)) for heading, lines in entries)

    def allowed(self) -> tuple[Allowance, ...]:
        found: list[Allowance] = []
        for entry in self._list("lint_allow"):
            code, why = (_plain(entry.get("code")), _plain(entry.get("why"))) if isinstance(entry, Mapping) else ("", "")
            if code and why:
                found.append(Allowance(code, why))
            else:
                self.complain("lint_allow", "bad-metadata", '"lint_allow" entries need both a code and a why.')
        return tuple(found)

    def _lines(self, key: str, values: Iterable[object], most_letters: int = MOST_LETTERS) -> tuple[str, ...]:
        """The values that are lines of text of a bearable length, without empty ones; the rest is complained of."""
        found: list[str] = []
        wrong = too_long = 0
        for value in values:
            if value is None:
                continue
            line = _plain(value)
            if not _is_plain(value):
                wrong += 1
            elif len(line) > most_letters:
                too_long += 1
            elif line:
                found.append(line)
        if wrong:
            self.complain(key, "bad-metadata", f'"{key}" should hold lines of text; {wrong} of its entries are something else.')
        if too_long:
            self.complain(key, "bad-metadata", f'"{key}" is longer than {most_letters:,} letters and was left out.')
        if len(found) > MOST_ENTRIES:
            self.complain(key, "bad-metadata", f'"{key}" has {len(found):,} entries; the first {MOST_ENTRIES} are used.')
        return tuple(found[:MOST_ENTRIES])

    def _list(self, key: str) -> Sequence[object]:
        value = self.values.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.complain(key, "bad-metadata", f'"{key}" should be a list.')
        return []


def _source_line(entry: Mapping[object, object]) -> str:
    name, year, link = (_plain(entry.get(key)) for key in ("name", "year", "link"))
    return ", ".join(part for part in (name, year, link) if part)


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, int, float, date))


def _plain(value: object) -> str:
    """A line of text for a value that is one, else ""."""
    return _flat(value.isoformat() if isinstance(value, date) else str(value)) if _is_plain(value) else ""


def _flat(text: str) -> str:
    return " ".join(text.split())
