"""The exemplars keep their schema, stay apart from the development set, and the model file is fitted from them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from taperbot.embedding import BUNDLED_WEIGHTS, Embedder
from taperbot.embedding_tuned import LEVELS, TRIAGE, tuned_folder, tuned_layers
from taperbot.errors import UsageError
from taperbot.triage.classifier import classifier, words_model
from taperbot.triage.evaluation import read_judged
from taperbot.triage.exemplars import CLASSES, exemplar_of, exemplars_digest, read_exemplars
from taperbot.triage.fit import MODEL_FILE, fit_words, learning_curve
from taperbot.triage.fit_layers import fit_layers
from taperbot.triage.normalize import normalize

_BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
_DEVELOPMENT = _BENCHMARKS / "triage_development.jsonl"
_NEAR_WORDS = 92
_NEAR_VECTORS = 0.95
_SAID_BY_EVERYBODY = 5
"""Messages of so few words ("i want to die") are said alike by everybody; they are left out of the comparison."""


def test_enough_of_each_all_different() -> None:
    counts = Counter(exemplar.label for exemplar in read_exemplars())
    assert set(counts) == set(CLASSES)
    assert min(counts.values()) >= 60
    texts = {(exemplar.text.lower(), tuple(turn.content for turn in exemplar.history)) for exemplar in read_exemplars()}
    assert len(texts) == sum(counts.values())


@pytest.mark.parametrize(
    "entry",
    [{"class": "crisis"}, {"text": " ", "class": "crisis"}, {"text": "a", "class": "urgent"}, {"text": "a", "class": "crisis", "x": 1}],
)
def test_an_entry_that_breaks_the_schema_is_named(entry: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"crisis\.yaml"):
        exemplar_of("crisis", entry)


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


def test_development_set_shares_no_message_with_what_was_tuned_on() -> None:
    tuned_on = [judged.text for name in ("working", "tuning") for judged in read_judged(_BENCHMARKS / f"triage_{name}.jsonl")]
    assert len(read_judged(_DEVELOPMENT)) >= 400
    assert len(_apart([*[exemplar.text for exemplar in read_exemplars()], *tuned_on])) == 0


def test_development_set_is_apart_by_meaning_too(embedder: Embedder) -> None:
    long = [exemplar.text for exemplar in read_exemplars() if len(exemplar.text.split()) > _SAID_BY_EVERYBODY]
    judged = [message.text for message in read_judged(_DEVELOPMENT) if len(message.text.split()) > _SAID_BY_EVERYBODY]
    closest = (embedder.embed_documents(long) @ embedder.embed_documents(judged).T).max(axis=1)
    assert int((closest >= _NEAR_VECTORS).sum()) == 0


def test_model_files_say_from_what_they_were_fitted() -> None:
    raw = json.loads(files("taperbot.data").joinpath("triage", MODEL_FILE).read_text("utf-8"))
    assert raw["exemplars_sha256"] == exemplars_digest()
    assert tuple(raw["levels"]) == LEVELS
    assert raw["embedder"]["weights_sha256"] == BUNDLED_WEIGHTS
    folder = tuned_folder(TRIAGE)
    assert set(raw["sha256"]) == {path.name for path in folder.glob("*.npz")}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in raw["sha256"].items())


def test_fitting_the_words_again_gives_the_same_model() -> None:
    again = words_model(fit_words(read_exemplars()))
    assert list(again.terms) == list(classifier().terms)
    texts = [normalize(judged.text) for judged in read_judged(_BENCHMARKS / "triage_tuning.jsonl")]
    # How many threads a process has moves single weights by hundredths, and no chance by more than this.
    assert max(float(np.abs(again.by_words(text) - classifier().by_words(text)).max()) for text in texts) < 0.01


def test_fitting_the_layers_twice_gives_the_same_and_moves_them() -> None:
    few = read_exemplars()[::400]
    one, other = (fit_layers(few, epochs=1) for _ in range(2))
    assert one.keys() == tuned_layers(TRIAGE).keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)
    assert float(np.abs(one["head.weight"]).max()) > 0


def test_more_exemplars_help_on_messages_of_another_hand() -> None:
    curve = learning_curve(read_exemplars(), read_judged(_BENCHMARKS / "triage_tuning.jsonl"))
    assert [count for count, _, _ in curve] == sorted(count for count, _, _ in curve)
    assert curve[-1][1] > curve[0][1]
