"""One frozen settings object, read at the edge; steps receive the few values they need."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from taperbot.errors import UsageError

PREFIX = "TAPERBOT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; the environment variable is `TAPERBOT_` and the name in capitals. Flags override the environment."""

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    host: str = "127.0.0.1"
    port: int = 7860
    country: str = ""
    """ISO 3166 two-letter code used when the reader has chosen none; empty shows the neutral set."""
    embedder: str = "all-MiniLM-L6-v2"
    """The bundled model's name, or any folder or name sentence-transformers can load."""
    device: str = "cpu"
    """"cpu", or "cuda" to embed on a GPU with sentence-transformers."""
    reranker: str = ""
    """Name of a cross-encoder for sentence-transformers; empty: none."""
    chat_model: str = ""
    """A model for LangChain's init_chat_model, such as "ollama:llama3.2"; empty: answers are quotes only."""
    chat_timeout_seconds: float = 20.0
    answer_words: int = 90
    chroma_url: str = ""
    desk_password: str = ""
    organisation: str = "Taper questions"
    accent_colour: str = "#0b5a52"
    frame_ancestors: str = ""
    """Space-separated origins that may frame the page; empty: none."""
    feedback: Path | None = None
    """Where readers' feedback goes (JSON lines); None: `feedback.jsonl` in the index folder."""


def from_environment(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment, then `overrides` (None values are ignored).

    Raises UsageError for an unknown `TAPERBOT_` variable or a value of the wrong type.
    """
    environment = os.environ if environment is None else environment
    known = {field.name: field for field in fields(Settings)}
    values: dict[str, Any] = {}
    for key, raw in environment.items():
        if not key.startswith(PREFIX):
            continue
        name = key.removeprefix(PREFIX).lower()
        if name not in known:
            raise UsageError(f"Unknown setting {key}. Known settings: {', '.join(PREFIX + n.upper() for n in sorted(known))}.")
        values[name] = _converted(key, name, raw)
    values |= {name: value for name, value in overrides.items() if value is not None}
    return replace(Settings(), **values)


def _converted(key: str, name: str, raw: str) -> Any:
    default = getattr(Settings(), name)
    kind = Path if name == "feedback" else type(default)
    try:
        return kind(raw)
    except ValueError:
        raise UsageError(f"{key} is {raw!r}; wanted a value of type {kind.__name__}.") from None
