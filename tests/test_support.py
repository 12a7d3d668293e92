"""What a language model may say of a quote, and what it may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taperbot.check import check
from taperbot.draft import Draft, Line, Source
from taperbot.records import Article, Chunk, Passage
from taperbot.support import Support, unsupported

SENTENCES = [json.loads(line) for line in (Path(__file__).parent / "model_sentences.jsonl").read_text("utf-8").splitlines()]
LONGER = "Diazepam stays in the body longer than lorazepam."
CAUSE = "Stopping abruptly can cause seizures in some people."
WAVES = "Symptoms often come in waves, with better days between them."


def is_shown(said: str, quote: str) -> bool:
    """Whether the whole contract lets a model say this of that quote."""
    article = Article("a.md", "v1", "Coming off", quote, ())
    passage = Passage(0, Chunk("c", "a.md", "Coming off", (), 0, len(quote), quote, quote), 1.0)
    draft = Draft((Line(said, (Source("a.md", "Coming off", 0, len(quote), quote),), by_model=True),))
    return bool(check(draft, [passage], {"a.md": article}).sentences)


@pytest.mark.parametrize(
    ("said", "quote", "reason"),
    [
        ("Diazepam stays in the liver longer than lorazepam.", LONGER, "not supported"),
        ("Lorazepam stays in the body longer than diazepam.", LONGER, "turns"),
        ("Stopping abruptly causes seizures in some people.", CAUSE.replace("in some people", "at times"), "not supported|surely"),
        ("Stopping abruptly causes seizures.", CAUSE, "surely"),
        ("Stopping abruptly can cause seizures in most people.", CAUSE, "surely"),
        ("Seizures can cause stopping abruptly in some people.", CAUSE, "turns"),
        ("Symptoms come in waves, with no better days between them.", WAVES, "turns|surely"),
        ("Rest is fine.", "Rest is fine if a doctor agrees.", "condition"),
        ("Kava is mild.", "Kava harms the liver. Valerian is mild.", "not supported"),
        ("Kava is mild.", "Valerian is mild, but kava is not.", "turns|contrast"),
        ("It is safe to drive.", "Is it safe to drive?", "not supported"),
        ("Rest was tried by 40 of the patients.", "Rest was tried by 12 of the 40 patients.", "turns"),
        ("A third of the patients recovered.", "Half of the patients recovered.", "not supported"),
        ("", LONGER, "not supported"),
    ],
)
def test_what_says_other_or_more_than_its_quote_is_not_supported(said: str, quote: str, reason: str) -> None:
    found = unsupported(said, Support((quote,)))
    assert any(part in found for part in reason.split("|")), found


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        (LONGER, LONGER),
        ("Diazepam remains in the body longer than lorazepam.", LONGER),
        ("Stopping suddenly can cause seizures in some people.", CAUSE),
        ("Symptoms often come in waves.", WAVES),
        ("Before you stop, speak to a doctor.", "Speak to a doctor before you stop."),
        ("Zaps are not harmful.", "Zaps aren't harmful."),
        ("Akathisia settles slowly.", "Akathisia is hard to bear. It settles slowly."),
    ],
)
def test_what_says_no_more_is_supported(said: str, quote: str) -> None:
    assert unsupported(said, Support((quote,))) == ""


def test_a_heading_names_what_its_section_speaks_of() -> None:
    assert unsupported("Akathisia lasts for weeks.", Support(("It lasts for weeks.",), ("Akathisia",))) == ""
    assert unsupported("Akathisia lasts for weeks.", Support(("Tremor lasts for weeks.",), ("Akathisia",)))


def test_none_of_many_lies_is_shown_and_a_third_of_the_faithful_sentences_are() -> None:
    lies = [one for one in SENTENCES if not one["honest"]]
    faithful = [one for one in SENTENCES if one["honest"]]
    assert len(lies) > 300
    assert [one["said"] for one in lies if is_shown(one["said"], one["quote"])] == []
    assert sum(is_shown(one["said"], one["quote"]) for one in faithful) >= len(faithful) / 3
