"""Sections for which editors have kept no lay wording, those furthest from any lay wording first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from taperbot.generation import Generation


@dataclass(frozen=True, slots=True)
class Unreached:
    """A section without asked_as lines; `similarity` is the cosine of the nearest line kept for any section, "" when there is none."""

    article_id: str
    heading: str
    similarity: float
    nearest_line: str


def unreached_sections(generation: Generation) -> list[Unreached]:
    """Each such section once, worst first."""
    rows = _rows_without_lines(generation)
    lines = [line for row in range(generation.chunk_count) for line in generation.chunk(row).asked_as]
    keys = generation.all_key_vectors
    found = []
    for row in rows:
        chunk = generation.chunk(row)
        cosines = keys @ generation.chunk_vectors([row])[0] if len(keys) else np.zeros(1, np.float32)
        nearest = lines[int(cosines.argmax())] if lines else ""
        found.append(Unreached(chunk.article_id, chunk.section, round(float(cosines.max()), 3), nearest))
    return sorted(found, key=lambda section: (section.similarity, section.article_id, section.heading))


def _rows_without_lines(generation: Generation) -> list[int]:
    """First chunk of each section none of whose chunks has lines."""
    first: dict[tuple[str, tuple[str, ...]], int] = {}
    reached = set()
    for row in range(generation.chunk_count):
        chunk = generation.chunk(row)
        section = (chunk.article_id, chunk.heading_path)
        first.setdefault(section, row)
        if chunk.asked_as:
            reached.add(section)
    return [row for section, row in first.items() if section not in reached]
