"""Sentences that lead somewhere and sentences that answer."""

from __future__ import annotations

import pytest

from ingest.context import is_context, is_footer_heading, pasted_titles


@pytest.mark.parametrize(
    "sentence",
    [
        "Common triggers include:",
        "By Ann Field, medical writer",
        "Medically reviewed by Dr Lane",
        "Read our article on What Is Interdose Withdrawal for the details.",
        "Sleep: see related insights on How Dreams Change After Benzos.",
        "What you'll find in the posts below are stories from readers.",
        "You’ll also learn how to keep a diary.",
        "This article explains what the drug does.",
        "In this guide we go through the steps.",
        "Learn gentle ways to train your balance.",
        "Imagine waking up drenched at three in the morning.",
        "It is meant for learning and is no substitute for medical advice.",
        "Keep calm as in Quiet Evenings at Home: Making a Nest.",
    ],
)
def test_context(sentence: str) -> None:
    assert is_context(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "See a doctor the same day if the weakness spreads.",
        "Read labels before you buy anything.",
        "You will feel worse before you feel better in some weeks.",
        "Learning to rest takes time.",
        "The American Society of Addiction Medicine says that tapers should be slow.",
        "Never stop all at once (Why Stopping Suddenly Is Dangerous), and ask for help.",
        "This article of clothing keeps the heat in.",
    ],
)
def test_answers(sentence: str) -> None:
    assert not is_context(sentence)


@pytest.mark.parametrize(
    ("sentence", "titles"),
    [
        ("Fix your nights first (Mending Your Body Clock After Benzos).", ("Mending Your Body Clock After Benzos",)),
        ("It may be tolerance (What Is Tolerance Withdrawal) instead.", ("What Is Tolerance Withdrawal",)),
        ("For lorazepam it is quick; see Ativan Withdrawal: Why It Comes So Soon.", ("Ativan Withdrawal: Why It Comes So Soon",)),
        ("Read Calm Hands During A Long Taper for more.", ("Calm Hands During A Long Taper",)),
        ("The US Food and Drug Administration warned about it.", ()),
        ("In 1995 Professor Heather Ashton wrote it down.", ()),
        ("The Maudsley Deprescribing Guidelines (2024) describe three tracks.", ()),
        ("An article in the Journal of General Internal Medicine said so.", ()),
        ("Diazepam, Lorazepam, Clonazepam and Alprazolam are benzodiazepines.", ()),
    ],
)
def test_pasted_titles_are_told_from_names_of_institutions(sentence: str, titles: tuple[str, ...]) -> None:
    assert pasted_titles(sentence) == titles


def test_footer_headings() -> None:
    assert all(
        map(
            is_footer_heading,
            ("About this article", "About this content", "References", "Further reading:", "Related articles", "Disclaimer"),
        )
    )
    assert not any(map(is_footer_heading, ("About akathisia", "Sources of stress", "Conclusion", "When to get help")))
