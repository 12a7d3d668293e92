"""Tuned layers of the bundled embedder: `triage` tells the levels of a message apart, `asking` gives a question the vector that its answers have; both
stand on the embedder's lower layers. `relevance` reads a question and a quote together, from the first layer on. And how texts are cut for them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from taperbot.errors import ModelError

LEVELS = ("emergency", "crisis", "urgent", "injection", "dosing", "off_topic", "question")
"""In the order of the head's rows."""
MOST_PIECES, MOST_CONTEXT_PIECES = 256, 80
TUNED_PREFIX = "tuned-"
MOST_ASKED_PIECES, MOST_QUOTE_PIECES = 48, 96
"""Of a question, its end, and of a quote, its beginning, that are read together."""
TRIAGE, ASKING, RELEVANCE = "triage", "asking", "relevance"
Arrays = dict[str, NDArray[Any]]


@lru_cache(maxsize=3)
def tuned_file(kind: str) -> Path:
    """The packaged layers; the name ends in the beginning of the file's sha256. Raises ModelError when it is missing or there are two."""
    folder = tuned_folder(kind)
    found = list(folder.glob(f"{TUNED_PREFIX}*.npz"))
    if len(found) != 1:
        raise ModelError(f"Wanted one file {TUNED_PREFIX}*.npz in {folder}, found {len(found)}. Reinstall taperbot, or fit it anew.")
    return found[0]


def tuned_folder(kind: str) -> Path:
    """Where the package keeps what belongs to one kind of tuned layers."""
    return Path(str(files("taperbot.data").joinpath(kind)))


def tuned_export_name() -> str:
    """Folder of the export of `triage` and `asking`: other tuned layers never meet an older export."""
    return "-".join(["tuned", *(tuned_file(kind).stem.removeprefix(TUNED_PREFIX) for kind in (TRIAGE, ASKING))])


def relevance_export_name() -> str:
    """Folder of the export of `relevance`."""
    return f"{RELEVANCE}-{tuned_file(RELEVANCE).stem.removeprefix(TUNED_PREFIX)}"


def tuned_layers(kind: str) -> Arrays:
    """The packaged layers of one kind by name, float16."""
    with np.load(tuned_file(kind)) as stored:
        return dict(stored)


def depth(tuned: Arrays) -> int:
    """How many layers were tuned."""
    return 1 + max(int(name.split(".")[1]) for name in tuned if name.startswith("layers."))


def written(folder: Path, arrays: Arrays) -> Path:
    """Write tuned layers into `folder` in place of the ones there, under the name that their content gives them."""
    content = archive(arrays)
    for old in folder.glob(f"{TUNED_PREFIX}*.npz"):
        old.unlink()
    target = folder / f"{TUNED_PREFIX}{hashlib.sha256(content).hexdigest()[:12]}.npz"
    target.write_bytes(content)
    return target


def archive(arrays: Arrays) -> bytes:
    """A numpy archive of the arrays that holds no time of writing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array))
            packed.writestr(zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0)), content.getvalue())
    return buffer.getvalue()


def pieces_of(tokenizer: Any, text: str, context: str = "") -> list[int]:
    """Word pieces of `text`, behind those of its context where there is one; the model's marks included."""
    own: list[int] = tokenizer.encode(text).ids
    if not context:
        return own[:MOST_PIECES]
    before: list[int] = tokenizer.encode(context).ids
    return [*before[:-1][:MOST_CONTEXT_PIECES], own[-1], *own[1:]][:MOST_PIECES]


def pair_pieces(tokenizer: Any, question: str, text: str) -> tuple[list[int], list[int]]:
    """Word pieces of a question and a quote behind each other, and which of the two each belongs to, 0 or 1; the model's marks included."""
    asked: list[int] = tokenizer.encode(question).ids
    quoted: list[int] = tokenizer.encode(text).ids
    asked = [asked[0], *asked[1:-1][-MOST_ASKED_PIECES:], asked[-1]]
    quoted = [*quoted[1:-1][:MOST_QUOTE_PIECES], quoted[-1]]
    return [*asked, *quoted], [0] * len(asked) + [1] * len(quoted)
