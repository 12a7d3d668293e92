"""`python -m ingest` itself: once, once if needed, or again and again."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from pathlib import Path, PurePosixPath

from ingest.lock import ingest_lock
from ingest.options import Options
from ingest.sources import is_article_name
from taperbot.errors import IngestError, TaperBotError, UsageError
from taperbot.settings import Settings, from_environment


def ingest(asked: argparse.Namespace) -> int:
    """Ingest as asked; the report goes to stdout."""
    settings = settings_of(asked)
    if asked.watch and asked.dry_run:
        raise UsageError("--watch and --dry-run do not go together. Leave one out.")
    if asked.watch:
        return _watch(asked, settings)
    if asked.ensure:
        return _ensure(asked, settings)
    _ingest_once(asked, settings, explicit=True)
    return 0


def settings_of(asked: argparse.Namespace) -> Settings:
    """Settings with the common flags over the environment."""
    return from_environment(corpus=getattr(asked, "corpus", None), index=getattr(asked, "index", None))


def is_json(asked: argparse.Namespace) -> bool:
    """Whether --json was given."""
    return bool(getattr(asked, "json", False))


def print_json(value: object) -> None:
    """One JSON object on one line; all in ASCII where a name in it is no text, or the terminal cannot show it."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8", "strict")
    except UnicodeEncodeError:
        line = json.dumps(value)
    print(line, flush=True)


def told(error: OSError) -> str:
    """What the operating system complains of, as a sentence."""
    place = "" if error.filename is None else f": {error.filename}"
    advice = " Free some space and try again." if error.errno == errno.ENOSPC else ""
    return f"{error.strerror or error}{place}.{advice}"


def need_corpus(corpus: Path) -> None:
    """UsageError when the folder does not exist."""
    if corpus.is_file():
        raise UsageError(f"{corpus} is a file. Give the folder with the articles: --corpus FOLDER.")
    if not corpus.is_dir():
        raise UsageError(f"There is no folder {corpus}. Give the folder with the articles: --corpus FOLDER.")


def make_index_folder(settings: Settings) -> None:
    """The folder of the index, made where it is not there yet. UsageError where it cannot be one, or would be read as articles."""
    index, corpus = settings.index, settings.corpus
    inside = Path(os.path.relpath(os.path.realpath(index), os.path.realpath(corpus)))
    if inside.parts[:1] != ("..",) and is_article_name(PurePosixPath(inside.as_posix())):
        raise UsageError(f"The index {index} lies among the articles of {corpus} and would be read as some. Give another: --index FOLDER.")
    try:
        index.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"{index} is a file, or lies in one. Give a folder for the index: --index FOLDER.") from None


def _ingest_once(asked: argparse.Namespace, settings: Settings, *, explicit: bool) -> None:
    need_corpus(settings.corpus)
    make_index_folder(settings)
    if asked.strict:
        _refuse_findings(settings.corpus)
    with ingest_lock(settings.index):
        # Imported under the lock: whoever is second should hear so at once.
        from ingest.flow import run_ingest
        from ingest.progress import progress_for
        from ingest.report import report_to_json, report_to_text

        options = Options(
            corpus=settings.corpus,
            index=settings.index,
            embedder=settings.embedder,
            device=settings.device,
            chroma_url=settings.chroma_url,
            force=asked.force,
            allow_shrink=asked.allow_shrink,
            dry_run=asked.dry_run,
            explicit=explicit,
        )
        report = run_ingest(options, progress_for(is_quiet=is_json(asked)))
    if is_json(asked):
        print_json(report_to_json(report))
    else:
        print(report_to_text(report), flush=True)


def _ensure(asked: argparse.Namespace, settings: Settings) -> int:
    """As an ingest, but what prevents one is no failure while there is an index to serve."""
    from taperbot.generation import open_current

    try:
        _ingest_once(asked, settings, explicit=False)
    except (IngestError, UsageError, OSError) as error:
        try:
            open_current(settings.index, settings.embedder)
        except (TaperBotError, OSError):
            raise error from None
        message = told(error) if isinstance(error, OSError) else str(error)
        print(f"{message} The index there is goes on serving.", file=sys.stderr)
    return 0


def _watch(asked: argparse.Namespace, settings: Settings) -> int:
    from ingest.watch import settled_changes

    need_corpus(settings.corpus)
    for _ in settled_changes(settings.corpus):
        try:
            _ingest_once(asked, settings, explicit=False)
        except TaperBotError as error:
            _tell(asked, error.code, str(error))
        except OSError as error:
            _tell(asked, "disk", told(error))
    return 0


def _tell(asked: argparse.Namespace, code: str, message: str) -> None:
    """A failure after which watching goes on."""
    if is_json(asked):
        print_json({"error": {"code": code, "message": message}})
    else:
        print(message, file=sys.stderr, flush=True)


def _refuse_findings(corpus: Path) -> None:
    from ingest.lint import lint_paths
    from ingest.show import finding_line

    need_corpus(corpus)
    findings = lint_paths(corpus)
    if findings:
        raise IngestError(
            f"{len(findings)} findings; nothing was published. The first: {finding_line(findings[0])}. See `python -m ingest lint`."
        )
