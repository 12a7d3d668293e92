"""Tuning the last layers of a copy of the bundled embedder; torch is needed here and wherever this is called from, never while serving.

The layers below stay as they are and are run once for each text, so an epoch costs less than a whole one. Fine-tuning a pretrained encoder by its
upper layers: Howard and Ruder (ACL 2018), Devlin et al. (NAACL 2019).
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertModel

from taperbot.embedding import bundled_folder
from taperbot.embedding_tuned import Arrays

BATCH = 32
WARM_UP = 0.1
_MOST_ALIKE = 64


class Tuning:
    """The frozen lower layers and a trainable copy of the upper ones, `layers` of them, on one thread, the same every time on one machine."""

    def __init__(self, layers: int, seed: int = 0) -> None:
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        self.dice = random.Random(seed)
        self._original = BertModel.from_pretrained(bundled_folder(), add_pooling_layer=False, attn_implementation="eager")
        self._original.requires_grad_(False)
        self._original.train(False)
        self.width = int(self._original.config.hidden_size)
        self.upper: Any = copy.deepcopy(self._original.encoder.layer[-layers:]).requires_grad_(True)
        self._lower = self._original.encoder.layer[:-layers]

    def states(self, pieces: Sequence[Sequence[int]]) -> list[Tensor]:
        """What leaves the lower layers for each text, (word pieces, width) in half precision; texts of one length together, unpadded."""
        made: dict[int, Tensor] = {}
        with torch.no_grad():
            for rows in _alike(pieces):
                states = self._original.embeddings(input_ids=torch.tensor([list(pieces[row]) for row in rows]))
                for layer in self._lower:
                    states = _first(layer(states, attention_mask=None))
                made |= {row: state.half().clone() for row, state in zip(rows, states, strict=True)}
        return [made[row] for row in range(len(pieces))]

    def pooled(self, states: Sequence[Tensor]) -> Tensor:
        """(texts, width): the mean over the word pieces of what leaves the upper layers."""
        padded, mask = _padded(states)
        hidden = (1 - mask)[:, None, None, :] * -1e4
        for layer in self.upper:
            padded = _first(layer(padded, attention_mask=hidden))
        return (padded * mask.unsqueeze(-1)).sum(dim=1) / mask.sum(dim=1, keepdim=True)

    def train(
        self, seen: Sequence[Sequence[Tensor]], loss_of: Callable[[list[int], Tensor], Tensor], rate: float, epochs: int,
        head: nn.Linear | None = None, head_rate: float = 0.0, notify: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        """`seen`: the states of all texts, for one epoch after the other in turn; `loss_of(rows, pooled)` is what to make small."""
        groups = [{"params": list(self.upper.parameters()), "lr": rate}]
        groups += [{"params": list(head.parameters()), "lr": head_rate}] if head is not None else []
        trained = [parameter for group in groups for parameter in group["params"]]  # type: ignore[attr-defined]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        steps = epochs * (len(seen[0]) // BATCH + 1)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1, (step + 1) / (WARM_UP * steps)) * max(0.0, 1 - step / steps)
        )
        self.upper.train()
        for epoch in range(epochs):
            states, losses = seen[epoch % len(seen)], []
            for rows in _batches(states, self.dice):
                loss = loss_of(rows, self.pooled([states[row] for row in rows]))
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(trained, 1.0)
                optimizer.step()
                schedule.step()
                losses.append(loss.item())
            notify(f"epoch {epoch + 1} of {epochs}: loss {sum(losses) / len(losses):.3f}")
        self.upper.train(False)

    def layers(self) -> Arrays:
        """The upper layers by name, float16, as `taperbot.embedding_graph` reads them."""
        return {f"layers.{name}": value.detach().numpy().astype(np.float16) for name, value in self.upper.state_dict().items()}


def _alike(pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
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
    """(texts, word pieces, width) and a mask that is 1 where there is one."""
    longest = max(len(state) for state in states)
    padded, mask = torch.zeros(len(states), longest, states[0].shape[-1]), torch.zeros(len(states), longest)
    for row, state in enumerate(states):
        padded[row, : len(state)], mask[row, : len(state)] = state.float(), 1.0
    return padded, mask


def _first(returned: Any) -> Tensor:
    states: Tensor = returned[0] if isinstance(returned, tuple) else returned
    return states
