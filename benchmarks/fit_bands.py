"""Fits the shipped bands: `python -m benchmarks.fit_bands [--write]`, some minutes.

The bundled articles are dealt into small libraries, of three and of nine articles, without their lay phrasings, as a newcomer's are. Each golden
question is asked of the libraries that hold its article, where it can be answered, and of as many others as make the kinds even, where it cannot
(unless what they say holds all that was wanted). To these come libraries of statements (`benchmarks.statements`), of three articles on one subject and of
all 24: their questions, and near misses that nothing there answers. Prints how well the two are told apart by bands fitted without the articles asked about.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import taperbot
from benchmarks.processes import PYTHON, ROOT, environment
from benchmarks.statements import CORPUS, LIBRARIES, QUESTIONS, families, statement_of, write_library
from taperbot.bands import SIGN_NAMES, Bands, Sample, bands_to_json, drawn_to, shipped_bands, with_thresholds
from taperbot.bot import Bot
from taperbot.questions import Expect, GoldenQuestion, load_questions
from taperbot.records import Turn
from taperbot.settings import Settings

SIZES = (3, 3, 9)
"""Articles in a library; for each size all articles are dealt out once."""
OTHERS = 4
"""Libraries without the article that a question is asked of; twice as many for one that no article answers."""
FOLDS = 6
LOST = 0.05
_PHRASINGS = re.compile(r"^asked_as:\n(?:[ \t]+.*\n|-.*\n)*", re.MULTILINE)
_METADATA = ".meta.yaml"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question asked of one library showed; `about` names the article that the question is about, for leaving it out."""

    about: str
    sample: Sample


def main(arguments: Sequence[str] | None = None) -> int:
    """Print, and write if asked."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fit_bands", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="put the bands into the package")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--index", type=Path, default=ROOT / "index", help="whose exported embedder and embeddings are used")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bands-") as folder:
        libraries = list(_libraries(options.corpus, options.index, Path(folder)))
        asked = _asked(load_questions(options.corpus / "questions.yaml"), libraries)
        asked += [one for source in sorted(LIBRARIES.glob("*.jsonl")) for one in _of_statements(source, options.index, Path(folder))]
    samples = [one.sample for one in asked]
    probabilities = _by_strangers(asked)
    bands = with_thresholds(drawn_to(samples, _nothing()), samples, probabilities)
    shipped = [shipped_bands().probability(one.signs) for one in samples]
    print(f"{len(samples)} questions asked of small libraries, {sum(one.answerable for one in samples)} of them answerable")
    print(f"{'':<22}{'AUC':>6}  unanswerable refused where {LOST:.0%} of answerable ones are")
    for name, found in (("shipped", shipped), ("fitted, left out", probabilities)):
        print(f"{name:<22}{_auc(samples, found):>6.3f}  {_refused(samples, found):.3f}")
    print({name: round(weight, 2) for name, weight in zip(SIGN_NAMES, bands.weights, strict=True)}, dict(bands.figures))
    if options.write:
        (Path(taperbot.__file__).parent / "data" / "bands.json").write_text(bands_to_json(bands), "utf-8")
    return 0


def _libraries(corpus: Path, index: Path, folder: Path) -> Iterator[Path]:
    """Indexes of small libraries made of the articles of `corpus`."""
    drawn = random.Random(7)
    skipped = ("README.md", "questions.yaml", "lexicon.yaml")
    articles = sorted(
        path for path in corpus.iterdir() if path.is_file() and path.name not in skipped and not path.name.endswith(_METADATA)
    )
    for turn, size in enumerate(SIZES):
        dealt = drawn.sample(articles, len(articles))
        for start in range(0, len(dealt), size):
            yield _library(dealt[start : start + size], index, folder / f"{turn}-{start}")


def _library(articles: Sequence[Path], index: Path, folder: Path) -> Path:
    corpus, made = folder / "corpus", folder / "index"
    corpus.mkdir(parents=True)
    made.mkdir()
    for article in articles:
        for path in (article, article.with_name(article.name + _METADATA)):
            if path.is_file():
                data = path.read_bytes()
                is_text = path.suffix in (".md", ".txt", ".yaml")
                (corpus / path.name).write_bytes(_PHRASINGS.sub("", data.decode("utf-8")).encode("utf-8") if is_text else data)
    (made / "models").symlink_to((index / "models").resolve())
    shutil.copy(index / "embeddings.sqlite", made)
    command = [PYTHON, "-m", "ingest", "--corpus", str(corpus), "--index", str(made)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment())
    return made


def _asked(questions: Sequence[GoldenQuestion], libraries: Sequence[Path]) -> list[Asked]:
    drawn = random.Random(3)
    asked: list[Asked] = []
    bots = [Bot(Settings(index=index)) for index in libraries]
    held = [frozenset(bot.generation().row_of_article) for bot in bots]
    picked: list[list[tuple[GoldenQuestion, bool]]] = [[] for _ in bots]
    for question in questions:
        is_answerable, wanted = question.expect is Expect.ANSWER, frozenset(question.articles)
        others = [place for place, names in enumerate(held) if not wanted & names]
        for place in drawn.sample(others, OTHERS if is_answerable else 2 * OTHERS):
            picked[place].append((question, False))
        for place in (place for place, names in enumerate(held) if is_answerable and wanted <= names):
            picked[place].append((question, True))
    for bot, pairs in zip(bots, picked, strict=True):
        asked += _asked_of(bot, pairs)
    return asked


def _of_statements(source: Path, index: Path, folder: Path) -> Iterator[Asked]:
    """The questions of a library of statements, asked of the three articles that they were written for and of the whole library."""
    written = write_library(source, folder / source.stem)
    questions = load_questions(written / QUESTIONS)
    article_of = {statement_of(question.id): question.articles[0] for question in questions if question.articles}
    for number, family in enumerate([*families(written), sorted((written / CORPUS).glob("*.md"))]):
        bot = Bot(Settings(index=_library(family, index, folder / f"{source.stem}-{number}")))
        held = {path.name for path in family}
        # A near miss belongs where the statement does that it was written beside.
        asked = [question for question in questions if held.issuperset(question.articles or [article_of[statement_of(question.id)]])]
        for one in _asked_of(bot, [(question, question.expect is Expect.ANSWER) for question in asked]):
            yield replace(one, about=f"{source.stem}/{one.about if one.about in held else article_of[statement_of(one.about)]}")


def _asked_of(bot: Bot, pairs: Sequence[tuple[GoldenQuestion, bool]]) -> Iterator[Asked]:
    generation = bot.generation()
    for question, is_answerable in pairs:
        findings = bot.findings(generation, question.question, [Turn("user", text) for text in question.history])
        says_it = bool(question.facts) and all(fact.search(findings.checked.text) for fact in question.facts)
        if findings.parts and (is_answerable or not says_it):
            yield Asked(question.articles[0] if question.articles else question.id, Sample(findings.parts[0].composed.signs, is_answerable))


def _nothing() -> Bands:
    return Bands((0.0,) * len(SIGN_NAMES), 0.0, 0.5, 0.25)


def _by_strangers(asked: Sequence[Asked]) -> list[float]:
    """Each question's probability by bands fitted without the articles it asks about."""
    abouts = [one.about for one in asked]
    known = sorted(set(abouts))
    fold_of = {about: place % FOLDS for place, about in enumerate(random.Random(5).sample(known, len(known)))}
    probabilities = [0.0] * len(asked)
    for fold in range(FOLDS):
        fitted = drawn_to([one.sample for one, about in zip(asked, abouts, strict=True) if fold_of[about] != fold], _nothing())
        for place, (one, about) in enumerate(zip(asked, abouts, strict=True)):
            if fold_of[about] == fold:
                probabilities[place] = fitted.probability(one.sample.signs)
    return probabilities


def _auc(samples: Sequence[Sample], probabilities: Sequence[float]) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score([one.answerable for one in samples], probabilities))


def _refused(samples: Sequence[Sample], probabilities: Sequence[float]) -> float:
    truth = np.array([one.answerable for one in samples])
    least = np.quantile(np.array(probabilities)[truth], LOST)
    return float((np.array(probabilities)[~truth] < least).mean())


if __name__ == "__main__":
    sys.exit(main())
