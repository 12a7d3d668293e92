"""One module per format: bytes of a file in, a raw document out; `read_article` takes it on to an article with its chunks and quotes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from ingest.bare import infer_structure
from ingest.blocks import Layout, lay_out
from ingest.chunks import chunk_article, fold
from ingest.clean import Cleaned, clean
from ingest.context import pasted_titles
from ingest.metadata import Metadata, read_metadata
from ingest.parsed import ParsedFile
from ingest.quotes import quote_article
from ingest.read.decode import UnreadableError, decode_text
from ingest.read.docx import read_docx
from ingest.read.front_matter import parse_yaml
from ingest.read.html import read_html
from ingest.read.markdown import read_markdown
from ingest.read.pdf import read_pdf
from ingest.read.pieces import Note, RawDocument
from ingest.read.text import read_text
from taperbot.errors import RejectedFileError
from taperbot.records import Article, BlockKind, Finding

READERS: Mapping[str, Callable[[bytes], RawDocument]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
MOST_FILE_BYTES = 50_000_000
MOST_TEXT_LETTERS = 5_000_000
MOST_BLOCKS = 100_000


def read_article(data: bytes, article_id: str, sidecar: bytes | None = None) -> ParsedFile:
    """The article in a file's bytes; `sidecar` is the YAML of its `.meta.yaml` and wins over front matter.

    Pure. Raises RejectedFileError for anything that cannot become an article.
    """
    suffix = PurePosixPath(article_id).suffix.lower()
    try:
        if suffix not in READERS:
            raise UnreadableError(
                f"{suffix or 'a file without an ending'} is not a format that can be read. Use one of {', '.join(READERS)}."
            )
        _refuse_extremes(data)
        raw = READERS[suffix](data)
        beside = parse_yaml(decode_text(sidecar)) if sidecar is not None else {}
        return assemble(raw, article_id, hashlib.sha256(data).hexdigest(), beside)
    except UnreadableError as error:
        raise RejectedFileError(article_id, str(error)) from None


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
    quotes = quote_article(article, chunks)
    return ParsedFile(article, chunks, quotes, findings, layout.block_lines, raw.links, metadata.allowed, metadata.author)


def _refuse_extremes(data: bytes) -> None:
    if not data.strip():
        raise UnreadableError("the file is empty. Put the article's text into it, or remove it.")
    if len(data) > MOST_FILE_BYTES:
        raise UnreadableError(
            f"the file has {len(data) // 1_000_000} MB; at most {MOST_FILE_BYTES // 1_000_000} MB are read. Split the article."
        )


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
