"""The help page's rows, from the table of phone numbers alone."""

from __future__ import annotations

from taperbot.notices import CountryNumbers, PhoneLine, phone_table
from taperbot.records import Link
from taperbot.web.page import HelpPlace
from taperbot.wording import page as words


def help_places(country: str) -> tuple[HelpPlace, ...]:
    """Every country's numbers: those for any country first, then `country` ("" for none), then the others by name."""
    table = phone_table()
    anywhere = _place(words.COUNTRY_ANY, table.neutral, (table.finder,))
    ordered = sorted(table.countries, key=lambda numbers: (numbers.code != country, numbers.name))
    return (anywhere, *(_place(numbers.name, numbers) for numbers in ordered))


def country_names() -> tuple[tuple[str, str], ...]:
    """(code, name) of each country with numbers of its own, by name."""
    return tuple(sorted(((numbers.code, numbers.name) for numbers in phone_table().countries), key=lambda entry: entry[1]))


def _place(name: str, numbers: CountryNumbers, more: tuple[PhoneLine, ...] = ()) -> HelpPlace:
    others = (*numbers.crisis_lines, *numbers.poison_lines, *numbers.out_of_hours_lines, *more)
    return HelpPlace(name, _links(numbers.emergency_lines), _links(others))


def _links(lines: tuple[PhoneLine, ...]) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(line.link for line in lines))
