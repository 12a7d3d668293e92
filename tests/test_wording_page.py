"""The page's words: plain, British, and all in one place."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from taperbot.wording import page as words

GRADE = 6.0
AMERICAN = re.compile(r"\b(?:color|behavior|center|organize|recognize|analyze|apologize|favorite|gray)", re.IGNORECASE)
MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(?:svg|style|script).*?</(?:svg|style|script)>|<[^>]*>|&\w+;", re.DOTALL)


def sentences() -> list[tuple[str, str]]:
    """Every string of the module by name, with blanks filled in."""
    strings: list[tuple[str, str]] = []
    for name, value in vars(words).items():
        if name.isupper():
            found = (
                [value]
                if isinstance(value, str)
                else [text for entry in value for text in (entry if isinstance(entry, tuple) else (entry,))]
            )
            strings += [(name, re.sub(r"\{[^}]*\}", "one", text)) for text in found]
    return strings


def syllables(word: str) -> int:
    """Vowel groups, without a silent e."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1))


def grade(text: str) -> float:
    """Flesch-Kincaid grade."""
    found = re.findall(r"[A-Za-z']+", text)
    count = max(1, len(re.findall(r"[.!?:]+(?:\s|$)", text)))
    return 0.39 * len(found) / count + 11.8 * sum(map(syllables, found)) / len(found) - 15.59


def test_the_grade_formula_tells_hard_from_easy() -> None:
    assert grade("The cat sat on the mat. It was warm.") < 2
    assert grade("Benzodiazepine discontinuation necessitates individualised pharmacological consideration.") > 12


def test_the_whole_page_reads_at_grade_six() -> None:
    running = [
        text for name, text in sentences() if len(text.split()) >= 5 and not name.startswith(("EMBED", "PORT", "ADDRESS", "SERVING"))
    ]
    assert grade(" ".join(text if text.endswith((".", "?", ":")) else text + "." for text in running)) <= GRADE


@pytest.mark.parametrize(("name", "text"), [pair for pair in sentences() if len(pair[1].split()) >= 8])
def test_no_sentence_is_long(name: str, text: str) -> None:
    longest = max(len(sentence.split()) for sentence in re.split(r"[.!?:]\s", text))
    assert longest <= 20, name


def test_spelling_is_british() -> None:
    assert [text for _, text in sentences() if AMERICAN.search(text)] == []


def test_templates_and_script_hold_no_words_of_their_own() -> None:
    folder = files("taperbot.web") / "templates"
    for template in folder.iterdir():
        if template.name.endswith(".html") and template.name != "embed.html":
            text = MARKUP.sub(" ", template.read_text("utf-8"))
            assert re.findall(r"[A-Za-z]{3,}", text) == [], template.name
    script = (files("taperbot.web") / "static" / "page.js").read_text("utf-8")
    shown = re.findall(r"\"([A-Z][a-z]+ [a-z]+[^\"]*)\"", re.sub(r"//.*", "", script))
    assert shown == []
    assert "innerHTML" not in re.sub(r"//.*", "", script)
