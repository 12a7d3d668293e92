"""Fits the layers that give a question the vector its answers have: `python -m benchmarks.fit_asking [--folds N] [--write]`, some minutes.

`asking_pairs.jsonl` holds questions, most in lay words, each with the indexed text of the quotes that answer it, and the article these are from.
Only the question's side is tuned: quotes keep the vectors of the bundled embedder, so an index needs no new vectors and any corpus profits.
The loss is that of contrastive retrieval with all other answers as wrong ones (InfoNCE, van den Oord et al. 2018), and a pull to the untuned vector.

--folds N  prints how well questions find their quotes among those of all bundled articles, by layers that were fitted without the articles asked
           about: the golden questions of corpus/questions.yaml against INDEX, beside the untuned vector.
--write    puts the layers fitted on all pairs into the package.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from taperbot.embedding import bundled_folder, open_embedder
from taperbot.embedding_onnx import load_tokenizer
from taperbot.embedding_tuned import ASKING, Arrays, pieces_of, tuned_folder, written
from taperbot.embedding_tuning import Tuning
from taperbot.generation import Generation, open_current
from taperbot.questions import Expect, GoldenQuestion, load_questions

PAIRS = Path(__file__).resolve().parent / "asking_pairs.jsonl"
LAYERS = 2
"""Of six."""
EPOCHS = 4
RATE = 1e-4
TEMPERATURE = 0.05
PULL = 0.3
SHARES = (0.0, 0.5, 0.6, 1.0)
RANKS = (1, 5, 20)
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, the texts that answer it, the article they are from ("" for none), and the letter of the hand that wrote both ("" where `about` is told)."""

    about: str
    question: str
    answers: tuple[str, ...]
    hand: str = ""


def read_pairs(path: Path = PAIRS) -> tuple[Pair, ...]:
    """The pairs in the order of the file."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return tuple(Pair(row["about"], row["question"], tuple(row["answers"]), row.get("hand", "")) for row in rows)


def fit(pairs: Sequence[Pair], vectors_of: dict[str, Vectors], epochs: int = EPOCHS) -> tuple[Arrays, Tuning]:
    """The tuned layers; `vectors_of` holds the bundled embedder's vector of every answer."""
    tuning = Tuning(LAYERS)
    states = tuning.states(_pieces([pair.question for pair in pairs]))
    answers = list(dict.fromkeys(answer for pair in pairs for answer in pair.answers))
    place = {answer: row for row, answer in enumerate(answers)}
    matrix = torch.from_numpy(np.stack([vectors_of[answer] for answer in answers]))
    right = torch.zeros(len(pairs), len(answers), dtype=torch.bool)
    for row, pair in enumerate(pairs):
        right[row, [place[answer] for answer in pair.answers]] = True
    untuned = _asked(tuning, states)

    def loss_of(rows: list[int], pooled: Tensor) -> Tensor:
        asked = nn.functional.normalize(pooled, dim=-1)
        scores = asked @ matrix.T / TEMPERATURE
        found = torch.logsumexp(scores.masked_fill(~right[rows], -1e4), dim=1)
        pulled = 1 - (asked * untuned[rows]).sum(dim=1)
        return (torch.logsumexp(scores, dim=1) - found + PULL * pulled).mean()

    tuning.train([states], loss_of, RATE, epochs, notify=lambda message: print(message, file=sys.stderr, flush=True))
    return tuning.layers(), tuning


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write, as asked."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fit_asking", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", type=int, default=0, metavar="N")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--questions", type=Path, default=Path("corpus/questions.yaml"))
    options = parser.parse_args(arguments)
    pairs = read_pairs()
    vectors_of = _vectors_of(pairs, options.index)
    if options.folds:
        _compare(pairs, vectors_of, open_current(options.index), load_questions(options.questions), options.folds)
    if options.write:
        print(written(tuned_folder(ASKING), fit(pairs, vectors_of)[0]).name)
    return 0


def _compare(
    pairs: Sequence[Pair], vectors_of: dict[str, Vectors], generation: Generation, questions: Sequence[GoldenQuestion], folds: int
) -> None:
    held = generation.quotes(range(generation.chunk_count))
    usable = [row for row, quote in enumerate(held.quotes) if not quote.is_context]
    quotes, matrix = [held.quotes[row] for row in usable], np.asarray(held.vectors[usable], np.float32)
    articles = sorted({quote.article_id for quote in quotes})
    asked = [question for question in questions if question.expect is Expect.ANSWER and not question.history]
    ranks: dict[tuple[str, float], list[int]] = {}
    for fold in range(folds):
        left_out = set(articles[fold::folds])
        _, tuning = fit([pair for pair in pairs if pair.about not in left_out], vectors_of)
        untuned = Tuning(LAYERS)
        for question in (one for one in asked if one.articles[0] in left_out):
            right = _right(question, quotes)
            if right:
                states = tuning.states(_pieces([question.question]))
                own, tuned = _asked(untuned, states)[0].numpy(), _asked(tuning, states)[0].numpy()
                for share in SHARES:
                    scores = matrix @ ((1 - share) * own + share * tuned)
                    ranks.setdefault((question.kind.value, share), []).append(int((scores > scores[right].max()).sum()))
    print(f"{'kind':<14}{'share':>6}{'n':>6}" + "".join(f"{f'recall@{rank}':>11}" for rank in RANKS) + f"{'MRR':>8}")
    for (kind, share), found in sorted(ranks.items()):
        recalls = "".join(f"{np.mean(np.array(found) < rank):>11.3f}" for rank in RANKS)
        print(f"{kind:<14}{share:>6}{len(found):>6}{recalls}{np.mean(1 / (1 + np.array(found))):>8.3f}")


def _right(question: GoldenQuestion, quotes: Sequence[Any]) -> list[int]:
    """Rows of the quotes that hold all facts, or else of those that hold one."""
    of_articles = [row for row, quote in enumerate(quotes) if quote.article_id in question.articles]
    whole = [row for row in of_articles if all(fact.search(quotes[row].text) for fact in question.facts)]
    return whole or [row for row in of_articles if any(fact.search(quotes[row].text) for fact in question.facts)]


def _asked(tuning: Tuning, states: Sequence[Tensor]) -> Tensor:
    """(questions, width) unit vectors, each text by itself."""
    with torch.no_grad():
        return nn.functional.normalize(torch.cat([tuning.pooled([state]) for state in states]), dim=-1)


def _pieces(texts: Sequence[str]) -> list[list[int]]:
    tokenizer = load_tokenizer(bundled_folder() / "tokenizer.json")
    return [pieces_of(tokenizer, text) for text in texts]


def _vectors_of(pairs: Sequence[Pair], index: Path) -> dict[str, Vectors]:
    answers = list(dict.fromkeys(answer for pair in pairs for answer in pair.answers))
    return dict(zip(answers, open_embedder(models=index / "models").embed_documents(answers), strict=True))


if __name__ == "__main__":
    sys.exit(main())
