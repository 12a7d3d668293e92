"""Which files of a corpus folder are articles, and where one comes from: a file of its own or an entry of an export."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

NOT_ARTICLES = frozenset({"questions.yaml", "lexicon.yaml"})
SIDECAR_SUFFIX = ".meta.yaml"
EXPORT_SUFFIX = ".jsonl"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be parsed. `article_id` is its path relative to the corpus; `offset` and `length` pick one entry of an export."""

    path: Path
    article_id: str
    offset: int = 0
    length: int | None = None


def is_article_name(relative: PurePosixPath) -> bool:
    """Whether a path relative to the corpus names an article; hidden and underscored names, README files and metadata do not."""
    if any(part.startswith(("_", ".")) for part in relative.parts):
        return False
    name = relative.name
    return not (name.upper().startswith("README") or name in NOT_ARTICLES or name.endswith(SIDECAR_SUFFIX))


def article_paths(corpus: Path) -> list[Path]:
    """The articles of a folder tree, in the order of their ids; files of an unknown format are among them, to be refused by name.

    Folders that are links are not entered, so a link can neither lead out of the corpus nor round in circles.
    """
    return sorted(_walk(corpus), key=lambda path: path.relative_to(corpus).as_posix())


def source_of(path: Path, corpus: Path) -> Source:
    """The source for a file inside the corpus folder. Raises ValueError when `path` is not written as lying inside it."""
    return Source(path, path.relative_to(corpus).as_posix())


def _walk(corpus: Path) -> Iterator[Path]:
    """Files, links to folders, and folders that cannot be opened; the last two are refused by name, not passed over."""
    shut: list[Path] = []
    for folder, subfolders, names in os.walk(corpus, onerror=lambda error: shut.append(Path(error.filename)), followlinks=False):
        relative = Path(folder).relative_to(corpus)
        subfolders[:] = [name for name in subfolders if not name.startswith(("_", "."))]
        for name in names:
            if is_article_name(PurePosixPath((relative / name).as_posix())):
                yield Path(folder) / name
        yield from (
            Path(folder) / name for name in subfolders if (Path(folder) / name).is_symlink() and is_article_name(PurePosixPath(name))
        )
    yield from shut
