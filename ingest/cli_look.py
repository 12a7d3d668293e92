"""Commands that change nothing: `lint`, `show`, `diff`, `check`, `suggest`."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from ingest.cli_ingest import is_json, need_corpus, print_json, settings_of
from ingest.sources import SIDECAR_SUFFIX, article_paths
from taperbot.errors import RejectedFileError, UsageError
from taperbot.generation import open_current
from taperbot.records import Finding


def lint(asked: argparse.Namespace) -> int:
    """Findings for the corpus or the files named; 1 with --strict when there is any."""
    from ingest.lint import lint_report
    from ingest.show import finding_line

    corpus = settings_of(asked).corpus
    need_corpus(corpus)
    if not article_paths(corpus):
        raise UsageError(f"There is no article in {corpus}. Put articles there, or name another folder: --corpus FOLDER.")
    report = lint_report(corpus, [file for path in asked.files for file in _articles_at(path, corpus)] or None)
    if is_json(asked):
        grades = {grade.path: round(grade.grade, 1) for grade in report.grades}
        print_json({"findings": [asdict(finding) for finding in report.findings], "grades": grades})
    else:
        for finding in report.findings:
            print(finding_line(finding))
        for grade in report.grades:
            print(f"{grade.path}: reading grade {grade.grade:.1f}")
        print(_counted(report.findings))
    return 1 if asked.strict and report.findings else 0


def show(asked: argparse.Namespace) -> int:
    """Everything ingestion makes of one article."""
    from ingest.sandbox import Sandbox
    from ingest.scan import scan_corpus
    from ingest.show import render_article
    from taperbot.generation_codec import article_to_json, chunk_to_json, findings_to_json

    corpus = settings_of(asked).corpus
    seen = {one.article_id: one for one in scan_corpus(corpus)}
    wanted = asked.article if asked.article in seen else _relative(Path(asked.article), corpus)
    if wanted not in seen:
        raise UsageError(f"There is no article {asked.article} in {corpus}. There are: {', '.join(list(seen)[:20])}.")
    sandbox = Sandbox(1)
    found = next(sandbox.parse([seen[wanted].source]))
    sandbox.close()
    if isinstance(found, RejectedFileError):
        raise found
    if is_json(asked):
        chunks = [chunk_to_json(chunk) for chunk in found.chunks]
        quotes = [quote._asdict() | {"lead_in": asdict(quote.lead_in) if quote.lead_in else None} for quote in found.quotes]
        print_json(
            {"article": article_to_json(found.article), "chunks": chunks, "quotes": quotes, "warnings": findings_to_json(found.findings)}
        )
    else:
        print(render_article(found), end="")
    return 0


def diff(asked: argparse.Namespace) -> int:
    """What an ingest would change."""
    from ingest.diff import difference, difference_to_json, difference_to_text

    settings = settings_of(asked)
    need_corpus(settings.corpus)
    found = difference(settings, is_quiet=is_json(asked))
    if is_json(asked):
        print_json(difference_to_json(found))
    else:
        print(difference_to_text(found))
    return 0


def check(asked: argparse.Namespace) -> int:
    """The scoreboard of the golden questions for the published generation; 1 with --strict when one fell since it was published."""
    from ingest.golden import ask_golden, golden_questions, scoreboard_to_json, scoreboard_to_text

    settings = settings_of(asked)
    generation = open_current(settings.index, settings.embedder)
    questions = golden_questions(settings.corpus)
    if not questions:
        raise UsageError(f"There are no golden questions in {settings.corpus}. Write some into questions.yaml there.")
    run = ask_golden(generation, questions, settings)
    known = {question.id for question in questions}
    fallen = [one for one in generation.manifest.golden_passed if one in known and one not in run.passed]
    if is_json(asked):
        print_json(scoreboard_to_json(generation.generation_id, run, fallen))
    else:
        print(scoreboard_to_text(run, fallen))
    return 1 if asked.strict and fallen else 0


def suggest(asked: argparse.Namespace) -> int:
    """Sections that no lay wording reaches, worst first."""
    from ingest.unreached import unreached_sections

    settings = settings_of(asked)
    sections = unreached_sections(open_current(settings.index, settings.embedder))
    if is_json(asked):
        print_json({"sections": [asdict(section) for section in sections]})
        return 0
    for section in sections:
        nearest = f' (nearest lay line, {section.similarity:.2f}: "{section.nearest_line}")' if section.nearest_line else ""
        print(f"{section.article_id}: {section.heading}{nearest}")
    print(f"{len(sections)} sections have no asked_as lines of their own.")
    return 0


def _articles_at(path: Path, corpus: Path) -> list[Path]:
    """The article files a path of the command line means, itself or those in the folder it names. UsageError when there is none."""
    found = next((candidate for candidate in (path, corpus / path) if os.path.lexists(candidate)), None)
    if found is None:
        raise UsageError(f"There is no file {path}. Name files inside {corpus}.")
    wanted = PurePosixPath(_relative(found, corpus))
    files = [file for file in article_paths(corpus) if PurePosixPath(file.relative_to(corpus).as_posix()).is_relative_to(wanted)]
    if not files:
        raise UsageError(
            f"{path} is no article, and holds none. Names beginning with _ or ., README files, questions.yaml, lexicon.yaml and "
            f"*{SIDECAR_SUFFIX} are not read as articles."
        )
    return files


def _relative(path: Path, corpus: Path) -> str:
    """The path as lying in the corpus, however it was written; links in it are kept. UsageError when it lies elsewhere."""
    full = Path(os.path.abspath(path if os.path.lexists(path) else corpus / path))
    for root in (Path(os.path.abspath(corpus)), Path(os.path.realpath(corpus))):
        if full.is_relative_to(root):
            return full.relative_to(root).as_posix()
    raise UsageError(f"{path} is not inside {corpus}. Name files of the corpus.")


def _counted(findings: tuple[Finding, ...]) -> str:
    files = len({finding.path for finding in findings})
    return f"{len(findings)} findings in {files} files." if findings else "No findings."
