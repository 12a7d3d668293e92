"""Questions looked up in one generation: embedded, retrieved, composed. Triage, small talk and language models are no matter of this module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from taperbot.answering import PASSAGES, Findings, Reorder, find_answer, is_about_the_articles, retrieve_in_order
from taperbot.asking import Asking, asking_of, queries_of
from taperbot.generation import Generation
from taperbot.lexicon import Lexicon, load_lexicon
from taperbot.query import Vector
from taperbot.records import Outcome, Passage, Turn
from taperbot.suggest import remembered
from taperbot.turn_vectors import TurnEmbedder

LEXICON_NAME = "lexicon.yaml"
TAKEN_UP = 0.5
"""What of a question's own words has to be met where only earlier questions give it a subject: another subject is not answered with the last one."""


class Lookup:
    """Safe for many threads."""

    def __init__(self, embedder: TurnEmbedder, words: int, reorder: Reorder | None = None) -> None:
        """`reorder` puts passages in another order before quotes are chosen."""
        self._embedder = embedder
        self._reorder = reorder
        self._words = words
        self._answered: tuple[Generation | None, Callable[[str], bool]] = (None, lambda _: False)

    def asking(self, generation: Generation, question: str, history: Sequence[Turn] = ()) -> Asking:
        """What has to be embedded for `question` after `history`, oldest turn first."""
        return asking_of(question, history, lexicon_of(generation), generation.has_word)

    def found(self, generation: Generation, asking: Asking, vectors: dict[str, Vector], words: int = 0) -> Findings:
        """What the articles give; `vectors` holds one for each of `asking.questions` and `asking.others`, `words` 0 is the setting's. Raises ModelError."""
        found = find_answer(generation, queries_of(asking, vectors), words or self._words, self._reorder, self._embedder.reader())
        found = replace(found, follow_up=asking.context.shown if asking.context else "")
        if asking.otherwise is None or found.outcome is Outcome.ANSWER:
            return found
        others = self._embedder.embed(asking.otherwise.questions, asking.otherwise.others, vectors)
        leant = self.found(generation, asking.otherwise, others, words)
        return leant if leant.outcome is Outcome.ANSWER and leant.parts[0].composed.taken_up >= TAKEN_UP else found

    def findings(self, generation: Generation, question: str, history: Sequence[Turn] = ()) -> Findings:
        """What the articles give to a question. Raises ModelError."""
        asking = self.asking(generation, question, history)
        return self.found(generation, asking, self._embedder.embed(asking.questions, asking.others))

    def passages(self, generation: Generation, question: str, history: Sequence[Turn], k: int) -> list[Passage]:
        """The best `k` passages for a question, for each of its parts, best first. Raises ModelError."""
        asking = self.asking(generation, question, history)
        queries = queries_of(asking, self._embedder.embed(asking.questions, asking.others))
        found = [passage for query in queries for passage in retrieve_in_order(generation, query, self._reorder, max(k, PASSAGES)).passages]
        best: dict[int, Passage] = {}
        for passage in sorted(found, key=lambda passage: -passage.score):
            best.setdefault(passage.row, passage)
        return list(best.values())[:k]

    def is_answered(self, generation: Generation) -> Callable[[str], bool]:
        """Whether the articles answer a question asked by itself, so nearly that it is not taken for off-topic; remembered, and the generation held, until
        another is asked about."""
        held, known = self._answered
        if held is not generation:
            known = remembered(lambda question: self._is_answered(generation, question))
            self._answered = (generation, known)
        return known

    def _is_answered(self, generation: Generation, question: str) -> bool:
        """Without the cross-encoder, which would make a reader wait: of 881 headings that are questions it takes one for answered that is not."""
        asking = self.asking(generation, question)
        queries = queries_of(asking, self._embedder.embed(asking.questions, asking.others))
        found = find_answer(generation, queries, self._words, self._reorder)
        return found.outcome is Outcome.ANSWER and is_about_the_articles(found)


def lexicon_of(generation: Generation) -> Lexicon:
    """The packaged lexicon with what the corpus of that generation adds."""
    return _lexicon_in(generation.folder)


@lru_cache(maxsize=4)
def _lexicon_in(folder: Path) -> Lexicon:
    return load_lexicon(folder / LEXICON_NAME)
