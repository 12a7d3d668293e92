"""What an editor should know about one article's metadata and structure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ingest.bare import is_byline
from ingest.chunks import fold
from ingest.context import DISCLAIMER, is_footer_heading
from ingest.parsed import ParsedFile
from ingest.reading_grade import reading_grade
from taperbot.records import Block, BlockKind, Finding

HARDEST_GRADE = 9.0
LONGEST_PARAGRAPH_WORDS = 150
MOST_WORDS_WITHOUT_HEADING = 250
TEAM = re.compile(r"\b(?:written|curated|edited|reviewed|checked|put\s+together|compiled)\s+by\b", re.IGNORECASE)


def lint_article(parsed: ParsedFile, today: date) -> Iterator[Finding]:
    """Findings about metadata, structure and reading grade."""
    yield from _metadata(parsed, today)
    yield from _source_list(parsed)
    yield from _structure(parsed)
    yield from _lengths(parsed)
    grade = reading_grade(parsed.article)
    if grade > HARDEST_GRADE:
        message = (
            f"The text reads at US grade {grade:.1f}; at most {HARDEST_GRADE:.0f} is wanted. Shorter sentences and plainer words help."
        )
        yield _finding(parsed, None, "reading-grade", message)


def _finding(parsed: ParsedFile, line: int | None, code: str, message: str) -> Finding:
    return Finding(parsed.article.article_id, line, code, message)


def _metadata(parsed: ParsedFile, today: date) -> Iterator[Finding]:
    article = parsed.article
    if article.date is None:
        yield _finding(parsed, 1, "missing-date", 'Readers are shown no date. Add "published" or "reviewed".')
    if not _names_author(parsed):
        yield _finding(parsed, 1, "missing-author", 'Nobody is named as the writer. Add "author", or a line such as "Written by ...".')
    if not DISCLAIMER.search(article.text):
        yield _finding(parsed, None, "missing-disclaimer", "The article does not say that it is no medical advice.")
    if not article.summary:
        yield _finding(parsed, 1, "missing-summary", 'Add a "summary" of one or two sentences.')
    if article.next_review is not None and article.next_review < today:
        yield _finding(parsed, 1, "review-overdue", f"The next review was due on {article.next_review.isoformat()}.")
    for name, day in (("published", article.published), ("reviewed", article.reviewed)):
        if day is not None and day > today:
            yield _finding(parsed, 1, "date-in-future", f'"{name}" is {day.isoformat()}, which is still to come.')


def _names_author(parsed: ParsedFile) -> bool:
    if parsed.author:
        return True
    lines = (parsed.article.text[block.start : block.end] for block in parsed.article.blocks if block.kind is BlockKind.PARAGRAPH)
    return any(is_byline(line) or TEAM.search(line) for line in lines)


def _source_list(parsed: ParsedFile) -> Iterator[Finding]:
    """Source marks in the text are worth nothing without a list they point to."""
    marks = [finding for finding in parsed.findings if finding.code == "source-mark"]
    headings = (block.heading_path[-1] for block in parsed.article.blocks if block.kind is BlockKind.HEADING and block.heading_path)
    has_list = bool(parsed.article.sources) or any(re.match(r"(?:references?|sources?)\b", heading, re.IGNORECASE) for heading in headings)
    if marks and not has_list:
        message = f"Source marks stand on {len(marks)} lines, but there is no list of sources they could point to. Add the sources."
        yield _finding(parsed, marks[0].line, "source-marks-without-list", message)
    elif not has_list:
        yield _finding(parsed, 1, "missing-sources", 'No sources are named. Add "sources".')


def _structure(parsed: ParsedFile) -> Iterator[Finding]:
    blocks = parsed.article.blocks
    seen: set[str] = set()
    level = 1
    for position, block in enumerate(blocks):
        if block.kind not in (BlockKind.HEADING, BlockKind.QUESTION):
            continue
        heading = parsed.article.text[block.start : block.end]
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        if block.kind is BlockKind.HEADING and block.level > level + 1:
            yield _at(parsed, block, "heading-level", f"The heading skips from level {level} to {block.level}: {heading}")
        level = block.level or level
        if _is_empty(block, following):
            yield _at(parsed, block, "empty-section", f"Nothing stands under this heading: {heading}")
        if fold(heading) in seen and block.level != 1:
            yield _at(parsed, block, "repeated-heading", f"The heading stands there twice: {heading}")
        if block.level != 1:
            seen.add(fold(heading))


def _is_empty(block: Block, following: Block | None) -> bool:
    if following is None:
        return True
    if block.kind is BlockKind.QUESTION:
        return following.kind in (BlockKind.HEADING, BlockKind.QUESTION)
    return block.level > 1 and following.kind is BlockKind.HEADING and following.level <= block.level


def _lengths(parsed: ParsedFile) -> Iterator[Finding]:
    text = parsed.article.text
    headings = sum(1 for block in parsed.article.blocks if block.kind is BlockKind.HEADING and block.level > 1)
    words = len(text.split())
    if words > MOST_WORDS_WITHOUT_HEADING and headings < 2:
        found = "one heading" if headings else "no heading"
        message = f"{words} words with {found} below the title. Headings let readers and the search find their way."
        yield _finding(parsed, None, "few-headings", message)
    for block in parsed.article.blocks:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ANSWER, BlockKind.LIST_ITEM):
            length = len(text[block.start : block.end].split())
            if length > LONGEST_PARAGRAPH_WORDS:
                yield _at(parsed, block, "long-paragraph", f"A paragraph of {length} words; at most {LONGEST_PARAGRAPH_WORDS} read well.")


def _at(parsed: ParsedFile, block: Block, code: str, message: str) -> Finding:
    return _finding(parsed, parsed.line_at(block.start), code, message)


def is_body(block: Block) -> bool:
    """Whether a block says something of its own: no heading, and not in a footer such as "About this article"."""
    return block.kind is not BlockKind.HEADING and not any(is_footer_heading(heading) for heading in block.heading_path)
