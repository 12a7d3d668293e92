"""An answer as the page lays it out. Pure: records in, records for the templates out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from taperbot.records import Answer, Citation, QuoteKind, RemarkKind, Sentence, Starter
from taperbot.wording import page as words

CELL_SEPARATOR = " | "
MOST_STARTER_CHARACTERS = 45
ITEMS = (QuoteKind.LIST_ITEM, QuoteKind.LIST)

_BULLET = re.compile(r"^\s*(?:[-*•‣–]|\d+[.)])\s+")
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A tappable source number."""

    number: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of an answer with its marks. `cells` pairs column names with values when it is a table row."""

    text: str
    marks: tuple[Mark, ...]
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces that belong together: "paragraph", "row", "faq" (`label` is its question),
    or "list" (items, or the cells of one column, under `label`)."""

    layout: str
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One section of an article in the list under an answer, with the marks that lead there."""

    marks: tuple[Mark, ...]
    title: str
    section: str
    dated: str


def groups(answer: Answer) -> tuple[Group, ...]:
    """The answer's sentences in their order, neighbours of one list gathered."""
    marks = {citation.number: mark_for(citation) for citation in answer.citations}
    gathered: list[Group] = []
    for sentence in answer.sentences:
        group = _group(sentence, marks)
        last = gathered[-1] if gathered else None
        if last and group.layout == last.layout == "list" and group.label in ("", last.label):
            gathered[-1] = Group("list", last.label, last.pieces + group.pieces)
        else:
            gathered.append(group)
    return tuple(map(_cell_alone, gathered))


def mark_for(citation: Citation) -> Mark:
    """The mark of a citation, leading to its quote in the article."""
    name = words.SOURCE_NAME.format(number=citation.number, title=citation.title)
    return Mark(citation.number, name, reading_address(citation))


def reading_address(citation: Citation) -> str:
    """Where the quote is read; `q` recognises its words after the article has changed."""
    query = urlencode({"v": citation.version, "start": citation.start, "end": citation.end, "q": fingerprint(citation.quote)})
    return f"{article_address(citation.article_id)}?{query}#quote"


def article_address(article_id: str) -> str:
    """Where the whole article is read."""
    return f"/read/{quote(article_id)}"


def fingerprint(text: str) -> str:
    """A short hash of a quote's words."""
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def sources(answer: Answer) -> tuple[SourceEntry, ...]:
    """The sources list, in the order of the numbers; citations of one section stand together."""
    sections: dict[tuple[str, str], list[Citation]] = {}
    for citation in sorted(answer.citations, key=lambda citation: citation.number):
        sections.setdefault((citation.article_id, citation.section), []).append(citation)
    return tuple(
        SourceEntry(tuple(map(mark_for, cited)), cited[0].title, _section(cited[0]), dated(cited[0].article_date))
        for cited in sections.values()
    )


def dated(day: date | None) -> str:
    """ "Reviewed 3 March 2026", or that there is no date."""
    return words.SOURCE_DATED.format(date=long_date(day)) if day else words.SOURCE_UNDATED


def long_date(day: date) -> str:
    """ "3 March 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def starters(golden: Sequence[Starter], count: int) -> tuple[str, ...]:
    """Questions to begin with: short open ones of different articles, from all over the list; any others where those do not suffice."""
    openers = [starter for starter in golden if _is_open(starter.question)]
    of_articles = list({starter.article_id: starter.question for starter in reversed(openers)}.values())[::-1]
    everything = list(dict.fromkeys(starter.question for starter in golden))
    chosen = of_articles if len(of_articles) >= count else everything
    return tuple(dict.fromkeys(chosen[index * len(chosen) // count] for index in range(count))) if chosen else ()


def reviewed(answer: Answer) -> str:
    """When the articles behind the answer were last looked at, or "" where none has a date."""
    days = sorted({citation.article_date for citation in answer.citations if citation.article_date})
    if not days:
        return ""
    if len(days) == 1:
        return words.REVIEWED_ONE.format(newest=long_date(days[0]))
    return words.REVIEWED_SPAN.format(oldest=long_date(days[0]), newest=long_date(days[-1]))


def remarks(answer: Answer, kinds: Sequence[RemarkKind]) -> tuple[str, ...]:
    """The texts of the remarks of these kinds, in their order."""
    return tuple(remark.text for remark in answer.remarks if remark.kind in kinds)


def plain_text(answer: Answer) -> str:
    """Question, card, answer with its numbers, sources and disclaimer, to be copied or saved."""
    parts = [words.TEXT_QUESTION.format(question=answer.question)]
    if answer.notice:
        parts.append("\n".join([*answer.notice.lines, *(link.label for link in answer.notice.links)]))
    parts += [remark.text for remark in answer.remarks]
    parts.append(_body_text(answer))
    listed = [_source_line(entry) for entry in sources(answer)]
    if listed:
        parts.append("\n".join([words.SOURCES + ":", *listed]))
    return "\n\n".join(part for part in [*parts, answer.disclaimer] if part)


def _source_line(entry: SourceEntry) -> str:
    numbers = "".join(f"[{mark.number}]" for mark in entry.marks)
    return f"{numbers} {'. '.join(filter(None, (entry.title, entry.section)))} ({entry.dated})"


def _body_text(answer: Answer) -> str:
    if not answer.sentences:
        return answer.text
    lines: list[str] = []
    for group in groups(answer):
        if group.label and group.layout != "row":
            lines.append(group.label)
        for piece in group.pieces:
            cells = piece.cells if group.layout == "row" else ()
            shown = "; ".join(f"{name}: {value}" for name, value in cells) or piece.text
            lines.append(("- " if group.layout == "list" else "") + shown + "".join(f" [{mark.number}]" for mark in piece.marks))
    return "\n".join(lines)


def _group(sentence: Sentence, marks: dict[int, Mark]) -> Group:
    own = tuple(marks[number] for number in sentence.citations if number in marks)
    if sentence.kind in ITEMS:
        items = [line.strip() for line in sentence.text.splitlines() if line.strip()]
        pieces = tuple(Piece(_BULLET.sub("", item), own if index == len(items) - 1 else ()) for index, item in enumerate(items))
        return Group("list", sentence.label, pieces)
    if sentence.kind is QuoteKind.TABLE_CELL:
        return Group("list", sentence.label, (Piece(sentence.text, own, ((sentence.label, sentence.text),) if sentence.label else ()),))
    if sentence.kind is QuoteKind.TABLE_ROW:
        return Group("row", sentence.label, (Piece(sentence.text, own, _cells(sentence)),))
    if sentence.kind is QuoteKind.FAQ_ANSWER:
        return Group("faq", sentence.label, (Piece(sentence.text, own),))
    return Group("paragraph", sentence.label, (Piece(sentence.text, own),))


def _cell_alone(group: Group) -> Group:
    """A single cell stands as a row of its one column."""
    is_alone = group.layout == "list" and len(group.pieces) == 1 and bool(group.pieces[0].cells)
    return Group("row", group.label, group.pieces) if is_alone else group


def _cells(sentence: Sentence) -> tuple[tuple[str, str], ...]:
    """Column names with values; empty when their counts differ, so that nothing is put under a wrong name."""
    names = [name.strip() for name in sentence.label.split(CELL_SEPARATOR.strip()) if name.strip()]
    values = [value.strip() for value in re.split(r"\s*[|\t]\s*", sentence.text.strip("| \t"))]
    return tuple(zip(names, values, strict=True)) if names and len(names) == len(values) else ()


def _is_open(question: str) -> bool:
    """Whether it asks for more than a yes or no, in few words, without numbers or names."""
    is_short_and_open = question.startswith(("How", "What", "Why", "Which")) and len(question) <= MOST_STARTER_CHARACTERS
    return is_short_and_open and not re.search(r"\d|\s(?!I\b)[A-Z]", question)


def _section(citation: Citation) -> str:
    return "" if citation.section == citation.title else citation.section
