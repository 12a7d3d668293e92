"""Cuts an article into chunks: a section each, or as many as the embedder's window asks for.

Every block but headings lies in exactly one chunk; a block longer than the window is cut between sentences, then between words.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.sentences import NOT_SPACE, sentence_spans
from ingest.wordpieces import WINDOW, count_pieces, piece_ends
from taperbot.records import Article, Block, BlockKind, Chunk

CHUNKER_VERSION = "1"
"""Changes whenever the same file would be cut or indexed otherwise; an index made by another version is refused."""
MOST_HEADING_LETTERS = 160
MOST_LETTERS = 2400
LEAST_ROOM = 64


def chunk_article(article: Article) -> tuple[Chunk, ...]:
    """The chunks of an article, in the order of its text."""
    chunks: list[Chunk] = []
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    asked = {fold(entry.heading): entry.lines for entry in article.asked_as}
    opened: set[tuple[str, ...]] = set()
    for section in _sections(article.blocks):
        path = section[0].heading_path
        columns = {block.start: _column_names(block) for block in section if block.columns}
        for start, end in _cuts(article, section):
            text = article.text[start:end]
            keys = () if path in opened or not path else asked.get(fold(path[-1]), ())
            opened.add(path)
            key = (path, text)
            identity = digest(article.article_id, *path, text, str(seen[key]))
            seen[key] += 1
            indexed = index_text(article.title, path, columns.get(start, "") + text)
            chunks.append(Chunk(identity, article.article_id, article.title, path, start, end, text, indexed, keys))
    return tuple(chunks)


def index_text(title: str, path: Sequence[str], text: str) -> str:
    """ "title > heading: text", with headings cut short that would crowd out the text, and a question not said twice."""
    path = [heading for heading in path if not (heading.endswith("?") and text.startswith(heading))]
    outline = " > ".join(heading[:MOST_HEADING_LETTERS] for heading in (title, *path) if heading)
    return f"{outline}: {text}" if outline else text


def fold(heading: str) -> str:
    """A heading as compared: case, spacing and end marks aside."""
    return " ".join(heading.split()).casefold().strip(" ?!.:")


def digest(*parts: str) -> str:
    """A short stable hash of `parts`."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Runs of blocks between headings that share a heading path; cells lie within their rows."""
    run: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.TABLE_CELL:
            continue
        if run and (block.kind is BlockKind.HEADING or block.heading_path != run[0].heading_path or block.kind is BlockKind.QUESTION):
            yield run
            run = []
        if block.kind is not BlockKind.HEADING:
            run.append(block)
    if run:
        yield run


def _cuts(article: Article, section: Sequence[Block]) -> Iterator[tuple[int, int]]:
    columns = max((_column_names(block) for block in section), key=len)
    room = max(LEAST_ROOM, WINDOW - count_pieces(index_text(article.title, section[0].heading_path, columns)))
    held: tuple[int, int] | None = None
    for start, end in _stretches(article.text, section, room):
        if held is not None and _pieces_of(article.text[held[0] : end]) > room:
            yield held
            held = None
        held = (start if held is None else held[0], end)
    if held is not None:
        yield held


def _column_names(row: Block) -> str:
    """The column names to index with a chunk that begins with this table row, since the header line is no block."""
    return f"{' | '.join(row.columns)} | "[: 2 * MOST_HEADING_LETTERS] if row.columns else ""


def _stretches(text: str, section: Sequence[Block], room: int) -> Iterator[tuple[int, int]]:
    """Blocks, each with what leads into it; longer than the window: sentences; longer still: runs of words."""
    for start, end in _with_lead_ins(text, section, room):
        if _pieces_of(text[start:end]) <= room:
            yield start, end
            continue
        for first, last in sentence_spans(text[start:end]):
            yield from _words(text, start + first, start + last, room)


def _with_lead_ins(text: str, section: Sequence[Block], room: int) -> Iterator[tuple[int, int]]:
    """Spans of the blocks; a line that ends with a colon, and a question, stay with the block that follows where both fit."""
    held: tuple[int, int] | None = None
    for block in section:
        if held is not None and _pieces_of(text[held[0] : block.end]) > room:
            yield held
            held = None
        start = block.start if held is None else held[0]
        held = (start, block.end)
        if block.kind is not BlockKind.QUESTION and text[block.end - 1] != ":":
            yield held
            held = None
    if held is not None:
        yield held


def _words(text: str, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
    """Runs of words of a sentence, none over the window; a word without end is cut anywhere."""
    while _pieces_of(text[start : min(end, start + MOST_LETTERS + 1)]) > room:
        limit = min(end, start + MOST_LETTERS)
        ends = piece_ends(text[start:limit])
        reach = start + ends[room - 1] if len(ends) >= room else limit
        space = text.rfind(" ", start + 1, reach)
        cut = space if space > start else reach
        yield start, cut
        word = NOT_SPACE.search(text, cut, end)
        start = word.start() if word else end
    if start < end:
        yield start, end


def _pieces_of(text: str) -> int:
    """The share of the window a text takes; a text that is too long by its letters is over it in any case."""
    return max(1, count_pieces(text) - 2) if len(text) <= MOST_LETTERS else WINDOW + 1
