"""Fits the cross-encoder that reads a question beside a quote: `python -m benchmarks.fit_relevance --write`, about half an hour on two cores.

It learns from `asking_pairs.jsonl` (questions with the quotes that answer them) and `relevance_pairs.jsonl` (questions that only seem to be answered,
short questions behind an earlier one, questions that two articles answer together). All are about invented articles: those about bundled ones are left
out, so that golden questions measure what was learnt. Wrong quotes are the nearest ones of the same article, and of others that the same hand wrote:
hands were asked to say nothing twice, but two of them may well answer the same question.

The loss draws the right quote from a few (cross-entropy, as Nogueira and Cho 2019 and Gao, Dai and Callan 2021 train rerankers) and calls each pair
right or wrong (binary cross-entropy), which is what tells an unanswerable question.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertModel

from benchmarks.fit_asking import PAIRS, read_pairs
from taperbot.embedding import bundled_folder, open_embedder
from taperbot.embedding_onnx import load_tokenizer
from taperbot.embedding_tuned import RELEVANCE, Arrays, pair_pieces, tuned_folder, tuned_layers, written

HARD_PAIRS = Path(__file__).resolve().parent / "relevance_pairs.jsonl"
LAYERS = 4
"""The lowest of six. All six were not tried: they would take half as long again for every question."""
EPOCHS = 2
RATE, HEAD_RATE = 1e-4, 1e-3
FURTHER = 0.7
"""Of these rates, where layers are fitted further."""
BATCH = 24
WRONG = 4
"""Wrong quotes beside the right one, up to three of them from its own article."""
MINED = 12
"""Nearest wrong quotes of each sort from which these are drawn."""
BINARY_SHARE = 0.5
RIGHT_WEIGHT = 2.0
WARM_UP = 0.06


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the texts that answer it, none for one that only seems to be answered. `same` and `other`: wrong ones of the same article, and of any other by that hand."""

    hand: str
    question: str
    answers: tuple[str, ...]
    same: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


class CrossEncoder(nn.Module):
    """The embedder's lower layers over question and quote, and one score from the first word piece. Embeddings stay as they are; no dropout."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder: Any = BertModel.from_pretrained(bundled_folder(), add_pooling_layer=False, attn_implementation="eager")
        self.encoder.encoder.layer = self.encoder.encoder.layer[:LAYERS]
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        self.encoder.embeddings.requires_grad_(False)
        self.head = nn.Linear(self.encoder.config.hidden_size, 1)

    def forward(self, pieces: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """(pairs,) log-odds."""
        states = self.encoder(input_ids=pieces, token_type_ids=types, attention_mask=mask)[0]
        scores: Tensor = self.head(states[:, 0].float())[:, 0]
        return scores

    def start_from(self, arrays: Arrays) -> None:
        """Take over layers that were fitted before."""
        values = {name: torch.from_numpy(value.astype(np.float32)) for name, value in arrays.items()}
        parts = ((self.encoder.encoder.layer, "layers."), (self.head, "head."))
        for module, prefix in parts:
            module.load_state_dict({name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)})

    def arrays(self) -> Arrays:
        """By name, float16, as `taperbot.embedding_graph` reads them."""
        found = {f"layers.{name}": value for name, value in self.encoder.encoder.layer.state_dict().items()}
        found |= {f"head.{name}": value for name, value in self.head.state_dict().items()}
        return {name: value.detach().numpy().astype(np.float16) for name, value in found.items()}


def read_rows() -> list[Row]:
    """Every question of both files that is not about a bundled article; `same` holds, at first, only what a question seems to be answered by."""
    rows = [Row(pair.hand, pair.question, pair.answers) for pair in read_pairs(PAIRS) if not pair.about]
    for line in HARD_PAIRS.read_text("utf-8").splitlines():
        raw = json.loads(line)
        rows.append(Row(raw["hand"], raw["question"], tuple(raw["answers"]), (raw["near"],) if "near" in raw else ()))
    return rows


def with_wrong(rows: Sequence[Row], index: Path) -> list[Row]:
    """The rows with the quotes that come nearest and do not answer, by the bundled embedder."""
    texts = list(dict.fromkeys(text for row in rows for text in (*row.answers, *row.same)))
    embedder = open_embedder(models=index / "models")
    matrix = np.asarray(embedder.embed_documents(texts), np.float32)
    asked = np.asarray(embedder.embed_documents([row.question for row in rows]), np.float32)
    titles = [_title(text) for text in texts]
    hand_of = {text: row.hand for row in rows for text in (*row.answers, *row.same)}
    hands = np.array([hand_of[text] for text in texts])
    of_title: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        of_title.setdefault(title, []).append(place)
    found = []
    for row, vector in zip(rows, asked, strict=True):
        scores = matrix @ vector
        nearest = np.argsort(-np.where(hands == row.hand, scores, -2.0))[: 3 * MINED]
        wrong = [place for place in nearest if not _says_the_same(texts[place], row.answers)]
        own = {_title(text) for text in (*row.answers, *row.same)}
        near = sorted((place for title in own for place in of_title[title]), key=lambda place: -scores[place])
        same = [texts[place] for place in near if not _says_the_same(texts[place], row.answers)]
        # What a question was written to seem answered by comes first.
        same = list(dict.fromkeys([*row.same, *same]))[:MINED]
        found.append(Row(row.hand, row.question, row.answers, tuple(same), tuple(texts[place] for place in wrong[:MINED])))
    return found


def fit(rows: Sequence[Row], epochs: int = EPOCHS, seed: int = 0, start: Arrays | None = None) -> CrossEncoder:
    """The fitted cross-encoder; bfloat16 sums, float32 weights. With `start` these layers are fitted further, at a lower rate."""
    torch.manual_seed(seed)
    dice, started = random.Random(seed), time.monotonic()
    model, batcher = CrossEncoder(), _Batcher()
    if start is not None:
        model.start_from(start)
    slower = FURTHER if start is not None else 1.0
    trained = [parameter for parameter in model.encoder.parameters() if parameter.requires_grad]
    groups = [{"params": trained, "lr": RATE * slower}, {"params": list(model.head.parameters()), "lr": HEAD_RATE * slower}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * (len(rows) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (WARM_UP * steps)) * max(0.0, 1 - step / steps)
    )
    model.train()
    for epoch in range(epochs):
        losses = []
        for batch in _batches(rows, dice):
            loss = _loss(model, batcher, batch, dice)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*trained, *model.head.parameters()], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            if len(losses) % 100 == 0:
                print(
                    f"epoch {epoch + 1}: {len(losses)} batches, loss {np.mean(losses[-100:]):.3f}, {time.monotonic() - started:.0f} s",
                    file=sys.stderr,
                )
    return model.train(False)


def _loss(model: CrossEncoder, batcher: _Batcher, batch: Sequence[Row], dice: random.Random) -> Tensor:
    pairs: list[tuple[str, str]] = []
    right: list[float] = []
    owner: list[int] = []
    for place, row in enumerate(batch):
        texts = _drawn(row, dice)
        answers = 1 if row.answers else 0
        pairs += [(row.question, text) for text in texts]
        right += [1.0] * answers + [0.0] * (len(texts) - answers)
        owner += [place] * len(texts)
    with torch.autocast("cpu", torch.bfloat16):
        scores = model(*batcher(pairs)).float()
    is_right, owners = torch.tensor(right), torch.tensor(owner)
    binary = nn.functional.binary_cross_entropy_with_logits(scores, is_right, pos_weight=torch.tensor(RIGHT_WEIGHT))
    answered = is_right > 0
    loss: Tensor = BINARY_SHARE * binary
    if answered.any():
        among = torch.stack([torch.logsumexp(scores[owners == place], 0) for place in range(len(batch))])
        loss = loss + (among[owners[answered]] - scores[answered]).mean()
    return loss


def _drawn(row: Row, dice: random.Random) -> list[str]:
    """The right quote first, where there is one, and WRONG wrong ones."""
    same = dice.sample(row.same, min(len(row.same), WRONG // 2 + 1))
    left = [text for text in row.other if text not in same]
    other = dice.sample(left, min(len(left), WRONG - len(same)))
    return [*([dice.choice(row.answers)] if row.answers else []), *same, *other]


def _batches(rows: Sequence[Row], dice: random.Random) -> list[list[Row]]:
    """Rows of about one length together, in random order."""
    order = sorted(rows, key=lambda row: len(row.question) + dice.random() * 30)
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    dice.shuffle(batches)
    return batches


class _Batcher:
    """Pairs to padded word pieces, types and mask, each (pairs, n)."""

    def __init__(self) -> None:
        self._tokenizer = load_tokenizer(bundled_folder() / "tokenizer.json")

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> tuple[Tensor, Tensor, Tensor]:
        read = [pair_pieces(self._tokenizer, question, text) for question, text in pairs]
        longest = max(len(pieces) for pieces, _ in read)
        padded = torch.zeros(3, len(read), longest, dtype=torch.long)
        for row, (pieces, types) in enumerate(read):
            padded[0, row, : len(pieces)], padded[1, row, : len(types)], padded[2, row, : len(pieces)] = (
                torch.tensor(pieces),
                torch.tensor(types),
                1,
            )
        return padded[0], padded[1], padded[2]


def _title(text: str) -> str:
    return text.split(" > ")[0]


def _says_the_same(text: str, answers: Sequence[str]) -> bool:
    """Whether one holds the other: what stands behind the heading is compared."""
    said = text.split(": ", 1)[-1]
    return any(said in answer or answer.split(": ", 1)[-1] in said for answer in answers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, and write if asked."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fit_relevance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="put the layers into the package")
    parser.add_argument("--further", action="store_true", help="start from the layers in the package")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--index", type=Path, default=Path("index"), help="whose exported embedder finds the wrong quotes")
    options = parser.parse_args(arguments)
    rows = with_wrong(read_rows(), options.index)
    print(f"{len(rows)} questions, {sum(not row.answers for row in rows)} of them unanswered")
    model = fit(rows, options.epochs, start=tuned_layers(RELEVANCE) if options.further else None)
    if options.write:
        print(written(tuned_folder(RELEVANCE), model.arrays()).name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
