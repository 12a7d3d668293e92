import numpy as np
import pytest

from taperbot.query import Query
from taperbot.records import Quote, QuoteKind
from taperbot.rules import contradicted_by_rules
from taperbot.tokens import tokenize

QUOTE = Quote("q", "a.md", "c", QuoteKind.SENTENCE, (), 0, 0, "", "")


def contradicted(question: str, *texts: str) -> bool:
    query = Query(question, np.zeros(4, np.float32), tuple(tokenize(question)))
    return contradicted_by_rules(query, [QUOTE._replace(text=text, indexed_text=text) for text in texts])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("does melatonin help with sleep", "Benzodiazepines change sleep."),
        ("does lamotrigine interact with clonazepam", "Clonazepam is long-acting."),
        ("does acupuncture help twitches", "Twitches ease with rest."),
        ("does a flu jab upset a taper", "A taper goes in steps."),
        ("what dose of propranolol do people take", "Propranolol can ease tremor."),
        ("can gallstones come from benzos", "Stomach pain comes and goes."),
        ("do i need a physio for my balance", "Balance comes back by itself."),
        ("how many months does it last", "It can last."),
        ("what is the half-life of oxazepam", "Benzodiazepines differ in half-life: diazepam has 100 hours."),
    ],
)
def test_quotes_that_miss_what_is_named_or_asked_are_no_answer(question: str, text: str) -> None:
    assert contradicted(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("how do I come off Xanax", "Benzodiazepines are lowered in steps."),
        ("is Valium the same as diazepam", "Diazepam is long-acting."),
        ("I twitched after prednisone too", "Corticosteroid tapers bring twitches."),
        ("how many months does it last", "It lasts 1-6 months."),
        ("how long does it last", "It fades within weeks."),
        ("does acupuncture help twitches", "Acupuncture has not been tested."),
        ("what helps", "Rest helps."),
        ("so how fast can i go down", "A taper goes in steps."),
        ("my mind goes blank at the doctor's", "Write a list before the visit."),
        ("how much of it stays in my blood", "Half of it is gone after a day."),
        ("my mate says to bin them all", "Stopping at once is dangerous."),
    ],
)
def test_quotes_that_speak_of_it_stay(question: str, text: str) -> None:
    assert not contradicted(question, text)
