"""`taperbot eval`: golden questions, a document set, or judged messages."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from taperbot.bot import Bot
from taperbot.errors import UsageError
from taperbot.evaluate import load_questions, run_golden
from taperbot.evaluate_report import Report, comparison, report_from_json, report_of, report_to_text, write_report
from taperbot.evaluate_retrieval import ingest_set, load_document_set, score_retrieval
from taperbot.settings import Settings, from_environment

DEFAULT_REPORT = Path("eval.json")


def run(options: argparse.Namespace) -> int:
    """Scores, prints, and writes the report."""
    if sum(choice is not None for choice in (options.questions, options.retrieval, options.triage)) > 1:
        raise UsageError("Give golden questions, or --retrieval FOLDER, or --triage FILE: one at a time.")
    settings = from_environment(index=options.index)
    if options.triage:
        return _triage(settings, Path(options.triage))
    earlier = report_from_json(Path(options.against)) if options.against else None
    report = _retrieval(settings, Path(options.retrieval), options.index) if options.retrieval else _golden(settings, options.questions)
    print(report_to_text(report))
    if earlier:
        print(comparison(report, earlier))
    target = Path(options.report) if options.report else DEFAULT_REPORT
    picture = write_report(report, target)
    print(f"Written: {target}{f' and {picture}' if picture else ' (no plot: matplotlib is not installed)'}")
    return 0


def _golden(settings: Settings, named: str | None) -> Report:
    path = Path(named) if named else settings.corpus / "questions.yaml"
    questions = load_questions(path)
    bot = Bot(settings)
    generation = bot.generation()
    scoreboard = run_golden(lambda question, history: bot.findings(generation, question, history), questions, bot.triaged)
    return report_of(scoreboard, path.name, generation.generation_id)


def _retrieval(settings: Settings, folder: Path, kept: Path | None) -> Report:
    documents = load_document_set(folder)
    with tempfile.TemporaryDirectory(prefix="taperbot-eval-") as scratch:
        index = ingest_set(documents, kept or Path(scratch))
        bot = Bot(replace(settings, index=index))
        return score_retrieval(documents, lambda question, k: bot.passages(question, (), k), bot.generation().generation_id)


def _triage(settings: Settings, path: Path) -> int:
    from taperbot.triage.evaluation import evaluate_triage, rendered
    from taperbot.turn_vectors import TurnEmbedder

    embedder = TurnEmbedder(settings)
    is_there = embedder.judged("Is it there?").levels is not None
    print(rendered(evaluate_triage(path, (lambda text, context: embedder.judged(text, context).levels) if is_there else None)))
    return 0
