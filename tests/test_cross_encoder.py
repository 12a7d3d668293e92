"""The package's cross-encoder as exported: what answers a question stands above what is merely about the same thing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from taperbot.bot import Bot
from taperbot.cross_encoder import CrossEncoder, open_cross_encoder
from taperbot.embedding import Embedder
from taperbot.embedding_onnx import load_tokenizer
from taperbot.embedding_tuned import MOST_ASKED_PIECES, MOST_QUOTE_PIECES, pair_pieces, relevance_export_name
from taperbot.records import Outcome
from taperbot.settings import Settings

HEADING = "Night sweats > What they are"
CAUSE = f"{HEADING}: Sweating at night happens because the nerves that cool the skin are overactive."
LENGTH = f"{HEADING}: Most people have sweats for two to six weeks after a reduction."
RELIEF = f"{HEADING}: A cool bedroom, cotton sheets and a dry shirt beside the bed make nights easier."


@pytest.fixture(scope="module")
def cross_encoder(embedder: Embedder, models_folder: Path) -> CrossEncoder:
    found = open_cross_encoder(models_folder)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("why do i wake up soaked", CAUSE),
        ("how long will i keep waking up drenched", LENGTH),
        ("what can i do so i dont wake up in a puddle", RELIEF),
    ],
)
def test_what_answers_stands_above_its_neighbours(cross_encoder: CrossEncoder, question: str, answer: str) -> None:
    others = [text for text in (CAUSE, LENGTH, RELIEF) if text != answer]
    scores = cross_encoder.read(question, [answer, *others])
    assert int(scores.argmax()) == 0


def test_what_nothing_answers_scores_lower_than_what_is_answered(cross_encoder: CrossEncoder) -> None:
    texts = [CAUSE, LENGTH, RELIEF]
    assert (
        cross_encoder.read("how many weeks do night sweats last", texts).max()
        > cross_encoder.read("is it safe to take ibuprofen", texts).max() + 2
    )


def test_a_pair_has_one_score_whatever_stands_beside_it(cross_encoder: CrossEncoder) -> None:
    together = cross_encoder.read("why", [CAUSE, LENGTH, RELIEF])
    alone = [cross_encoder.read("why", [text])[0] for text in (CAUSE, LENGTH, RELIEF)]
    assert np.array_equal(together, alone)
    assert cross_encoder.read("why", []).shape == (0,)


@pytest.mark.parametrize("text", ["", "word " * 900, "日本語", "\x00"])
def test_any_text_is_read(cross_encoder: CrossEncoder, text: str) -> None:
    assert np.isfinite(cross_encoder.read(text, [CAUSE, text])).all()


def test_of_a_long_question_the_end_is_read_and_of_a_long_quote_the_beginning(models_folder: Path, cross_encoder: CrossEncoder) -> None:
    tokenizer = load_tokenizer(models_folder / relevance_export_name() / "tokenizer.json")
    pieces, types = pair_pieces(tokenizer, "story " * 100 + "why", "because " + "and " * 200)
    assert len(pieces) == len(types) == MOST_ASKED_PIECES + MOST_QUOTE_PIECES + 3
    assert types.count(0) == MOST_ASKED_PIECES + 2
    assert tokenizer.decode(pieces[: types.count(0)]).endswith("why")
    assert tokenizer.decode(pieces[types.count(0) :]).startswith("because")


@pytest.mark.parametrize("spoil", ["absent", "cut"])
def test_without_a_whole_export_questions_are_answered_all_the_same(bot: Bot, article_index: Path, tmp_path: Path, spoil: str) -> None:
    index = tmp_path / "index"
    shutil.copytree(article_index, index, symlinks=True)
    models = (index / "models").resolve()
    (index / "models").unlink()
    shutil.copytree(models, index / "models")
    spoiled = index / "models" / relevance_export_name()
    if spoil == "cut":
        (spoiled / "model.onnx").write_bytes(b"cut")
    else:
        # Whole enough not to be exported anew.
        (spoiled / "model.onnx").unlink()
    assert open_cross_encoder(index / "models") is None
    answered = Bot(replace(Settings(), index=index)).ask("what are night sweats")
    assert answered.outcome is bot.ask("what are night sweats").outcome is Outcome.ANSWER
