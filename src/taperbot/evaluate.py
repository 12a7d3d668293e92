"""Scores answers on golden questions: retrieval, completeness, citations, length, abstention and follow-ups, by kind of question."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from taperbot.answering import Findings
from taperbot.measures import Estimate, estimate, first_of_each, ndcg_at, recall_at, reciprocal_rank
from taperbot.questions import Expect, GoldenQuestion, QuestionKind, load_questions
from taperbot.records import Certainty, Level, Outcome, Passage, TriageResult, Turn

__all__ = ["GoldenQuestion", "Scoreboard", "Scored", "load_questions", "run_golden"]

RANKED = 20
Find = Callable[[str, Sequence[Turn]], Findings]
Judge = Callable[[str, Sequence[Turn], Findings], TriageResult]
_CARDS = (Level.EMERGENCY, Level.CRISIS)


@dataclass(frozen=True, slots=True)
class Scored:
    """One golden question with what came of it. Shares are in [0, 1]; `precision` is that of quotes from right articles.

    `danger` is what triage saw in it, if anything, and how surely; an emergency or crisis seen for sure has a card in place of an answer.
    """

    question: GoldenQuestion
    outcome: Outcome
    text: str
    complete: bool
    cited: bool
    precision: float
    words: int
    recall_1: float
    recall_5: float
    recall_20: float
    reciprocal: float
    ndcg: float
    probability: float
    danger: Level | None = None
    certainty: Certainty | None = None

    @property
    def is_alarm(self) -> bool:
        """Whether emergency numbers are shown, with an answer or in place of one."""
        return self.danger in _CARDS

    @property
    def is_replaced(self) -> bool:
        """Whether they stand in place of an answer."""
        return self.is_alarm and self.certainty is Certainty.FIRM

    @property
    def is_right(self) -> bool:
        """Answered completely and rightly cited; or refused, or shown as nearest, where that was expected."""
        if self.question.expect is Expect.ABSTAIN:
            return self.outcome is not Outcome.ANSWER
        return self.outcome is Outcome.ANSWER and self.complete and self.cited


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """All scored questions. Measures are (name, kind or "all", estimate)."""

    scored: tuple[Scored, ...]

    def measures(self) -> tuple[tuple[str, str, Estimate], ...]:
        """Every measure for all questions it applies to, and by kind."""
        kinds: list[QuestionKind | None] = [None, *QuestionKind]
        return tuple(
            (name, kind.value if kind else "all", found)
            for name, values_of in _MEASURES
            for kind in kinds
            if (found := estimate(values_of([one for one in self.scored if kind is None or one.question.kind is kind]))).count
        )

    @property
    def median_words(self) -> float:
        """Median words of the answers given."""
        return float(statistics.median([one.words for one in self.scored if one.outcome is Outcome.ANSWER] or [0]))


def run_golden(find: Find, questions: Iterable[GoldenQuestion], judge: Judge | None = None) -> Scoreboard:
    """Asks every question. `find` gives what the articles say; `judge`, when given, what triage makes of the question then."""
    return Scoreboard(tuple(_scored(question, find, judge) for question in questions))


def _scored(question: GoldenQuestion, find: Find, judge: Judge | None) -> Scored:
    history = tuple(Turn("user", text) for text in question.history)
    findings = find(question.question, history)
    triage = judge(question.question, history, findings) if judge else TriageResult(Level.QUESTION)
    is_kept_back = triage.route in (*_CARDS, Level.OFF_TOPIC)
    text = "" if is_kept_back else findings.checked.text
    cited = [] if is_kept_back else [citation.article_id for citation in findings.checked.citations]
    ranked = [passage.chunk.article_id for passage in _ranked(findings)]
    right = set(question.articles)
    sections = _sections(question, findings)
    return Scored(
        question=question,
        outcome=Outcome.ABSTAIN if is_kept_back else findings.outcome,
        text=text,
        complete=bool(text) and all(fact.search(text) for fact in question.facts) and not any(fact.search(text) for fact in question.never),
        cited=len(right & set(cited)) >= _articles_needed(question),
        precision=sum(article in right for article in cited) / len(cited) if cited else 0.0,
        words=len(_MARK.sub(" ", text).split()),
        recall_1=recall_at(first_of_each(ranked), right, 1),
        recall_5=recall_at(ranked[:5], right, 5),
        recall_20=recall_at(ranked[:RANKED], right, RANKED),
        reciprocal=reciprocal_rank(sections, {True}) if question.section else reciprocal_rank(ranked, right),
        ndcg=ndcg_at(first_of_each(ranked), right),
        probability=max((part.probability for part in findings.parts), default=0.0),
        danger=triage.danger,
        certainty=triage.certainty,
    )


_MARK = re.compile(r"\[\d+\]")


def _articles_needed(question: GoldenQuestion) -> int:
    """One of the articles named will do, but two where the question is about two."""
    return min(2 if question.kind is QuestionKind.TWO_ARTICLES else 1, max(1, len(question.articles)))


def _ranked(findings: Findings) -> list[Passage]:
    return sorted(findings.passages, key=lambda passage: -passage.score)


def _sections(question: GoldenQuestion, findings: Findings) -> list[bool]:
    return [
        passage.chunk.article_id in question.articles and question.section in (*passage.chunk.heading_path, passage.chunk.title)
        for passage in _ranked(findings)
    ]


def _answerable(scored: Sequence[Scored]) -> list[Scored]:
    return [one for one in scored if one.question.expect is Expect.ANSWER]


def _given(scored: Sequence[Scored]) -> list[Scored]:
    return [one for one in _answerable(scored) if one.outcome is Outcome.ANSWER]


def _refusable(scored: Sequence[Scored]) -> list[Scored]:
    return [one for one in scored if one.question.expect is Expect.ABSTAIN]


_MEASURES: tuple[tuple[str, Callable[[Sequence[Scored]], list[float]]], ...] = (
    ("right", lambda scored: [one.is_right for one in scored]),
    ("complete", lambda scored: [one.complete for one in _answerable(scored)]),
    ("right_article_cited", lambda scored: [one.cited for one in _answerable(scored)]),
    ("complete_and_cited", lambda scored: [one.is_right for one in _answerable(scored)]),
    ("quote_precision", lambda scored: [one.precision for one in _given(scored)]),
    ("words", lambda scored: [float(one.words) for one in _given(scored)]),
    ("recall@1", lambda scored: [one.recall_1 for one in _answerable(scored)]),
    ("recall@5", lambda scored: [one.recall_5 for one in _answerable(scored)]),
    ("recall@20", lambda scored: [one.recall_20 for one in _answerable(scored)]),
    ("mrr", lambda scored: [one.reciprocal for one in _answerable(scored)]),
    ("ndcg@10", lambda scored: [one.ndcg for one in _answerable(scored)]),
    ("false_refusal", lambda scored: [one.outcome is not Outcome.ANSWER for one in _answerable(scored)]),
    ("right_refusal", lambda scored: [one.outcome is not Outcome.ANSWER for one in _refusable(scored)]),
    ("card_for_answer", lambda scored: [one.is_replaced for one in _answerable(scored)]),
    ("numbers_shown", lambda scored: [one.is_alarm for one in _answerable(scored)]),
    ("any_card", lambda scored: [one.danger is not None for one in _answerable(scored)]),
    ("band_answer", lambda scored: [one.outcome is Outcome.ANSWER for one in scored]),
    ("band_nearest", lambda scored: [one.outcome is Outcome.NEAREST for one in scored]),
    ("band_abstain", lambda scored: [one.outcome is Outcome.ABSTAIN for one in scored]),
)
