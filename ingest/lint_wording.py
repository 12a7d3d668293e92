"""What an editor should know about the sentences of one article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.context import PROMISE
from ingest.lint_article import is_body
from ingest.parsed import ParsedFile
from ingest.sentences import sentence_spans
from taperbot.records import Block, BlockKind, Finding
from taperbot.tokens import tokenize

SLOT = re.compile(
    r"\{\{[^}]*\}?\}?|\{[A-Za-z_ ]{2,40}\}|\$\{[^}]*\}|%[A-Z_]{3,}%|<[A-Z][A-Z_ ]{2,}>|\[[A-Z][A-Z _-]{3,}\]|"
    r"\[(?:drug|name|dose|date|your|brand|country|medication|medicine|symptom|author)\b[^\]]*\]|"
    r"\blorem ipsum\b|\bX{2,}\b|\bT(?:ODO|BD|BC)\b|_{3,}",
    re.IGNORECASE,
)
CASED_SLOT = re.compile(
    r"\b(?:X{2,}|TODO|TBD|TBC)\b|<[A-Z]|\[[A-Z]{4}|%[A-Z]|[{$_]|(?i:\[(?:drug|name|dose|date|your|brand|country|medic|symptom|author)|lorem)"
)
PASTED_DEFINITION = re.compile(
    r"^(?:That['’]s why|This is why|And|But|So|Because of)\b[^,]{3,60}, (?:the|a|an|any|some|\w+-the-\w+)\s"
    r".*\b(?:doesn|don|isn|aren|won|can|will|makes?)\b",
    re.IGNORECASE,
)
ALSO_KNOWN = re.compile(r"(?:Also|Otherwise)\s+(?:known|called)\b|Also\s+referred\b", re.IGNORECASE)
SUBORDINATE = re.compile(r"(?:When|If|While|Because|Since|Although)\b", re.IGNORECASE)
LITTLE_WORDS = "the|a|an|and|of|in|for|with|to|against|from|by|on|is|are|that|this|your|our|as|at|or|about|into"
RUN_TOGETHER = re.compile(
    rf"(?<![A-Za-z])(?:{LITTLE_WORDS})[A-Z][a-z]{{2,}}|(?<![A-Za-z])[a-z]{{3,}}[A-Z][a-z]{{2,}}|(?<![\w./@])[a-z]{{3,}}[.!?][A-Z][a-z]+(?![\w.]*[/@])"
)
GLUED = re.compile(
    r"\b(?:against|from|with|about|between|during|before|after|because|through|without|under)(?:the|your|this|these|those|that|an?)\b",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"\b\d+(?:[.,]\d+)?(?:\s?(?:-|–|to)\s?\d+(?:[.,]\d+)?)?\s?(?:mg|mcg|µg|μg|milligrams?|micrograms?|IU)\b", re.IGNORECASE)
CAUTION = re.compile(
    r"\b(?:prescribers?|doctors?|clinicians?|pharmacists?|gp|medical|cautions?|carefully|safe(?:ly|r|ty)?|unsafe|harm(?:s|ful)?|risks?|risky|limits?|ceiling|"
    r"avoid|warn(?:s|ing)?|danger(?:s|ous)?|toxic|too\s+(?:much|fast|many)|do\s+not|don['’]t|never|not\s+(?:a|for|copy)|consult|supervis\w+|trials?|stud(?:y|ies)|label)\b",
    re.IGNORECASE,
)
EASES_AT_REST = re.compile(
    r"\b(?:improv\w+|eas\w+|better|settl\w+|calm\w*|reliev\w+|less(?:en\w*)?)\s+(?:with|at|on|by|after|when)\s+(?:rest\b|resting|lying)",
    re.IGNORECASE,
)
WORSE_AT_REST = re.compile(
    r"\b(?:wors\w+|stronger|louder|more)\s+(?:at|with|during|when|on)\s+(?:rest\b|resting|lying|still)", re.IGNORECASE
)
POINTS_BELOW = re.compile(
    r"\b(table|chart|diagram|figure|image|photo|picture|video|infographic|list|posts?|articles|stories|links?|download)\s+below\b",
    re.IGNORECASE,
)
WILL_FIND = re.compile(
    r"\b(?:you['’]?ll|you\s+will)\s+(?:also\s+)?(?:find|see|learn|discover)\b|\b(?:we|this\s+\w+)\s+(?:will\s+)?(?:cover|share)s?\b",
    re.IGNORECASE,
)
LEAST_KEPT = 0.4


def lint_wording(parsed: ParsedFile) -> Iterator[Finding]:
    """Findings about template slots, words run together, amounts without caution, contradictions and empty promises."""
    for block in parsed.article.blocks:
        if block.kind is BlockKind.TABLE_CELL:
            continue
        text = parsed.article.text[block.start : block.end]
        yield from _slots(parsed, block, text)
        yield from _run_together(parsed, block, text)
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ANSWER, BlockKind.TABLE_ROW):
            yield from _amounts(parsed, block, text)
    yield from _rest(parsed)
    yield from _promises(parsed)


def _at(parsed: ParsedFile, offset: int, code: str, message: str) -> Finding:
    return Finding(parsed.article.article_id, parsed.line_at(offset), code, message)


def _slots(parsed: ParsedFile, block: Block, text: str) -> Iterator[Finding]:
    for match in SLOT.finditer(text):
        if CASED_SLOT.search(match[0]):
            yield _at(parsed, block.start, "template-slot", f"A placeholder was never filled in: {match[0]}")
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    for sentence, following in pairwise([*sentences, ""]):
        unfinished = bool(SUBORDINATE.match(sentence) and ALSO_KNOWN.match(following))
        if unfinished or (PASTED_DEFINITION.match(sentence) and _definition_runs_on(sentence)):
            yield _at(
                parsed,
                block.start,
                "template-slot",
                f"A definition was pasted into this sentence, which never ends as it began: {_short(sentence)}",
            )


def _definition_runs_on(sentence: str) -> bool:
    """Whether nothing closes the inserted definition before the verb of the sentence."""
    inserted = sentence.split(", ", 1)[1]
    verb = re.search(r"\b(?:doesn|don|isn|aren|won)['’]?t\b|\b(?:can|will)\b", inserted)
    return verb is not None and not inserted[: verb.start()].rstrip().endswith((",", "—", "–", ")"))


def _run_together(parsed: ParsedFile, block: Block, text: str) -> Iterator[Finding]:
    for match in (*RUN_TOGETHER.finditer(text), *GLUED.finditer(text)):
        yield _at(parsed, block.start, "run-together", f"Two words seem to have run together: {match[0]}")


def _amounts(parsed: ParsedFile, block: Block, text: str) -> Iterator[Finding]:
    match = AMOUNT.search(text)
    if match and not CAUTION.search(f"{_lead_in(parsed, block)} {text}"):
        message = f"An amount stands without a caution or a word about asking a clinician: {match[0]} in {_short(text)}"
        yield _at(parsed, block.start, "amount-without-caution", message)


def _lead_in(parsed: ParsedFile, block: Block) -> str:
    """The paragraph right before a list or table that this block belongs to."""
    if block.group is None or block.kind is BlockKind.ANSWER:
        return ""
    before = ""
    for other in parsed.article.blocks:
        if other.group == block.group and other.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
            return before
        before = parsed.article.text[other.start : other.end] if other.kind in (BlockKind.PARAGRAPH, BlockKind.ANSWER) else ""
    return ""


def _rest(parsed: ParsedFile) -> Iterator[Finding]:
    """ "Improves with rest" in one place and "worsens at rest" in another."""
    eases, worse = EASES_AT_REST.search(parsed.article.text), WORSE_AT_REST.search(parsed.article.text)
    if eases and worse:
        other = parsed.line_at(worse.start())
        message = f'"{eases[0]}" here, "{worse[0]}" {f"on line {other}" if other else "elsewhere"}: which is it?'
        yield _at(parsed, eases.start(), "contradiction", message)


def _promises(parsed: ParsedFile) -> Iterator[Finding]:
    """Promises of something "below", or of what readers will learn, that the article does not keep."""
    article = parsed.article
    kinds = {block.kind for block in article.blocks}
    for block in article.blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            continue
        rest = set(
            tokenize(
                " ".join(article.text[other.start : other.end] for other in article.blocks if other.start > block.end and is_body(other))
            )
        )
        for start, end in sentence_spans(article.text[block.start : block.end]):
            sentence = article.text[block.start + start : block.start + end]
            pointed = POINTS_BELOW.search(sentence)
            if (pointed and not _is_kept(pointed[1].lower(), kinds, parsed)) or (
                not pointed and WILL_FIND.search(sentence) and not _is_covered(sentence, rest)
            ):
                yield _at(parsed, block.start, "empty-promise", f"The page promises what it does not contain: {_short(sentence)}")


def _is_kept(thing: str, kinds: set[BlockKind], parsed: ParsedFile) -> bool:
    if thing == "table":
        return BlockKind.TABLE_ROW in kinds
    if thing == "list":
        return BlockKind.LIST_ITEM in kinds
    if thing == "figure":
        return bool(kinds & {BlockKind.TABLE_ROW, BlockKind.LIST_ITEM})
    return thing.startswith(("link", "article", "post")) and bool(parsed.links)


def _is_covered(sentence: str, rest: set[str]) -> bool:
    wanted = {token for token in tokenize(WILL_FIND.sub(" ", PROMISE.sub(" ", sentence, count=1))) if len(token) > 2}
    return not wanted or len(wanted & rest) >= LEAST_KEPT * len(wanted)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 120 else f"{words[:117]}..."
