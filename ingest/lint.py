"""Everything an editor would be glad to know about the articles of a corpus before readers meet them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.lint_article import lint_article
from ingest.lint_corpus import lint_corpus
from ingest.lint_figures import lint_figures
from ingest.lint_wording import lint_wording
from ingest.parsed import ParsedFile
from ingest.reading_grade import reading_grade
from ingest.sandbox import parse_many
from ingest.sources import EXPORT_SUFFIX
from taperbot.errors import RejectedFileError
from taperbot.records import Finding

CODES = {
    "active-content": "scripts or embedded objects in a page",
    "amount-without-caution": "an amount of a drug or supplement without a caution nearby",
    "asked-as-heading": "asked_as names a heading the article does not have",
    "bad-metadata": "a front-matter value of the wrong form",
    "contradiction": "the article says a thing and its opposite",
    "date-in-future": "a date that is still to come",
    "drafting-residue": "brackets left over from drafting",
    "empty-promise": "the page promises what it does not contain",
    "empty-section": "a heading with nothing under it",
    "few-headings": "a long text with hardly any headings",
    "furniture": "read times, date stamps, comment counts and the like",
    "heading-level": "a heading that skips a level",
    "hidden-text": "text a reader of the page would not see",
    "html-in-markdown": "HTML inside Markdown",
    "image": "a picture, which readers are not shown",
    "invisible-characters": "characters without a shape",
    "link-not-in-corpus": "a link to an article that is not in the corpus",
    "long-paragraph": "a paragraph too long to read on a phone",
    "missing-author": "nobody is named as the writer",
    "missing-date": "no date of publication or review",
    "missing-disclaimer": "no word that this is not medical advice",
    "missing-sources": "no list of sources",
    "missing-summary": "no summary",
    "near-duplicate": "much the same text as another article",
    "pasted-title": "another article's title pasted into a sentence",
    "reading-grade": "harder to read than wanted",
    "rejected": "the file cannot become an article",
    "related-unknown": "related names an article that is not there",
    "repeated-heading": "the same heading twice",
    "review-overdue": "the next review is past",
    "run-together": "two words without a space",
    "same-title": "two articles with one title",
    "source-mark": "a bracketed source number in the text",
    "source-marks-without-list": "source numbers with no list to point to",
    "stray-markup": "leftover markup such as **",
    "template-slot": "a placeholder or pasted definition left in a sentence",
    "two-figures": "two figures for the same thing",
    "unknown-allowance": "lint_allow names a code that does not exist",
    "unknown-key": "a front-matter key nobody reads",
}
"""Every code a finding can carry, in a few words."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How hard one article is to read, as a US school grade."""

    path: str
    grade: float


@dataclass(frozen=True, slots=True)
class LintReport:
    """Findings by file and line, and the reading grade of every article that could be read."""

    findings: tuple[Finding, ...]
    grades: tuple[Grade, ...]


def lint_paths(corpus: Path, paths: Collection[Path] | None = None, today: date | None = None) -> list[Finding]:
    """Findings for the files named inside the folder, or for all its articles; other articles are still read, to compare with."""
    return list(lint_report(corpus, paths, today).findings)


def lint_report(corpus: Path, paths: Collection[Path] | None = None, today: date | None = None) -> LintReport:
    """As `lint_paths`, with reading grades. Silenced codes are left out."""
    results = list(parse_many(corpus))
    articles = [result for result in results if isinstance(result, ParsedFile)]
    rejected = [result for result in results if isinstance(result, RejectedFileError)]
    wanted = None if paths is None else {path.relative_to(corpus).as_posix() for path in paths}
    findings = [Finding(error.path, None, "rejected", error.reason) for error in rejected]
    focus = None if wanted is None else frozenset(one.article.article_id for one in articles if _is_of(one.article.article_id, wanted))
    findings += lint_articles(articles, today or date.today(), frozenset(error.path for error in rejected), focus)
    chosen = [finding for finding in findings if wanted is None or _is_of(finding.path, wanted)]
    grades = [Grade(parsed.article.article_id, reading_grade(parsed.article)) for parsed in articles]
    return LintReport(
        tuple(sorted(chosen, key=lambda finding: (finding.path, finding.line or 0, finding.code, finding.message))),
        tuple(grade for grade in grades if wanted is None or _is_of(grade.path, wanted)),
    )


def lint_articles(
    articles: Sequence[ParsedFile], today: date, rejected: frozenset[str] = frozenset(), focus: Collection[str] | None = None
) -> list[Finding]:
    """Findings for parsed articles, each by itself and side by side, without those their editors have silenced.

    What two articles have between them is said of one of them: of one in `focus` (article ids), where one is.
    """
    silenced = {(parsed.article.article_id, allowance.code) for parsed in articles for allowance in parsed.allowed}
    return [finding for finding in _all(articles, today, rejected, focus) if (finding.path, finding.code) not in silenced]


def _all(articles: Sequence[ParsedFile], today: date, rejected: frozenset[str], focus: Collection[str] | None) -> Iterator[Finding]:
    known = frozenset(parsed.article.article_id for parsed in articles) | rejected
    for parsed in articles:
        yield from parsed.findings
        yield from lint_article(parsed, today)
        yield from lint_wording(parsed)
        for allowance in parsed.allowed:
            if allowance.code not in CODES:
                message = f'"lint_allow" names a code that does not exist: {allowance.code}. Codes: {", ".join(sorted(CODES))}.'
                yield Finding(parsed.article.article_id, None, "unknown-allowance", message)
    yield from lint_corpus(articles, known, focus)
    yield from lint_figures(articles, focus)


def _is_of(article_id: str, files: Collection[str]) -> bool:
    """Whether an article is one of the files, or an entry of one."""
    return article_id in files or any(f"{EXPORT_SUFFIX}#" in article_id and article_id.startswith(f"{file}#") for file in files)
