"""The tuned layers as exported: one pass gives the embedder's own vector and the chances of levels."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from taperbot.embedding import Embedder
from taperbot.embedding_judge import OnnxJudge, open_judge
from taperbot.embedding_onnx import load_tokenizer
from taperbot.embedding_tuned import LEVELS, pieces_of, tuned_export_name

TEXTS = ["How long does akathisia last?", "he won't wake up", "", "10 mg " * 400, "日本語", "Ich will nicht mehr leben"]


@pytest.mark.parametrize("text", TEXTS)
def test_vector_is_that_of_the_embedder_to_the_bit(judge: OnnxJudge, embedder: Embedder, text: str) -> None:
    vector, chances, asking = judge.read(text)
    assert judge.gives_vectors
    assert np.array_equal(vector, embedder.embed_queries([text])[0])
    assert chances.shape == (len(LEVELS),)
    assert float(chances.sum()) == pytest.approx(1, abs=1e-5)
    assert float(np.linalg.norm(asking)) == pytest.approx(1, abs=1e-4)


def test_context_changes_the_chances(judge: OnnxJudge) -> None:
    alone, after = judge.read("yes").chances, judge.read("yes", "I feel so low / Do you want to end your life?").chances
    assert float(after[:2].sum()) > float(alone[:2].sum()) + 0.3


def test_context_stands_before_the_message_and_is_cut_first(models_folder: Path) -> None:
    tokenizer = load_tokenizer(models_folder / tuned_export_name() / "tokenizer.json")
    own = tokenizer.encode("is it safe").ids
    assert pieces_of(tokenizer, "is it safe") == own
    joined = pieces_of(tokenizer, "is it safe", "word " * 500)
    assert joined[-len(own) + 1 :] == own[1:]
    assert len(joined) < 100


@pytest.mark.parametrize("spoil", ["absent", "cut"])
def test_without_a_whole_export_there_is_no_judge_and_no_error(models_folder: Path, tmp_path: Path, spoil: str) -> None:
    if spoil == "cut":
        shutil.copytree(models_folder / tuned_export_name(), tmp_path / tuned_export_name())
        (tmp_path / tuned_export_name() / "model.onnx").write_bytes(b"cut")
    assert open_judge(tmp_path) is None
