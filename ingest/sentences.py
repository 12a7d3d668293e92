"""Where sentences begin and end in running text."""

from __future__ import annotations

import re

STOP = re.compile(r"[.!?…]+[\"”’'»)\]]*(?=\s|$)")
NOT_SPACE = re.compile(r"\S")
ABBREVIATIONS = frozenset(
    "dr mr mrs ms prof st sr jr vs eg e.g ie i.e cf approx ca no nos fig figs vol pp p al resp incl max min est dept "
    "jan feb mar apr aug sep sept oct nov dec u.s u.k a.m p.m ph.d m.d b.i.d t.i.d q.d i.v".split()
)
NEVER_LAST = frozenset("dr mr mrs ms prof st vs eg e.g ie i.e cf approx ca fig figs vol pp p resp incl nos est".split())
OPENS_A_SENTENCE = re.compile(r"[\"“‘'(\[«—–-]*\s*(?:[A-Z0-9À-ÖØ-Þ]|[^\x00-\x7f]|[a-z]+[A-Z])")


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open spans of the sentences of one paragraph, in order, without the space between them. Together they hold every word."""
    spans: list[tuple[int, int]] = []
    start = _next_word(text, 0)
    depth, scanned = 0, start
    for stop in STOP.finditer(text):
        depth = max(0, depth + text.count("(", scanned, stop.end()) - text.count(")", scanned, stop.end()))
        scanned = stop.end()
        if depth and text.find(")", stop.end(), stop.end() + 400) != -1:
            continue
        if _ends_sentence(text, stop, start):
            spans.append((start, stop.end()))
            start = _next_word(text, stop.end())
            depth = 0
    end = len(text.rstrip())
    if start < end:
        spans.append((start, end))
    return tuple(spans)


def _next_word(text: str, position: int) -> int:
    match = NOT_SPACE.search(text, position)
    return match.start() if match else len(text)


def _ends_sentence(text: str, stop: re.Match[str], start: int) -> bool:
    after = text[stop.end() : stop.end() + 40].lstrip()
    if not after:
        return True
    if not OPENS_A_SENTENCE.match(after):
        return False
    mark = stop[0].rstrip("\"”’'»)]")
    if mark != ".":
        return True
    words = text[max(start, stop.start() - 40) : stop.start()].split()
    word = words[-1].lstrip('("“‘[').lower() if words else ""
    if word in NEVER_LAST:
        return False
    if len(word) == 1 and word.isalpha() and word != "i":
        return False
    if word.isdigit() and len(words) == 1:
        return False
    return not (word in ABBREVIATIONS and after[0].isdigit())
