"""Calls the steps in order: bounds, triage, one embedder call, small talk, retrieval, composing, the answer contract."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from taperbot import notices, triage
from taperbot.answering import Findings, is_about_the_articles
from taperbot.asking import Asking
from taperbot.bounds import bounded_history, bounded_question
from taperbot.errors import IndexUnavailableError, ModelError
from taperbot.generation import Generation
from taperbot.generation_library import Library
from taperbot.lookup import Lookup
from taperbot.query import Vector
from taperbot.records import Answer, Level, Outcome, Passage, Timings, TriageResult, Turn
from taperbot.remarks import remarks_for
from taperbot.rerank import reordering
from taperbot.settings import Settings
from taperbot.smalltalk import small_talk
from taperbot.suggest import suggestions_for
from taperbot.turn_vectors import Judged, TurnEmbedder
from taperbot.wording.answers import ABSTAIN, ABSTAIN_WITHOUT_ARTICLES, DISCLAIMER, NO_INDEX, OFF_TOPIC
from taperbot.writing import Writing

_CARDS = (Level.EMERGENCY, Level.CRISIS)
_SHORT_WORDS = 45


@dataclass
class _Turn:
    """One turn on its way through the steps; `steps` holds milliseconds."""

    question: str
    history: tuple[Turn, ...]
    country: str
    words: int
    triage: TriageResult = field(default_factory=lambda: TriageResult(Level.QUESTION))
    steps: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        since = time.perf_counter()
        yield
        self.steps[step] = self.steps.get(step, 0.0) + (time.perf_counter() - since) * 1000

    def fixed(self, outcome: Outcome, text: str) -> Answer:
        """An answer of fixed wording."""
        return Answer(
            question=self.question,
            generation=None,
            route=self.triage.route,
            outcome=outcome,
            text=text,
            disclaimer=DISCLAIMER,
            notice=notices.notice_for(self.triage, self.country),
            remarks=remarks_for(self.triage),
            timings_ms=Timings(**self.steps, total=(time.perf_counter() - self.started) * 1000),
        )


class Bot:
    """Answers questions from the published generation. Opens nothing heavy before the first question; safe for many threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._embedder = TurnEmbedder(settings)
        self._lookup = Lookup(self._embedder, settings.answer_words, reordering(settings.reranker, settings.device))
        self._writing = Writing(settings)

    def ask(self, question: str, history: Sequence[Turn] = (), country: str = "", short: bool = False) -> Answer:
        """The answer to `question` after `history` (oldest turn first), with help numbers for `country` ("" for the setting's).

        Raises QuestionError over the bounds; IndexUnavailableError or ModelError where there is nothing to answer with and no notice to show.
        """
        words = min(self._settings.answer_words, _SHORT_WORDS) if short else self._settings.answer_words
        turn = _Turn(bounded_question(question), bounded_history(history), country or self._settings.country, words)
        with turn.timed("triage"):
            screen = triage.screen(turn.question, turn.history)
        with turn.timed("embed"):
            judged = self._embedder.judged(turn.question, screen.context)
        with turn.timed("triage"):
            turn.triage = triage.decide(screen, judged.levels)
        if turn.triage.route in _CARDS:
            return turn.fixed(Outcome.NOTICE, "")
        try:
            return self._looked_up(turn, judged)
        except (IndexUnavailableError, ModelError):
            if turn.triage.danger is None:
                raise
            return turn.fixed(Outcome.ABSTAIN, NO_INDEX)

    def warm(self) -> None:
        """For a process that stays: opens the index and the models, so that no reader waits for them. Raises as `ask`."""
        self._followed().follow()
        self.generation()
        self._embedder.embed(["warm"])
        self._embedder.judged("warm")
        read = self._embedder.reader()
        if read is not None:
            read("warm", ["warm", "warm"])

    def generation(self) -> Generation:
        """The generation now published. Raises IndexUnavailableError."""
        return self._followed().current()

    def _followed(self) -> Library:
        with self._lock:
            if self._library is None:
                self._library = Library(self._settings.index, self._settings.embedder, self._settings.chroma_url)
            return self._library

    def findings(self, generation: Generation, question: str, history: Sequence[Turn] = ()) -> Findings:
        """What the articles give to a question, without triage and small talk. Raises ModelError."""
        return self._lookup.findings(generation, question, history)

    def passages(self, question: str, history: Sequence[Turn], k: int) -> list[Passage]:
        """The best `k` passages for a question, without triage. Raises as `ask`."""
        return self._lookup.passages(self.generation(), question, history, k)

    def triaged(self, question: str, history: Sequence[Turn], findings: Findings) -> TriageResult:
        """What triage makes of the question; not off-topic where it is in doubt and `findings`, what the articles give to it, say otherwise."""
        screen = triage.screen(question, tuple(history))
        result = triage.decide(screen, self._embedder.judged(question, screen.context).levels)
        is_taken_up = result.route is Level.OFF_TOPIC and result.is_open and is_about_the_articles(findings)
        return replace(result, route=Level.QUESTION) if is_taken_up else result

    def _looked_up(self, turn: _Turn, judged: Judged) -> Answer:
        generation = self.generation()
        asking = self._lookup.asking(generation, turn.question, turn.history)
        with turn.timed("embed"):
            vectors = self._embedder.embed(
                asking.questions, asking.others, {turn.question: judged.vector} if judged.vector is not None else None
            )
        said = _without_articles(turn)
        if said is not None:
            return said
        if turn.triage.route is Level.INJECTION:
            return self._asked_anew(turn, generation, turn.triage.question.strip())
        rewritten = self._writing.rewritten(turn.question, turn.history) if asking.context else None
        if rewritten:
            return self._asked_anew(turn, generation, rewritten, follow_up=asking.context.shown if asking.context else "")
        return self._answered_by(turn, generation, asking, vectors)

    def _asked_anew(self, turn: _Turn, generation: Generation, question: str, follow_up: str = "") -> Answer:
        """The answer to `question` in place of what was typed."""
        if not question:
            return turn.fixed(Outcome.ABSTAIN, OFF_TOPIC)
        asking = self._lookup.asking(generation, question, () if follow_up else turn.history)
        with turn.timed("embed"):
            vectors = self._embedder.embed(asking.questions, asking.others)
        return self._answered_by(turn, generation, asking, vectors, follow_up)

    def _answered_by(self, turn: _Turn, generation: Generation, asking: Asking, vectors: dict[str, Vector], follow_up: str = "") -> Answer:
        findings = self._lookup.found(generation, asking, vectors, turn.words)
        turn.steps |= {"retrieve": findings.retrieve_ms, "compose": findings.compose_ms}
        if turn.triage.route is Level.OFF_TOPIC:
            if not is_about_the_articles(findings):
                return turn.fixed(Outcome.ABSTAIN, OFF_TOPIC)
            turn.triage = replace(turn.triage, route=Level.QUESTION)
        checked = findings.checked
        if findings.outcome is Outcome.ANSWER and turn.triage.route is not Level.DOSING:
            with turn.timed("compose"):
                checked = self._writing.written(turn.question, findings, generation) or checked
        starters = tuple(starter.question for starter in generation.golden)
        suggestions = suggestions_for(turn.question, findings.passages, starters, self._lookup.is_answered(generation))
        follow_up = follow_up or findings.follow_up
        return replace(
            turn.fixed(findings.outcome, checked.text or (ABSTAIN if findings.nearest else ABSTAIN_WITHOUT_ARTICLES)),
            generation=generation.generation_id,
            sentences=checked.sentences,
            citations=checked.citations,
            remarks=remarks_for(turn.triage, checked.citations, follow_up, disagreement=findings.disagreement),
            nearest=findings.nearest,
            suggestions=suggestions,
        )


def _without_articles(turn: _Turn) -> Answer | None:
    """What is answered by fixed wording, else None."""
    if turn.triage.route is Level.OFF_TOPIC and not turn.triage.is_open:
        return turn.fixed(Outcome.ABSTAIN, OFF_TOPIC)
    reply = small_talk(turn.question) if turn.triage.danger is None and turn.triage.route is Level.QUESTION else None
    return turn.fixed(Outcome.NOTICE, reply) if reply else None
