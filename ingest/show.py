"""Everything ingestion makes of one article, as plain text for an editor's eyes."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.parsed import ParsedFile
from ingest.reading_grade import reading_grade
from taperbot.records import Article, Block, Chunk, Finding, Quote


def render_article(parsed: ParsedFile) -> str:
    """Metadata, canonical text, blocks, chunks, quotes and warnings, in this order; ends with a line break."""
    article = parsed.article
    parts = [
        _section("Article", _facts(parsed)),
        _section("Canonical text", [article.text]),
        _section(f"Blocks ({len(article.blocks)})", (_block_line(parsed, block) for block in article.blocks)),
        _section(f"Chunks ({len(parsed.chunks)})", (_chunk_line(chunk) for chunk in parsed.chunks)),
        _section(f"Quotes ({len(parsed.quotes)})", (_quote_line(article, quote) for quote in parsed.quotes)),
        _section(f"Warnings ({len(parsed.findings)})", (finding_line(finding) for finding in parsed.findings)),
    ]
    return "\n\n".join(parts) + "\n"


def finding_line(finding: Finding) -> str:
    """ "path:line: code: message", without the line where it is unknown."""
    place = finding.path if finding.line is None else f"{finding.path}:{finding.line}"
    return f"{place}: {finding.code}: {finding.message}"


def _section(heading: str, lines: Iterator[str] | list[str]) -> str:
    body = "\n".join(lines) or "(none)"
    return f"{heading}\n{'=' * len(heading)}\n{body}"


def _facts(parsed: ParsedFile) -> list[str]:
    article = parsed.article
    facts = {
        "Id": article.article_id,
        "Title": article.title,
        "Version": article.version,
        "Author": parsed.author,
        "Summary": article.summary,
        "Published": article.published,
        "Reviewed": article.reviewed,
        "Next review": article.next_review,
        "Address": article.url,
        "Topics": ", ".join(article.topics),
        "Related": ", ".join(article.related),
        "Sources": len(article.sources) or "",
        "Reading grade": f"{reading_grade(article):.1f}",
    }
    return [f"{name + ':':15}{value}" for name, value in facts.items() if value]


def _block_line(parsed: ParsedFile, block: Block) -> str:
    line = parsed.line_at(block.start)
    place = f"line {line}" if line else "-"
    kind = f"{block.kind} {block.level}" if block.level else str(block.kind)
    group = f" group {block.group}" if block.group is not None else ""
    return f"[{block.start}-{block.end}] {place}  {kind}{group}  {_short(parsed.article.text[block.start : block.end])}"


def _chunk_line(chunk: Chunk) -> str:
    asked = f"\n    asked as: {'; '.join(chunk.asked_as)}" if chunk.asked_as else ""
    place = " > ".join(chunk.heading_path) or chunk.title
    return f"{chunk.chunk_id[:12]}  [{chunk.start}-{chunk.end}]  {place}\n    {_short(chunk.text)}{asked}"


def _quote_line(article: Article, quote: Quote) -> str:
    notes = [str(quote.kind)]
    if quote.is_context:
        notes.append("context, never an answer")
    if quote.columns:
        notes.append(f"columns: {' | '.join(quote.columns)}")
    if quote.question:
        notes.append(f"answers: {quote.question}")
    if quote.lead_in:
        notes.append(f"after: {article.text[quote.lead_in.start : quote.lead_in.end]}")
    return f"[{quote.start}-{quote.end}] {'; '.join(notes)}\n    {_short(quote.text, 300)}"


def _short(text: str, most: int = 110) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 3]}..."
