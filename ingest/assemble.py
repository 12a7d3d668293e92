"""From a raw document to an article with its chunks and quotes: the readers' common way on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from ingest.bare import infer_structure
from ingest.blocks import Layout, lay_out
from ingest.chunks import chunk_article, fold
from ingest.clean import Cleaned, clean
from ingest.context import pasted_titles
from ingest.metadata import Metadata, read_metadata
from ingest.parsed import ParsedFile
from ingest.pieces import Note, RawDocument, UnreadableError
from ingest.quotes import quote_article
from taperbot.records import Article, BlockKind, Finding

MOST_TEXT_LETTERS = 5_000_000
MOST_BLOCKS = 100_000


def assemble(raw: RawDocument, article_id: str, version: str, beside: Mapping[str, object]) -> ParsedFile:
    """Cleans and lays out a raw document. Raises UnreadableError when no article is left."""
    metadata = read_metadata({**raw.metadata, **beside}, raw.key_lines)
    cleaned = clean(raw.pieces)
    parted = clean(infer_structure(cleaned.pieces))
    layout = lay_out(parted.pieces)
    if not any(block.kind is not BlockKind.HEADING for block in layout.blocks):
        raise UnreadableError(
            "no running text is left once headings and page furniture are taken away. Put the article's text into the file."
        )
    if len(layout.text) > MOST_TEXT_LETTERS:
        raise UnreadableError(
            f"the file holds {len(layout.text):,} letters of text; at most {MOST_TEXT_LETTERS:,} are read. Split the article."
        )
    if len(layout.blocks) > MOST_BLOCKS:
        raise UnreadableError(
            f"the file holds {len(layout.blocks):,} lines, items and table cells; at most {MOST_BLOCKS:,} are read. Split the article."
        )
    article = _article(article_id, version, metadata, layout, cleaned)
    chunks = chunk_article(article)
    notes = [
        *raw.notes,
        *metadata.notes,
        *cleaned.notes,
        *parted.notes,
        *_unknown_sections(article, raw.key_lines.get("asked_as")),
        *_titles_in_sentences(article, layout),
    ]
    silenced = {allowance.code for allowance in metadata.allowed}
    ordered = sorted(notes, key=lambda note: note.line or 0)
    findings = tuple(Finding(article_id, note.line, note.code, note.message) for note in ordered if note.code not in silenced)
    quotes = quote_article(article, chunks, layout.asides)
    return ParsedFile(article, chunks, quotes, findings, layout.block_lines, raw.links, metadata.allowed, metadata.author)


def _article(article_id: str, version: str, metadata: Metadata, layout: Layout, cleaned: Cleaned) -> Article:
    return Article(
        article_id=article_id,
        version=version,
        title=metadata.title or layout.title or metadata.page_title or _title_from_name(article_id),
        text=layout.text,
        blocks=layout.blocks,
        summary=metadata.summary,
        published=metadata.published or cleaned.published,
        reviewed=metadata.reviewed,
        next_review=metadata.next_review,
        url=metadata.url,
        topics=metadata.topics,
        related=metadata.related,
        sources=metadata.sources,
        asked_as=metadata.asked_as,
    )


def _title_from_name(article_id: str) -> str:
    stem = PurePosixPath(article_id.split("#")[-1]).stem
    return re.sub(r"[-_\s]+", " ", stem).strip().capitalize() or article_id


def _unknown_sections(article: Article, line: int | None) -> list[Note]:
    """`asked_as` headings that the article does not have."""
    sections = {fold(heading) for block in article.blocks for heading in block.heading_path}
    wanted = (entry.heading for entry in article.asked_as)
    return [
        Note(line, "asked-as-heading", f'"asked_as" names a heading that is not in the article: {name}')
        for name in wanted
        if fold(name) not in sections
    ]


def _titles_in_sentences(article: Article, layout: Layout) -> list[Note]:
    notes: list[Note] = []
    for block, line in zip(article.blocks, layout.block_lines, strict=True):
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ANSWER):
            titles = pasted_titles(article.text[block.start : block.end])
            notes.extend(Note(line, "pasted-title", f"Looks like another article's title without a link: {title}") for title in titles)
    return notes
