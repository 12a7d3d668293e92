"""MiniLM as a graph for one unpadded text: the original's weights and sums, in fewer and larger products.

Queries, keys and values are one product; no mask, for nothing is padded; the one token type is added to the positions beforehand.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertModel

from taperbot.embedding_onnx import MAX_WORD_PIECES
from taperbot.embedding_tuned import Arrays, depth

ONNX_OPSET = 17


class _Dense(nn.Module):
    """A linear layer as a plain product, the form that is turned into int8."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.T.contiguous())
        self.bias = nn.Parameter(bias)

    def forward(self, states: Tensor) -> Tensor:
        return states @ self.weight + self.bias


class _Layer(nn.Module):
    """One layer of the original over states of (word pieces, width)."""

    def __init__(self, original: Any, heads: int) -> None:
        super().__init__()
        attention = original.attention.self
        self.heads, self.head_width = heads, attention.attention_head_size
        # The scale of attention goes into the queries.
        scale = self.head_width**-0.5
        self.looked_at = _Dense(
            torch.cat([attention.query.weight * scale, attention.key.weight, attention.value.weight]),
            torch.cat([attention.query.bias * scale, attention.key.bias, attention.value.bias]),
        )
        self.attended = _dense(original.attention.output.dense)
        self.first_norm = original.attention.output.LayerNorm
        self.widened = _dense(original.intermediate.dense)
        self.narrowed = _dense(original.output.dense)
        self.second_norm = original.output.LayerNorm

    def forward(self, states: Tensor) -> Tensor:
        query, key, value = self.looked_at(states).view(-1, 3, self.heads, self.head_width).permute(1, 2, 0, 3)
        context = torch.softmax(query @ key.transpose(-1, -2), dim=-1) @ value
        flat = context.transpose(0, 1).reshape(-1, self.heads * self.head_width)
        states = self.first_norm(self.attended(flat) + states)
        widened = nn.functional.gelu(self.widened(states))
        normed: Tensor = self.second_norm(self.narrowed(widened) + states)
        return normed


class _Pooled(nn.Module):
    """Token ids (1, n) to one vector (1, width) of unit length, the mean over all word pieces."""

    def __init__(self, original: Any) -> None:
        super().__init__()
        embeddings = original.embeddings
        self.words, self.norm = embeddings.word_embeddings, embeddings.LayerNorm
        positions = embeddings.position_embeddings.weight[:MAX_WORD_PIECES] + embeddings.token_type_embeddings.weight[0]
        self.positions = nn.Parameter(positions.detach())
        self.layers = nn.ModuleList(_Layer(layer, original.config.num_attention_heads) for layer in original.encoder.layer)

    def forward(self, input_ids: Tensor) -> Tensor:
        return _unit(_mean(self.layers, self.embedded(input_ids[0])))

    def embedded(self, pieces: Tensor) -> Tensor:
        """What the first layer reads, (word pieces, width)."""
        states: Tensor = self.norm(self.words(pieces) + self.positions[: pieces.shape[0]])
        return states


class _Reading(nn.Module):
    """Token ids (1, n) to the vector of `_Pooled` and, by tuned layers that stand on the same lower ones, scores (1, levels) and a vector (1, width)."""

    def __init__(self, original: Any, triage: Arrays, asking: Arrays) -> None:
        super().__init__()
        self.pooled = _Pooled(original)
        self.triage, self.asking = _tuned(original, triage), _tuned(original, asking)
        head = _parts(triage, "head.")
        self.head_weight, self.head_bias = nn.Parameter(head["weight"].T.contiguous()), nn.Parameter(head["bias"])

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        below = [self.pooled.embedded(input_ids[0])]
        for layer in self.pooled.layers:
            below.append(layer(below[-1]))
        vector = _unit(below[-1].mean(dim=0, keepdim=True))
        judged, asked = (_mean(layers, below[len(self.pooled.layers) - len(layers)]) for layers in (self.triage, self.asking))
        # As a sum of products, which stays in float32: the head is tiny and decides.
        levels = (judged[0].unsqueeze(-1) * self.head_weight).sum(dim=0, keepdim=True) + self.head_bias
        return vector, levels, _unit(asked)


class _Relevance(nn.Module):
    """Token ids (1, n) of a question and a quote, with the type of each (1, n), to log-odds (1,) that the one answers the other."""

    def __init__(self, original: Any, relevance: Arrays) -> None:
        super().__init__()
        embeddings = original.embeddings
        self.words, self.norm, self.types = embeddings.word_embeddings, embeddings.LayerNorm, embeddings.token_type_embeddings
        self.positions = nn.Parameter(embeddings.position_embeddings.weight[:MAX_WORD_PIECES].detach())
        self.layers = _tuned(original, relevance)
        head = _parts(relevance, "head.")
        self.head_weight, self.head_bias = nn.Parameter(head["weight"][0]), nn.Parameter(head["bias"])

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> Tensor:
        pieces = input_ids[0]
        states = self.norm(self.words(pieces) + self.positions[: pieces.shape[0]] + self.types(token_type_ids[0]))
        for layer in self.layers:
            states = layer(states)
        # As a sum of products, which stays in float32.
        scores: Tensor = (states[0] * self.head_weight).sum().unsqueeze(0) + self.head_bias
        return scores


def _mean(layers: Any, states: Tensor) -> Tensor:
    for layer in layers:
        states = layer(states)
    return states.mean(dim=0, keepdim=True)


def _unit(vector: Tensor) -> Tensor:
    return nn.functional.normalize(vector, p=2, dim=1)


def _tuned(original: Any, arrays: Arrays) -> nn.ModuleList:
    upper = copy.deepcopy(original.encoder.layer[-depth(arrays) :])
    upper.load_state_dict(_parts(arrays, "layers."))
    return nn.ModuleList(_Layer(layer, original.config.num_attention_heads) for layer in upper)


def write_graph(source: Path, target: Path) -> None:
    """Export the model in the folder `source` as float32 ONNX: `input_ids` (1, n) int64 to `embedding` (1, width)."""
    _write(_Pooled(_original(source)), target, ["input_ids"], ["embedding"])


def write_reading_graph(source: Path, triage: Arrays, asking: Arrays, target: Path) -> None:
    """The same with further outputs by the tuned layers: `levels` (1, levels), scores, and `asking` (1, width)."""
    _write(_Reading(_original(source), triage, asking), target, ["input_ids"], ["embedding", "levels", "asking"])


def write_relevance_graph(source: Path, relevance: Arrays, target: Path) -> None:
    """Export the cross-encoder: `input_ids` and `token_type_ids`, both (1, n) int64, to `relevance` (1,), log-odds."""
    _write(_Relevance(_original(source), relevance), target, ["input_ids", "token_type_ids"], ["relevance"])


def _original(source: Path) -> Any:
    return BertModel.from_pretrained(source, attn_implementation="eager", add_pooling_layer=False)


def _parts(tuned: Arrays, prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): torch.from_numpy(value.astype(np.float32)) for name, value in tuned.items() if name.startswith(prefix)
    }


def _write(model: nn.Module, target: Path, inputs: list[str], outputs: list[str]) -> None:
    examples = (torch.arange(1000, 1016).unsqueeze(0), (torch.arange(16) // 8).unsqueeze(0))
    with torch.no_grad():
        torch.onnx.export(
            model.eval(),
            examples[: len(inputs)],
            str(target),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes={name: {1: "word_pieces"} for name in inputs},
            opset_version=ONNX_OPSET,
            dynamo=False,
        )


def _dense(linear: Any) -> _Dense:
    return _Dense(linear.weight.detach(), linear.bias.detach())
