"""HTML pages: the main content, without scripts, navigation or anything a reader would not see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString, PreformattedString

from ingest.parsed import OutgoingLink
from ingest.pieces import Note, Piece, PieceKind, RawDocument
from ingest.read.decode import decode_text
from ingest.read.hidden import hidden_elements

NOT_CONTENT = frozenset("script style noscript template svg iframe object embed form button select textarea head canvas".split())
FURNITURE = {"nav", "aside", "footer"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    "p div section article main blockquote pre figure figcaption dt dd dl details summary address body header html center hr fieldset "
    "td th tbody thead caption".split()
)
START_TAG = re.compile(r"<(?=[a-zA-Z])([a-zA-Z][\w:-]*)|\n")
LINE_ATTRIBUTE = "data-source-line"
META_KEYS = {
    "description": "summary",
    "og:description": "summary",
    "og:title": "title",
    "article:published_time": "published",
    "datepublished": "published",
    "date": "published",
    "published": "published",
    "article:modified_time": "reviewed",
    "last-reviewed": "reviewed",
    "reviewed": "reviewed",
    "next_review": "next_review",
    "og:url": "url",
    "keywords": "topics",
    "author": "author",
}


def read_html(data: bytes) -> RawDocument:
    """Structured pieces of an HTML page."""
    return html_document(decode_text(data))


def html_document(source: str) -> RawDocument:
    """Structured pieces of HTML text; hidden text is left out and noted."""
    soup = BeautifulSoup(_with_line_numbers(source), "lxml")
    metadata = _metadata(soup)
    walk = _Walk(hidden_elements(soup))
    root = soup.find("main") or soup.find("article") or soup.body or soup
    walk.element(root)
    walk.end_text()
    walk.notes.extend(_outside(soup, root))
    return RawDocument(tuple(walk.pieces), metadata, tuple(walk.notes), tuple(walk.links))


def _outside(soup: BeautifulSoup, root: Tag) -> list[Note]:
    """A note when the page has words outside its main content, which are not read."""
    if root is soup or soup.body is None or root is soup.body:
        return []
    words = len(soup.body.get_text(" ").split()) - len(root.get_text(" ").split())
    return [Note(_line_of(root), "furniture", f"{words} words outside the page's <{root.name}> were left out.")] if words > 0 else []


def _with_line_numbers(source: str) -> str:
    """Every start tag with its line as an attribute, since lxml's own line numbers do not reach BeautifulSoup."""
    line = 1

    def numbered(match: re.Match[str]) -> str:
        nonlocal line
        if match[0] == "\n":
            line += 1
            return "\n"
        return f'{match[0]} {LINE_ATTRIBUTE}="{line}"'

    return START_TAG.sub(numbered, source)


def _line_of(tag: Tag) -> int | None:
    number = str(tag.get(LINE_ATTRIBUTE, ""))
    return int(number) if number.isdecimal() else None


def html_to_text(source: str) -> str:
    """The visible words of an HTML fragment on one line."""
    document = html_document(source)
    return " ".join(" ".join((piece.text, *piece.cells)) for piece in document.pieces).strip()


def _metadata(soup: BeautifulSoup) -> dict[str, object]:
    found: dict[str, object] = {}
    for tag in soup.find_all("meta"):
        key = META_KEYS.get(str(tag.get("name") or tag.get("property") or tag.get("itemprop") or "").lower())
        content = str(tag.get("content") or "").strip()
        if key and content:
            found.setdefault(key, content.split(",") if key == "topics" else _day(content) if key in ("published", "reviewed") else content)
    link = soup.find("link", rel="canonical")
    if isinstance(link, Tag) and link.get("href"):
        found.setdefault("url", str(link["href"]))
    if soup.title and soup.title.get_text(strip=True):
        found["page_title"] = " ".join(soup.title.get_text().split())
    return found


def _day(content: str) -> object:
    """The calendar day of a timestamp, or the words as they stand (metadata then complains)."""
    try:
        return date.fromisoformat(content[:10])
    except ValueError:
        return content


@dataclass
class _Walk:
    """Turns the element tree into pieces; `words` collects running text until a block ends."""

    hidden: frozenset[int]
    pieces: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    links: list[OutgoingLink] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    line: int | None = None
    groups: int = 0
    lists: list[int] = field(default_factory=list)
    marker: str = ""

    def element(self, tag: Tag) -> None:
        """Everything inside `tag`, in order."""
        for child in list(tag.children):
            if isinstance(child, Tag):
                self._child(child)
            elif isinstance(child, NavigableString) and not isinstance(child, (Comment, PreformattedString)):
                self.words.append(str(child))

    def _child(self, tag: Tag) -> None:
        name, line = tag.name, _line_of(tag)
        if self._leave_out(tag):
            return
        if name in HEADINGS:
            self.end_text()
            self.pieces.append(Piece(PieceKind.HEADING, self._inside(tag), line, level=HEADINGS[name]))
        elif name in ("ul", "ol"):
            self._list(tag)
        elif name == "table":
            self._table(tag)
        elif name == "summary" or name == "dt":
            self.end_text()
            self.pieces.append(Piece(PieceKind.PARAGRAPH, self._inside(tag), line))
        elif name in BLOCKS:
            self.end_text()
            self.line = line
            self.element(tag)
            self.end_text()
        elif name == "br":
            self.words.append("\n")
        elif name == "sup" and re.fullmatch(r"[\s\[\]\d,;–-]+", tag.get_text()) and tag.find("a") is not None:
            self.notes.append(Note(line, "source-mark", f"Source mark {tag.get_text().strip()} was left out."))
        else:
            self._inline(tag)

    def _inline(self, tag: Tag) -> None:
        if self.line is None:
            self.line = _line_of(tag)
        before = len(self.words)
        self.element(tag)
        if tag.name == "a" and tag.get("href"):
            self.links.append(OutgoingLink(str(tag["href"]), " ".join("".join(self.words[before:]).split()), _line_of(tag)))

    def _inside(self, tag: Tag) -> str:
        held, self.words = self.words, []
        outer = self.pieces
        self.pieces = []
        self.element(tag)
        # A table inside a cell is read out in the cell.
        inner = " ".join([*(" ".join((piece.text, *piece.cells)).strip() for piece in self.pieces), "".join(self.words)])
        self.pieces, self.words = outer, held
        return inner.strip()

    def end_text(self) -> None:
        """Closes the running text as a paragraph, or as the list item it belongs to."""
        text = "".join(self.words)
        self.words = []
        if text.strip():
            opening = text[: len(text) - len(text.lstrip())].count("\n")
            self.line = None if self.line is None else self.line + opening
            self._add(text.strip())
        self.line = None

    def _add(self, text: str) -> None:
        last = self.pieces[-1] if self.pieces else None
        if self.lists and self.marker:
            self.pieces.append(Piece(PieceKind.ITEM, text, self.line, marker=self.marker, group=self.lists[-1]))
            self.marker = ""
        elif self.lists and last is not None and last.kind is PieceKind.ITEM:
            self.pieces[-1] = Piece(last.kind, f"{last.text}\n{text}", last.line, marker=last.marker, group=last.group)
        else:
            self.pieces.append(Piece(PieceKind.PARAGRAPH, text, self.line))

    def _list(self, tag: Tag) -> None:
        self.end_text()
        self.groups += not self.lists
        self.lists.append(self.lists[-1] if self.lists else self.groups)
        for number, item in enumerate(tag.find_all("li", recursive=False), 1):
            if not self._leave_out(item):
                self.marker = "-" if tag.name == "ul" else f"{number}."
                self.line = _line_of(item)
                self.element(item)
                self.end_text()
        self.marker = ""
        self.lists.pop()

    def _table(self, tag: Tag) -> None:
        self.end_text()
        self.groups += 1
        for row in _own_rows(tag):
            if self._leave_out(row):
                continue
            cells = row.find_all(["td", "th"], recursive=False)
            kind = PieceKind.HEADER_ROW if cells and all(cell.name == "th" for cell in cells) else PieceKind.ROW
            texts = tuple(self._inside(cell) for cell in cells if not self._leave_out(cell))
            self.pieces.append(Piece(kind, "", _line_of(row), cells=texts, group=self.groups))

    def _leave_out(self, tag: Tag) -> bool:
        if tag.name in NOT_CONTENT:
            if tag.name in ("script", "object", "embed", "iframe"):
                self.notes.append(Note(_line_of(tag), "active-content", f"A <{tag.name}> element was left out."))
            return True
        if id(tag) in self.hidden:
            if tag.get_text(strip=True):
                self.notes.append(
                    Note(_line_of(tag), "hidden-text", f"Text that readers cannot see was left out: {_excerpt(tag.get_text())}")
                )
            return True
        if tag.name in FURNITURE:
            if tag.get_text(strip=True):
                self.notes.append(
                    Note(_line_of(tag), "furniture", f"Page furniture (<{tag.name}>) was left out: {_excerpt(tag.get_text())}")
                )
            return True
        if tag.name == "img":
            self.notes.append(Note(_line_of(tag), "image", "A picture was left out; readers are shown text alone."))
        return False


def _own_rows(table: Tag) -> Iterator[Tag]:
    """Rows of this table, not of tables inside its cells."""
    return (row for row in table.find_all("tr") if row.find_parent("table") is table)


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:77]}..."
