"""Fits the classifier from the reviewed exemplars: `python -m taperbot.triage.fit` (or `make fit-triage`) writes data/triage/model.json.

scikit-learn is needed here and nowhere else in triage. The same exemplars, embedder and library version give the same file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from taperbot.embedding import Embedder, open_embedder
from taperbot.errors import UsageError
from taperbot.records import Level
from taperbot.triage.classifier import BENIGN, MODEL_FILE, shares_of
from taperbot.triage.lists import triage_file
from taperbot.triage.normalize import normalize

CLASSES = (*(level.value for level in Level), BENIGN)
FOLDS = 10
REGULARISATION = 10.0
WORD_REGULARISATION = 20.0
_SEEN_TWICE = 2
_DECIMALS = 4
_FIELDS = frozenset({"text", "class", "note"})


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One reviewed message and the name of its class, one of CLASSES."""

    text: str
    label: str


def read_exemplars() -> tuple[Exemplar, ...]:
    """All exemplars in the order of CLASSES. Raises UsageError for an entry that breaks the schema."""
    return tuple(_exemplar(label, entry) for label in CLASSES for entry in triage_file(f"exemplars/{label}.yaml"))


def exemplars_digest() -> str:
    """sha256 over the exemplar files in the order of CLASSES, hexadecimal."""
    folder = files("taperbot.data").joinpath("triage", "exemplars")
    digest = hashlib.sha256()
    for label in CLASSES:
        digest.update(folder.joinpath(f"{label}.yaml").read_bytes())
    return digest.hexdigest()


def fit(exemplars: Sequence[Exemplar], embedder: Embedder, *, cross_validate: bool = True) -> dict[str, Any]:
    """The content of the model file: weights, thresholds, what it was fitted from and, if wanted, what cross-validation says."""
    vectors = np.asarray(embedder.embed_queries([exemplar.text for exemplar in exemplars]), dtype=np.float64)
    terms, shares = _word_shares([normalize(exemplar.text) for exemplar in exemplars])
    labels = np.array([CLASSES.index(exemplar.label) for exemplar in exemplars])
    by_vectors, by_words = (
        _model(strength).fit(rows, labels) for rows, strength in ((vectors, REGULARISATION), (shares, WORD_REGULARISATION))
    )
    return {
        "classes": CLASSES,
        "thresholds": triage_file("thresholds.yaml"),
        "fitted_from": {
            "exemplars_sha256": exemplars_digest(),
            "exemplars": dict(Counter(exemplar.label for exemplar in exemplars)),
            "embedder": {"name": embedder.name, "route": embedder.route, "fingerprint": embedder.fingerprint},
            "scikit_learn": version("scikit-learn"),
            "regularisation": [REGULARISATION, WORD_REGULARISATION],
        },
        "cross_validation": _cross_validated(vectors, shares, labels) if cross_validate else {},
        "intercepts": np.round(by_vectors.intercept_, _DECIMALS).tolist(),
        "word_intercepts": np.round(by_words.intercept_, _DECIMALS).tolist(),
        "terms": terms,
        "weights": np.round(by_vectors.coef_, _DECIMALS).tolist(),
        "word_weights": np.round(by_words.coef_, _DECIMALS).tolist(),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write the model file and print what cross-validation says."""
    parser = argparse.ArgumentParser(prog="python -m taperbot.triage.fit", description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, default=Path("build/models"), help="folder of the exported embedder")
    options = parser.parse_args(arguments)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):
        fitted = fit(read_exemplars(), open_embedder(models=options.models))
    target = Path(str(files("taperbot.data").joinpath("triage", MODEL_FILE)))
    target.write_text(written(fitted), "utf-8")
    sys.stdout.write(json.dumps(fitted["cross_validation"], indent=2) + "\n")
    return 0


def written(fitted: dict[str, Any]) -> str:
    """The model file's text, one key a line."""
    lines = (f'"{key}": {json.dumps(value, ensure_ascii=False, separators=(",", ":"))}' for key, value in fitted.items())
    return "{" + ",\n".join(lines) + "}\n"


def _model(strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, class_weight="balanced", max_iter=3000)


def _cross_validated(vectors: np.ndarray, shares: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Figures on chances that each row gets from models that have not seen it."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    sides = ((vectors, REGULARISATION), (shares, WORD_REGULARISATION))
    chances = [cross_val_predict(_model(strength), rows, labels, cv=folds, method="predict_proba") for rows, strength in sides]
    return {"folds": FOLDS, **_figures(labels, (chances[0] + chances[1]) / 2)}


def _word_shares(texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Terms that at least two texts hold, in order, and their share in each text, shape (texts, terms)."""
    shares = [shares_of(text) for text in texts]
    spread = Counter(term for shared in shares for term in shared)
    terms = sorted(term for term, times in spread.items() if times >= _SEEN_TWICE)
    return terms, np.array([[shared.get(term, 0.0) for term in terms] for shared in shares])


def _exemplar(label: str, entry: dict[str, Any]) -> Exemplar:
    text = entry.get("text")
    if not isinstance(text, str) or not text.strip() or entry.get("class") != label or not entry.keys() <= _FIELDS:
        raise UsageError(f"Exemplar {entry!r} in {label}.yaml: wanted text, class: {label} and perhaps note.")
    return Exemplar(text, label)


def _figures(labels: np.ndarray, chances: np.ndarray) -> dict[str, Any]:
    """Accuracy, recall per class, and for emergency and crisis together the share heard at some chances, against that of ordinary messages."""
    guesses = chances.argmax(axis=1)
    recall = {name: round(float((guesses[labels == place] == place).mean()), 3) for place, name in enumerate(CLASSES)}
    grave = chances[:, :2].sum(axis=1)
    ordinary = np.isin(labels, [CLASSES.index(Level.QUESTION.value), CLASSES.index(BENIGN)])
    heard = {
        str(chance): [round(float((grave[rows] >= chance).mean()), 3) for rows in (labels < 2, ordinary)] for chance in (0.3, 0.4, 0.5, 0.6)
    }
    return {"accuracy": round(float((guesses == labels).mean()), 3), "recall": recall, "grave_heard_true_and_false": heard}


if __name__ == "__main__":
    sys.exit(main())
