"""What an ingest would change, shown before it is done: articles, passages, and the answers to golden questions side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest.cli_ingest import make_index_folder
from ingest.golden import GoldenRun, ask_golden, golden_questions
from ingest.lock import ingest_lock
from ingest.options import Options
from ingest.progress import progress_for
from ingest.report import IngestReport, report_to_json
from taperbot.bands import bands_from_json
from taperbot.errors import IndexUnavailableError
from taperbot.generation import Generation, open_current, open_generation
from taperbot.generation_files import BANDS
from taperbot.settings import Settings


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A golden question whose answer would change."""

    id: str
    question: str
    old_outcome: str
    old_text: str
    old_right: bool
    new_outcome: str
    new_text: str
    new_right: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """`report` is that of a dry run; `passages_new` and `passages_gone` are chunk ids."""

    report: IngestReport
    passages_new: tuple[str, ...] = ()
    passages_gone: tuple[str, ...] = ()
    answers: tuple[AnswerChange, ...] = ()


@dataclass
class _Seen:
    """What is read from the candidate before it is thrown away."""

    chunk_ids: frozenset[str] = frozenset()
    run: GoldenRun | None = None
    answers: list[AnswerChange] = field(default_factory=list)


def difference(settings: Settings, *, is_quiet: bool) -> Difference:
    """Builds what an ingest would publish, compares, and publishes nothing. Raises as an ingest, except for fallen golden questions."""
    from ingest.flow import run_ingest

    before = _published(settings)
    seen = _Seen()

    def look(folder: Path) -> None:
        candidate = open_generation(folder)
        seen.chunk_ids = frozenset(candidate.row_of_chunk)
        seen.answers = _changes(before, candidate, settings)

    options = Options(settings.corpus, settings.index, settings.embedder, settings.device, allow_shrink=True, dry_run=True)
    make_index_folder(settings)
    with ingest_lock(settings.index, "diff"):
        report = run_ingest(options, progress_for(is_quiet), look)
    old = frozenset(before.row_of_chunk) if before else frozenset()
    new = seen.chunk_ids or old
    return Difference(report, tuple(sorted(new - old)), tuple(sorted(old - new)), tuple(seen.answers))


def _published(settings: Settings) -> Generation | None:
    try:
        return open_current(settings.index, settings.embedder)
    except IndexUnavailableError:
        return None


def _changes(before: Generation | None, candidate: Generation, settings: Settings) -> list[AnswerChange]:
    questions = golden_questions(settings.corpus)
    if before is None or not questions:
        return []
    if (candidate.folder / BANDS).is_file():
        candidate.bands = bands_from_json((candidate.folder / BANDS).read_text("utf-8"))
    old_run, new_run = ask_golden(before, questions, settings), ask_golden(candidate, questions, settings)
    return [
        AnswerChange(
            old.question.id, old.question.question, old.outcome.value, old.text, old.is_right, new.outcome.value, new.text, new.is_right
        )
        for old, new in zip(old_run.scoreboard.scored, new_run.scoreboard.scored, strict=True)
        if (old.outcome, old.text) != (new.outcome, new.text)
    ]


def difference_to_json(found: Difference) -> dict[str, Any]:
    """For programs."""
    passages = {"new": list(found.passages_new), "gone": list(found.passages_gone)}
    return {**report_to_json(found.report), "passages": passages, "answers": [asdict(change) for change in found.answers]}


def difference_to_text(found: Difference) -> str:
    """For editors."""
    report = found.report
    lines = [
        *(f"added    {name}" for name in report.added),
        *(f"changed  {name}" for name in report.changed),
        *(f"removed  {name}" for name in report.removed),
        *(f"rejected {one.path}: {one.reason}" for one in report.rejected),
        f"{len(found.passages_new)} passages new, {len(found.passages_gone)} gone; {report.embedded} texts embedded for it.",
    ]
    if not (report.added or report.changed or report.removed):
        lines.insert(0, "The articles are as in the index.")
    for change in found.answers:
        lines += ["", f"{change.id}: {change.question}", *_side("now", change.old_outcome, change.old_right, change.old_text)]
        lines += _side("then", change.new_outcome, change.new_right, change.new_text)
    lines.append(f"{len(found.answers)} golden questions would be answered otherwise.")
    return "\n".join(lines)


def _side(label: str, outcome: str, is_right: bool, text: str) -> list[str]:
    return [f"  {label + ':':5} {outcome}, {'as' if is_right else 'not as'} expected", *(f"        {line}" for line in text.splitlines())]
