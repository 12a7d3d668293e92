"""Fits the classifier from the reviewed exemplars: `python -m taperbot.triage.fit` (or `make fit-triage`), about a quarter of an hour.

Writes data/triage/words.npz (a logistic model over words), tuned-*.npz (the last layers of the bundled embedder with a head, see `fit_layers`) and
model.json, which says from what they were fitted. scikit-learn and torch are needed here and nowhere else in triage. The same exemplars, embedder
and library versions give the same files. Thresholds are not fitted: they stand in thresholds.yaml, with what they were chosen on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from taperbot.embedding import BUNDLED_NAME, BUNDLED_WEIGHTS
from taperbot.embedding_tuned import LEVELS, archive, written
from taperbot.triage.classifier import WORDS_FILE, shares_of, words_model
from taperbot.triage.evaluation import Judged, read_judged
from taperbot.triage.exemplars import Exemplar, exemplars_digest, read_exemplars
from taperbot.triage.normalize import normalize

MODEL_FILE = "model.json"
FOLDS = 5
REGULARISATION = 20.0
CURVE = (1 / 8, 1 / 4, 1 / 2, 1)
_SEEN_TWICE = 2
Arrays = dict[str, Any]


def fit_words(exemplars: Sequence[Exemplar]) -> Arrays:
    """`terms` (joined by line ends, as bytes), `weights` (levels, terms) and `intercepts` (levels,), float16 and float32."""
    from threadpoolctl import threadpool_limits

    terms, shares = _word_shares([normalize(exemplar.text) for exemplar in exemplars])
    with threadpool_limits(1):
        model = _model().fit(shares, _labels(exemplars))
    return {
        "terms": np.frombuffer("\n".join(terms).encode("utf-8"), dtype=np.uint8),
        "weights": model.coef_.astype(np.float16),
        "intercepts": model.intercept_.astype(np.float32),
    }


def cross_validated(exemplars: Sequence[Exemplar]) -> dict[str, Any]:
    """Accuracy and recall per level of the words alone, each exemplar judged by a model that has not seen it."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    _, shares = _word_shares([normalize(exemplar.text) for exemplar in exemplars])
    labels = _labels(exemplars)
    guesses = cross_val_predict(_model(), shares, labels, cv=StratifiedKFold(FOLDS, shuffle=True, random_state=0))
    recall = {name: round(float((guesses[labels == place] == place).mean()), 3) for place, name in enumerate(LEVELS)}
    return {"folds": FOLDS, "accuracy": round(float((guesses == labels).mean()), 3), "recall": recall}


def learning_curve(exemplars: Sequence[Exemplar], messages: Sequence[Judged]) -> list[tuple[int, float, float]]:
    """For growing shares of the exemplars: how many, and by the words alone the share of `messages` whose level is right, and the share of those
    in danger (emergency or crisis) that are heard while a twentieth of ordinary questions is."""
    texts = [normalize(message.text) for message in messages]
    expected = np.array([LEVELS.index(message.expect.value) for message in messages])
    curve = []
    for share in CURVE:
        chosen = exemplars[:: round(1 / share)]
        model = words_model(fit_words(chosen))
        chances = np.stack([model.by_words(text) for text in texts])
        grave = chances[:, :2].sum(axis=1)
        heard_from = float(np.quantile(grave[expected == LEVELS.index("question")], 0.95))
        curve.append((len(chosen), float((chances.argmax(axis=1) == expected).mean()), float((grave[expected < 2] > heard_from).mean())))
    return curve


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write the files and print what cross-validation says of the words."""
    parser = argparse.ArgumentParser(prog="python -m taperbot.triage.fit", description=__doc__.splitlines()[0])
    parser.add_argument("--words-only", action="store_true", help="fit the words alone and leave the tuned layers as they are")
    parser.add_argument(
        "--curve", type=Path, metavar="FILE", help="write nothing; print how the words do on judged messages as exemplars grow"
    )
    options = parser.parse_args(arguments)
    if options.curve:
        for count, right, heard in learning_curve(read_exemplars(), read_judged(options.curve)):
            print(f"{count:>6} exemplars: level right {right:.3f}, danger heard at a false alarm in twenty {heard:.3f}")
        return 0
    folder, exemplars = Path(str(files("taperbot.data").joinpath("triage"))), read_exemplars()
    (folder / WORDS_FILE).write_bytes(archive(fit_words(exemplars)))
    if not options.words_only:
        _fit_tuned(folder, exemplars)
    model = fitted_from(folder, exemplars) | {"cross_validation_of_words": cross_validated(exemplars)}
    (folder / MODEL_FILE).write_text(json.dumps(model, indent=1) + "\n", "utf-8")
    sys.stdout.write(json.dumps(model["cross_validation_of_words"], indent=2) + "\n")
    return 0


def fitted_from(folder: Path, exemplars: Sequence[Exemplar]) -> dict[str, Any]:
    """What the model files in `folder` were fitted from."""
    return {
        "exemplars_sha256": exemplars_digest(),
        "exemplars": dict(Counter(exemplar.label for exemplar in exemplars)),
        "levels": LEVELS,
        "embedder": {"name": BUNDLED_NAME, "weights_sha256": BUNDLED_WEIGHTS},
        "libraries": {name: version(name) for name in ("scikit-learn", "torch", "transformers")},
        "regularisation": REGULARISATION,
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.npz"))},
    }


def _fit_tuned(folder: Path, exemplars: Sequence[Exemplar]) -> None:
    from taperbot.triage.fit_layers import fit_layers

    arrays = fit_layers(exemplars, notify=lambda message: print(message, file=sys.stderr, flush=True))
    written(folder, arrays)


def _model() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=3000, tol=1e-6)


def _labels(exemplars: Sequence[Exemplar]) -> np.ndarray:
    return np.array([LEVELS.index(exemplar.level.value) for exemplar in exemplars])


def _word_shares(texts: Sequence[str]) -> tuple[list[str], Any]:
    """Terms that at least two texts hold, in order, and their share in each text, sparse (texts, terms)."""
    from scipy.sparse import csr_array

    shares = [shares_of(text) for text in texts]
    spread = Counter(term for shared in shares for term in shared)
    terms = sorted(term for term, times in spread.items() if times >= _SEEN_TWICE)
    column_of = {term: column for column, term in enumerate(terms)}
    found = [(row, column_of[term], value) for row, shared in enumerate(shares) for term, value in shared.items() if term in column_of]
    rows, columns, values = zip(*found, strict=True)
    return terms, csr_array((values, (rows, columns)), shape=(len(texts), len(terms)))


if __name__ == "__main__":
    sys.exit(main())
