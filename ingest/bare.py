"""Finds the structure of bare text: which lines are headings, list items or table rows when nothing marks them.

Only the role of a line is inferred here; its words stay. Pieces that a format has already told apart pass through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.pieces import Piece, PieceKind

ITEM = re.compile(r"\s*(?P<marker>[-*+•‣◦▪●–·∙○✓✔➤►]|\d{1,3}[.)]|\([a-z0-9]{1,2}\))\s+(?P<text>\S.*)", re.DOTALL)
MARKED_HEADING = re.compile(r"\s*(?P<marks>(?:#{1,6}\s+)+)(?P<text>\S.*?)\s*#*\s*$", re.DOTALL)
UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|~{3,})\s*")
TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*|\s*\|\s*:?-{2,}:?\s*\|\s*")
PIPE = re.compile(r"(?<!\\)\|")
FAQ_HEADING = re.compile(
    r"(?:faqs?|frequently\s+asked\s+questions|common(?:ly\s+asked)?\s+questions|questions\s+(?:and|&)\s+answers|q\s*(?:&|and)\s*a)\b",
    re.IGNORECASE,
)
KNOWN_HEADING = re.compile(
    r"(?:introduction|overview|background|summary|conclusions?|key\s+(?:points|takeaways)|takeaways?|references|sources|further\s+reading|disclaimer|"
    r"(?:the\s+)?bottom\s+line|final\s+thoughts|about\s+(?:this|the)\s+\w+|about\s+us|when\s+to\s+(?:get|seek)\s+help)\s*$",
    re.IGNORECASE,
)
SMALL_WORDS = frozenset(
    "a an and as at but by for from in into is it nor of off on or the to vs vs. via with without your you be are do does can after during "
    "over than that up".split()
)
BYLINE = re.compile(
    r"(?:by|written\s+by|author|(?:medically\s+|clinically\s+)?reviewed\s+by|posted\s+by|fact[- ]checked\s+by|edited\s+by)\b\s*:?\s+\S",
    re.IGNORECASE,
)
MOST_HEADING_WORDS = 14
MOST_HEADING_LETTERS = 110


def infer_structure(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The same pieces with no LINE left among them."""
    parted = _tables(_items(_headings_marked(pieces)))
    return tuple(_numbered(_headings(_unmarked_lists(parted))))


def is_faq_heading(text: str) -> bool:
    """Whether a heading opens a section of questions and answers."""
    return bool(FAQ_HEADING.match(text.strip()))


def is_byline(text: str) -> bool:
    """Whether a short line names who wrote or checked the article."""
    return bool(BYLINE.match(text.strip())) and len(text.split()) <= 16


def _headings_marked(pieces: Sequence[Piece]) -> list[Piece]:
    """Headings that carry a mark of their own: `#` in front, or a line of `===` or `---` beneath."""
    found: list[Piece] = []
    for piece in pieces:
        if UNDERLINE.fullmatch(piece.text) and not piece.cells:
            if found and found[-1].kind is PieceKind.LINE and not piece.gap and _could_be_heading(found[-1].text):
                found[-1] = replace(found[-1], kind=PieceKind.HEADING, level=1 if "=" in piece.text else 2)
            continue
        match = MARKED_HEADING.fullmatch(piece.text) if piece.kind is PieceKind.LINE else None
        if match:
            piece = replace(piece, kind=PieceKind.HEADING, level=match["marks"].split()[0].count("#"), text=match["text"])
        found.append(piece)
    return found


def _items(pieces: Sequence[Piece]) -> list[Piece]:
    return [_as_item(piece) if piece.kind is PieceKind.LINE else piece for piece in pieces]


def _as_item(piece: Piece) -> Piece:
    match = ITEM.fullmatch(piece.text)
    if match is None:
        return piece
    marker, text = match["marker"], match["text"]
    while inner := ITEM.fullmatch(text):
        if inner["marker"][0].isalnum() or inner["marker"][0] == "(":
            break
        text = inner["text"]
    return replace(piece, kind=PieceKind.ITEM, text=text, marker=marker if marker[0].isdigit() or marker[0] == "(" else "-", group=-1)


def _tables(pieces: Sequence[Piece]) -> list[Piece]:
    """Rows of pipe tables, and of tables set with tabs over at least two lines; the first row of several is the header."""
    found: list[Piece] = []
    run: list[Piece] = []
    for position, piece in enumerate(pieces):
        is_line = piece.kind is PieceKind.LINE
        cells = _cells(piece.text, pieces[position + 1].text if position + 1 < len(pieces) else "", run) if is_line else ()
        if cells:
            run.append(replace(piece, kind=PieceKind.ROW, text="", cells=cells, group=-1))
        elif not is_line or not TABLE_RULE.fullmatch(piece.text):
            found.extend(_with_header(run))
            run = []
            found.append(piece)
    return [*found, *_with_header(run)]


def _cells(text: str, following: str, run: Sequence[Piece]) -> tuple[str, ...]:
    """The cells of a line that is a table row, else nothing. A line without outer pipes needs a neighbour with as many cells."""
    text = text.strip()
    if TABLE_RULE.fullmatch(text):
        return ()
    if text.startswith("|") and text.endswith("|") and len(text) > 2:
        return _piped(text[1:-1])
    for parts, beneath in ((_piped(text.strip("|")), _piped(following.strip().strip("|"))), (_tabbed(text), _tabbed(following))):
        fits = len(beneath) == len(parts) or bool(TABLE_RULE.fullmatch(following)) or any(len(row.cells) == len(parts) for row in run[-1:])
        if len(parts) > 1 and fits:
            return parts
    return ()


def _piped(text: str) -> tuple[str, ...]:
    return tuple(cell.replace("\\|", "|").strip() for cell in PIPE.split(text))


def _tabbed(text: str) -> tuple[str, ...]:
    return () if "|" in text else tuple(part.strip() for part in text.split("\t") if part.strip())


def _with_header(run: Sequence[Piece]) -> list[Piece]:
    rows = list(run)
    if len(rows) > 1:
        rows[0] = replace(rows[0], kind=PieceKind.HEADER_ROW)
    return rows


def _unmarked_lists(pieces: Sequence[Piece]) -> list[Piece]:
    """Short lines after a line that ends with a colon are a list, though nothing marks its items."""
    found: list[Piece] = []
    position = 0
    while position < len(pieces):
        run = _short_run(pieces, position) if position and pieces[position - 1].text.rstrip().endswith(":") else []
        if len(run) >= 2:
            found.extend(replace(piece, kind=PieceKind.ITEM, marker="-", group=-1) for piece in run)
            position += len(run)
        else:
            found.append(pieces[position])
            position += 1
    return found


def _short_run(pieces: Sequence[Piece], start: int) -> list[Piece]:
    run: list[Piece] = []
    for piece in pieces[start:]:
        words = piece.text.split()
        if piece.kind is not PieceKind.LINE or len(words) > 12 or piece.text.rstrip()[-1:] in ".:?!" or piece.gap:
            break
        run.append(piece)
    return run[:-1] if len(run) > 1 and _starts_section(pieces, start + len(run)) else run


def _starts_section(pieces: Sequence[Piece], following: int) -> bool:
    """Whether the line before `following` is rather the heading of what comes next."""
    return following < len(pieces) and pieces[following].kind is PieceKind.LINE and len(pieces[following].text.split()) > 12


def _headings(pieces: Sequence[Piece]) -> list[Piece]:
    found: list[Piece] = []
    titled = in_faq = False
    for position, piece in enumerate(pieces):
        following = pieces[position + 1] if position + 1 < len(pieces) else None
        if piece.kind is PieceKind.ITEM and _is_numbered_heading(pieces, position):
            level = 3 if in_faq and piece.text.rstrip().endswith("?") else 2
            piece = replace(piece, kind=PieceKind.HEADING, level=level, text=f"{piece.marker} {piece.text}", marker="")
        elif piece.kind is PieceKind.LINE and following is not None and _is_heading(piece, found[-1] if found else None, following):
            level = 1 if not titled and not any(other.kind is not PieceKind.LINE for other in found) and not found else 2
            piece = replace(piece, kind=PieceKind.HEADING, level=3 if in_faq and piece.text.rstrip().endswith("?") else level)
        elif piece.kind is PieceKind.LINE:
            piece = replace(piece, kind=PieceKind.PARAGRAPH)
        if piece.kind is PieceKind.HEADING:
            titled = titled or piece.level == 1
            in_faq = is_faq_heading(piece.text) or (in_faq and piece.level > 2)
        found.append(piece)
    return found


def _is_numbered_heading(pieces: Sequence[Piece], position: int) -> bool:
    """A numbered line that stands alone before running text ("2. Why it happens") is a heading, not a list of one."""
    piece = pieces[position]
    if piece.group != -1 or not piece.marker[:1].isdigit() or not _could_be_heading(piece.text):
        return False
    beside = [pieces[other] for other in (position - 1, position + 1) if 0 <= other < len(pieces)]
    return (
        position + 1 < len(pieces)
        and pieces[position + 1].kind is PieceKind.LINE
        and all(other.kind is not PieceKind.ITEM for other in beside)
    )


def _is_heading(piece: Piece, previous: Piece | None, following: Piece) -> bool:
    text = " ".join(piece.text.split())
    if piece.is_aside or "://" in text or not _could_be_heading(text) or is_byline(text):
        return False
    if previous is not None and previous.text.rstrip().endswith(":"):
        return False
    if text.endswith("?") or KNOWN_HEADING.match(text) or is_faq_heading(text) or _is_title_case(text):
        return True
    return len(text.split()) <= 10 and _is_running_text(following)


def _could_be_heading(text: str) -> bool:
    words = text.split()
    if not words or len(words) > MOST_HEADING_WORDS + 6 * text.rstrip().endswith("?") or len(text) > MOST_HEADING_LETTERS + 40:
        return False
    opening = text.lstrip("\"“'‘(")[:1]
    return (opening.isupper() or opening.isdigit()) and text.rstrip()[-1:] not in ".;,:…!-–—"


def _is_title_case(text: str) -> bool:
    words = [word.strip("\"“”'‘’()[],:;–—-") for word in text.split()]
    weighty = [word for word in words if word and word.lower() not in SMALL_WORDS and word[0].isalpha()]
    return len(weighty) >= 2 and sum(word[0].isupper() for word in weighty) >= 0.8 * len(weighty)


def _is_running_text(piece: Piece) -> bool:
    if piece.kind in (PieceKind.ITEM, PieceKind.ROW, PieceKind.HEADER_ROW):
        return True
    return piece.kind in (PieceKind.LINE, PieceKind.PARAGRAPH) and len(piece.text.split()) >= 6 and piece.text.rstrip()[-1:] in '.:?!”")'


def _numbered(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Gives items and rows that were inferred (group -1) a group per unbroken run, clear of the groups a format gave."""
    group = max((piece.group for piece in pieces), default=0)
    previous: Piece | None = None
    for piece in pieces:
        if piece.group == -1:
            continues = previous is not None and previous.group == -1 and _same_run(previous, piece)
            group += not continues
            yield replace(piece, group=group)
        else:
            yield piece
        previous = piece


def _same_run(previous: Piece, piece: Piece) -> bool:
    if piece.kind is PieceKind.HEADER_ROW:
        return False
    return (previous.kind is PieceKind.ITEM) == (piece.kind is PieceKind.ITEM)
