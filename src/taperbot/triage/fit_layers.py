"""Tunes the last layers of a copy of the bundled embedder, with a linear head, to tell the levels of messages apart.

The layers below stay as they are, so serving runs them once for the vector and for the levels; what goes in and comes out is exported by
`taperbot.embedding_graph`. Fine-tuning a pretrained encoder by its upper layers: Howard and Ruder (ACL 2018), Devlin et al. (NAACL 2019).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertModel

from taperbot.embedding import bundled_folder
from taperbot.embedding_levels import LEVELS, LOWER_LAYERS, pieces_of
from taperbot.embedding_onnx import load_tokenizer
from taperbot.triage.context import context_of
from taperbot.triage.exemplars import Exemplar

EPOCHS = 4
BATCH = 32
RATE, HEAD_RATE = 2e-4, 2e-3
WARM_UP = 0.1
SMOOTHING = 0.05
ALSO_SHARE = 0.3
"""Of the weight of a message, what goes to the other levels one could give it."""
_MOST_ALIKE = 64
Arrays = dict[str, NDArray[np.float16]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A message as it leaves the lower layers, (word pieces, width), in half precision; one per way of typing it."""

    states: tuple[Tensor, ...]


def fit_layers(exemplars: Sequence[Exemplar], notify: Callable[[str], None] = lambda _: None, epochs: int = EPOCHS) -> Arrays:
    """The tuned layers and head by name, float16. The same exemplars and library version give the same arrays on one machine; takes minutes."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    dice = random.Random(0)
    original = BertModel.from_pretrained(bundled_folder(), add_pooling_layer=False, attn_implementation="eager")
    original.requires_grad_(False)
    original.train(False)
    lower, upper = original.encoder.layer[:LOWER_LAYERS], original.encoder.layer[LOWER_LAYERS:].requires_grad_(True)
    head = nn.Linear(original.config.hidden_size, len(LEVELS))
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    ways = [[_encoded(one, None) for one in exemplars], [_encoded(one, dice) for one in exemplars]]
    seen = [_states(original.embeddings, lower, pieces) for pieces in ways]
    notify(f"{len(exemplars)} exemplars read twice, once as written and once as typed in haste")
    targets = torch.tensor(np.stack([_target(one) for one in exemplars]), dtype=torch.float32)
    _train(upper, head, seen, targets, dice, epochs, notify)
    kept = {f"layers.{name}": value for name, value in upper.state_dict().items()}
    kept |= {f"head.{name}": value for name, value in head.state_dict().items()}
    return {name: value.detach().numpy().astype(np.float16) for name, value in kept.items()}


def _train(
    upper: Any, head: nn.Linear, seen: Sequence[Sequence[Tensor]], targets: Tensor, dice: random.Random, epochs: int, notify: Any
) -> None:
    optimizer = torch.optim.AdamW(
        [{"params": upper.parameters(), "lr": RATE}, {"params": head.parameters(), "lr": HEAD_RATE}], weight_decay=0.01
    )
    steps = epochs * (len(targets) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (WARM_UP * steps)) * max(0.0, 1 - step / steps)
    )
    drop = nn.Dropout(0.1)
    upper.train()
    for epoch in range(epochs):
        losses = []
        states = seen[epoch % len(seen)]
        for rows in _batches(states, dice):
            padded, mask = _padded([states[row] for row in rows])
            chances = nn.functional.log_softmax(head(drop(_pooled(upper, padded, mask))), dim=-1)
            loss = -(targets[rows] * chances).sum(dim=1).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*upper.parameters(), *head.parameters()], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        notify(f"epoch {epoch + 1} of {epochs}: loss {sum(losses) / len(losses):.3f}")
    upper.eval()


def _pooled(upper: Any, states: Tensor, mask: Tensor) -> Tensor:
    hidden = (1 - mask)[:, None, None, :] * -1e4
    for layer in upper:
        states = _first(layer(states, attention_mask=hidden))
    return (states * mask.unsqueeze(-1)).sum(dim=1) / mask.sum(dim=1, keepdim=True)


def _states(embeddings: Any, lower: Any, pieces: Sequence[list[int]]) -> list[Tensor]:
    """What leaves the lower layers for each message, in the order given; messages of one length together, unpadded."""
    made: dict[int, Tensor] = {}
    with torch.no_grad():
        for rows in _alike(pieces):
            states = embeddings(input_ids=torch.tensor([pieces[row] for row in rows]))
            for layer in lower:
                states = _first(layer(states, attention_mask=None))
            made |= {row: state.half().clone() for row, state in zip(rows, states, strict=True)}
    return [made[row] for row in range(len(pieces))]


def _alike(pieces: Sequence[list[int]]) -> Iterator[list[int]]:
    by_length: dict[int, list[int]] = {}
    for row, ids in enumerate(pieces):
        by_length.setdefault(len(ids), []).append(row)
    for rows in by_length.values():
        for start in range(0, len(rows), _MOST_ALIKE):
            yield rows[start : start + _MOST_ALIKE]


def _batches(states: Sequence[Tensor], dice: random.Random) -> list[list[int]]:
    """Rows of about one length together, in random order."""
    order = sorted(range(len(states)), key=lambda row: len(states[row]) + dice.random() * 6)
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    dice.shuffle(batches)
    return batches


def _padded(states: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """(messages, word pieces, width) and a mask that is 1 where there is one."""
    longest = max(len(state) for state in states)
    padded, mask = torch.zeros(len(states), longest, states[0].shape[-1]), torch.zeros(len(states), longest)
    for row, state in enumerate(states):
        padded[row, : len(state)], mask[row, : len(state)] = state.float(), 1.0
    return padded, mask


def _first(returned: Any) -> Tensor:
    states: Tensor = returned[0] if isinstance(returned, tuple) else returned
    return states


def _target(exemplar: Exemplar) -> NDArray[np.float64]:
    """Chances to aim at: smoothed, and shared with the other levels one could give the message."""
    aimed = np.full(len(LEVELS), SMOOTHING / len(LEVELS))
    share = ALSO_SHARE if exemplar.also else 0.0
    aimed[LEVELS.index(exemplar.level.value)] += (1 - SMOOTHING) * (1 - share)
    for level in exemplar.also:
        aimed[LEVELS.index(level.value)] += (1 - SMOOTHING) * share / len(exemplar.also)
    return aimed


_tokenizers: list[Any] = []


def _encoded(exemplar: Exemplar, dice: random.Random | None) -> list[int]:
    if not _tokenizers:
        _tokenizers.append(load_tokenizer(bundled_folder() / "tokenizer.json"))
    text = exemplar.text if dice is None else _in_haste(exemplar.text, dice)
    return pieces_of(_tokenizers[0], text, context_of(exemplar.history))


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
