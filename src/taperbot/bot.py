"""Calls the steps in order: bounds, triage, one embedder call, small talk, retrieval, composing, the answer contract."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from taperbot import notices, triage
from taperbot.answering import Findings, find_answer
from taperbot.asking import Asking, asking_of, queries_of
from taperbot.bounds import bounded_history, bounded_question
from taperbot.errors import IndexUnavailableError, ModelError
from taperbot.generation import Generation
from taperbot.generation_library import Library
from taperbot.lexicon import load_lexicon
from taperbot.query import Vector
from taperbot.records import Answer, Level, Outcome, Passage, Timings, TriageResult, Turn
from taperbot.remarks import remarks_for
from taperbot.retrieve import retrieve
from taperbot.settings import Settings
from taperbot.smalltalk import small_talk
from taperbot.suggest import remembered, suggestions_for
from taperbot.turn_vectors import TurnEmbedder
from taperbot.wording.answers import ABSTAIN, ABSTAIN_WITHOUT_ARTICLES, DISCLAIMER, NO_INDEX, OFF_TOPIC

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
        self._answered: tuple[str, Callable[[str], bool]] = ("", lambda question: False)

    def ask(self, question: str, history: Sequence[Turn] = (), country: str = "", short: bool = False) -> Answer:
        """The answer to `question` after `history` (oldest turn first), with help numbers for `country` ("" for the setting's).

        Raises QuestionError over the bounds; IndexUnavailableError or ModelError where there is nothing to answer with and no notice to show.
        """
        words = min(self._settings.answer_words, _SHORT_WORDS) if short else self._settings.answer_words
        turn = _Turn(bounded_question(question), bounded_history(history), country or self._settings.country, words)
        with turn.timed("triage"):
            screen = triage.screen(turn.question, turn.history)
            turn.triage = screen.result or triage.decide(screen, None)
        if screen.result is not None and screen.result.route in _CARDS:
            return turn.fixed(Outcome.NOTICE, "")
        try:
            return self._looked_up(turn, screen)
        except (IndexUnavailableError, ModelError):
            if turn.triage.danger is None:
                raise
            return turn.fixed(Outcome.ABSTAIN, NO_INDEX)

    def warm(self) -> None:
        """Opens the index and the embedder, so that the first reader does not wait. Raises as `ask`."""
        self.generation()
        self._embedder.embed(["warm"])

    def generation(self) -> Generation:
        """The generation now published. Raises IndexUnavailableError."""
        with self._lock:
            if self._library is None:
                self._library = Library(self._settings.index, self._settings.embedder)
            return self._library.current()

    def route(self, question: str, history: Sequence[Turn] = ()) -> Level:
        """The level that triage gives, without looking anything up."""
        screen = triage.screen(question, tuple(history))
        result = screen.result or triage.decide(screen, self._embedder.embed((), screen.texts).triage)
        return result.route

    def passages(self, question: str, history: Sequence[Turn], k: int) -> list[Passage]:
        """The best `k` passages for a question, without triage. Raises as `ask`."""
        generation = self.generation()
        asking = asking_of(question, history, load_lexicon(), generation.has_word)
        queries = queries_of(asking, self._embedder.embed(asking.texts).own)
        found = [passage for query in queries for passage in retrieve(generation, query, k)]
        best: dict[int, Passage] = {}
        for passage in sorted(found, key=lambda passage: -passage.score):
            best.setdefault(passage.row, passage)
        return list(best.values())[:k]

    def _looked_up(self, turn: _Turn, screen: triage.Screen) -> Answer:
        generation = self.generation()
        asking = asking_of(turn.question, turn.history, load_lexicon(), generation.has_word)
        with turn.timed("embed"):
            vectors = self._embedder.embed(asking.texts, screen.texts)
        with turn.timed("triage"):
            turn.triage = triage.decide(screen, vectors.triage)
        said = self._without_articles(turn)
        if said is not None:
            return said
        if turn.triage.route is Level.INJECTION:
            return self._honest_part(turn, generation)
        return self._answered_by(turn, generation, asking, vectors.own)

    def _without_articles(self, turn: _Turn) -> Answer | None:
        """What is answered by fixed wording, else None."""
        if turn.triage.route in _CARDS:
            return turn.fixed(Outcome.NOTICE, "")
        if turn.triage.route is Level.OFF_TOPIC:
            return turn.fixed(Outcome.ABSTAIN, OFF_TOPIC)
        reply = small_talk(turn.question) if turn.triage.danger is None and turn.triage.route is Level.QUESTION else None
        return turn.fixed(Outcome.NOTICE, reply) if reply else None

    def _honest_part(self, turn: _Turn, generation: Generation) -> Answer:
        honest = turn.triage.question.strip()
        if not honest:
            return turn.fixed(Outcome.ABSTAIN, OFF_TOPIC)
        asking = asking_of(honest, turn.history, load_lexicon(), generation.has_word)
        with turn.timed("embed"):
            vectors = self._embedder.embed(asking.texts)
        return self._answered_by(turn, generation, asking, vectors.own)

    def _answered_by(self, turn: _Turn, generation: Generation, asking: Asking, vectors: dict[str, Vector]) -> Answer:
        findings = find_answer(generation, queries_of(asking, vectors), turn.words)
        turn.steps |= {"retrieve": findings.retrieve_ms, "compose": findings.compose_ms}
        suggestions = suggestions_for(turn.question, findings.passages, _starters(generation), self._is_answered(generation))
        checked = findings.checked
        follow_up = asking.context.shown if asking.context else ""
        return replace(
            turn.fixed(findings.outcome, checked.text or (ABSTAIN if findings.nearest else ABSTAIN_WITHOUT_ARTICLES)),
            generation=generation.generation_id,
            sentences=checked.sentences,
            citations=checked.citations,
            remarks=remarks_for(turn.triage, checked.citations, follow_up, disagreement=findings.disagreement),
            nearest=findings.nearest,
            suggestions=suggestions,
        )

    def _is_answered(self, generation: Generation) -> Callable[[str], bool]:
        """Whether the articles answer a question asked by itself; remembered for as long as the generation stays."""
        if self._answered[0] != generation.generation_id:
            self._answered = (
                generation.generation_id,
                remembered(lambda question: self.findings(generation, question).outcome is Outcome.ANSWER),
            )
        return self._answered[1]

    def findings(self, generation: Generation, question: str, history: Sequence[Turn] = ()) -> Findings:
        """What the articles give to a question, without triage and small talk."""
        asking = asking_of(question, history, load_lexicon(), generation.has_word)
        return find_answer(generation, queries_of(asking, self._embedder.embed(asking.texts).own), self._settings.answer_words)


def _starters(generation: Generation) -> tuple[str, ...]:
    return tuple(starter.question for starter in generation.golden)
