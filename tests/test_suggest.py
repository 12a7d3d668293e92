from taperbot.records import Chunk, Passage
from taperbot.suggest import remembered, suggestions_for


def passage(heading: str) -> Passage:
    return Passage(0, Chunk(heading, "a.md", "A", (heading,), 0, 1, "x", "x"), 1.0)


PASSAGES = [
    passage(heading) for heading in ("What is kindling?", "Kindling", "Does kindling pass?", "What helps sleep?", "How long is a taper?")
]


def test_headings_that_are_questions_come_first_then_starters() -> None:
    found = suggestions_for("tell me of tremor", PASSAGES[:2], ["Who decides the pace?"], lambda _: True)
    assert found == ("What is kindling?", "Who decides the pace?")


def test_only_what_is_answered_and_not_what_was_asked() -> None:
    found = suggestions_for("what is kindling", PASSAGES, [], lambda question: "sleep" not in question)
    assert found == ("Does kindling pass?", "How long is a taper?")


def test_at_most_three() -> None:
    assert len(suggestions_for("x", PASSAGES, ["More about tremor?"], lambda _: True)) == 3


def test_what_was_found_out_is_remembered() -> None:
    asked: list[str] = []
    known = remembered(lambda question: bool(asked.append(question)) or True)
    assert known("a")
    assert known("a")
    assert asked == ["a"]
