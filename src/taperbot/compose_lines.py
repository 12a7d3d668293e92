"""From chosen quotes to the lines that are shown, each with the stretch of its article that it rests on. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from taperbot.draft import Draft, Line, Source
from taperbot.records import Article, Quote, QuoteKind

LONGEST_LIST = 60
"""Words of a list from which it is cut to its best items."""
_GAP = " \t\n-*•|#"
"""What may stand between a lead-in or question and what it introduces."""


def lines_of(
    chosen: Sequence[Quote], siblings: Mapping[str, Quote], articles: Mapping[str, Article], scores: Mapping[str, float], words: int
) -> Draft:
    """Lines for `chosen` in that order, in about `words` words. `siblings` are all candidate quotes by id, for the members of lists."""
    lines: list[Line] = []
    cuts: list[tuple[str, int, int]] = []
    for quote in chosen:
        article = articles[quote.article_id]
        if quote.kind is QuoteKind.LIST:
            room = min(LONGEST_LIST, words - sum(_words(line.text) for line in lines))
            items, cut = _list_lines(quote, siblings, article, scores, room)
            lines += items
            cuts += [cut] if cut else []
        else:
            lines.append(_line(quote, article))
    return Draft(tuple(lines), tuple(cuts))


def _line(quote: Quote, article: Article) -> Line:
    label, start = _introduction(quote, article)
    text = " ".join(quote.text.split()).removeprefix("- ")
    if quote.kind is QuoteKind.TABLE_ROW:
        text = " | ".join(cell.strip() for cell in quote.text.strip("| \n").split("|"))
        label = " | ".join(quote.columns)
    elif quote.kind is QuoteKind.TABLE_CELL:
        label = quote.columns[0] if quote.columns else ""
    return Line(text, (_source(article, quote, start, quote.end),), quote.kind, label)


def _list_lines(
    quote: Quote, siblings: Mapping[str, Quote], article: Article, scores: Mapping[str, float], words: int
) -> tuple[list[Line], tuple[str, int, int] | None]:
    """The items of a list under its lead-in, all with the one citation of the list; the best of them where not all fit."""
    items = [siblings[member] for member in quote.members if member in siblings]
    usable = [item for item in items if not item.is_context]
    shown = best_that_fit(usable, scores, words)
    label, start = _introduction(quote, article)
    if shown:
        start = start if shown[0] is usable[0] and usable[0] is items[0] else shown[0].start
    source = _source(article, quote, start, shown[-1].end) if shown else _source(article, quote, quote.start, quote.end)
    if start != _introduction(quote, article)[1] and label:
        source = _source(article, quote, _introduction(quote, article)[1], shown[-1].end)
    lines = [Line(" ".join(item.text.split()), (source,), QuoteKind.LIST_ITEM, label) for item in shown]
    return lines, (label, len(shown), len(items)) if len(shown) < len(items) else None


def best_that_fit(items: Sequence[Quote], scores: Mapping[str, float], words: int) -> list[Quote]:
    """The best of `items` in at most `words` words, one at least, in their own order."""
    kept: set[str] = set()
    for item in sorted(items, key=lambda item: -scores.get(item.quote_id, -math.inf)):
        words -= _words(item.text)
        if words < 0 and kept:
            break
        kept.add(item.quote_id)
    return [item for item in items if item.quote_id in kept]


def _introduction(quote: Quote, article: Article) -> tuple[str, int]:
    """The lead-in or FAQ question of a quote with the start of the stretch that holds both; "" and its own start where there is none next to it."""
    if quote.kind in (QuoteKind.LIST, QuoteKind.LIST_ITEM) and quote.lead_in is not None:
        label = article.text[quote.lead_in.start : quote.lead_in.end]
        near = quote.kind is QuoteKind.LIST or not article.text[quote.lead_in.end : quote.start].strip(_GAP)
        return " ".join(label.split()).rstrip(":"), quote.lead_in.start if near else quote.start
    if quote.kind is QuoteKind.FAQ_ANSWER and quote.question:
        place = article.text.rfind(quote.question, 0, quote.start)
        if place >= 0 and not article.text[place + len(quote.question) : quote.start].strip(_GAP):
            return quote.question, place
        return "", quote.start
    return "", quote.start


def _source(article: Article, quote: Quote, start: int, end: int) -> Source:
    section = quote.heading_path[-1] if quote.heading_path else article.title
    return Source(article.article_id, section, start, end, article.text[start:end])


def _words(text: str) -> int:
    return len(text.split())
