"""Two figures for the same thing, within an article or across articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from ingest.lint_article import is_body
from ingest.parsed import ParsedFile
from ingest.sentences import sentence_spans
from taperbot.records import BlockKind, Finding
from taperbot.tokens import tokenize

NUMBER = r"\d+(?:[.,]\d+)?"
FIGURE = re.compile(
    rf"(?P<bound>\b(?:over|more\s+than|at\s+least|above|up\s+to|at\s+most|under|less\s+than|below|no\s+more\s+than)\s+)?"
    rf"(?:(?P<unit_first>weeks?|months?|days?)\s+)?(?P<low>{NUMBER})(?:\s?(?:-|–|to)\s?(?P<high>{NUMBER}))?"
    rf"\s?(?P<unit>%|per\s?cent|mg|mcg|µg|weeks?|months?|days?|years?|hours?|litres?|liters?)?(?![\w.]*\d)",
    re.IGNORECASE,
)
BOUNDS = {
    "over": ">",
    "more": ">",
    "at least": ">",
    "above": ">",
    "up": "<",
    "at most": "<",
    "under": "<",
    "less": "<",
    "below": "<",
    "no more": "<",
}
ATTRIBUTED = re.compile(
    r"\(?\b(?:19|20)\d{2}\b\)?|\b(?:guidelines?|manual|trials?|study|studies|review|reports?|survey|label|case)\b", re.IGNORECASE
)
LEAST_SHARED = 4
LEAST_OVERLAP = 0.5
MOST_COMMON = 60
READ_KINDS = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ANSWER)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sentence with one figure. `about` are its content words without the figure, those of its heading and title included."""

    path: str
    line: int | None
    unit: str
    value: tuple[str, str, str]
    about: frozenset[str]
    own: frozenset[str]
    text: str
    attributed: bool


def lint_figures(articles: Iterable[ParsedFile], focus: Collection[str] | None = None) -> Iterator[Finding]:
    """Pairs of sentences that share most of their words and a unit, yet differ in the figure. Figures of named sources may differ.

    Each pair is said of its first article, or of its second where that alone is in `focus`.
    """
    statements = [statement for parsed in articles for statement in _statements(parsed)]
    reported: set[tuple[str, str]] = set()
    for one, other in _candidates(statements):
        if one.value == other.value or (one.attributed and other.attributed) or not _same_subject(one, other):
            continue
        if focus is not None and one.path not in focus and other.path in focus:
            one, other = other, one
        key = (one.text, other.text)
        if key not in reported:
            reported.add(key)
            where = f"line {other.line}" if other.path == one.path else f"{other.path} line {other.line}"
            yield Finding(
                one.path,
                one.line,
                "two-figures",
                f'Two figures for the same thing: "{_short(one.text)}" and, in {where}, "{_short(other.text)}"',
            )


def _candidates(statements: list[_Statement]) -> Iterator[tuple[_Statement, _Statement]]:
    """Pairs with the same unit that share a word few sentences have, each pair once."""
    by_word: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, statement in enumerate(statements):
        for word in statement.about:
            by_word[statement.unit, word].append(number)
    pairs = {pair for numbers in by_word.values() if len(numbers) <= MOST_COMMON for pair in combinations(numbers, 2)}
    return ((statements[one], statements[other]) for one, other in sorted(pairs) if statements[one].text != statements[other].text)


def _same_subject(one: _Statement, other: _Statement) -> bool:
    shared = one.about & other.about
    smaller = min(len(one.about), len(other.about))
    return len(shared) >= LEAST_SHARED and len(one.own & other.own) >= 2 and len(shared) >= LEAST_OVERLAP * smaller


def _statements(parsed: ParsedFile) -> Iterator[_Statement]:
    article = parsed.article
    for block in article.blocks:
        if block.kind not in READ_KINDS or not is_body(block):
            continue
        around = frozenset(tokenize(" ".join((article.title, *block.heading_path))))
        for start, end in sentence_spans(article.text[block.start : block.end]):
            sentence = article.text[block.start + start : block.start + end]
            own = frozenset(token for token in tokenize(FIGURE.sub(" ", sentence)) if not token[0].isdigit())
            for unit, value in set(_figures(sentence)):
                line = parsed.line_at(block.start)
                yield _Statement(article.article_id, line, unit, value, own | around, own, sentence, bool(ATTRIBUTED.search(sentence)))


def _figures(sentence: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for match in FIGURE.finditer(sentence):
        unit = (match["unit"] or match["unit_first"] or "").lower().replace(" ", "").rstrip("s")
        if unit:
            bound = next((sign for word, sign in BOUNDS.items() if (match["bound"] or "").lower().startswith(word)), "")
            yield {"percent": "%", "liter": "litre", "µg": "mcg"}.get(unit, unit), (bound, match["low"], match["high"] or "")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 110 else f"{words[:107]}..."
