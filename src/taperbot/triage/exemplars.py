"""The reviewed exemplars of data/triage/exemplars: what the classifier is fitted from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from taperbot.errors import UsageError
from taperbot.records import Level, Turn
from taperbot.triage.lists import triage_file

BENIGN = "benign"
"""The file of messages that hold danger words and no danger; they are fitted as questions."""
CLASSES = (*(level.value for level in Level), BENIGN)
_FIELDS = frozenset({"text", "class", "register", "history", "also", "note"})


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One reviewed message after the turns of `history` (oldest first); `label` is its file, one of CLASSES, `also` other levels one could give it."""

    text: str
    label: str
    history: tuple[Turn, ...] = ()
    also: tuple[Level, ...] = ()

    @property
    def level(self) -> Level:
        """The level it stands for."""
        return Level.QUESTION if self.label == BENIGN else Level(self.label)


def read_exemplars() -> tuple[Exemplar, ...]:
    """All exemplars in the order of CLASSES. Raises UsageError for an entry that breaks the schema."""
    return tuple(exemplar_of(label, entry) for label in CLASSES for entry in triage_file(f"exemplars/{label}.yaml"))


def exemplars_digest() -> str:
    """sha256 over the exemplar files in the order of CLASSES, hexadecimal."""
    folder = files("taperbot.data").joinpath("triage", "exemplars")
    digest = hashlib.sha256()
    for label in CLASSES:
        digest.update(folder.joinpath(f"{label}.yaml").read_bytes())
    return digest.hexdigest()


def exemplar_of(label: str, entry: dict[str, Any]) -> Exemplar:
    """The exemplar that an entry of the file `label`.yaml describes. Raises UsageError naming the file."""
    text = entry.get("text")
    if not isinstance(text, str) or not text.strip() or entry.get("class") != label or not entry.keys() <= _FIELDS:
        raise UsageError(f"Exemplar {entry!r} in {label}.yaml: wanted text, class: {label} and perhaps {', '.join(sorted(_FIELDS))}.")
    try:
        history = tuple(Turn(turn["role"], turn["content"]) for turn in entry.get("history") or ())
        also = tuple(Level(level) for level in entry.get("also") or ())
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"Exemplar {text!r} in {label}.yaml: {error}; wanted turns of role and content, and levels under also.") from None
    return Exemplar(text, label, history, also)
