"""Cards: fixed wording with the phone numbers of the reader's country. They need no index, no embedder and no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from taperbot.records import Certainty, Level, Link, Notice, TriageResult
from taperbot.wording import cards

CHECK_EVERY_DAYS = 90
MAX_LINKS = 3
NEUTRAL = ""
_REGION = re.compile(r"^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One number as shown. `is_verified` is False while it still has to be confirmed with the service."""

    label: str
    target: str
    is_verified: bool

    @property
    def link(self) -> Link:
        return Link(self.label, self.target)


@dataclass(frozen=True, slots=True)
class CountryNumbers:
    """The lines of one country; `code` "" is the set for an unknown one. `emergency` is the number in words ("999 or 112")."""

    code: str
    name: str
    emergency: str
    emergency_lines: tuple[PhoneLine, ...]
    crisis_lines: tuple[PhoneLine, ...]
    poison_lines: tuple[PhoneLine, ...]
    out_of_hours_lines: tuple[PhoneLine, ...]


@dataclass(frozen=True, slots=True)
class PhoneTable:
    """The reviewed table. `countries` in the order of the file, without the neutral set."""

    checked_on: date
    checked_by: str
    finder: PhoneLine
    neutral: CountryNumbers
    countries: tuple[CountryNumbers, ...]
    eu_members: frozenset[str]
    synonyms: dict[str, str]


def notice_for(result: TriageResult, country: str) -> Notice | None:
    """The card for `result`, or None when it calls for none. `country` as `country_of` gives it."""
    if result.danger is None or result.certainty is None:
        return None
    numbers = numbers_for(country)
    writers = {Level.EMERGENCY: _emergency, Level.CRISIS: _crisis, Level.URGENT: _urgent, Level.DOSING: _dosing}
    lines, links = writers[result.danger](numbers, result)
    filled = tuple(line.format(emergency=numbers.emergency, poison=_poison_words(numbers)) for line in lines)
    return Notice(result.danger, result.certainty, numbers.code, filled, tuple(line.link for line in links[:MAX_LINKS]))


def country_of(choice: str, accept_language: str, default: str) -> str:
    """The reader's choice, else the region of the browser's first language that names one, else `default`; "" is the neutral set.

    A code without a row of its own gives "" ("EU" for member states), never another country's numbers.
    """
    for wish in (choice, _region(accept_language), default):
        if wish and wish.strip():
            return numbers_for(wish).code
    return NEUTRAL


def numbers_for(country: str) -> CountryNumbers:
    """The row of a two-letter code in any case; the neutral set where there is none."""
    table = phone_table()
    code = table.synonyms.get(country.strip().upper(), country.strip().upper())
    rows = {row.code: row for row in table.countries}
    if code in table.eu_members and code not in rows:
        code = "EU"
    return rows.get(code, table.neutral)


def overdue(today: date) -> str | None:
    """What to say when the table has not been checked for more than 90 days, else None."""
    checked = phone_table().checked_on
    if (today - checked).days <= CHECK_EVERY_DAYS:
        return None
    return cards.OVERDUE.format(checked=checked.isoformat(), days=CHECK_EVERY_DAYS)


@lru_cache(maxsize=1)
def phone_table() -> PhoneTable:
    """The packaged table, read once."""
    raw = yaml.load(files("taperbot.data").joinpath("phone_numbers.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return PhoneTable(
        checked_on=raw["checked"]["date"],
        checked_by=raw["checked"]["by"],
        finder=_line(raw["finder"]),
        neutral=_row(NEUTRAL, raw["neutral"]),
        countries=tuple(_row(code, row) for code, row in raw["countries"].items()),
        eu_members=frozenset(raw["members_of_eu"]),
        synonyms=raw["also_known_as"],
    )


def _emergency(numbers: CountryNumbers, result: TriageResult) -> tuple[tuple[str, ...], tuple[PhoneLine, ...]]:
    with_crisis = Level.CRISIS in result.also_matches
    if numbers.code == NEUTRAL:
        second, third = numbers.crisis_lines[:1], numbers.crisis_lines[1:2]
    else:
        second = numbers.crisis_lines[:1] if with_crisis or not numbers.poison_lines else numbers.poison_lines[:1]
        third = numbers.poison_lines[:1] if with_crisis else numbers.crisis_lines[:1]
    if result.certainty is Certainty.SOFT:
        lines: tuple[str, ...] = (cards.EMERGENCY_SOFT_FIRST, *cards.EMERGENCY_SOFT_LINES)
    else:
        lines = (cards.EMERGENCY_FIRST, *cards.EMERGENCY_LINES)
    if with_crisis:
        lines = (*lines, cards.EMERGENCY_WITH_CRISIS)
    if numbers.poison_lines:
        lines = (*lines, cards.EMERGENCY_POISON)
    return lines, tuple(dict.fromkeys((*numbers.emergency_lines[:1], *second, *third, phone_table().finder)))


def _crisis(numbers: CountryNumbers, result: TriageResult) -> tuple[tuple[str, ...], tuple[PhoneLine, ...]]:
    soft = result.certainty is Certainty.SOFT
    lines = (cards.CRISIS_SOFT_FIRST, *cards.CRISIS_SOFT_LINES) if soft else (cards.CRISIS_FIRST, *cards.CRISIS_LINES)
    if numbers.code == NEUTRAL:  # one number a link; the emergency numbers stand in the lines
        return lines, (*numbers.crisis_lines[:2], phone_table().finder)
    return lines, (*numbers.crisis_lines[:1], *numbers.emergency_lines[:1], phone_table().finder)


def _urgent(numbers: CountryNumbers, result: TriageResult) -> tuple[tuple[str, ...], tuple[PhoneLine, ...]]:
    soft = result.certainty is Certainty.SOFT
    lines = (cards.URGENT_SOFT_FIRST, *cards.URGENT_SOFT_LINES) if soft else (cards.URGENT_FIRST, *cards.URGENT_LINES)
    return lines, (*numbers.out_of_hours_lines[:1], *numbers.emergency_lines[:1])


def _dosing(_numbers: CountryNumbers, result: TriageResult) -> tuple[tuple[str, ...], tuple[PhoneLine, ...]]:
    soft = result.certainty is Certainty.SOFT
    return ((cards.DOSING_SOFT_FIRST,) if soft else (cards.DOSING_FIRST, *cards.DOSING_LINES)), ()


def _poison_words(numbers: CountryNumbers) -> str:
    return numbers.poison_lines[0].label.split(": ", 1)[-1] if numbers.poison_lines else ""


def _region(accept_language: str) -> str:
    for part in accept_language.split(","):
        named = _REGION.match(part.split(";")[0].strip())
        if named:
            return named[1]
    return ""


def _row(code: str, raw: dict[str, Any]) -> CountryNumbers:
    return CountryNumbers(
        code=code,
        name=raw.get("name", ""),
        emergency=raw["emergency"],
        emergency_lines=_lines(raw["emergency_lines"]),
        crisis_lines=_lines(raw["crisis_lines"]),
        poison_lines=_lines(raw["poison_lines"]),
        out_of_hours_lines=_lines(raw.get("out_of_hours_lines", [])),
    )


def _lines(raw: list[dict[str, str]]) -> tuple[PhoneLine, ...]:
    return tuple(_line(entry) for entry in raw)


def _line(raw: dict[str, str]) -> PhoneLine:
    return PhoneLine(raw["label"], raw["target"], raw["status"] == "verified")
