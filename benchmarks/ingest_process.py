"""`python -m ingest` as another process, killed or failed where wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ingest.faults import VARIABLE

LONGEST_SECONDS = 600


def start_ingest(corpus: Path, index: Path, *flags: str, fault: str = "") -> subprocess.Popen[str]:
    """An ingest under way; `fault` as in `ingest.faults`."""
    command = [sys.executable, "-m", "ingest", "--corpus", str(corpus), "--index", str(index), "--json", *flags]
    surroundings = os.environ | ({VARIABLE: fault} if fault else {})
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings)


def finish(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    """Exit status and report; {} when it said nothing, as when it was killed."""
    out, _ = process.communicate(timeout=LONGEST_SECONDS)
    return process.returncode, json.loads(out) if out.strip() else {}


def ingest(corpus: Path, index: Path, *flags: str, fault: str = "") -> tuple[int, dict[str, Any]]:
    """One ingest from start to end."""
    return finish(start_ingest(corpus, index, *flags, fault=fault))


def share_models(index: Path, models: Path) -> None:
    """Lets a new index use an exported embedder that is already there."""
    index.mkdir(parents=True, exist_ok=True)
    if not (index / "models").exists():
        (index / "models").symlink_to(models.resolve())
