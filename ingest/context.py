"""Tells sentences that answer from sentences that only lead somewhere: bylines, teasers, pointers, promises, lead-ins, footers."""

from __future__ import annotations

import re

from ingest.bare import SMALL_WORDS, is_byline

POINTER = re.compile(
    r"\b(?:read|see|check(?:\s+out)?|view|review|explore|visit|browse|find)\b[^.]{0,40}\b(?:our|related|following)\s+(?:\w+\s+)?"
    r"(?:articles?|guides?|posts?|pages?|insights?|resources?)\b|^(?:read|see)\s+(?:also|more|next)\b|\b(?:click|tap)\s+here\b|"
    r"\bfor\s+(?:related|more|further)\s+(?:insights?|details?|information|reading)\b[^.]{0,20}$|^(?:for\s+(?:more|details)[^.]{0,40}\b(?:see|read)\b)",
    re.IGNORECASE,
)
PROMISE = re.compile(
    r"(?:in\s+this\s+(?:article|guide|post|page)\b|this\s+(?:article|guide|post|page|section)\s+(?:explains|covers|looks|describes|walks|sets\s+out|will)\b|"
    r"(?:you['’]ll|you\s+will)\s+(?:also\s+)?(?:find|see|learn|discover|read)\b|what\s+you['’]?ll\s+(?:find|learn|see)\b|"
    r"(?:read\s+on|keep\s+reading)\b|below,?\s+(?:you|we)\b|(?:learn|discover)\b(?=.*\b(?:how|why|what|when|strateg|tips|ways|schedul|safe))|"
    r"(?:imagine|picture)\s+(?:feeling|this|your|waking|being|that|having|a)\b|the\s+figures?\s+below\b|(?:let['’]?s|we['’]ll)\s+(?:look|explore|dive|take)\b)",
    re.IGNORECASE,
)
FOOTER_HEADING = re.compile(
    r"(?:about\s+(?:this|the|our|us)\b.*|(?:medical\s+)?disclaimer.*|references?|sources?(?:\s+and\s+further\s+reading)?|further\s+reading|"
    r"(?:related|recommended|more|recent|similar)\s+(?:articles?|posts?|reading|guides?)|you\s+may\s+also\s+like|read\s+(?:more|next)|share.*|author.*)$",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"\b(?:(?:is|are|does)\s+not|isn['’]t|not|(?:is|are)\s+no)\s+(?:constitute\s+|be\s+taken\s+as\s+|(?:a\s+)?(?:substitute|replacement)\s+for\s+(?:professional\s+)?)?medical\s+advice\b|"
    r"\bfor\s+(?:educational|informational)\s+purposes\s+only\b|\b(?:curated|written|fact-checked|reviewed)\s+by\s+the\b[^.]{0,60}\bteam\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+")
WORD = re.compile(r"[^\s—–/]+")
MARKS = "\"“”‘’'()[].,;:!?"
POINTS_AT = re.compile(
    r"\b(?:see|read|check|review|explore|visit|use|consider|details?\s+in|as\s+in|like|insights?\s+on)\W+(?:\w+\W+){0,3}$", re.IGNORECASE
)
INSTITUTIONS = frozenset(
    "society association college institute institution administration foundation office agency authority guideline guide manual journal "
    "university professor act criteria department service academy bulletin annal committee board centre center ministry law council "
    "review hospital network programme program trust group".split()
)
POINTING_VERBS = frozenset({"Check", "Use", "Read", "See", "Review", "Explore", "Consider", "Visit", "Try"})
LEAST_TITLE_WORDS = 4


def is_footer_heading(heading: str) -> bool:
    """Whether a section is about the page or lists other pages, so that nothing in it answers a question."""
    return bool(FOOTER_HEADING.fullmatch(heading.strip().rstrip(":")))


def is_context(sentence: str) -> bool:
    """Whether a sentence only points, promises, introduces or disclaims."""
    text = sentence.strip()
    if (
        text.endswith(":")
        or ADDRESS.fullmatch(text)
        or is_byline(text)
        or POINTER.search(text)
        or PROMISE.match(text)
        or DISCLAIMER.search(text)
    ):
        return True
    words = len(WORD.findall(text))
    return words > 0 and sum(len(WORD.findall(title)) for title in pasted_titles(text)) > 0.5 * words


def pasted_titles(text: str) -> tuple[str, ...]:
    """Titles of other articles that stand in a sentence without a link: runs of title case that no institution's name explains."""
    found: list[str] = []
    run: list[re.Match[str]] = []
    for word in [*WORD.finditer(text), None]:
        bare = "" if word is None else word[0].strip(MARKS)
        if word is not None and bare and (bare[0].isupper() or (run and (bare[0].isdigit() or bare.lower() in SMALL_WORDS))):
            run.append(word)
            if word[0][-1] not in ".;,!?)" and not (bare[0].isdigit() and word[0][-1] == ":"):
                continue
        if run:
            found.extend(_title(text, run))
            run = []
    return tuple(found)


def _title(text: str, run: list[re.Match[str]]) -> list[str]:
    """The title that a run of capitalised words is, or nothing."""
    while run and run[-1][0].strip(MARKS).lower() in SMALL_WORDS and not run[-1][0][:1].isupper():
        run = run[:-1]
    while len(run) > 1 and (run[0][0] in POINTING_VERBS or (run[0].start() == 0 and run[0][0].endswith(":"))):
        run = run[1:]
    if not run:
        return []
    words = [word[0].strip(MARKS) for word in run]
    bracketed = text[: run[0].end()].endswith(f"({run[0][0].lstrip('(')}") and run[-1][0].endswith((")", ").", "),", ");"))
    asks = words[0] in ("What", "How", "Why", "When", "Understanding")
    least = LEAST_TITLE_WORDS - (bracketed and (asks or len(words) >= LEAST_TITLE_WORDS))
    if sum(word[0].isupper() for word in words) < least or any(word.lower().rstrip("s") in INSTITUTIONS for word in words):
        return []
    inner_small = any(word[0].isupper() and word.lower() in SMALL_WORDS | {"why", "how", "so"} for word in words[1:])
    has_colon = any(word[0].endswith(":") for word in run[:-1])
    pointed_at = bool(POINTS_AT.search(text[max(0, run[0].start() - 40) : run[0].start()]))
    if not (asks or bracketed or inner_small or has_colon or pointed_at or words[0].endswith("ing")):
        return []
    return [text[run[0].start() : run[-1].end()].strip("().,;:!? ")]
