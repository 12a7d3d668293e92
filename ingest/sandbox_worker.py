"""The light helper process: forks one limited child per file and hands its result on. Started by `ingest.sandbox`, never imported by it.

Reads pickled jobs from stdin and writes pickled results to stdout, both length-prefixed. It has no threads and imports only the readers,
so a fork is cheap and safe.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import selectors
import signal
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import BinaryIO

from ingest import wordpieces
from ingest.sandbox_jobs import Job, Limits, Outcome, Rejection, run_job

HEADER = struct.Struct("<Q")


@dataclass
class _Child:
    """A child at work on a job, and what it has sent so far."""

    job: Job
    pid: int
    pipe: int
    deadline: float
    received: bytearray = field(default_factory=bytearray)


def serve(jobs: BinaryIO, results: BinaryIO, side_by_side: int) -> None:
    """Runs jobs until `jobs` ends, at most `side_by_side` at once; results leave in the order they finish."""
    wordpieces.load()
    gc.freeze()
    selector = selectors.DefaultSelector()
    selector.register(jobs, selectors.EVENT_READ)
    children: dict[int, _Child] = {}
    open_for_jobs = True
    while open_for_jobs or children:
        now = time.monotonic()
        patience = min((child.deadline - now for child in children.values()), default=None)
        for key, _ in selector.select(None if patience is None else max(0.0, patience)):
            if key.fileobj is jobs:
                job = _read_job(jobs)
                if job is None:
                    open_for_jobs = False
                    selector.unregister(jobs)
                else:
                    child = _start(job)
                    children[child.pipe] = child
                    selector.register(child.pipe, selectors.EVENT_READ)
            elif _finished(children[key.fd]):
                _close(children.pop(key.fd), selector, results, late=False)
        for child in [child for child in children.values() if child.deadline <= time.monotonic()]:
            os.kill(child.pid, signal.SIGKILL)
            _close(children.pop(child.pipe), selector, results, late=True)
        _pace(selector, jobs, open_for_jobs, len(children) < side_by_side)


def _pace(selector: selectors.BaseSelector, jobs: BinaryIO, open_for_jobs: bool, has_room: bool) -> None:
    """Listens for jobs only while there is room for another child."""
    listening = jobs in (key.fileobj for key in selector.get_map().values())
    if open_for_jobs and has_room and not listening:
        selector.register(jobs, selectors.EVENT_READ)
    elif listening and not has_room:
        selector.unregister(jobs)


def _read_job(jobs: BinaryIO) -> Job | None:
    header = _read_exactly(jobs, HEADER.size)
    if len(header) < HEADER.size:
        return None
    job = pickle.loads(_read_exactly(jobs, HEADER.unpack(header)[0]))
    assert isinstance(job, Job)
    return job


def _read_exactly(jobs: BinaryIO, size: int) -> bytes:
    """`size` bytes of an unbuffered pipe, or fewer at its end."""
    data = b""
    while len(data) < size and (part := jobs.read(size - len(data))):
        data += part
    return data


def _start(job: Job) -> _Child:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _work(job, writing)
    os.close(writing)
    return _Child(job, pid, reading, time.monotonic() + job.limits.wall_seconds)


def _work(job: Job, writing: int) -> None:
    """The child: limits itself, does the job, writes the outcome, and ends without any clean-up of the helper's."""
    status = 1
    try:
        os.close(0)
        os.close(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        _limit(job.limits)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(_outcome(job), protocol=pickle.HIGHEST_PROTOCOL))
        status = 0
    except MemoryError:
        status = 3
    finally:
        os._exit(status)


def _outcome(job: Job) -> Outcome:
    try:
        return run_job(job)
    except MemoryError:
        return _refused(job, _too_much_memory(job.limits))
    except RecursionError:
        return _refused(job, "it is nested too deeply to be read. Save it again from its source.")
    except Exception as error:  # noqa: BLE001  the outermost edge of the child: a reader's own fault becomes a named rejection
        return _refused(job, f"it cannot be read ({type(error).__name__}). Save it again from its source.")


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _finished(child: _Child) -> bool:
    data = os.read(child.pipe, 1 << 20)
    child.received += data
    return not data


def _close(child: _Child, selector: selectors.BaseSelector, results: BinaryIO, late: bool) -> None:
    selector.unregister(child.pipe)
    os.close(child.pipe)
    _, status = os.waitpid(child.pid, 0)
    payload = (
        bytes(child.received) if status == 0 and not late else pickle.dumps(_refused(child.job, _reason(status, late, child.job.limits)))
    )
    number = struct.pack("<Q", child.job.number)
    results.write(HEADER.pack(len(payload) + len(number)) + number + payload)
    results.flush()


def _reason(status: int, late: bool, limits: Limits) -> str:
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        allowed = f"{limits.cpu_seconds} seconds of work or {limits.wall_seconds:g} seconds in all"
        return f"reading it takes longer than {allowed}. Split it, or save it again from its source."
    aborted = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT
    if aborted or (os.WIFEXITED(status) and os.WEXITSTATUS(status) == 3):
        return _too_much_memory(limits)
    return "the reader broke down over it. Save it again from its source."


def _too_much_memory(limits: Limits) -> str:
    return f"reading it needs more than {limits.memory_bytes // 1_000_000} MB of memory. Save it again from its source, or split it."


def _refused(job: Job, reason: str) -> Outcome:
    return Outcome(rejected=Rejection(job.source.article_id, reason))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        serve(os.fdopen(0, "rb", buffering=0), os.fdopen(1, "wb"), int(sys.argv[1]))
    except BrokenPipeError:
        os._exit(0)  # whoever asked is gone, so nobody waits for a result
