"""Takes away what is not the article: source marks, drafting residue, stray markup and page furniture. Nothing is ever added but a space.

Every removal is a note with its line. Cleaning what is already clean changes nothing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingest.pieces import Note, Piece, PieceKind

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = rf"(?:{MONTH}\s+{DAY}(?:\s*,?\s*\d{{4}})?|{DAY}\s+{MONTH}(?:\s*,?\s*\d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/\d{{4}})"
READ_TIME = r"(?:\d{1,3}\s*[-–]?\s*min(?:ute)?s?\.?\s*(?:read(?:ing)?(?:\s+time)?)?|read(?:ing)?\s+time\s*:?\s*\d{1,3}\s*min(?:ute)?s?)"
COUNT = r"(?:\d[\d,.]*k?|no)\s+(?:comments?|shares?|likes?|views?|replies|reactions?)"
STAMP = rf"(?:(?:published|posted|updated|last\s+updated|date)\s*(?:on)?\s*:?\s*)?(?:{DATE})|(?:last\s+)?(?:updated|reviewed|published)\s*:?\s*{MONTH}\s+\d{{4}}|{READ_TIME}|{COUNT}"
CALLS = (
    r"(?:view|read|load|show|see)\s+(?:more|less|all)(?:\s+(?:posts?|articles?|comments?|\.{3}|…|»|>))?|continue\s+reading|"
    r"share(?:\s+(?:this|on)\b.{0,30})?|tweet|pin\s+it|print|(?:leave|post|add)\s+a\s+(?:comment|reply)|"
    r"(?:previous|next|older|newer)\s+(?:posts?|articles?|page)|back\s+to\s+top|skip\s+to\s+(?:main\s+)?content|table\s+of\s+contents|"
    r"advertisement|sponsored(?:\s+content)?|subscribe(?:\s+(?:now|to\s+.{0,40}))?|sign\s+up(?:\s+.{0,40})?|log\s*in|comments?|menu|search|"
    r"home\s*(?:[>»/]\s*[^.]{1,60})+|all\s+rights\s+reserved\.?|©.{0,80}|copyright\s+©?.{0,80}"
)
FURNITURE_LINE = re.compile(rf"^\W*(?:(?:{STAMP})(?:\W+(?:{STAMP}))*|{CALLS})\W*$", re.IGNORECASE)
CALL_LINE = re.compile(rf"^\W*(?:{CALLS})\W*$", re.IGNORECASE)
LONGEST_CARD = 4
"""Pieces between a card's date or byline and its "View More"; more than that is an article."""
LEAST_RUNNING_WORDS = 16
LIST_OF_SOURCES = re.compile(r"^\s*(?:[-*•]\s+)?\[\^?\d{1,3}\]:?\s.*(?:https?://|www\.|doi|\b(?:19|20)\d{2}\b)", re.IGNORECASE | re.DOTALL)
BYLINE_WITH_COUNT = re.compile(rf"^(?:by\s+)?(?:[A-Z][\w.’'-]*\s+){{1,4}}(?:\W+\s*)?(?i:{COUNT})\W*$")
FULL_DATE = re.compile(
    rf"(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<year>\d{{4}})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month2>{MONTH})\s*,?\s*(?P<year2>\d{{4}})|(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})",
    re.IGNORECASE,
)

SOURCE_MARK = re.compile(
    r"\[\s*\^?\d{1,3}(?:\s*[,;–-]\s*\^?\d{1,3})*\s*\]:?|(?<=[.!?,;:)\w])[⁰¹²³⁴-⁹]{1,3}(?=\s|$)(?<![a-z][²³])|【[^】\n]{0,80}】"
)
RESIDUE_WORDS = (
    r"web|source|sources|ref|refs|reference|cite|cites|cited|citation|citations|doc|document|file|url|link|turn|search|oaicite|"
    r"image|img|photo|figure|todo|to\s+do|tbd|tbc|tk|fixme|note|note\s+to\s+editor|editor|ed|insert|add|placeholder|draft|internal"
)
RESIDUE = re.compile(
    rf"\[\s*(?:(?:{RESIDUE_WORDS})\s*[:#_@-]\s*[^\[\]]{{0,300}}|(?:citation|source|reference|link)s?\s+(?:needed|required|missing)|"
    rf"(?:insert|todo|tbd|tbc|tk|add|check|verify|placeholder)\b[^\[\]]{{0,300}})\s*\]"
    r"|:?contentReference\[[^\]]{0,60}\](?:\{[^}]{0,40}\})?|\bturn\d+(?:search|view|news)\d+\b|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
TAGS = (
    "a|abbr|article|b|blockquote|br|center|code|div|em|figure|font|footer|h[1-6]|header|hr|i|img|li|main|mark|ol|p|pre|s|script|section|"
    "small|span|strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul"
)
STRAY_MARKUP = re.compile(
    rf"\*{{2,}}|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)|</?(?:{TAGS})(?:\s[^<>]{{0,500}})?/?>|`{{3,}}|(?<!\S)\*(?!\S)", re.IGNORECASE
)
ENTITY = re.compile(
    r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|nbsp|amp|quot|apos|lt|gt|mdash|ndash|rsquo|lsquo|rdquo|ldquo|hellip|bull|copy|deg|middot);",
    re.IGNORECASE,
)
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\U000e0000-\U000e007f]"
)
NO_WORD = re.compile(r"[\W_]*$")
SPLIT_PARTS = (
    ("source-mark", SOURCE_MARK, "Source mark"),
    ("drafting-residue", RESIDUE, "Drafting residue"),
    ("stray-markup", STRAY_MARKUP, "Stray markup"),
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Pieces without what is not the article. `published` is the date that page furniture gave, when it named a full one."""

    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]
    published: date | None = None


def clean(pieces: Iterable[Piece]) -> Cleaned:
    """The pieces as readers may see them; empty ones are dropped."""
    kept: list[Piece] = []
    notes: list[Note] = []
    published: date | None = None
    card: int | None = None
    for piece in pieces:
        if piece.cells:
            kept.append(replace(piece, cells=tuple(_cleaned_text(cell, piece.line, notes) for cell in piece.cells)))
            continue
        text = _cleaned_text(piece.text, piece.line, notes)
        if is_furniture(text) and piece.kind is not PieceKind.ITEM:
            if CALL_LINE.match(text) and card is not None and len(kept) - card <= LONGEST_CARD:
                kept[card:] = [replace(inner, is_aside=True) for inner in kept[card:]]
            card = None if CALL_LINE.match(text) else len(kept)
            published = published or (None if _has_begun(kept) else full_date(text))
            notes.append(Note(piece.line, "furniture", f"Page furniture was left out: {_shown(text)}"))
        elif not NO_WORD.match(text):
            kept.append(replace(piece, text=text, is_aside=piece.is_aside or bool(LIST_OF_SOURCES.match(piece.text))))
        elif _is_rule(piece.text):
            kept.append(replace(piece, text=piece.text))
        elif text.strip():
            notes.append(Note(piece.line, "stray-markup", f"A line without words was left out: {_shown(text)}"))
    return Cleaned(tuple(kept), tuple(_merged(notes)), published)


def _has_begun(kept: Sequence[Piece]) -> bool:
    """Whether running text stands already, so that a date beneath it is not the article's own."""
    return any(len(piece.text.split()) >= LEAST_RUNNING_WORDS for piece in kept)


def is_furniture(text: str) -> bool:
    """Whether a whole line is a date stamp, read time, comment count or a call such as "View More"."""
    line = " ".join(text.split())
    return len(line) <= 120 and bool(FURNITURE_LINE.match(line) or BYLINE_WITH_COUNT.match(line))


def full_date(text: str) -> date | None:
    """The first complete date in `text`, or None."""
    match = FULL_DATE.search(text)
    if match is None:
        return None
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month = MONTHS.index((match["month"] or match["month2"])[:3].lower()) + 1
        return date(int(match["year"] or match["year2"]), month, int(match["day"] or match["day2"]))
    except ValueError:
        return None


def _cleaned_text(text: str, line: int | None, notes: list[Note]) -> str:
    """`text` with every removable part taken out, until nothing more is found."""
    while True:
        before = text
        if INVISIBLE.search(text):
            notes.append(Note(line, "invisible-characters", "Invisible characters were left out."))
            text = INVISIBLE.sub("", text)
        text = ENTITY.sub(lambda match: html.unescape(match[0]).replace("\u00a0", " "), unicodedata.normalize("NFC", text))
        for code, pattern, name in SPLIT_PARTS:
            text = _without(text, pattern, code, name, line, notes)
        if text == before:
            return text.strip()


def _without(text: str, pattern: re.Pattern[str], code: str, name: str, line: int | None, notes: list[Note]) -> str:
    parts: list[str] = []
    position = 0
    for match in pattern.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        place = None if line is None else line + text.count("\n", 0, match.start())
        notes.append(Note(place, code, f"{name} was left out: {_shown(match[0])}"))
    if not parts:
        return text
    return _joined([*parts, text[position:]], keep_space=code == "stray-markup")


def _joined(parts: Sequence[str], keep_space: bool) -> str:
    """The parts around removed stretches: one space where words would run together, none before a full stop."""
    text = parts[0]
    for part in parts[1:]:
        if not keep_space and text[-1:].isspace() and (not part or part[0].isspace() or part[0] in ".,;:!?)"):
            text = text.rstrip(" ")
        elif not keep_space and part[:1].isalnum() and text[-1:] and not text[-1].isspace() and text[-1] not in '([“"‘':
            text += " "
        text += part
    return text


def _is_rule(text: str) -> bool:
    """Whether a line underlines a heading or rules off a table's header: structure, which the next step reads."""
    return bool(re.fullmatch(r"\s*(?:={3,}|-{3,}|~{3,}|[|:\s-]*--[|:\s-]*)\s*", text))


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 100 else f"{words[:97]}..."


def _merged(notes: Iterable[Note]) -> Iterable[Note]:
    """Notes of one line and code as one, so that "[1][2][3]" is one warning."""
    merged: dict[tuple[int | None, str, str], list[str]] = {}
    for note in notes:
        lead, _, rest = note.message.partition(": ")
        shown = merged.setdefault((note.line, note.code, lead), [])
        if rest:
            shown.append(rest)
    for (line, code, lead), shown in merged.items():
        yield Note(line, code, f"{lead}: {' '.join(shown)}" if shown else lead)
