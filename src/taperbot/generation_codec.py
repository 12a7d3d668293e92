"""Records to and from the compact JSON of a generation's row files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from taperbot.records import Article, AskedAs, Block, BlockKind, Chunk, Finding, Quote, QuoteKind, Span

Json = dict[str, Any]
_KINDS = {kind.value: kind for kind in QuoteKind}


def article_to_json(article: Article) -> Json:
    """Everything of an article."""
    return {
        "article_id": article.article_id,
        "version": article.version,
        "title": article.title,
        "text": article.text,
        "blocks": [_block_to_json(block) for block in article.blocks],
        "summary": article.summary,
        "published": _day(article.published),
        "reviewed": _day(article.reviewed),
        "next_review": _day(article.next_review),
        "url": article.url,
        "topics": article.topics,
        "related": article.related,
        "sources": article.sources,
        "asked_as": [[entry.heading, entry.lines] for entry in article.asked_as],
    }


def article_from_json(raw: Mapping[str, Any]) -> Article:
    """The reverse of `article_to_json`."""
    return Article(
        article_id=raw["article_id"],
        version=raw["version"],
        title=raw["title"],
        text=raw["text"],
        blocks=tuple(_block_from_json(block) for block in raw["blocks"]),
        summary=raw["summary"],
        published=_date(raw["published"]),
        reviewed=_date(raw["reviewed"]),
        next_review=_date(raw["next_review"]),
        url=raw["url"],
        topics=tuple(raw["topics"]),
        related=tuple(raw["related"]),
        sources=tuple(raw["sources"]),
        asked_as=tuple(AskedAs(heading, tuple(lines)) for heading, lines in raw["asked_as"]),
    )


def _block_to_json(block: Block) -> list[Any]:
    return [block.kind.value, block.start, block.end, block.heading_path, block.group, block.level, block.columns]


def _block_from_json(raw: Sequence[Any]) -> Block:
    kind, start, end, path, group, level, columns = raw
    return Block(BlockKind(kind), start, end, tuple(path), group, level, tuple(columns))


def chunk_to_json(chunk: Chunk) -> Json:
    """Everything of a chunk; what its indexed text shares with its text is kept once."""
    return {
        "id": chunk.chunk_id,
        "article": chunk.article_id,
        "title": chunk.title,
        "path": chunk.heading_path,
        "start": chunk.start,
        "text": chunk.text,
        **_prefix(chunk.indexed_text, chunk.text),
        "asked": chunk.asked_as,
    }


def chunk_from_json(raw: Mapping[str, Any]) -> Chunk:
    """The reverse of `chunk_to_json`."""
    text, start = raw["text"], raw["start"]
    indexed = _indexed(raw, text)
    path, asked = tuple(raw["path"]), tuple(raw["asked"])
    return Chunk(raw["id"], raw["article"], raw["title"], path, start, start + len(text), text, indexed, asked)


def quotes_to_json(chunk: Chunk, quotes: Sequence[Quote]) -> list[Json]:
    """The quotes of one chunk, whose text they are slices of."""
    return [_quote_to_json(chunk, quote) for quote in quotes]


def _quote_to_json(chunk: Chunk, quote: Quote) -> Json:
    record: Json = {
        "id": quote.quote_id,
        "kind": quote.kind.value,
        "at": [quote.start, quote.end],
        **_prefix(quote.indexed_text, quote.text),
    }
    if chunk.text[quote.start - chunk.start : quote.end - chunk.start] != quote.text:
        record["text"] = quote.text
    if quote.heading_path != chunk.heading_path:
        record["path"] = quote.heading_path
    optional: Json = {"members": quote.members, "columns": quote.columns, "question": quote.question, "context": quote.is_context}
    if quote.lead_in is not None:
        optional["lead_in"] = (quote.lead_in.start, quote.lead_in.end)
    return record | {key: value for key, value in optional.items() if value}


def quotes_from_json(chunk: Chunk, raw: Sequence[Mapping[str, Any]]) -> tuple[Quote, ...]:
    """The reverse of `quotes_to_json`."""
    return tuple(_quote_from_json(chunk, record) for record in raw)


def _quote_from_json(chunk: Chunk, raw: Mapping[str, Any]) -> Quote:
    start, end = raw["at"]
    text = raw.get("text")
    if text is None:
        text = chunk.text[start - chunk.start : end - chunk.start]
    path, lead_in = raw.get("path"), raw.get("lead_in")
    # By position, which is quicker than by name: every question has hundreds of these read.
    return Quote(
        raw["id"],
        chunk.article_id,
        chunk.chunk_id,
        _KINDS[raw["kind"]],
        chunk.heading_path if path is None else tuple(path),
        start,
        end,
        text,
        _indexed(raw, text),
        tuple(raw.get("members", ())),
        tuple(raw.get("columns", ())),
        raw.get("question"),
        None if lead_in is None else Span(*lead_in),
        raw.get("context", False),
    )


def findings_to_json(findings: Sequence[Finding]) -> list[list[Any]]:
    """The findings of one article."""
    return [[finding.path, finding.line, finding.code, finding.message] for finding in findings]


def findings_from_json(raw: Sequence[Sequence[Any]]) -> tuple[Finding, ...]:
    """The reverse of `findings_to_json`."""
    return tuple(Finding(*item) for item in raw)


def _prefix(indexed: str, text: str) -> Json:
    return {"before": indexed.removesuffix(text)} if indexed.endswith(text) else {"indexed": indexed}


def _indexed(raw: Mapping[str, Any], text: str) -> str:
    before = raw.get("before")
    indexed: str = raw["indexed"] if before is None else before + text
    return indexed


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
