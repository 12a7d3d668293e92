"""Cards: the right numbers for the country, never assumed, at most three lines; wording plain and without amounts."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from ingest.reading_grade import count_syllables
from taperbot import notices
from taperbot.notices import country_of, notice_for, numbers_for, overdue, phone_table
from taperbot.records import Certainty, Level, TriageResult
from taperbot.triage import screen
from taperbot.wording import cards

_DANGERS = (Level.EMERGENCY, Level.CRISIS, Level.URGENT, Level.DOSING)
_COUNTRIES = ("", *(row.code for row in phone_table().countries))


def _result(level: Level, certainty: Certainty = Certainty.FIRM, *also: Level) -> TriageResult:
    return TriageResult(route=level, danger=level, certainty=certainty, also_matches=also)


@pytest.mark.parametrize(
    ("choice", "accept_language", "default", "country"),
    [
        ("GB", "en-US", "", "GB"),
        ("gb", "", "", "GB"),
        ("UK", "", "", "GB"),
        ("", "en-GB,en;q=0.9", "", "GB"),
        ("", "en-US,en;q=0.9", "", "US"),
        ("", "de-AT", "US", "AT"),
        ("", "zh-Hant-NZ", "", "NZ"),
        ("", "en,fr;q=0.5", "", ""),
        ("", "", "", ""),
        ("", "", "IE", "IE"),
        ("", "pt-BR", "US", ""),
        ("XX", "en-US", "US", ""),
        ("NL", "", "", "EU"),
        ("", "nonsense;;;", "", ""),
        ("", "*", "", ""),
    ],
)
def test_country_by_choice_then_browser_then_default_and_never_assumed(
    choice: str, accept_language: str, default: str, country: str
) -> None:
    assert country_of(choice, accept_language, default) == country


@pytest.mark.parametrize("country", _COUNTRIES)
@pytest.mark.parametrize("level", _DANGERS)
@pytest.mark.parametrize("certainty", list(Certainty))
def test_every_card_fits_every_country(country: str, level: Level, certainty: Certainty) -> None:
    notice = notice_for(_result(level, certainty), country)
    assert notice is not None
    assert (notice.level, notice.certainty, notice.country) == (level, certainty, country)
    assert len(notice.links) <= 3
    assert not any("{" in line for line in notice.lines)
    assert all(link.target.startswith(("tel:", "sms:", "https://")) for link in notice.links)


@pytest.mark.parametrize("country", _COUNTRIES)
def test_grave_cards_show_the_emergency_number_and_the_finder(country: str) -> None:
    for level in (Level.EMERGENCY, Level.CRISIS):
        notice = notice_for(_result(level), country)
        assert notice is not None
        shown = " ".join((*notice.lines, *(link.label for link in notice.links)))
        assert numbers_for(country).emergency in shown
        if level is Level.CRISIS:
            assert cards.FINDER_TARGET in {link.target for link in notice.links}


def test_unknown_country_shows_several_numbers_side_by_side() -> None:
    notice = notice_for(_result(Level.CRISIS), "")
    assert notice is not None
    shown = " ".join((*notice.lines, *(link.label for link in notice.links)))
    for number in ("112", "911", "999", "988", "116 123", "findahelpline.com"):
        assert number in shown
    assert {"tel:988", "tel:116123"} <= {link.target for link in notice.links}, "each number is a link that dials it"


def test_first_line_of_an_emergency_is_the_call() -> None:
    notice = notice_for(_result(Level.EMERGENCY), "AU")
    assert notice is not None
    assert notice.lines[0].startswith("Call 000 now")


def test_emergency_and_crisis_cards_are_separate_and_an_intentional_overdose_shows_both() -> None:
    assert not set(cards.EMERGENCY_LINES) & set(cards.CRISIS_LINES)
    result = screen("I took all my pills, I want to die").result
    assert result is not None
    notice = notice_for(result, "US")
    assert notice is not None
    assert notice.lines[0].startswith("Call 911")
    assert [link.target for link in notice.links][:2] == ["tel:911", "tel:988"]


def test_no_card_without_danger() -> None:
    assert notice_for(TriageResult(Level.QUESTION), "GB") is None
    assert notice_for(TriageResult(Level.INJECTION), "GB") is None


def test_table_is_dated_signed_and_says_when_it_is_overdue() -> None:
    table = phone_table()
    assert table.checked_by
    limit = table.checked_on + timedelta(days=notices.CHECK_EVERY_DAYS)
    assert overdue(limit) is None
    assert table.checked_on.isoformat() in (overdue(limit + timedelta(days=1)) or "")
    assert overdue(date(2099, 1, 1))


def test_numbers_in_labels_and_targets_agree() -> None:
    for row in (*phone_table().countries, phone_table().neutral):
        for line in (*row.emergency_lines, *row.crisis_lines, *row.poison_lines):
            dialled = re.sub(r"\D", "", line.target.split("?")[0]).removeprefix("00")
            digits = re.sub(r"\D", "", line.label)
            assert dialled in digits or dialled[-6:] in digits, line


def _grade(text: str) -> float:
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.:?!](?:\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(count_syllables(word) for word in words) / len(words) - 15.59


@pytest.mark.parametrize("level", [Level.EMERGENCY, Level.CRISIS])
@pytest.mark.parametrize("certainty", list(Certainty))
def test_grave_cards_read_at_grade_five_or_below(level: Level, certainty: Certainty) -> None:
    notice = notice_for(_result(level, certainty, Level.CRISIS), "GB")
    assert notice is not None
    assert _grade(" ".join(notice.lines)) <= 5.0
    assert all(len(sentence.split()) <= 20 for line in notice.lines for sentence in re.split(r"[.:?!]\s", line))


def test_forbidden_words_and_amounts_are_in_no_card() -> None:
    lines = [line for value in vars(cards).values() for line in (value if isinstance(value, tuple) else [value]) if isinstance(line, str)]
    text = " ".join(lines).lower()
    for word in ("commit", "failed", "addict", " clean ", "cry for help", "selfish", "will recover", "promise", "attempted suicide"):
        assert word not in text
    assert not re.search(r"\d+\s*(?:mg|milligram|tablet|pill|%)", text)
    assert not re.search(r"\b(?:behavior|color|center|hospitalize)\b", text)
