"""The exemplars keep their schema, stay apart from the development set, and the model file is fitted from them."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from taperbot.embedding import Embedder
from taperbot.errors import UsageError
from taperbot.triage.classifier import MODEL_FILE, classifier
from taperbot.triage.evaluation import read_judged
from taperbot.triage.fit import CLASSES, _exemplar, exemplars_digest, fit, read_exemplars
from taperbot.triage.normalize import normalize

_BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
_DEVELOPMENT = _BENCHMARKS / "triage_development.jsonl"
_NEAR_WORDS = 92
_NEAR_VECTORS = 0.95
_SAID_BY_EVERYBODY = 5
"""Messages of so few words ("i want to die") are said alike by everybody; they are left out of the comparison."""


def test_sixty_to_a_hundred_and_fifty_each_all_different() -> None:
    counts = Counter(exemplar.label for exemplar in read_exemplars())
    assert set(counts) == set(CLASSES)
    assert all(60 <= count <= 150 for count in counts.values())
    assert len({exemplar.text.lower() for exemplar in read_exemplars()}) == sum(counts.values())


@pytest.mark.parametrize(
    "entry",
    [{"class": "crisis"}, {"text": " ", "class": "crisis"}, {"text": "a", "class": "urgent"}, {"text": "a", "class": "crisis", "x": 1}],
)
def test_an_entry_that_breaks_the_schema_is_named(entry: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"crisis\.yaml"):
        _exemplar("crisis", entry)


def _apart(texts: list[str]) -> list[tuple[str, str]]:
    """Pairs of a text and a near-duplicate in the development set."""
    others = [normalize(judged.text) for judged in read_judged(_DEVELOPMENT)]
    pairs = []
    for text in texts:
        plain = normalize(text)
        if len(plain.split()) <= _SAID_BY_EVERYBODY:
            continue
        best = process.extractOne(plain, others, scorer=fuzz.ratio)
        if best[1] >= _NEAR_WORDS:
            pairs.append((text, best[0]))
    return pairs


def test_development_set_shares_no_exemplar_nor_working_message() -> None:
    working = [judged.text for judged in read_judged(_BENCHMARKS / "triage_working.jsonl")]
    assert len(read_judged(_DEVELOPMENT)) >= 400
    assert len(_apart([*[exemplar.text for exemplar in read_exemplars()], *working])) == 0


def test_development_set_is_apart_by_meaning_too(embedder: Embedder) -> None:
    long = [exemplar.text for exemplar in read_exemplars() if len(exemplar.text.split()) > _SAID_BY_EVERYBODY]
    judged = [message.text for message in read_judged(_DEVELOPMENT) if len(message.text.split()) > _SAID_BY_EVERYBODY]
    closest = (embedder.embed_documents(long) @ embedder.embed_documents(judged).T).max(axis=1)
    assert int((closest >= _NEAR_VECTORS).sum()) == 0


def test_model_file_says_from_what_it_was_fitted(embedder: Embedder) -> None:
    raw = json.loads(files("taperbot.data").joinpath("triage", MODEL_FILE).read_text("utf-8"))
    assert raw["fitted_from"]["exemplars_sha256"] == exemplars_digest()
    assert raw["fitted_from"]["embedder"]["fingerprint"] == embedder.fingerprint
    assert raw["cross_validation"]["accuracy"] > 0.5


def test_fitting_again_gives_the_same_model(embedder: Embedder) -> None:
    again = fit(read_exemplars(), embedder, cross_validate=False)
    assert np.allclose(again["weights"], classifier().weights, atol=0.05)
    assert again["terms"] == list(classifier().terms)
