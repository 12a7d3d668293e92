"""Quotes of articles as they were, from the generations kept for rollback."""

from __future__ import annotations

from pathlib import Path

from taperbot.errors import TaperBotError
from taperbot.generation import open_generation


def earlier_quote(index: Path, article_id: str, version: str, start: int, end: int) -> str | None:
    """`text[start:end]` of that version of the article, where a kept generation still has it, else None."""
    for folder in sorted(index.glob("g-*"), reverse=True):
        try:
            article = open_generation(folder).find_version(article_id, version)
        except TaperBotError:
            continue
        if article is not None and 0 <= start < end <= len(article.text):
            return article.text[start:end]
    return None
