"""Everything of an article that can be shown as an answer, each a verbatim slice of its text within one chunk."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.chunks import digest, index_text
from ingest.context import is_context, is_footer_heading
from ingest.sentences import sentence_spans
from taperbot.records import Article, Block, BlockKind, Chunk, Quote, QuoteKind, Span

SHORT_SENTENCE_WORDS = 6
"""A sentence this short says too little alone."""
LONGEST_ANSWER_WORDS = 90
LONGEST_LEAD_IN_WORDS = 30


def quote_article(article: Article, chunks: Sequence[Chunk], asides: frozenset[int] = frozenset()) -> tuple[Quote, ...]:
    """The quotes of an article whose chunks are `chunks`, by their place in its text; those that contain others come after them.

    Blocks that start at one of `asides` give context only.
    """
    writer = _Writer(article, tuple(chunks), asides)
    runs = [*_runs(article.blocks), []]
    for run, following in pairwise(runs):
        kind = run[0].kind
        if kind is BlockKind.PARAGRAPH:
            writer.paragraph(run[0])
        elif kind is BlockKind.ANSWER:
            writer.answer(run, following if _goes_on(article.text, run, following) else [])
        elif kind is BlockKind.LIST_ITEM and (writer.previous is None or writer.previous is not run[-1]):
            writer.items(run)
        elif kind is BlockKind.TABLE_ROW:
            writer.row(run[0], run[1:])
        if writer.previous is None or writer.previous.start < run[-1].start:
            writer.previous = run[-1]
    return tuple(writer.quotes)


def _goes_on(text: str, run: Sequence[Block], following: Sequence[Block]) -> bool:
    """Whether an answer ends with a colon and the list after it belongs to it."""
    is_list = bool(following) and following[0].kind is BlockKind.LIST_ITEM and following[0].heading_path == run[0].heading_path
    return is_list and text[run[-1].end - 1] == ":"


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks that belong together: the items of a list, the answer to a question, a row with its cells; else one by one."""
    run: list[Block] = []
    for block in blocks:
        if run and not _belongs(run, block):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _belongs(run: Sequence[Block], block: Block) -> bool:
    first = run[0]
    if block.kind is BlockKind.TABLE_CELL:
        return first.kind is BlockKind.TABLE_ROW
    return block.kind is first.kind and block.kind in (BlockKind.LIST_ITEM, BlockKind.ANSWER) and block.group == first.group


@dataclass
class _Writer:
    """Writes quotes in order; knows which chunk holds what."""

    article: Article
    chunks: tuple[Chunk, ...]
    asides: frozenset[int]
    quotes: list[Quote] = field(default_factory=list)
    seen: Counter[tuple[QuoteKind, tuple[str, ...], str]] = field(default_factory=Counter)
    previous: Block | None = None

    def paragraph(self, block: Block) -> None:
        self._sentences(block, question=None, whole=None)

    def answer(self, run: Sequence[Block], items: Sequence[Block]) -> None:
        """An answer is a quote as a whole, with the list it ends in, or by paragraphs where it is long; so are its sentences."""
        question = run[0].heading_path[-1] if run[0].heading_path else None
        wholes = self._wholes(run, items)
        spans = {span for block in run for span in self._sentence_spans(block)}
        members = [
            quote
            for block in run
            for quote in self._sentences(block, question, wholes[0] if len(wholes) == 1 else (block.start, block.end))
        ]
        self.previous = run[-1]
        if items:
            self.items(items)
            self.previous = items[-1]
        for start, end in wholes:
            if not self._in_one_chunk(start, end):
                continue
            inside = tuple(
                quote.quote_id for quote in members if start <= quote.start and quote.end <= end and quote.kind is QuoteKind.SENTENCE
            )
            hollow = all(is_context(self._slice(*span)) for span in spans if start <= span[0] and span[1] <= end)
            self._add(
                QuoteKind.FAQ_ANSWER,
                start,
                end,
                run[0],
                members=inside,
                question=question,
                context=hollow,
                said=f"{question} {self._slice(start, end)}",
            )

    def _wholes(self, run: Sequence[Block], items: Sequence[Block]) -> list[tuple[int, int]]:
        """The span of the whole answer where it is short and within a chunk, else of its paragraphs."""
        for last in (items[-1], run[-1]) if items else (run[-1],):
            if self._in_one_chunk(run[0].start, last.end) and _words(self._slice(run[0].start, last.end)) <= LONGEST_ANSWER_WORDS:
                return [(run[0].start, last.end)]
        return [(block.start, block.end) for block in run]

    def items(self, run: Sequence[Block]) -> None:
        """Each item, and per chunk the items together."""
        lead_in = self._lead_in(run[0])
        said = self._slice(lead_in.start, lead_in.end) if lead_in else ""
        said = f"{said} " if said and _words(said) <= LONGEST_LEAD_IN_WORDS else ""
        question = (
            run[0].heading_path[-1] if self.previous is not None and self.previous.kind in (BlockKind.ANSWER, BlockKind.QUESTION) else None
        )
        by_chunk: dict[str, list[Quote]] = {}
        for block in run:
            if not self._in_one_chunk(block.start, block.end):
                self._sentences(block, question, whole=None)
                continue
            text = self._slice(block.start, block.end)
            hollow = all(is_context(text[start:end]) for start, end in sentence_spans(text))
            quote = self._add(
                QuoteKind.LIST_ITEM, block.start, block.end, block, question=question, lead_in=lead_in, context=hollow, said=said + text
            )
            by_chunk.setdefault(quote.chunk_id, []).append(quote)
        for items in by_chunk.values():
            if len(items) > 1:
                everything = said + " ".join(item.text for item in items)
                ids = tuple(item.quote_id for item in items)
                hollow = all(item.is_context for item in items)
                self._add(
                    QuoteKind.LIST,
                    items[0].start,
                    items[-1].end,
                    run[0],
                    members=ids,
                    question=question,
                    lead_in=lead_in,
                    context=hollow,
                    said=everything,
                )

    def row(self, row: Block, cells: Sequence[Block]) -> None:
        """The cells, each with its column, and the row."""
        if not self._in_one_chunk(row.start, row.end):
            for cell in cells:
                self._sentences(cell, question=None, whole=None)
            return
        ids, said = [], []
        label = f"{self._slice(cells[0].start, cells[0].end)}, " if len(row.columns) > 2 else ""
        for cell in cells:
            named = ": ".join((*cell.columns, self._slice(cell.start, cell.end)))
            said.append(named)
            ids.append(
                self._add(
                    QuoteKind.TABLE_CELL, cell.start, cell.end, cell, columns=cell.columns, said=label * (cell is not cells[0]) + named
                ).quote_id
            )
        self._add(QuoteKind.TABLE_ROW, row.start, row.end, row, members=tuple(ids), columns=row.columns, said="; ".join(said))

    def _sentences(self, block: Block, question: str | None, whole: tuple[int, int] | None) -> Sequence[Quote]:
        """Sentences of more than a few words, adjacent pairs, and context. A span equal to `whole` is left to the caller."""
        spans = self._sentence_spans(block)
        hollow = [is_context(self._slice(*span)) for span in spans]
        first = len(self.quotes)
        alone: list[Quote | None] = []
        for (start, end), context in zip(spans, hollow, strict=True):
            wanted = (context or _words(self._slice(start, end)) > SHORT_SENTENCE_WORDS) and (start, end) != whole
            alone.append(self._add(QuoteKind.SENTENCE, start, end, block, question=question, context=context) if wanted else None)
        paired = [False] * len(spans)
        for left in range(len(spans) - 1):
            start, end = spans[left][0], spans[left + 1][1]
            if hollow[left] or hollow[left + 1] or not self._in_one_chunk(start, end):
                continue
            paired[left] = paired[left + 1] = True
            if (start, end) != whole:
                ids = tuple(quote.quote_id for quote in alone[left : left + 2] if quote is not None)
                self._add(QuoteKind.PAIR, start, end, block, members=ids, question=question)
        for span, quote, covered in zip(spans, alone, paired, strict=True):
            if quote is None and not covered and span != whole:
                self._add(QuoteKind.SENTENCE, *span, block, question=question, context=whole is None)
        return self.quotes[first:]

    def _sentence_spans(self, block: Block) -> list[tuple[int, int]]:
        """The sentences of a block, cut where a chunk ends."""
        spans = [(block.start + start, block.start + end) for start, end in sentence_spans(self._slice(block.start, block.end))]
        return [part for start, end in spans for part in self._clipped(start, end)]

    def _clipped(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        for chunk in self.chunks[max(0, self._chunk_number(start)) :]:
            if chunk.start >= end:
                return
            if chunk.end > start:
                yield max(start, chunk.start), min(end, chunk.end)

    def _lead_in(self, first: Block) -> Span | None:
        """The sentence before a list when it ends with a colon."""
        before = self.previous
        if before is None or before.kind not in (BlockKind.PARAGRAPH, BlockKind.ANSWER) or before.heading_path != first.heading_path:
            return None
        spans = sentence_spans(self._slice(before.start, before.end))
        if not spans or self.article.text[before.start + spans[-1][1] - 1] != ":":
            return None
        return Span(before.start + spans[-1][0], before.start + spans[-1][1])

    def _chunk_number(self, offset: int) -> int:
        return bisect_right(self.chunks, offset, key=lambda chunk: chunk.start) - 1

    def _in_one_chunk(self, start: int, end: int) -> bool:
        return end <= self.chunks[self._chunk_number(start)].end

    def _slice(self, start: int, end: int) -> str:
        return self.article.text[start:end]

    def _add(
        self,
        kind: QuoteKind,
        start: int,
        end: int,
        block: Block,
        *,
        members: tuple[str, ...] = (),
        columns: tuple[str, ...] = (),
        question: str | None = None,
        lead_in: Span | None = None,
        context: bool = False,
        said: str | None = None,
    ) -> Quote:
        text, path = self._slice(start, end), block.heading_path
        key = (kind, path, text)
        identity = digest(self.article.article_id, kind, *path, text, str(self.seen[key]))
        self.seen[key] += 1
        outline = path[:-1] if kind is QuoteKind.FAQ_ANSWER else path
        indexed = index_text(self.article.title, outline, text if said is None else said)
        chunk_id = self.chunks[self._chunk_number(start)].chunk_id
        context = context or block.start in self.asides or any(is_footer_heading(heading) for heading in path)
        quote = Quote(
            identity, self.article.article_id, chunk_id, kind, path, start, end, text, indexed, members, columns, question, lead_in, context
        )
        self.quotes.append(quote)
        return quote


def _words(text: str) -> int:
    return len(text.split())
