"""One plain form of a message: quirks of chat undone, doses untouched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taperbot.triage import screen
from taperbot.triage.normalize import MAX_CHARACTERS, normalize

_PLAIN = (
    ("I want to kill myself", "crisis"),
    ("my wife is having a seizure", "emergency"),
    ("he took all the pills in the bottle", "emergency"),
    ("I have written my goodbye letters", "crisis"),
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("I’M DONE", "i'm done "),
        ("i cant", "i can't "),
        ("dont wanna", "don't want to "),
        ("k i l l myself", "kill myself "),
        ("k.i.l.l myself", "kill myself "),
        ("k1ll mys3lf", "kill myself "),
        ("dieeeee", "die "),
        ("ｋｉｌｌ", "kill "),
        ("kіll", "kill "),
        ("ki\u200bll", "kill "),
        ("💊 everywhere", "pills everywhere "),
        ("wine,beer", "wine , beer "),
        ("Was fällt dir ein", "was fallt dir ein "),
        ("suicdal", "suicidal "),
        ("siezure", "seizure "),
        ("overdoze", "overdose "),
    ],
)
def test_quirks_are_undone(written: str, plain: str) -> None:
    assert normalize(written) == plain


@pytest.mark.parametrize("dose", ["0.5", "1.25", "7.5", "10", "300-400", "1/2", "2.5", "b6", "10%"])
def test_doses_are_never_touched(dose: str) -> None:
    assert dose.replace("-", " ").split()[0] in normalize(f"I take {dose} mg at night")


@pytest.mark.parametrize(
    "word", ["cutting", "jumping", "fitting", "waking", "hanging", "sizzle", "stroked", "chested", "breather", "wilting"]
)
def test_real_words_are_never_repaired(word: str) -> None:
    assert normalize(f"the {word} there").split()[1] == word


@pytest.mark.parametrize(("message", "level"), _PLAIN)
@pytest.mark.parametrize(
    "change", [str.upper, str.title, "Hi there, {}".format, "{}!!!".format, "  {}  ".format, "hello. {}...".format, "ok so {}".format]
)
def test_case_punctuation_and_greetings_do_not_change_the_level(message: str, level: str, change: object) -> None:
    result = screen(change(message)).result  # type: ignore[operator]
    assert result is not None
    assert result.route == level


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_normalizes_to_single_spaced_words(text: str) -> None:
    plain = normalize(text)
    assert plain == "" or plain == " ".join(plain.split()) + " "
    assert plain == plain.lower()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_screening_never_fails(text: str) -> None:
    assert screen(text).message == text


def test_a_long_message_is_capped() -> None:
    assert len(normalize("word " * 2000)) <= MAX_CHARACTERS + 1
