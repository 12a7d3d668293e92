"""`taperbot doctor`: whether everything that answering needs is in place, in plain lines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date

from taperbot.errors import TaperBotError
from taperbot.settings import Settings, from_environment

OLDEST_PYTHON = (3, 11)


def run(options: argparse.Namespace) -> int:
    """Prints one line a check; 1 when one of them failed."""
    settings = from_environment(index=options.index)
    results = [_checked(name, check, settings) for name, check in _CHECKS]
    for good, line in results:
        print(f"{'ok  ' if good else 'FAIL'}  {line}")
    return 0 if all(good for good, _ in results) else 1


def _checked(name: str, check: Callable[[Settings], str], settings: Settings) -> tuple[bool, str]:
    try:
        return True, f"{name}: {check(settings)}"
    except (TaperBotError, ImportError, OSError) as error:
        return False, f"{name}: {error}"


def _python(_: Settings) -> str:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        raise TaperBotError(f"{found} is too old; wanted {'.'.join(map(str, OLDEST_PYTHON))} or newer.")
    return found


def _embedder(settings: Settings) -> str:
    from taperbot.embedding import BUNDLED_NAME
    from taperbot.turn_vectors import TurnEmbedder

    embedder = TurnEmbedder(settings)
    names = dict.fromkeys([settings.embedder, BUNDLED_NAME])
    for name in names:
        embedder.embedder(name).embed_queries(["Is it working?"])
    return ", ".join(f"{name} ({embedder.embedder(name).route})" for name in names)


def _triage(settings: Settings) -> str:
    from taperbot.turn_vectors import TurnEmbedder

    if TurnEmbedder(settings).judged("Is it working?").levels is None:
        raise TaperBotError(
            "danger is judged by patterns and words alone, which misses more; run `python -m ingest` to export the tuned layers."
        )
    return "patterns, words and tuned layers"


def _cross_encoder(settings: Settings) -> str:
    from taperbot.turn_vectors import TurnEmbedder

    if TurnEmbedder(settings).reader() is None:
        raise TaperBotError(
            "quotes are chosen without reading them beside the question, which misses more; run `python -m ingest` to export it."
        )
    return "reads the likeliest quotes beside the question"


def _index(settings: Settings) -> str:
    from taperbot.generation import open_current

    generation = open_current(settings.index, settings.embedder)
    articles = generation.articles()
    stale = sum(1 for entry in generation.manifest.articles if entry.rejected)
    fallen_back = f"; {stale} serve an earlier version, since the newest file was rejected" if stale else ""
    return f"{generation.generation_id}, {len(articles)} articles, {generation.chunk_count} chunks{fallen_back}"


def _bands(settings: Settings) -> str:
    from taperbot.generation import open_current

    bands = open_current(settings.index, settings.embedder).bands
    return f"fitted on {bands.fitted_on} golden questions" if bands else "the shipped ones, since this index holds none of its own"


def _phone_numbers(_: Settings) -> str:
    from taperbot.notices import overdue

    late = overdue(date.today())
    if late:
        raise TaperBotError(late)
    return "checked in time"


def _lists(_: Settings) -> str:
    from taperbot.drugs import drug_names
    from taperbot.lexicon import load_lexicon

    return f"{len(drug_names().drugs)} medicines, {len(load_lexicon().entries)} terms with lay words"


def _language_model(settings: Settings) -> str:
    if not settings.chat_model:
        return "none set; answers are quotes, which need none"
    from taperbot.generate import open_chat_model

    open_chat_model(settings)
    return settings.chat_model


_CHECKS = (
    ("Python", _python),
    ("embedder", _embedder),
    ("triage", _triage),
    ("cross-encoder", _cross_encoder),
    ("index", _index),
    ("bands", _bands),
    ("help numbers", _phone_numbers),
    ("word lists", _lists),
    ("language model", _language_model),
)
