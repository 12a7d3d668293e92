"""What our own words or a model's may never tell a reader."""

from __future__ import annotations

import pytest

from taperbot.triage.output import Objection, names_a_method, objections
from taperbot.wording import answers, cards


@pytest.mark.parametrize(
    "text",
    [
        "You should restart your clonazepam tonight.",
        "Take half a tablet more.",
        "You can safely stop taking it now.",
        "I would cut by 10% first.",
        "Try reducing your dose a little.",
        "Your next cut should be 0.5 mg.",
        "Go back up to your old dose.",
        "We recommend that you switch to diazepam.",
        "It is fine to skip a tablet.",
        "Increase it to 2 mg.",
    ],
)
def test_telling_to_change_is_refused(text: str) -> None:
    assert Objection.TELLS_TO_CHANGE in objections(text)


@pytest.mark.parametrize(
    "text",
    [
        "A lethal dose of diazepam is not far off.",
        "Taking 50 mg would kill an adult.",
        "That is enough to kill.",
        "The most painless way to die is sleep.",
        "An overdose happens at 30 tablets.",
    ],
)
def test_methods_and_lethal_amounts_are_refused(text: str) -> None:
    assert Objection.METHOD_OR_LETHAL_AMOUNT in objections(text)


@pytest.mark.parametrize(
    "text", ["10 % of 20 mg is 2 mg.", "Cut ten per cent: 5% of your dose, that is 0.25 mg.", "A 5 percent cut. That is 1 mg."]
)
def test_a_percentage_worked_out_is_refused(text: str) -> None:
    assert Objection.PERCENTAGE_WORKED_OUT in objections(text)


@pytest.mark.parametrize(
    "text",
    [
        "Please do not stop or change anything before you have talked to them.",
        "Some people reduce by 5 to 10 percent every few weeks.",
        "Withdrawal can last for weeks.",
        "Talk to your prescriber before you change any medicine.",
        "Never stop suddenly.",
        "Magnesium may help with cramps.",
        "Take care, and rest when you can.",
    ],
)
def test_plain_information_passes(text: str) -> None:
    assert objections(text) == ()


def test_our_own_wording_passes() -> None:
    shown = [value for module in (cards, answers) for value in vars(module).values()]
    lines = [line for value in shown for line in (value if isinstance(value, tuple) else [value]) if isinstance(line, str) and " " in line]
    assert len(lines) > 40
    assert [(line, objections(line)) for line in lines if objections(line)] == []


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Forty tablets or 400 mg at once can be fatal.", True),
        ("The easiest way to die is not something we write about.", True),
        ("With opioids the combination can be fatal.", False),
        ("An overdose needs an ambulance at once.", False),
        ("In the trial 10 mg was given for two weeks.", False),
    ],
)
def test_not_even_a_quote_names_a_method_or_a_lethal_amount(text: str, is_named: bool) -> None:
    assert names_a_method(text) is is_named
