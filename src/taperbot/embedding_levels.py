"""The levels that tuned layers on top of the bundled embedder tell apart, and how a message and its context are read by them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from taperbot.errors import ModelError

LEVELS = ("emergency", "crisis", "urgent", "injection", "dosing", "off_topic", "question")
"""In the order of the head's rows."""
LOWER_LAYERS = 4
"""Of the six layers, those that the vector and the levels share."""
MOST_PIECES, MOST_CONTEXT_PIECES = 256, 80
TUNED_PREFIX = "tuned-"
Arrays = dict[str, NDArray[Any]]


@lru_cache(maxsize=1)
def tuned_file() -> Path:
    """The packaged layers and head; the name ends in the beginning of its sha256. Raises ModelError when it is missing or there are two."""
    folder = Path(str(files("taperbot.data").joinpath("triage")))
    found = list(folder.glob(f"{TUNED_PREFIX}*.npz"))
    if len(found) != 1:
        raise ModelError(f"Wanted one file {TUNED_PREFIX}*.npz in {folder}, found {len(found)}. Run `make fit-triage`.")
    return found[0]


def levels_export_name() -> str:
    """Folder of the export: other tuned layers never meet an older export."""
    return f"levels-{tuned_file().stem.removeprefix(TUNED_PREFIX)}"


def tuned_layers() -> Arrays:
    """The packaged layers and head by name, float16."""
    with np.load(tuned_file()) as stored:
        return dict(stored)


def pieces_of(tokenizer: Any, text: str, context: str = "") -> list[int]:
    """Word pieces of `text`, behind those of its context where there is one; the model's marks included."""
    own: list[int] = tokenizer.encode(text).ids
    if not context:
        return own[:MOST_PIECES]
    before: list[int] = tokenizer.encode(context).ids
    return [*before[:-1][:MOST_CONTEXT_PIECES], own[-1], *own[1:]][:MOST_PIECES]
