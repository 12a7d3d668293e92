from pathlib import Path

import pytest

from taperbot.errors import UsageError
from taperbot.questions import Expect, QuestionKind, load_questions

GOOD = """
- {id: a1, question: What is it?, kind: plain, expect: answer, articles: [a.md], facts: [Tight|stiff], section: What is it?}
- {id: a2, question: and then?, history: [What is it?], kind: follow_up, expect: answer, articles: [a.md]}
- {id: a3, question: Who won?, kind: off_topic, expect: abstain, never: [won]}
"""


def write(folder: Path, text: str, name: str = "questions.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_questions_are_read_with_their_patterns(tmp_path: Path) -> None:
    first, second, third = load_questions(write(tmp_path, GOOD))
    assert (first.kind, first.expect, first.articles) == (QuestionKind.PLAIN, Expect.ANSWER, ("a.md",))
    assert first.facts[0].search("it is TIGHT")
    assert second.history == ("What is it?",)
    assert third.expect is Expect.ABSTAIN


def test_json_lines_read_alike(tmp_path: Path) -> None:
    line = '{"id": "a1", "question": "What is it?", "kind": "plain", "expect": "answer", "articles": ["a.md"]}\n\n'
    (question,) = load_questions(write(tmp_path, line, "q.jsonl"))
    assert question.id == "a1"


def test_an_empty_file_holds_no_questions(tmp_path: Path) -> None:
    assert load_questions(write(tmp_path, "")) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{a: 1}", "list of questions"),
        ("- just text", "question 1"),
        ("- {id: x, question: y, kind: odd, expect: answer, articles: [a]}", "kind"),
        ("- {id: x, question: y, kind: plain, expect: maybe, articles: [a]}", "expect"),
        ("- {id: x, question: y, kind: plain, expect: answer}", "articles"),
        ("- {id: x, kind: plain, expect: abstain}", "question"),
        ("- {id: x, question: y, kind: plain, expect: abstain, colour: red}", "colour"),
        ("- {id: x, question: y, kind: plain, expect: abstain, facts: ['(']}", "regular expression"),
        ("- {id: x, question: y, kind: plain, expect: abstain, facts: one}", "list of texts"),
        ("- {id: x, question: y, kind: plain, expect: abstain}\n- {id: x, question: z, kind: plain, expect: abstain}", "twice"),
        ("- [", "not valid YAML"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        load_questions(write(tmp_path, text))


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="absent"):
        load_questions(tmp_path / "absent.yaml")
