"""Fits the weights by which quotes are scored on golden questions, and says how well they rank quotes of articles they were not fitted on: the
features alone, and with what the cross-encoder reads (`benchmarks.fit_relevance`), which has seen none of these articles.

python -m benchmarks.fit_quotes --on INDEX QUESTIONS WEIGHT [--on ...] [--write]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import taperbot
from taperbot.answering import PASSAGES
from taperbot.asking import queries_of
from taperbot.compose_features import FEATURES, features_of
from taperbot.compose_score import WEIGHTS_NAME, read_likeliest, relevance_of
from taperbot.errors import ModelError
from taperbot.evidence import Read
from taperbot.generation_reader import Generation, open_current
from taperbot.intent import intent_of
from taperbot.lookup import Lookup
from taperbot.query import Query
from taperbot.questions import Expect, GoldenQuestion, load_questions
from taperbot.records import Quote, QuoteKind, Turn
from taperbot.retrieve import retrieve
from taperbot.settings import Settings
from taperbot.turn_vectors import TurnEmbedder

PENALTY = 3e-3
SOFTENED = 1.25
"""Fitted log-odds are divided by this: on questions that were not fitted on they are too sure."""
OTHER_SECTION = 0.7
"""What a fact is worth that is found in another section of the right article than the one named."""
FOLDS = 6
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """The quotes found for one question: their features, and how much of what was wanted each holds, in [0, 1]."""

    question: GoldenQuestion
    query: Query
    quotes: tuple[Quote, ...]
    features: Array
    held: Array
    weight: float
    read: Read

    def beside(self, alone: Array) -> Example:
        """The same with a further feature: the log-odds of the quotes that are likeliest by the weights `alone`."""
        rows, found = read_likeliest(self.query, self.quotes, np.asarray(self.features @ alone, np.float32), self.read)
        return replace(self, features=np.column_stack([self.features, relevance_of(rows, found, len(self.quotes))]))


def examples(index: Path, questions: Path, weight: float) -> list[Example]:
    """One for each part of each question that is to be answered and has a right quote among those found. Raises ModelError without a cross-encoder."""
    generation, embedder = open_current(index), TurnEmbedder(Settings(index=index))
    embedder.embedder()
    read = embedder.reader()
    if read is None:
        raise ModelError(f"No cross-encoder in {index / 'models'}. Run `python -m ingest`.")
    known = lru_cache(maxsize=None)(lambda asked, text: float(read(asked, [text])[0]))
    remembered = lambda asked, texts: np.array([known(asked, text) for text in texts], np.float32)  # noqa: E731
    found = []
    for question in load_questions(questions):
        if question.expect is Expect.ANSWER:
            for query in _queries(generation, embedder, question):
                example = _example(generation, query, question, weight, remembered)
                found += [example] if example.held.any() else []
    return found


def _queries(generation: Generation, embedder: TurnEmbedder, question: GoldenQuestion) -> tuple[Query, ...]:
    asking = Lookup(embedder, 0).asking(generation, question.question, [Turn("user", text) for text in question.history])
    return queries_of(asking, embedder.embed(asking.questions, asking.others))


def _example(generation: Generation, query: Query, question: GoldenQuestion, weight: float, read: Read) -> Example:
    found = retrieve(generation, query, PASSAGES)
    features = features_of(query, intent_of(query.text), found.passages, found.evidence)
    held = np.array([_held(question, quote) for quote in found.evidence.quotes], float)
    return Example(question, query, found.evidence.quotes, features.astype(float), held, weight, read)


def _held(question: GoldenQuestion, quote: Quote) -> float:
    if quote.article_id not in question.articles:
        return 0.0
    in_section = not question.section or question.section in quote.heading_path
    if not question.facts:
        return float(in_section)
    said = " ".join(quote.text.split()) + (f" {quote.question}" if quote.kind is QuoteKind.FAQ_ANSWER else "")
    return sum(fact.search(said) is not None for fact in question.facts) / len(question.facts) * (1 if in_section else OTHER_SECTION)


def fitted(training: Sequence[Example]) -> Array:
    """(features,) weights under which the right quotes of each question are likely, one of all its quotes being drawn."""
    features = np.concatenate([one.features for one in training])
    scale = features.std(axis=0) + 1e-4
    starts = np.cumsum([0, *(len(one.held) for one in training)])[:-1]
    owner = np.repeat(np.arange(len(training)), [len(one.held) for one in training])
    held = np.concatenate([one.held / one.held.max() for one in training])
    share = np.array([one.weight for one in training]) / sum(one.weight for one in training)

    def loss(weights: Array) -> tuple[float, Array]:
        odds = (features / scale) @ weights
        odds = np.exp(odds - np.maximum.reduceat(odds, starts)[owner])
        drawn = odds / np.add.reduceat(odds, starts)[owner]
        right = drawn * held
        likely = np.add.reduceat(right, starts)
        slope = (share[owner] * (drawn - right / np.maximum(likely, 1e-12)[owner])) @ (features / scale)
        return float(-(share * np.log(likely + 1e-12)).sum() + PENALTY * weights @ weights), slope + 2 * PENALTY * weights

    return np.asarray(minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x / scale / SOFTENED)


def cross_validated(sample: Sequence[Example]) -> tuple[list[int], list[int]]:
    """For each example the place of its first right quote, by weights fitted without the articles it asks about: features alone, and read."""
    articles = sorted({one.question.articles[0] for one in sample})
    fold_of = {article: place % FOLDS for place, article in enumerate(np.random.default_rng(5).permutation(articles))}
    alone, beside = [0] * len(sample), [0] * len(sample)
    for fold in range(FOLDS):
        known = [one for one in sample if fold_of[one.question.articles[0]] != fold]
        weights, further = fitted_both(known)
        for place, one in enumerate(sample):
            if fold_of[one.question.articles[0]] == fold:
                alone[place], beside[place] = _first_right(one, weights), _first_right(one.beside(weights), further)
    return alone, beside


def fitted_both(sample: Sequence[Example]) -> tuple[Array, Array]:
    """The weights of the features alone, and those of the features with the cross-encoder's log-odds behind them."""
    alone = fitted(sample)
    return alone, fitted([one.beside(alone) for one in sample])


def _first_right(example: Example, weights: Array) -> int:
    ranked = np.argsort(-(example.features @ weights), kind="stable")
    return int(np.flatnonzero(example.held[ranked] > 0)[0])


def _told(sample: Sequence[Example]) -> str:
    alone, beside = map(np.array, cross_validated(sample))
    kinds = np.array([one.question.kind.value for one in sample])
    lines = ["right quote among the first 1, 3 and 10, by weights fitted without its article: features alone / read by the cross-encoder"]
    for kind in ["all", *sorted(set(kinds))]:
        rows = (kinds == kind) | (kind == "all")
        shares = [" ".join(f"{float((places[rows] < depth).mean()):.3f}" for depth in (1, 3, 10)) for places in (alone, beside)]
        lines.append(f"  {kind:14} {' / '.join(shares)}  ({int(rows.sum())})")
    return "\n".join(lines)


def main() -> None:
    """Fits, tells, and with --write replaces the weights of the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", nargs=3, action="append", required=True, metavar=("INDEX", "QUESTIONS", "WEIGHT"))
    parser.add_argument("--write", action="store_true", help="replace the weights of the package")
    options = parser.parse_args()
    sample = [one for index, questions, weight in options.on for one in examples(Path(index), Path(questions), float(weight))]
    print(_told(sample))
    alone, beside = fitted_both(sample)
    weights, further = ({name: round(float(weight), 5) for name, weight in zip(FEATURES, found, strict=False)} for found in (alone, beside))
    source = [{"questions": "/".join(Path(questions).parts[-2:]), "weight": float(weight)} for _, questions, weight in options.on]
    found = {"weights": weights, "weights_beside": further, "relevance": round(float(beside[-1]), 5)}
    text = json.dumps({"fitted_on": source, "examples": len(sample), **found}, indent=2) + "\n"
    if options.write:
        (Path(taperbot.__file__).parent / "data" / WEIGHTS_NAME).write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
