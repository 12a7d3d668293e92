import pytest

from taperbot.query import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is akathisia?", 1),
        ("What is akathisia? How long does it last?", 2),
        ("who should be supervised on a taper? also which twitch signs need a doctor?", 2),
        ("how do I sleep better and what helps with twitching", 2),
        ("does magnesium help with both the restlessness of akathisia and the twitching", 2),
        ("what is the difference between akathisia and anxiety", 2),
        ("akathisia vs anxiety", 2),
        ("which minerals are named for akathisia, and which ones for twitching", 2),
        ("why do I sweat and shake?", 1),
        ("can I drink beer or wine", 1),
        ("is it safe and normal", 1),
        ("", 1),
    ],
)
def test_questions_asked_at_once_are_told_apart(question: str, parts: int) -> None:
    assert len(parts_of(question)) == parts


def test_each_side_keeps_what_the_question_says_of_both() -> None:
    assert parts_of("which minerals are named for akathisia, and which ones for twitching") == (
        "which minerals are named for akathisia",
        "which minerals are named for twitching",
    )
    assert parts_of("what is the difference between akathisia and anxiety") == ("what is akathisia", "what is anxiety")
