"""The block of metadata at the top of a text file: YAML between `---` lines or TOML between `+++` lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from ingest.pieces import UnreadableError

KEY = re.compile(r"[\"']?([\w-]+)[\"']?\s*[:=]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`values` as written; `body` is the text after the block and `lines` the number of source lines before it.

    `key_lines` gives the line each key stands on.
    """

    values: dict[str, object]
    body: str
    lines: int
    key_lines: Mapping[str, int] = field(default_factory=dict)


def split_front_matter(text: str) -> FrontMatter:
    """Metadata and body; without a block at the very top everything is body. Raises UnreadableError when the block does not parse."""
    for fence, parse in (("---", parse_yaml), ("+++", _parse_toml)):
        lines = text.split("\n")
        if lines[0].rstrip() != fence:
            continue
        closing = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == fence), None)
        if closing is None or not _looks_like_keys(lines[1:closing]):
            continue
        keys = {match[1]: number for number, line in enumerate(lines[1:closing], 2) if (match := KEY.match(line))}
        return FrontMatter(parse("\n".join(lines[1:closing])), "\n".join(lines[closing + 1 :]), closing + 1, keys)
    return FrontMatter({}, text, 0)


def parse_yaml(source: str) -> dict[str, object]:
    """A mapping from YAML text; raises UnreadableError with the line for anything else."""
    try:
        values = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise UnreadableError(f"the front matter cannot be read as YAML{_place(error)}. Correct it and run ingest again.") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UnreadableError("the front matter is not a list of `key: value` lines. Correct it and run ingest again.")
    return {str(key): value for key, value in values.items()}


def _parse_toml(source: str) -> dict[str, object]:
    try:
        return dict(tomllib.loads(source))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the front matter cannot be read as TOML: {error}. Correct it and run ingest again.") from None


def _looks_like_keys(lines: list[str]) -> bool:
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "key:")
    return ":" in first or "=" in first or first.lstrip().startswith("[")


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or (str(error) if isinstance(error, ValueError) else "")
    where = f" (line {mark.line + 2} of the file)" if mark is not None else ""
    return f": {problem}{where}" if problem else where
