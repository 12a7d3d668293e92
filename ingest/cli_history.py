"""`history` and `rollback`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ingest.cli_ingest import is_json, print_json, settings_of
from ingest.lock import ingest_lock
from ingest.publish import generations, publish
from taperbot.embedding import BUNDLED_NAME
from taperbot.errors import IndexUnavailableError, UsageError
from taperbot.generation_manifest import Current, Manifest, check_files, read_current


def history(asked: argparse.Namespace) -> int:
    """The generations there are, newest first, and the one in use."""
    index = settings_of(asked).index
    kept = generations(index)
    current = read_current(index) if not kept else _current(index)
    if is_json(asked):
        used = current.generation_id if current else None
        pinned = current is not None and current.pinned
        print_json({"current": used, "pinned": pinned, "generations": [_to_json(one) for one in kept]})
        return 0
    for manifest in kept:
        print(_line(manifest, current))
    return 0


def rollback(asked: argparse.Namespace) -> int:
    """Publishes an older generation, which --watch and --ensure then leave alone."""
    index = settings_of(asked).index
    if not index.is_dir():
        raise UsageError(f"There is no folder {index}. Give the folder of the index: --index FOLDER.")
    chosen = roll_back(index, asked.generation, settings_of(asked).embedder)
    if is_json(asked):
        print_json({"generation": chosen.generation_id, "pinned": True, "articles": len(chosen.articles)})
    else:
        print(f"In use again: {chosen.generation_id} of {chosen.created}, {len(chosen.articles)} articles. It stays until the next ingest.")
    return 0


def roll_back(index: Path, wanted: str | None = None, embedder: str = BUNDLED_NAME) -> Manifest:
    """Publishes the generation `wanted`, pinned; without a name, the one that the last ingest replaced, or else the next older.

    UsageError when there is none such; IndexMismatchError for one that readers with `embedder` could not use.
    """
    with ingest_lock(index, "rollback"):
        chosen = _chosen(generations(index), _current(index), wanted)
        # Imported here, so that the list of what is kept comes at once.
        from taperbot.generation_reader import check_name

        check_name(chosen.embedder, embedder)
        check_files(index / chosen.generation_id, chosen, contents=True)
        publish(index, chosen.generation_id, pinned=True)
    return chosen


def _current(index: Path) -> Current | None:
    """What is published; None when it cannot be told, which is when a rollback is wanted most."""
    try:
        return read_current(index)
    except IndexUnavailableError:
        return None


def _chosen(kept: list[Manifest], current: Current | None, wanted: str | None) -> Manifest:
    """The generation of that name, else the one before the current."""
    by_id = {manifest.generation_id: manifest for manifest in kept}
    names = ", ".join(by_id) or "none"
    if wanted is not None:
        if wanted not in by_id:
            raise UsageError(f"There is no index {wanted}. Kept are: {names}.")
        return by_id[wanted]
    order = list(by_id)
    if current is not None and current.before in by_id:
        return by_id[current.before]
    older = order[order.index(current.generation_id) + 1 :] if current is not None and current.generation_id in by_id else order
    if not older:
        raise UsageError(f"There is no older index to go back to. Kept are: {names}.")
    return by_id[older[0]]


def _to_json(manifest: Manifest) -> dict[str, object]:
    return {
        "generation": manifest.generation_id,
        "created": manifest.created,
        "articles": len(manifest.articles),
        "chunks": manifest.chunks,
        "quotes": manifest.quotes,
        "golden": {"asked": len(manifest.golden_asked), "right": len(manifest.golden_passed)},
    }


def _line(manifest: Manifest, current: Current | None) -> str:
    state = ""
    if current is not None and manifest.generation_id == current.generation_id:
        state = " in use, rolled back to" if current.pinned else " in use"
    golden = f", golden questions {len(manifest.golden_passed)} of {len(manifest.golden_asked)}" if manifest.golden_asked else ""
    return f"{manifest.generation_id}  {manifest.created}  {len(manifest.articles)} articles, {manifest.chunks} passages{golden}{state}"
