from dataclasses import replace
from datetime import date

from taperbot.records import Citation, Level, RemarkKind, TriageResult
from taperbot.remarks import remarks_for, states_amount
from taperbot.wording.answers import LANGUAGE


def kinds(**changes: object) -> list[RemarkKind]:
    triage = changes.pop("triage", TriageResult(Level.QUESTION))
    return [remark.kind for remark in remarks_for(triage, **changes)]  # type: ignore[arg-type]


def citation(quote: str) -> Citation:
    return Citation(1, "a.md", "v", "A", "A", 0, len(quote), quote, date(2026, 1, 1))


def test_an_ordinary_answer_has_none() -> None:
    assert kinds(citations=[citation("Rest helps.")]) == []


def test_amounts_of_something_taken_carry_a_caution() -> None:
    assert kinds(citations=[citation("Magnesium 300-400 mg.")]) == [RemarkKind.CAUTION]
    assert states_amount("Cuts of 5 to 10% of the dose")
    assert not states_amount("Over 70% of healthy people twitch")
    assert not states_amount("It lasts 1-6 months")


def test_each_remark_has_its_cause() -> None:
    assert kinds(triage=TriageResult(Level.QUESTION, danger_line=True)) == [RemarkKind.DANGER]
    assert kinds(triage=TriageResult(Level.QUESTION, keep_help=True)) == [RemarkKind.KEEP_HELP]
    assert kinds(follow_up="What is it?") == [RemarkKind.FOLLOW_UP]


def test_articles_that_disagree_are_named_with_their_dates() -> None:
    one, other = citation("It lasts weeks."), replace(citation("It lasts months."), article_id="b.md", title="B", article_date=None)
    (remark,) = remarks_for(TriageResult(Level.QUESTION), [one, other], disagreement=("a.md", "b.md"))
    assert remark.kind is RemarkKind.DISAGREEMENT
    assert remark.text.startswith("“A” (2026-01-01) and “B” (no date) give different figures")
    assert remarks_for(TriageResult(Level.QUESTION), [one], disagreement=("a.md", "b.md")) == ()


def test_a_crisis_card_stands_without_a_danger_line() -> None:
    assert kinds(triage=TriageResult(Level.CRISIS, Level.CRISIS, danger_line=True)) == []


def test_the_reader_is_told_in_the_own_language() -> None:
    (remark,) = remarks_for(TriageResult(Level.QUESTION, language="de"))
    assert remark.text == LANGUAGE["de"]
    (other,) = remarks_for(TriageResult(Level.QUESTION, language="xx"))
    assert other.text == LANGUAGE[""]
