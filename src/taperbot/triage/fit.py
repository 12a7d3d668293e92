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
from taperbot.triage.classifier import MODEL_FILE
from taperbot.triage.lists import triage_file

FOLDS = 10
REGULARISATION = 10.0
_DECIMALS = 5
_FIELDS = frozenset({"text", "class", "note"})


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One reviewed message and its class."""

    text: str
    level: Level


def read_exemplars() -> tuple[Exemplar, ...]:
    """All exemplars, by class in the order of `Level`. Raises UsageError for an entry that breaks the schema."""
    return tuple(_exemplar(level, entry) for level in Level for entry in triage_file(f"exemplars/{level.value}.yaml"))


def exemplars_digest() -> str:
    """sha256 over the exemplar files, in the order of `Level`, hexadecimal."""
    folder = files("taperbot.data").joinpath("triage", "exemplars")
    digest = hashlib.sha256()
    for level in Level:
        digest.update(folder.joinpath(f"{level.value}.yaml").read_bytes())
    return digest.hexdigest()


def fit(exemplars: Sequence[Exemplar], embedder: Embedder) -> dict[str, Any]:
    """The content of the model file: weights, thresholds, what it was fitted from and what cross-validation says."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    vectors = np.asarray(embedder.embed_queries([exemplar.text for exemplar in exemplars]), dtype=np.float64)
    classes = [level.value for level in Level]
    labels = np.array([classes.index(exemplar.level.value) for exemplar in exemplars])
    model = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=2000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    guesses = cross_val_predict(model, vectors, labels, cv=folds)
    model.fit(vectors, labels)
    return {
        "classes": classes,
        "thresholds": triage_file("thresholds.yaml"),
        "fitted_from": {
            "exemplars_sha256": exemplars_digest(),
            "exemplars": dict(Counter(exemplar.level.value for exemplar in exemplars)),
            "embedder": {"name": embedder.name, "route": embedder.route, "fingerprint": embedder.fingerprint},
            "scikit_learn": version("scikit-learn"),
            "regularisation": REGULARISATION,
        },
        "cross_validation": {"folds": FOLDS, **_recalls(classes, labels, guesses)},
        "intercepts": np.round(model.intercept_, _DECIMALS).tolist(),
        "weights": np.round(model.coef_, _DECIMALS).tolist(),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write the model file and print what cross-validation says."""
    parser = argparse.ArgumentParser(prog="python -m taperbot.triage.fit", description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, default=Path("build/models"), help="folder of the exported embedder")
    options = parser.parse_args(arguments)
    fitted = fit(read_exemplars(), open_embedder(models=options.models))
    target = Path(str(files("taperbot.data").joinpath("triage", MODEL_FILE)))
    target.write_text(written(fitted), "utf-8")
    sys.stdout.write(json.dumps(fitted["cross_validation"], indent=2) + "\n")
    return 0


def written(fitted: dict[str, Any]) -> str:
    """The model file's text: one key a line, one row of weights a line."""
    rows = ",\n".join("  " + json.dumps(row, separators=(",", ":")) for row in fitted["weights"])
    head = ",\n".join(f'"{key}": {json.dumps(value)}' for key, value in fitted.items() if key != "weights")
    return f'{{{head},\n"weights": [\n{rows}\n]}}\n'


def _exemplar(level: Level, entry: dict[str, Any]) -> Exemplar:
    text = entry.get("text")
    if not isinstance(text, str) or not text.strip() or entry.get("class") != level.value or not _FIELDS >= entry.keys():
        raise UsageError(f"Exemplar {entry!r} in {level.value}.yaml: wanted text, class: {level.value} and perhaps note.")
    return Exemplar(text, level)


def _recalls(classes: Sequence[str], labels: np.ndarray, guesses: np.ndarray) -> dict[str, Any]:
    per_class = {name: round(float((guesses[labels == place] == place).mean()), 3) for place, name in enumerate(classes)}
    return {"accuracy": round(float((guesses == labels).mean()), 3), "recall": per_class}


if __name__ == "__main__":
    sys.exit(main())
