"""Sentence ends, and everything that only looks like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Drugs for nausea (e.g. metoclopramide) can cause it.",
        "Weakness vs. Tiredness is the point here.",
        "Dr. Field and Prof. Lane agree on this.",
        "The dose fell by 0.5 mg in that week.",
        "Take 300-400mg with food, i.e. Never on an empty stomach.",
        "See Fig. 3 and No. 5 in the list.",
        "J. R. Field wrote the first report.",
        "The U.S. 2020 warning says so.",
        "It lasts approx. 3 weeks in most people.",
        "It eases (It really does. Trust it.) with time.",
        "He asked why... and then left it.",
    ],
)
def test_no_sentence_ends_here(sentence: str) -> None:
    assert split(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It eases. It returns.", 2),
        ("Does it ease? Yes. Most often!", 3),
        ('He said "stop." Then he left.', 2),
        ("It is safe (in most people). Ask first.", 2),
        ("Vitamin D. Then calcium.", 1),
        ("The dose was 5 mg. Then it was 4 mg.", 2),
        ("It ends in 2024. 5 people stayed.", 2),
        ("Wait… Then go on.", 2),
        ("An open (bracket never closes. But it ends here.", 2),
        ("“It helps.” “It does not.”", 2),
    ],
)
def test_sentences_are_told_apart(text: str, count: int) -> None:
    assert len(split(text)) == count


@given(st.text("abcA. ?!…()\"'0123\n-", max_size=80))
def test_every_word_lies_in_exactly_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
