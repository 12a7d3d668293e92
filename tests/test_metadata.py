"""Front matter values, and what is said about those that do not fit."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ingest.metadata import Metadata, read_metadata


def read(**values: object) -> Metadata:
    return read_metadata(values, {key: number for number, key in enumerate(values, 2)})


def test_values_of_the_right_form_are_taken() -> None:
    metadata = read(
        title="Sleep",
        published="2026-01-02",
        reviewed=date(2026, 3, 4),
        next_review=datetime(2027, 3, 4, 8, 0),
        topics="sleep, rest",
        related=["a.md"],
        sources=[{"name": "A book", "year": 2020, "link": "https://example.org", "checked": "by hand"}, "Another"],
        asked_as={"Naps": ["can i doze", None], "Nights": "awake again"},
        lint_allow=[{"code": "two-figures", "why": "two sources differ"}],
    )
    assert not metadata.notes
    assert (metadata.published, metadata.reviewed, metadata.next_review) == (date(2026, 1, 2), date(2026, 3, 4), date(2027, 3, 4))
    assert metadata.topics == ("sleep", "rest")
    assert metadata.sources == ("A book, 2020, https://example.org", "Another")
    assert [(entry.heading, entry.lines) for entry in metadata.asked_as] == [("Naps", ("can i doze",)), ("Nights", ("awake again",))]
    assert metadata.allowed[0].code == "two-figures"


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("colour", "green", "unknown-key"),
        ("published", "last spring", "bad-metadata"),
        ("published", "2026-02-30", "bad-metadata"),
        ("title", ["a", "b"], "bad-metadata"),
        ("title", "T" * 301, "bad-metadata"),
        ("sources", [[["x"] * 9] * 9], "bad-metadata"),
        ("asked_as", {"Naps": [["can i", "doze"]]}, "bad-metadata"),
        ("topics", [str(number) for number in range(201)], "bad-metadata"),
        ("related", {"a": 1}, "bad-metadata"),
        ("asked_as", ["a line"], "bad-metadata"),
        ("lint_allow", [{"code": "two-figures"}], "bad-metadata"),
        ("lint_allow", ["two-figures"], "bad-metadata"),
    ],
)
def test_values_of_the_wrong_form_are_left_out_and_named_with_their_line(key: str, value: object, code: str) -> None:
    metadata = read(summary="fine", **{key: value})
    assert [(note.code, note.line) for note in metadata.notes] == [(code, 3)]
    assert key in metadata.notes[0].message
    assert metadata.summary == "fine"


def test_a_few_lines_of_yaml_cannot_stand_for_gigabytes() -> None:
    swollen: object = "x" * 100
    for _ in range(12):
        swollen = [swollen] * 9
    metadata = read(
        title=swollen, topics=swollen, sources=[swollen], asked_as={"Naps": swollen}, lint_allow=[{"code": swollen, "why": swollen}]
    )
    assert {note.code for note in metadata.notes} == {"bad-metadata"}
    assert (metadata.topics, metadata.sources, metadata.asked_as[0].lines) == ((), (), ())


def test_nothing_said_is_nothing_known() -> None:
    assert read() == Metadata()
