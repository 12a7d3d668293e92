"""`taperbot article`: one article as it is indexed."""

from __future__ import annotations

import argparse
from typing import Any

from taperbot.cli_output import print_json
from taperbot.errors import TaperBotError
from taperbot.generation import open_current
from taperbot.records import Article
from taperbot.settings import from_environment

MOST_NAMED = 20


class UnknownArticleError(TaperBotError):
    """The published generation holds no article of that id."""

    code = "unknown_article"


def run(options: argparse.Namespace) -> int:
    """Prints the article."""
    settings = from_environment(index=options.index)
    generation = open_current(settings.index, settings.embedder)
    article = generation.article(options.article_id)
    if article is None:
        ids = [card.article_id for card in generation.articles()]
        more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
        raise UnknownArticleError(f"There is no article {options.article_id!r}. There are: {', '.join(ids[:MOST_NAMED])}{more}.")
    if options.json:
        print_json(article_to_json(article))
    else:
        print(article.text)
    return 0


def article_to_json(article: Article) -> dict[str, Any]:
    """The article with its blocks; dates as YYYY-MM-DD or null."""
    return {
        "article_id": article.article_id,
        "version": article.version,
        "title": article.title,
        "text": article.text,
        "blocks": [
            {
                "kind": block.kind.value,
                "start": block.start,
                "end": block.end,
                "heading_path": list(block.heading_path),
                "group": block.group,
                "level": block.level,
                "columns": list(block.columns),
            }
            for block in article.blocks
        ],
        "summary": article.summary,
        "published": article.published.isoformat() if article.published else None,
        "reviewed": article.reviewed.isoformat() if article.reviewed else None,
        "next_review": article.next_review.isoformat() if article.next_review else None,
        "url": article.url,
        "topics": list(article.topics),
        "related": list(article.related),
        "sources": list(article.sources),
    }
