"""The help page's rows, from the table of phone numbers alone."""

from __future__ import annotations

from taperbot.notices import CountryNumbers, PhoneLine, phone_table
from taperbot.records import Link
from taperbot.web.page import HelpPlace
from taperbot.wording import page as words


def help_places(country: str) -> tuple[HelpPlace, ...]:
    """Every country's numbers: those for any country first, then `country` ("" for none), then the others."""
    table = phone_table()
    anywhere = _place(table.neutral, (table.finder,), is_first=True)
    ordered = sorted(table.countries, key=lambda numbers: (numbers.code != country, numbers.name))
    return (anywhere, *(_place(numbers) for numbers in ordered))


def country_names() -> tuple[tuple[str, str], ...]:
    """(code, name) of each country with numbers of its own, by name."""
    return tuple(sorted(((numbers.code, numbers.name) for numbers in phone_table().countries), key=lambda entry: entry[1]))


def _place(numbers: CountryNumbers, more: tuple[PhoneLine, ...] = (), is_first: bool = False) -> HelpPlace:
    rows = (
        (words.HELP_EMERGENCY, _links(numbers.emergency_lines)),
        (words.HELP_CRISIS, _links(numbers.crisis_lines + more)),
        (words.HELP_POISON, _links(numbers.poison_lines)),
        (words.HELP_OUT_OF_HOURS, _links(numbers.out_of_hours_lines)),
    )
    return HelpPlace(numbers.name or words.COUNTRY_ANY, tuple(row for row in rows if row[1]), is_first)


def _links(lines: tuple[PhoneLine, ...]) -> tuple[Link, ...]:
    return tuple(line.link for line in lines)
