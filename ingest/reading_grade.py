"""How hard a text is to read, as a US school grade (Flesch-Kincaid)."""

from __future__ import annotations

import re

from ingest.sentences import sentence_spans
from taperbot.records import Article, BlockKind

WORD = re.compile(r"[a-zA-Z]+(?:['’][a-z]+)?")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(r"(?:[^laeiouy]e|[^td]ed|[^sxzhgc]es)$")
READ_KINDS = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.ANSWER)


def reading_grade(article: Article) -> float:
    """Grade of the running text and list items together, at least 0; headings and tables do not count. 0.0 without words."""
    texts = [article.text[block.start : block.end] for block in article.blocks if block.kind in READ_KINDS]
    words = [word for text in texts for word in WORD.findall(text)]
    sentences = sum(len(sentence_spans(text)) for text in texts)
    if not words or not sentences:
        return 0.0
    syllables = sum(count_syllables(word) for word in words)
    return max(0.0, 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59)


def count_syllables(word: str) -> int:
    """Syllables of an English word by its vowel groups, at least one."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(VOWELS.findall(letters))
    if groups > 1 and SILENT_END.search(letters):
        groups -= 1
    return max(1, groups)
