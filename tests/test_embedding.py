"""The embedder: one route, the same vector every time, as close to sentence-transformers as promised."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from taperbot.embedding import BUNDLED_WEIGHTS, EXPORT_NAME, REFERENCE_ROUTE, Embedder, bundled_folder, open_embedder
from taperbot.embedding_export import check_weights
from taperbot.embedding_texts import varied_texts
from taperbot.errors import ModelError

TEXTS = ["How long does akathisia last?", "", "twitching " * 400, "Taper by 5-10% every 2-4 weeks.", "日本語"]


def test_vectors_have_unit_length_and_the_promised_shape(embedder: Embedder) -> None:
    vectors = embedder.embed_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimensions) == (5, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder) -> None:
    together = embedder.embed_documents(TEXTS + TEXTS[::-1])
    alone = np.stack([embedder.embed_queries([text])[0] for text in TEXTS])
    assert (together[: len(TEXTS)] == alone).all()
    assert (together[len(TEXTS) :] == alone[::-1]).all()


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_documents([]).shape == (0, 384)


def test_the_export_was_verified_and_its_figures_written_down(models_folder: Path) -> None:
    verified = json.loads((models_folder / EXPORT_NAME / "verified.json").read_text("utf-8"))
    assert verified["passed"]
    assert verified["texts"] >= 500
    assert verified["median_cosine"] >= 0.99
    assert verified["least_cosine"] >= 0.98


def test_comparison_texts_are_many_different_and_always_the_same() -> None:
    texts = varied_texts(bundled_folder() / "tokenizer.json")
    assert len(set(texts)) == len(texts) >= 500
    assert texts == varied_texts(bundled_folder() / "tokenizer.json")


def test_loading_and_embedding_import_nothing_heavy(models_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from taperbot.embedding import open_embedder;"
        f"open_embedder(models=Path({str(models_folder)!r})).embed_queries(['a', 'b']);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'chromadb') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ModelError, match="wanted 53aa51172d14"):
        check_weights(tmp_path / "model.safetensors", BUNDLED_WEIGHTS)


def test_a_missing_export_is_said_when_none_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="python -m ingest"):
        open_embedder(models=tmp_path, may_export=False)


def test_a_cut_off_export_is_never_used_quietly(models_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(models_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / EXPORT_NAME / "model.onnx").write_bytes(b"cut")
    with pytest.raises(ModelError, match="damaged"):
        open_embedder(models=tmp_path)


def test_a_failed_verification_falls_back_to_the_reference_and_says_so(models_folder: Path, tmp_path: Path, embedder: Embedder) -> None:
    shutil.copytree(models_folder, tmp_path, dirs_exist_ok=True)
    verdict = tmp_path / EXPORT_NAME / "verified.json"
    verdict.write_text(json.dumps(json.loads(verdict.read_text("utf-8")) | {"passed": False}), "utf-8")
    said: list[str] = []
    reference = open_embedder(models=tmp_path, notify=said.append)
    assert reference.route == REFERENCE_ROUTE
    assert len(said) == 1
    cosines = (reference.embed_documents(TEXTS) * embedder.embed_documents(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.98


def test_an_unknown_model_is_one_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no-such-model"):
        open_embedder("no-such-model", models=tmp_path)
