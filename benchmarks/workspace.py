"""What the sections share: the texts, a scratch folder, and one index of each side built once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.passages import JudgedSet, PassageText, corpus_passages, corpus_questions, write_export
from benchmarks.processes import PYTHON, Finished, run, run_task
from taperbot.embedding import open_embedder

QUICK_PASSAGES = 60


@dataclass(frozen=True, slots=True)
class Built:
    """An index just built: where, how long the whole process took, its chunks, and the most bytes that one of its processes held.

    `report` is our ingest's own.
    """

    folder: Path
    seconds: float
    processor_seconds: float
    chunks: int
    peak: int = 0
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Workspace:
    """One run of the benchmark. `quick` shrinks everything to a check that it works; such figures mean little.

    `is_part` says that `judged` is a part of its set, for which the targets of retrieval quality were not made.
    """

    out: Path
    judged: JudgedSet | None
    quick: bool = False
    is_part: bool = False
    kills: int = 20
    full_growth: bool = False

    @property
    def repeats(self) -> int:
        """How often a short measurement is taken; the median counts."""
        return 1 if self.quick else 5

    @cached_property
    def passages(self) -> tuple[PassageText, ...]:
        """The public passages, or parts of the bundled corpus where those are absent."""
        found = self.judged.passages if self.judged else corpus_passages()
        return found[:QUICK_PASSAGES] if self.quick else found

    @cached_property
    def questions(self) -> list[str]:
        """Questions to be timed, each asked once in a process."""
        found = list(self.judged.questions.values()) if self.judged else list(corpus_questions(self.passages))
        return found[:12] if self.quick else found

    @cached_property
    def models(self) -> Path:
        """Our embedder, exported once and not counted in any build."""
        folder = self.out / "models"
        open_embedder(models=folder)
        return folder

    @cached_property
    def export(self) -> Path:
        """The passages as a corpus of one export."""
        folder = self.out / "export"
        write_export(self.passages, folder)
        return folder

    @cached_property
    def plain(self) -> Built:
        """The plain recipe's store of the passages."""
        return self._kept("plain") or self._remembered("plain", self.build_plain(self.export, self.out / "plain"))

    @cached_property
    def ours(self) -> Built:
        """Our index of the passages."""
        return self._kept("ours") or self._remembered("ours", self.build_ours(self.export, self.out / "ours"))

    def _kept(self, name: str) -> Built | None:
        """What an earlier run built and left."""
        note = self.out / f"{name}.json"
        if not note.is_file():
            return None
        values = json.loads(note.read_text("utf-8"))
        return Built(**{**values, "folder": Path(values["folder"])})

    def _remembered(self, name: str, built: Built) -> Built:
        (self.out / f"{name}.json").write_text(json.dumps({**asdict(built), "folder": str(built.folder)}), "utf-8")
        return built

    def build_plain(self, export: Path, folder: Path) -> Built:
        """A new store of the plain recipe."""
        shutil.rmtree(folder, ignore_errors=True)
        done = run_task("ingest_plain", export=str(export), store=str(folder))
        return Built(folder, done["wall_seconds"], done["processor_seconds"], done["chunks"], done["peak"])

    def build_ours(self, export: Path, folder: Path, program: Sequence[str] = ("ingest",)) -> Built:
        """A new index of ours: embedding, lexical index, quotes, verification and publishing. `program` is the module to run."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copytree(self.models, folder / "models")
        return self.ingest(export, folder, program)

    def ingest(self, export: Path, folder: Path, program: Sequence[str] = ("ingest",)) -> Built:
        """One run of our ingest over an index that may be there already."""
        done = run([PYTHON, "-m", *program, "--corpus", str(export), "--index", str(folder), "--json"])
        report = _report(done)
        return Built(folder, done.seconds, done.processor_seconds, int(report["chunks"]), done.peak, report)


def interleaved(repeats: int, plain: Any, ours: Any) -> tuple[list[Any], list[Any]]:
    """Both sides measured in turn, so that the machine's moods fall on both."""
    pairs = [(plain(), ours()) for _ in range(repeats)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def median(values: Sequence[float]) -> float:
    """The middle value, the lower of two."""
    return sorted(values)[(len(values) - 1) // 2]


def medians(sides: tuple[Sequence[float], Sequence[float]]) -> tuple[float, float]:
    """The middle value of either side."""
    return median(sides[0]), median(sides[1])


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _report(done: Finished) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(done.stdout)
    return report
