"""Which quotes make the answer: each is worth how likely it holds what is asked, for the words it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from taperbot.compose_lines import LONGEST_LIST, best_that_fit
from taperbot.compose_score import Scored
from taperbot.evidence import Scores
from taperbot.records import Quote, QuoteKind

CONSIDERED = 40
LETTERS_A_WORD = 6
LENGTH_COST = 0.2
"""How much the first quote's likelihood is held against its length: the power of its words that it is divided by."""
LEAST_GAIN = 0.0088
"""A further quote has to add this much likelihood a word, where the first is sure to answer, and less the less sure it is."""
SURENESS = 0.5
"""The power of the first quote's likelihood by which that is lowered."""
MOST = 6
OTHER_ARTICLE = 3.0
"""How much more a quote counts of an article of which none is shown yet: what two say is worth more than the same one twice."""
TOO_LONG = 1e-6
MUCH_LESS = 50.0
LONE_CELL = 3.0
"""How far, in log-odds, a cell has to stand above its row to be shown without it; half a row is seldom an answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows of the chosen quotes in `Scored`, in the order to be shown."""

    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The likeliest quotes. `covers[i, j]` is the share of quote `i` that is said by showing `j`; `words` is what showing takes.

    `touch[i, j]` tells whether they share a stretch of an article, or say the same. `articles` numbers their articles.
    """

    likely: Scores
    covers: Scores
    words: NDArray[np.int64]
    touch: NDArray[np.bool_]
    articles: NDArray[np.int64]


def choose(scored: Scored, words: int) -> Choice:
    """Quotes that answer together, best first, in at most `words` words; a list counts as what of it can be shown."""
    if not len(scored.scores):
        return Choice(())
    scored = replace(scored, scores=scored.scores - MUCH_LESS * _halves(scored))
    kept = np.argsort(-scored.scores, kind="stable")[:CONSIDERED]
    candidates = _candidates(scored, kept, words)
    chosen = _chosen(candidates, words)
    return Choice(tuple(int(kept[row]) for row in chosen))


def _halves(scored: Scored) -> NDArray[np.bool_]:
    """Which quotes are cells that had better be shown with their row."""
    place_of = {quote.quote_id: place for place, quote in enumerate(scored.quotes)}
    halves = np.zeros(len(scored.quotes), bool)
    for row, quote in enumerate(scored.quotes):
        if quote.kind is QuoteKind.TABLE_ROW:
            cells = [place_of[member] for member in quote.members if member in place_of]
            halves[cells] = scored.scores[cells] < scored.scores[row] + LONE_CELL
    return halves


def _chosen(candidates: _Candidates, words: int) -> list[int]:
    left = candidates.likely.copy()
    gains = left @ candidates.covers
    fits = np.where(candidates.words <= words, 1.0, TOO_LONG)
    best = int(np.argmax(fits * gains / candidates.words.astype(np.float32) ** LENGTH_COST))
    least = LEAST_GAIN * float(gains[best]) ** SURENESS
    chosen, said, barred = [best], int(candidates.words[best]), candidates.touch[best].copy()
    while len(chosen) < MOST:
        left = left * (1 - candidates.covers[:, chosen[-1]])
        gains = (left @ candidates.covers) / candidates.words
        gains[~np.isin(candidates.articles, candidates.articles[chosen])] *= OTHER_ARTICLE
        gains[barred | (candidates.words + said > words)] = -1.0
        best = int(np.argmax(gains))
        if gains[best] < least:
            break
        chosen.append(best)
        said += int(candidates.words[best])
        barred |= candidates.touch[best]
    return chosen


def _candidates(scored: Scored, kept: NDArray[np.int64], words: int) -> _Candidates:
    quotes = tuple(scored.quotes[row] for row in kept)
    scores = {quote.quote_id: float(scored.scores[row]) for quote, row in zip(quotes, kept, strict=True)}
    articles = _numbered([quote.article_id for quote in quotes])
    covers = _covers(quotes, articles)
    texts = _numbered([quote.text for quote in quotes])
    touch = (covers > 0) | (texts[:, None] == texts[None])
    lengths = np.array([_words(quote) for quote in quotes], np.int64)
    place_of = {quote.quote_id: place for place, quote in enumerate(quotes)}
    for place, quote in enumerate(quotes):
        room = min(words, LONGEST_LIST)
        if quote.kind is QuoteKind.LIST and _length(quote.text) > room:
            shown, share = _cut(quote, quotes, place_of, scores, room)
            covers[:, place] = 0.0
            covers[shown, place] = 1.0
            covers[place, place] = share
            lengths[place] += min(room, sum(_length(quotes[item].text) for item in shown) or room) - _length(quote.text)
    return _Candidates(scored.shares[kept], covers, lengths, touch, articles)


def _cut(
    quote: Quote, quotes: tuple[Quote, ...], place_of: Mapping[str, int], scores: Mapping[str, float], room: int
) -> tuple[list[int], float]:
    """Places of the items of a list that are shown in `room` words, and how likely they hold what the list holds."""
    items = [quotes[place_of[member]] for member in quote.members if member in place_of]
    shown = best_that_fit(items, scores, room)
    if not shown:
        return [], 0.5
    top = max(scores[item.quote_id] for item in items)
    likely = {item.quote_id: float(np.exp(scores[item.quote_id] - top)) for item in items}
    return [place_of[item.quote_id] for item in shown], sum(likely[item.quote_id] for item in shown) / sum(likely.values())


def _numbered(texts: Sequence[str]) -> NDArray[np.int64]:
    """A number for each text, the same for the same."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(text, len(known)) for text in texts], np.int64)


def _covers(quotes: Sequence[Quote], owner: NDArray[np.int64]) -> Scores:
    """(quotes, quotes): the share of each quote's stretch that lies within each other one. `owner` numbers their articles."""
    start, end = np.array([(quote.start, quote.end) for quote in quotes], np.int64).T
    shared = np.minimum(end[:, None], end[None]) - np.maximum(start[:, None], start[None])
    shared = np.where(owner[:, None] == owner[None], np.maximum(shared, 0), 0)
    return np.asarray(shared / np.maximum(end - start, 1)[:, None], np.float32)


def _words(quote: Quote) -> int:
    """About how many words showing a quote takes, with what introduces it."""
    said = _length(quote.text) + sum(map(_length, quote.columns))
    if quote.kind is QuoteKind.FAQ_ANSWER and quote.question:
        said += _length(quote.question)
    if quote.lead_in is not None:
        said += (quote.lead_in.end - quote.lead_in.start) // LETTERS_A_WORD
    return said


def _length(text: str) -> int:
    return text.count(" ") + 1
