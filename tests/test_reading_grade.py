"""Reading grades order texts as people would."""

from __future__ import annotations

import pytest

from ingest.read import read_article
from ingest.reading_grade import count_syllables, reading_grade


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("dose", 1),
        ("taper", 2),
        ("table", 2),
        ("stopped", 1),
        ("started", 2),
        ("agitation", 4),
        ("the", 1),
        ("rhythm", 1),
        ("benzodiazepine", 6),
        ("it's", 1),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert abs(count_syllables(word) - count) <= (count > 4)


def test_harder_text_has_a_higher_grade() -> None:
    easy = read_article(b"You may feel sad. It will pass. Rest when you can.\n", "a.txt").article
    hard = read_article(
        b"Neuroadaptation following prolonged administration of sedative medication necessitates individualised, "
        b"collaboratively negotiated discontinuation strategies under continuous professional supervision.\n",
        "b.txt",
    ).article
    assert reading_grade(easy) < 3 < 14 < reading_grade(hard)
