import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taperbot.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("300-400mg", ["300-400mg"]),
        ("300–400 mg", ["300-400mg"]),
        ("600 to 1,200 mg", ["600-1,200mg"]),
        ("2 mg", ["2mg"]),
        ("0.5 milligrams", ["0.5mg"]),
        ("4-7-8", ["4-7-8"]),
        ("10 per cent", ["10%"]),
        ("CBT-I", ["cbt-i"]),
        ("45s", ["45s"]),
    ],
)
def test_amounts_and_names_stay_whole(text: str, wanted: list[str]) -> None:
    assert tokenize(text) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xanax", "alprazolam"),
        ("vitamin B6", "vitamin pyridoxine"),
        ("Klonopin's", "clonazepam"),
        ("benzos", "benzodiazepines"),
        ("depersonalisation", "depersonalization"),
        ("diarrhoea", "diarrhea"),
        ("behaviour", "behavior"),
        ("longer-lasting twitches", "longer lasting twitch"),
        ("What’s twitching?", "what is twitching"),
    ],
)
def test_two_ways_to_write_one_thing_meet(one: str, other: str) -> None:
    assert tokenize(one) == tokenize(other) != []


def test_stop_words_alone_leave_nothing() -> None:
    assert tokenize("What is it, and should I be with them?") == []


def test_numbers_with_different_units_differ() -> None:
    assert tokenize("5 mg") != tokenize("5 %") != tokenize("5")


@given(st.text(max_size=300))
def test_any_text_gives_lower_case_tokens_without_blanks(text: str) -> None:
    for token in tokenize(text):
        assert token
        assert not any(character.isspace() for character in token)


def test_threads_agree() -> None:
    words = [f"tapering{n}ing twitches" for n in range(300)]
    wanted = [tokenize(word) for word in words]
    seen: list[list[list[str]]] = []
    threads = [threading.Thread(target=lambda: seen.append([tokenize(word) for word in words])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [wanted] * 4
