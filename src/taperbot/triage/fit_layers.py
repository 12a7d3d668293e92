"""Tunes the last layers of a copy of the bundled embedder, with a linear head, to tell the levels of messages apart."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from taperbot.embedding import bundled_folder
from taperbot.embedding_onnx import load_tokenizer
from taperbot.embedding_tuned import LEVELS, Arrays, pieces_of
from taperbot.embedding_tuning import Tuning
from taperbot.triage.context import context_of
from taperbot.triage.exemplars import Exemplar

LAYERS = 4
"""Of six; with two, more exemplars hardly helped any more (decision 6)."""
EPOCHS = 5
RATE, HEAD_RATE = 2e-4, 2e-3
SMOOTHING = 0.05
ALSO_SHARE = 0.3
"""Of the weight of a message, what goes to the other levels one could give it."""
DROPPED = 0.1


def fit_layers(exemplars: Sequence[Exemplar], notify: Callable[[str], None] = lambda _: None, epochs: int = EPOCHS) -> Arrays:
    """The tuned layers and head by name, float16. The same exemplars and library version give the same arrays on one machine; takes minutes."""
    tuning = Tuning(LAYERS)
    tokenizer = load_tokenizer(bundled_folder() / "tokenizer.json")
    ways = [[_encoded(tokenizer, one, dice) for one in exemplars] for dice in (None, tuning.dice)]
    seen = [tuning.states(pieces) for pieces in ways]
    notify(f"{len(exemplars)} exemplars read twice, once as written and once as typed in haste")
    head, drop = nn.Linear(tuning.width, len(LEVELS)), nn.Dropout(DROPPED)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    targets = torch.tensor(np.stack([_target(one) for one in exemplars]), dtype=torch.float32)

    def loss_of(rows: list[int], pooled: Tensor) -> Tensor:
        return -(targets[rows] * nn.functional.log_softmax(head(drop(pooled)), dim=-1)).sum(dim=1).mean()

    tuning.train(seen, loss_of, RATE, epochs, head, HEAD_RATE, notify)
    kept = {f"head.{name}": value.detach().numpy().astype(np.float16) for name, value in head.state_dict().items()}
    return tuning.layers() | kept


def _target(exemplar: Exemplar) -> NDArray[np.float64]:
    """Chances to aim at: smoothed, and shared with the other levels one could give the message."""
    aimed = np.full(len(LEVELS), SMOOTHING / len(LEVELS))
    share = ALSO_SHARE if exemplar.also else 0.0
    aimed[LEVELS.index(exemplar.level.value)] += (1 - SMOOTHING) * (1 - share)
    for level in exemplar.also:
        aimed[LEVELS.index(level.value)] += (1 - SMOOTHING) * share / len(exemplar.also)
    return aimed


def _encoded(tokenizer: Tokenizer, exemplar: Exemplar, dice: random.Random | None) -> list[int]:
    text = exemplar.text if dice is None else _in_haste(exemplar.text, dice)
    return pieces_of(tokenizer, text, context_of(exemplar.history))


def _in_haste(text: str, dice: random.Random) -> str:
    """`text` with the slips of somebody who types on a phone: case, end mark, letters swapped or lost, each at times."""
    if dice.random() < 0.4:
        text = text.lower()
    if dice.random() < 0.2:
        text = text.rstrip(".?!")
    words = text.split()
    if dice.random() < 0.2:
        place = dice.randrange(len(words))
        words[place] = _slip(words[place], dice)
    return " ".join(words)


def _slip(word: str, dice: random.Random) -> str:
    if len(word) <= 3:
        return word
    at = dice.randrange(len(word) - 1)
    if dice.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]
