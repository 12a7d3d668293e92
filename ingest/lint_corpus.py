"""What an editor should know about articles side by side: near duplicates, links and related articles that lead nowhere."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from urllib.parse import unquote, urlsplit

from ingest.chunks import fold
from ingest.lint_article import is_body
from ingest.parsed import OutgoingLink, ParsedFile
from taperbot.records import Finding

SHINGLE_WORDS = 5
NEAR_DUPLICATE = 0.5
MOST_ARTICLES_PER_SHINGLE = 40


def lint_corpus(articles: Sequence[ParsedFile], known: frozenset[str], focus: Collection[str] | None = None) -> Iterator[Finding]:
    """Findings across articles; `known` are the ids of all articles of the corpus, rejected ones included.

    What is the same in two articles is said of the second, or of the first where that alone is in `focus`.
    """
    for first, second, code, message in (*_same_titles(articles), *_near_duplicates(articles)):
        is_of_first = focus is not None and second not in focus and first in focus
        place, other = (first, second) if is_of_first else (second, first)
        yield Finding(place, 1, code, message.format(other=other))
    addresses = {parsed.article.url.rstrip("/") for parsed in articles if parsed.article.url}
    hosts = Counter(urlsplit(address).netloc for address in addresses)
    for parsed in articles:
        yield from _related(parsed, known)
        for link in parsed.links:
            if _leads_nowhere(link, parsed.article.article_id, known, addresses, frozenset(hosts)):
                yield Finding(
                    parsed.article.article_id,
                    link.line,
                    "link-not-in-corpus",
                    f"The link leads to an article that is not in the corpus: {link.target}",
                )


def _related(parsed: ParsedFile, known: frozenset[str]) -> Iterator[Finding]:
    for name in parsed.article.related:
        if name not in known:
            yield Finding(
                parsed.article.article_id, None, "related-unknown", f'"related" names an article that is not in the corpus: {name}'
            )


def _leads_nowhere(link: OutgoingLink, article_id: str, known: frozenset[str], addresses: set[str], hosts: frozenset[str]) -> bool:
    parts = urlsplit(link.target)
    if parts.scheme in ("http", "https"):
        return parts.netloc in hosts and link.target.split("#")[0].split("?")[0].rstrip("/") not in addresses
    if parts.scheme or parts.netloc or not parts.path or parts.path == "/":
        return False
    folder = posixpath.dirname(article_id.split("#")[0])
    target = posixpath.normpath(
        posixpath.join(folder, unquote(parts.path).lstrip("/") if parts.path.startswith("/") else unquote(parts.path))
    )
    stems = {posixpath.splitext(name)[0] for name in known}
    return target not in known and posixpath.splitext(target)[0] not in stems


_Pair = tuple[str, str, str, str]
"""Two article ids, a code, and a message with a place for the `other` one."""


def _same_titles(articles: Sequence[ParsedFile]) -> Iterator[_Pair]:
    by_title: dict[str, list[str]] = defaultdict(list)
    for parsed in articles:
        by_title[fold(parsed.article.title)].append(parsed.article.article_id)
    for ids in by_title.values():
        for article_id in ids[1:]:
            yield ids[0], article_id, "same-title", "The title is that of {other} too; readers cannot tell the two apart."


def _near_duplicates(articles: Sequence[ParsedFile]) -> Iterator[_Pair]:
    """Articles that share at least half of their runs of five words, footers aside."""
    shingles = [_shingles(parsed) for parsed in articles]
    holders: dict[int, list[int]] = defaultdict(list)
    for number, found in enumerate(shingles):
        for shingle in found:
            holders[shingle].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if 1 < len(numbers) <= MOST_ARTICLES_PER_SHINGLE:
            shared.update(combinations(numbers, 2))
    for (one, other), count in sorted(shared.items()):
        likeness = count / len(shingles[one] | shingles[other])
        if likeness >= NEAR_DUPLICATE:
            message = f"{likeness:.0%} of the text is the same as in {{other}}. Keep one of the two, or tell them apart."
            yield articles[one].article.article_id, articles[other].article.article_id, "near-duplicate", message


def _shingles(parsed: ParsedFile) -> frozenset[int]:
    text = " ".join(parsed.article.text[block.start : block.end] for block in parsed.article.blocks if is_body(block) and not block.columns)
    words = text.casefold().split()
    return frozenset(hash(tuple(words[start : start + SHINGLE_WORDS])) for start in range(len(words) - SHINGLE_WORDS + 1))
