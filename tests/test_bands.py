import json
import random
from dataclasses import replace

import pytest

from taperbot.bands import MIN_SAMPLES, SIGN_NAMES, Bands, Sample, Signs, bands_from_json, bands_to_json, fit, shipped_bands
from taperbot.errors import IndexDamagedError
from taperbot.records import Outcome


def samples(count: int, seed: int = 1) -> list[Sample]:
    drawn = random.Random(seed)
    return [
        Sample(Signs(quote_cosine=drawn.gauss(0.7 if answerable else 0.3, 0.1), lead=drawn.random()), answerable)
        for answerable in (drawn.random() < 0.7 for _ in range(count))
    ]


def test_what_is_told_apart_by_a_sign_is_told_apart_by_the_bands() -> None:
    bands = fit(samples(200))
    assert bands.fitted_on == 200
    assert bands.outcome(Signs(quote_cosine=0.8)) is Outcome.ANSWER
    assert bands.outcome(Signs(quote_cosine=0.05)) is Outcome.ABSTAIN
    assert bands.nearest_at < bands.answer_at


def test_few_questions_refuse_few_answers_and_figures_say_so() -> None:
    figures = dict(fit(samples(300)).figures)
    assert figures["answerable_answer"] >= 0.94
    assert figures["unanswerable_answer"] <= 0.2
    assert sum(share for name, share in figures.items() if name.startswith("answerable")) == pytest.approx(1, abs=0.01)


def test_too_few_or_one_sided_questions_keep_the_given_bands() -> None:
    given = shipped_bands()
    assert fit(samples(MIN_SAMPLES - 1), given) is given
    assert fit([replace(sample, answerable=True) for sample in samples(200)], given) is given


def test_bands_survive_writing_and_reading() -> None:
    bands = fit(samples(120))
    assert bands_from_json(bands_to_json(bands)) == bands


def test_bands_of_an_earlier_version_with_fewer_signs_are_read() -> None:
    record = json.loads(bands_to_json(shipped_bands()))
    del record["weights"]["opening"]
    older = bands_from_json(json.dumps(record))
    assert older.weights[SIGN_NAMES.index("opening")] == 0
    assert older.weights[0] == shipped_bands().weights[0]


def test_a_sign_that_tells_the_golden_questions_nothing_keeps_its_shipped_weight() -> None:
    opening = SIGN_NAMES.index("opening")
    assert fit(samples(200)).weights[opening] == pytest.approx(shipped_bands().weights[opening], rel=1e-3)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"weights": {}}', "null"])
def test_damaged_bands_are_named(text: str) -> None:
    with pytest.raises(IndexDamagedError):
        bands_from_json(text)


def test_the_shipped_bands_were_fitted_and_grow_with_the_signs() -> None:
    bands = shipped_bands()
    assert bands.fitted_on >= MIN_SAMPLES
    assert len(bands.weights) == len(SIGN_NAMES)
    near = Signs(quote_cosine=0.9, passage_cosine=0.9, coverage=1, closeness=1, weakest=1, lead=0.8)
    assert bands.probability(near) > bands.probability(Signs(strange=1, strangest=1))


def test_probabilities_stay_in_bounds() -> None:
    wild = Bands((1e9,) * len(SIGN_NAMES), 0.0, 0.5, 0.2)
    low, high = (Signs(quote_cosine=cosine, relevance=0, background=0) for cosine in (-1, 1))
    assert 0 <= wild.probability(low) < wild.probability(high) <= 1
