"""The answer contract. Pure: a draft in, the lines that may be shown out, with their numbered citations.

A line is shown only when
- it rests on at least one source, and each source lies in a passage retrieved in this turn;
- each source's quote equals the slice of the article at its offsets;
- every number, unit, dose, duration and drug name of the line occurs in a quote it rests on, and amounts of something taken only in quotes;
- it holds no link, image, markup or mark of its own;
- and, where a model wrote it, it says no more, and nothing other, than the quotes (`support.py`).
What fails is withheld whole, with the reason; a mark is never dropped from a line that stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from taperbot.draft import Draft, Line, Source
from taperbot.drugs import drugs_in
from taperbot.facts import amounts, unit_words
from taperbot.records import Article, Citation, Passage, QuoteKind, Sentence
from taperbot.support import Support, unsupported
from taperbot.tokens import tokenize
from taperbot.triage.output import Objection, names_a_method, objections
from taperbot.wording.answers import SHOWN_OF

_FOREIGN = re.compile(
    r"https?:|www\.|mailto:|javascript:|data:\w+/|!\[|\]\s?\(|</?[a-z!][^<>]*>|&(?:#\d+|[a-z]+);|```|\*\*|__|\[\s?\d+\s?\]|\bdoi\.org/",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard)\b.{0,30}\b(?:instructions?|rules?|above)\b|\bsystem prompt\b|\bas an ai\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A line that was not shown, and the rule it broke."""

    line: Line
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be shown. `text` is the body with marks; `sentences` and `citations` are the same, in records."""

    text: str = ""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    shown_of: tuple[tuple[str, int, int], ...] = field(default=())


def check(draft: Draft, passages: Sequence[Passage], articles: Mapping[str, Article]) -> Checked:
    """The lines of `draft` that keep the contract. `articles` holds every article of `passages` by id, in the version that was retrieved."""
    kept: list[Line] = []
    withheld: list[Withheld] = []
    for line in draft.lines:
        reason = broken_rule(line, passages, articles)
        if reason:
            withheld.append(Withheld(line, reason))
        else:
            kept.append(line)
    numbers = _numbered(kept)
    citations = tuple(_citation(number, source, articles[source.article_id]) for source, number in numbers.items())
    sentences = tuple(Sentence(line.text, tuple(numbers[source] for source in line.sources), line.kind, line.label) for line in kept)
    return Checked(body(sentences, draft.shown_of), sentences, citations, tuple(withheld), draft.shown_of)


def broken_rule(line: Line, passages: Sequence[Passage], articles: Mapping[str, Article]) -> str:
    """The first rule that `line` breaks, or "" when it may be shown."""
    if not line.sources or not line.text.strip():
        return "no source"
    for source in line.sources:
        reason = _broken_source(source, passages, articles)
        if reason:
            return reason
    if _FOREIGN.search(line.text) or _FOREIGN.search(line.label):
        return "link, image, markup or mark of its own"
    if not _label_is_the_articles(line, articles):
        return "label is not in the article"
    quoted = " \n".join(source.quote for source in line.sources)
    if names_a_method(quoted):
        return Objection.METHOD_OR_LETHAL_AMOUNT.value
    return _unsupported(line, quoted, articles) if line.by_model else _altered(line.text, quoted)


def _broken_source(source: Source, passages: Sequence[Passage], articles: Mapping[str, Article]) -> str:
    article = articles.get(source.article_id)
    if article is None or not _retrieved(source, passages):
        return "passage was not retrieved in this turn"
    if not 0 <= source.start < source.end <= len(article.text) or article.text[source.start : source.end] != source.quote:
        return "quote is not the slice at its offsets"
    return ""


def _retrieved(source: Source, passages: Sequence[Passage]) -> bool:
    """True when retrieved passages of the article cover the source, or touch it where a lead-in or a list runs over their edge."""
    same = [passage.chunk for passage in passages if passage.chunk.article_id == source.article_id]
    return any(chunk.start < source.end and source.start < chunk.end for chunk in same)


def _label_is_the_articles(line: Line, articles: Mapping[str, Article]) -> bool:
    texts = [_plain(articles[source.article_id].text) for source in line.sources]
    return all(any(_plain(piece) in text for text in texts) for piece in line.label.split(" | "))


def _altered(text: str, quoted: str) -> str:
    if _plain(text) in _plain(quoted):
        return ""
    return _facts_missing(text, quoted) or ("words are not the quote's" if _support(text, quoted) < 1 else "")


def _unsupported(line: Line, quoted: str, articles: Mapping[str, Article]) -> str:
    text = line.text
    if any(amount.is_dose for amount in amounts(text)):
        return "number of an amount in a model's words"
    missing = _facts_missing(text, quoted)
    if missing:
        return missing
    if _INSTRUCTION.search(text):
        return "speaks of instructions"
    objected = objections(text)
    if objected:
        return objected[0].value
    headings = [heading for source in line.sources for heading in (articles[source.article_id].title, source.section)]
    return unsupported(text, Support(tuple(source.quote for source in line.sources), tuple(dict.fromkeys(headings))))


def _facts_missing(text: str, quoted: str) -> str:
    stated, given = amounts(text), amounts(quoted)
    for amount in stated:
        if amount not in given and (amount.unit or not any(amount.values == other.values for other in given)):
            return "number or unit is not in the quote"
    if not unit_words(text) <= unit_words(quoted):
        return "duration is not in the quote"
    if not drugs_in(text) <= drugs_in(quoted):
        return "drug is not in the quote"
    return ""


def _support(text: str, quoted: str) -> float:
    words = set(tokenize(text))
    return len(words & set(tokenize(quoted))) / len(words) if words else 0.0


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[|•*]|(?<!\w)-(?=\s)", " ", text).split())


def _numbered(lines: Sequence[Line]) -> dict[Source, int]:
    sources = dict.fromkeys(source for line in lines for source in line.sources)
    return {source: number for number, source in enumerate(sources, 1)}


def _citation(number: int, source: Source, article: Article) -> Citation:
    return Citation(
        number, article.article_id, article.version, article.title, source.section, source.start, source.end, source.quote, article.date
    )  # fmt: skip


def body(sentences: Sequence[Sentence], shown_of: Sequence[tuple[str, int, int]] = ()) -> str:
    """The answer as plain text: one line each, every line marked, items under their lead-in, rows with their column names."""
    cut = {label: (shown, there_are) for label, shown, there_are in shown_of}
    lines: list[str] = []
    for (kind, label), run in groupby(sentences, key=lambda sentence: (sentence.kind, sentence.label)):
        items = list(run)
        if kind in _ITEMS and label and len(items) > 1:
            marks = _marks(dict.fromkeys(number for item in items for number in item.citations))
            lines += [f"{label.rstrip(':')}: {marks}", *(f"- {item.text} {_marks(item.citations)}" for item in items)]
        else:
            lines += [_one_line(item) for item in items]
        if kind in _ITEMS and label in cut:
            lines.append(SHOWN_OF.format(shown=cut[label][0], there_are=cut[label][1]))
    return "\n".join(lines)


_ITEMS = (QuoteKind.LIST_ITEM, QuoteKind.LIST, QuoteKind.TABLE_CELL)


def _one_line(sentence: Sentence) -> str:
    marks = _marks(sentence.citations)
    if sentence.kind is QuoteKind.TABLE_ROW and sentence.label:
        return f"{_row(sentence)} {marks}"
    if sentence.kind in _ITEMS and sentence.label:
        return f"{sentence.label.rstrip(':')}: {sentence.text} {marks}"
    return " ".join(part for part in (sentence.label, sentence.text, marks) if part)


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _row(sentence: Sentence) -> str:
    columns, cells = sentence.label.split(" | "), sentence.text.split(" | ")
    if len(columns) != len(cells):
        return sentence.text
    return "; ".join(f"{column}: {cell}" for column, cell in zip(columns, cells, strict=True))
