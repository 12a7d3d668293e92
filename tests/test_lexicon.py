from pathlib import Path

import pytest

from taperbot.errors import UsageError
from taperbot.lexicon import load_lexicon, read_entries


def test_lay_words_lead_to_the_medical_term() -> None:
    lexicon = load_lexicon()
    assert "tinnitus" in lexicon.terms("My EARS won't stop ringing at night")
    assert "akathisia" in lexicon.terms("I just can’t sit still")


def test_words_far_apart_are_no_phrase() -> None:
    lexicon = load_lexicon()
    assert "tinnitus" not in lexicon.terms("ringing the doctor costs money in our town because everybody has bad ears")


def test_plain_words_lead_nowhere() -> None:
    assert load_lexicon().terms("the of and") == ()


def test_packaged_list_is_large_and_reviewed() -> None:
    entries = load_lexicon().entries
    assert len(entries) >= 150
    assert all(entry.reviewed_by for entry in entries)
    assert len({entry.medical for entry in entries}) == len(entries)


def test_a_corpus_adds_its_own(tmp_path: Path) -> None:
    extra = tmp_path / "lexicon.yaml"
    extra.write_text("entries:\n  - {medical: akathisia, lay: [zoomies inside], reviewed_by: A. Nurse 2026}\n", "utf-8")
    assert load_lexicon(extra).terms("got the zoomies inside again") == ("akathisia",)
    assert load_lexicon(tmp_path / "absent.yaml").terms("got the zoomies inside again") == ()


@pytest.mark.parametrize("text", ["{entries: 3}", "entries: [{medical: a}]", "entries: [{medical: a, lay: [b]}]", "entries: [", "[x]"])
def test_a_wrong_file_is_named(text: str) -> None:
    with pytest.raises(UsageError, match=r"own\.yaml"):
        read_entries(text, "own.yaml")
