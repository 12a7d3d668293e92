"""The published generation as a long-running reader sees it: it follows CURRENT, and answers in flight keep the one they began with."""

from __future__ import annotations

import getpass
import logging
import os
import shutil
import tempfile
import threading
import weakref
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from taperbot.embedding import BUNDLED_NAME
from taperbot.errors import IndexDamagedError, IndexUnavailableError
from taperbot.generation_files import CHROMA
from taperbot.generation_manifest import CURRENT_NAME, read_current
from taperbot.generation_reader import Generation, check_name, open_generation

READERS = "readers"
OWNER_LOCK = "owner.lock"
LONGEST_LAG_SECONDS = 1.0
EXACT_CHUNKS = 20_000
"""Up to so many chunks, comparing with every one is quicker than Chroma's graph, and exact (decision 8)."""
_log = logging.getLogger(__name__)
Stamp = tuple[int, int, int] | None


class Library:
    """Opens generations of `index` as they are published.

    It searches vectors exactly, which costs nothing to open, until `follow` is called; from then on each generation of more than
    `exact_up_to` chunks is opened with its Chroma store, in a copy that is deleted when its last answer is done.
    """

    def __init__(self, index: Path, embedder_name: str = BUNDLED_NAME, chroma_url: str = "", exact_up_to: int = EXACT_CHUNKS) -> None:
        """`embedder_name` is the one set; generations by another are refused. `chroma_url` is the Chroma server that holds the vectors, if any."""
        self._exact_up_to = 0 if chroma_url else exact_up_to
        self._chroma_url = chroma_url
        self._index = index
        self._embedder_name = embedder_name
        self._switching = threading.Lock()
        self._seen: Stamp = None
        self._generation: Generation | None = None
        self._with_store = False
        self._stopping = threading.Event()

    def current(self) -> Generation:
        """The published generation; where it cannot be opened the one before goes on serving. NoIndexError and its kin without any."""
        stamp = _stamp(self._index / CURRENT_NAME)
        if self._generation is not None and stamp == self._seen:
            return self._generation
        # While one thread opens the new generation, others answer from the old; with none yet, all wait.
        if not self._switching.acquire(blocking=self._generation is None) and self._generation is not None:
            return self._generation
        try:
            if self._generation is None or stamp != self._seen:
                self._switch(stamp)
            assert self._generation is not None
            return self._generation
        finally:
            self._switching.release()

    def follow(self) -> None:
        """For a process that stays: use Chroma where it is quicker, and look at CURRENT from a thread of its own, so that no reader waits for a switch.

        Ends with `close`. A second call does nothing.
        """
        if self._with_store:
            return
        self._with_store = True
        self._seen = None
        threading.Thread(target=self._follow, name="follow-current", daemon=True).start()

    def close(self) -> None:
        """Stop following and let go of the generation."""
        self._stopping.set()
        self._generation = None

    def _follow(self) -> None:
        while not self._stopping.is_set():
            with suppress(IndexUnavailableError):
                self.current()
            self._stopping.wait(LONGEST_LAG_SECONDS)

    def _switch(self, stamp: Stamp) -> None:
        try:
            self._generation = self._opened()
        except IndexUnavailableError as error:
            newer = _stamp(self._index / CURRENT_NAME)
            if newer != stamp:
                # Published again while we looked, and the one we wanted may have been deleted.
                return self._switch(newer)
            if self._generation is None:
                raise
            _log.warning("The new index cannot be used, the one before stays: %s", error)
        self._seen = stamp
        return None

    def _opened(self) -> Generation:
        current = read_current(self._index)
        before = self._generation
        if before is not None and before.generation_id == current.generation_id and (before.store or not self._wants_store(before)):
            return before
        folder = self._index / current.generation_id
        generation = open_generation(folder, current.manifest_sha256)
        check_name(generation.manifest.embedder, self._embedder_name)
        if not self._wants_store(generation):
            return generation
        try:
            if self._chroma_url:
                return _on_server(generation, self._chroma_url)
            return _with_own_store(generation, self._index)
        except (IndexDamagedError, OSError) as error:
            _log.warning("Chroma cannot be opened (%s); vectors are searched exactly until the next index.", error)
            return generation

    def _wants_store(self, generation: Generation) -> bool:
        return self._with_store and not generation.manifest.exact and generation.chunk_count > self._exact_up_to


def open_with_store(index: Path, folder: Path) -> Generation:
    """The generation in `folder` with its Chroma store, from a copy that is deleted when the generation is no longer used."""
    return _with_own_store(open_generation(folder), index)


def _with_own_store(generation: Generation, index: Path) -> Generation:
    from taperbot.store import ChunkStore

    copy = _Copy(index, generation.folder / CHROMA)
    try:
        store = ChunkStore.in_folder(copy.chroma)
    except Exception as error:  # noqa: BLE001 - chromadb raises bare exceptions for a broken folder
        copy.remove()
        raise IndexDamagedError(
            f"The Chroma folder of {generation.folder} cannot be opened: {error}. Run `python -m ingest --force`."
        ) from None
    generation.store = store
    weakref.finalize(generation, _release, store.close, copy)
    return generation


def _on_server(generation: Generation, url: str) -> Generation:
    from taperbot.store import ChunkStore

    generation.store = store = ChunkStore.on_server(url, generation.folder.name)
    weakref.finalize(generation, store.close)
    return generation


def _release(close_store: object, copy: _Copy) -> None:
    if callable(close_store):
        close_store()
    copy.remove()


class _Copy:
    """A reader's own copy of a Chroma folder. A lock on it tells the living from the dead, which the next reader sweeps."""

    def __init__(self, index: Path, chroma: Path) -> None:
        home = _home(index)
        _sweep(home)
        self._folder, self._lock = _claimed(home)
        self.chroma = self._folder / CHROMA
        try:
            shutil.copytree(chroma, self.chroma, copy_function=_copy_file)
        except OSError as error:
            self.remove()
            reason = error.args[0][0][-1] if isinstance(error, shutil.Error) else error
            raise IndexDamagedError(f"{chroma} cannot be copied for reading: {reason}.") from None

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._lock.release()


def _claimed(home: Path) -> tuple[Path, FileLock]:
    """A new folder in `home` under our lock; another process may sweep it in the moment between, so try again."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=home))
        lock = FileLock(folder / OWNER_LOCK)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            continue
        if folder.is_dir():
            return folder, lock
        lock.release()


def _home(index: Path) -> Path:
    """Beside the generations, where copies may share blocks with them; elsewhere when readers may not write there."""
    home = index / READERS
    try:
        home.mkdir(exist_ok=True)
        if os.access(home, os.W_OK):
            return home
    except OSError:
        pass
    home = Path(tempfile.gettempdir()) / f"taperbot-readers-{getpass.getuser()}"
    home.mkdir(exist_ok=True)
    return home


def _sweep(home: Path) -> None:
    for folder in home.iterdir():
        lock = FileLock(folder / OWNER_LOCK)
        try:
            with lock.acquire(timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
        except (Timeout, OSError):
            continue


_CLONE = 0x40049409
"""The Linux request that makes a file share the blocks of another (FICLONE)."""


def _copy_file(source: str, target: str) -> str:
    try:
        import fcntl

        with open(source, "rb") as reading, open(target, "wb") as writing:
            fcntl.ioctl(writing.fileno(), _CLONE, reading.fileno())
    except (ImportError, OSError):
        shutil.copyfile(source, target)
    return target


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
