"""Makes a finished generation the published one, whole or not at all, and lets go of old ones."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ingest.embedding_cache import CACHE_NAME, KEY_BYTES, prune_cache
from ingest.faults import fault_point
from ingest.generation_writer import KEYS, sync_folder
from taperbot.errors import IndexUnavailableError
from taperbot.generation_manifest import CURRENT_NAME, MANIFEST_NAME, Current, Manifest, manifest_to_json, read_current, read_manifest

KEPT = 2
"""Old generations kept for a rollback."""
ABANDONED_SECONDS = 3600
"""Age from which an unfinished export of the embedder is nobody's any more."""
BUILDING = "building-"
EXPIRED = "expired-"
GENERATION = "g-"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """MANIFEST.json, on the disk when this returns."""
    _write_synced(folder / MANIFEST_NAME, manifest_to_json(manifest))
    sync_folder(folder)
    fault_point("manifest written")


def name_folder(building: Path, generation_id: str) -> Path:
    """Gives a finished folder its lasting name."""
    target = building.with_name(generation_id)
    building.rename(target)
    sync_folder(target.parent)
    fault_point("folder named")
    return target


def publish(index: Path, generation_id: str, *, pinned: bool = False, before: str = "") -> None:
    """Points CURRENT at a generation: readers see the old one or the new one. `before` is the one it takes the place of."""
    data = (index / generation_id / MANIFEST_NAME).read_bytes()
    current: dict[str, object] = {"generation": generation_id, "manifest_sha256": hashlib.sha256(data).hexdigest()}
    if pinned:
        current["pinned"] = True
    if before:
        current["before"] = before
    temporary = index / f"{CURRENT_NAME}.tmp"
    _write_synced(temporary, json.dumps(current).encode() + b"\n")
    fault_point("current synced")
    temporary.rename(index / CURRENT_NAME)
    fault_point("current renamed")
    sync_folder(index)
    fault_point("current's folder synced")


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        if path.name.startswith(CURRENT_NAME):
            fault_point("current written")
        os.fsync(file.fileno())


def sweep(index: Path) -> None:
    """Finishes what was cut short: unfinished builds go, and so do old generations that were to go."""
    for leftover in index.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    (index / f"{CURRENT_NAME}.tmp").unlink(missing_ok=True)
    for leftover in (index / "models").glob("making-*"):
        if time.time() - leftover.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)
    with suppress(IndexUnavailableError):
        expire(index, read_current(index))


def generations(index: Path) -> list[Manifest]:
    """Manifests of all readable generations, newest first."""
    found = []
    for folder in index.glob(f"{GENERATION}*"):
        try:
            found.append(read_manifest(folder))
        except IndexUnavailableError:
            continue
    return sorted(found, key=lambda manifest: (manifest.number, manifest.created, manifest.generation_id), reverse=True)


def expire(index: Path, current: Current, before: Current | None = None) -> list[str]:
    """Deletes all but the published generation and KEPT others, the one published before among them; returns the deleted ids.

    The embedding cache forgets every text that no generation left holds. Cut short, it is finished by the next call.
    """
    order = [before.generation_id] if before else []
    order += [manifest.generation_id for manifest in generations(index)]
    others = [one for one in dict.fromkeys(order) if one != current.generation_id]
    kept = {current.generation_id, *others[:KEPT]}
    expired = sorted(folder.name for folder in index.glob(f"{GENERATION}*") if folder.name not in kept)
    for generation_id in expired:
        (index / generation_id).rename(index / f"{EXPIRED}{generation_id}")
        fault_point("old generation set aside")
    leftovers = list(index.glob(f"{EXPIRED}*"))
    # Emptied first, for room on a full disk; the empty folders then tell that the cache is still to be pruned.
    for leftover in leftovers:
        for inner in leftover.iterdir():
            shutil.rmtree(inner) if inner.is_dir() else inner.unlink()
    if leftovers:
        prune_cache(index / CACHE_NAME, (key for generation_id in sorted(kept) for key in _keys(index / generation_id)))
        fault_point("cache pruned")
    for leftover in leftovers:
        leftover.rmdir()
        fault_point("old generation deleted")
    return expired


def _keys(folder: Path) -> Iterator[bytes]:
    path = folder / KEYS
    if not path.is_file():
        return
    with path.open("rb") as file:
        while key := file.read(KEY_BYTES):
            yield key
