from collections.abc import Sequence

import numpy as np

from benchmarks.fit_quotes import Example, fitted
from ingest.read import read_article
from taperbot.bands import UNREAD_BACKGROUND, UNREAD_RELEVANCE
from taperbot.compose_features import FEATURES, features_of
from taperbot.compose_score import READ, quote_weights, score_quotes
from taperbot.evidence import Evidence, Scores
from taperbot.intent import intent_of
from taperbot.query import Query
from taperbot.questions import Expect, GoldenQuestion, QuestionKind
from taperbot.records import Passage

PARSED = read_article(
    b"# Tremor\n\n## How long does tremor last?\n\nTremor is a shaking of the hands. It mostly lasts for weeks, because nerves settle slowly.\n",
    "tremor.md",
)
PASSAGES = [Passage(row, chunk, 0.9, opening=0.8) for row, chunk in enumerate(PARSED.chunks)]


COUNT = len(PARSED.quotes)
FLAT, NONE, EMPTY = np.zeros(COUNT, np.float32), np.zeros((COUNT, 0), np.float32), np.zeros(0, np.float32)
EVIDENCE = Evidence(PARSED.quotes, (), FLAT, FLAT, NONE, NONE, (), 0, EMPTY, EMPTY)


def column(question: str, name: str) -> list[float]:
    query = Query(question, np.zeros(4, np.float32), ("tremor",))
    features = features_of(query, intent_of(question), PASSAGES, EVIDENCE)
    assert features.shape == (COUNT, len(FEATURES))
    return [round(float(value), 3) for value in features[:, FEATURES.index(name)]]


def holding(text: str) -> list[bool]:
    return [text in quote.text for quote in PARSED.quotes]


def test_the_form_asked_for_is_found_and_else_is_not_looked_for() -> None:
    assert [bool(value) for value in column("how long does tremor last", "figure_found")] == holding("weeks")
    assert [bool(value) for value in column("why does tremor last", "reason_found")] == holding("because")
    assert not any(column("tremor", "figure_found") + column("tremor", "figure_missing") + column("tremor", "reason_found"))


def test_what_a_section_opens_with_counts_by_its_heading() -> None:
    opens = [quote.start == min(other.start for other in PARSED.quotes) for quote in PARSED.quotes]
    assert [bool(value) for value in column("tremor", "opens")] == opens
    assert max(column("tremor", "opens_under_near_heading")) == round((0.8 - 0.65) / 0.35, 3)


def test_the_package_weighs_every_feature() -> None:
    weights = quote_weights()
    for found in (weights.alone, weights.beside):
        assert found.shape == (len(FEATURES),)
        assert all(found[FEATURES.index(name)] > 0 for name in ("cosine", "nearness", "heading", "passage_score", "figure_found"))
    assert weights.relevance > 0


def test_quotes_that_are_read_as_answers_come_first_and_only_the_likeliest_are_read() -> None:
    query = Query("tremor", np.zeros(4, np.float32), ("tremor",), before="what shakes")
    asked: list[str] = []

    def read(question: str, texts: Sequence[str]) -> Scores:
        asked.extend([question, *texts])
        return np.array([9.0 if "because" in text else -9.0 for text in texts], np.float32)

    alone = score_quotes(query, intent_of(query.text), PASSAGES, EVIDENCE)
    beside = score_quotes(query, intent_of(query.text), PASSAGES, EVIDENCE, read)
    assert "because" in PARSED.quotes[int(beside.scores.argmax())].text
    assert (alone.relevance, alone.background, beside.relevance) == (UNREAD_RELEVANCE, UNREAD_BACKGROUND, 9)
    assert -9 < beside.background < 9
    assert asked[0] == "what shakes / tremor"
    assert len(asked) == 1 + min(READ, len(PARSED.quotes))
    assert set(asked[1:]) <= {quote.indexed_text for quote in PARSED.quotes}


def test_fitting_finds_what_tells_right_quotes() -> None:
    drawn = np.random.default_rng(1)
    sample = []
    for number in range(40):
        features = drawn.normal(size=(12, len(FEATURES)))
        held = np.zeros(12)
        held[int(features[:, 2].argmax())] = 1.0
        question = GoldenQuestion(str(number), "?", QuestionKind.PLAIN, Expect.ANSWER, articles=("a.md",))
        query = Query("?", np.zeros(4, np.float32), ())
        sample.append(Example(question, query, (), features, held, 1.0, lambda _, texts: np.zeros(len(texts), np.float32)))
    weights = fitted(sample)
    assert int(np.abs(weights).argmax()) == 2
    assert weights[2] > 0
