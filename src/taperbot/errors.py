"""The error tree. Each message says what was found, what was wanted and what to do next.

TaperBotError
├── UsageError            a flag, setting or folder that cannot be used                 exit 2
├── QuestionError         a question or history over its bounds or of the wrong form    HTTP 413/422
├── IndexUnavailableError
│   ├── NoIndexError          no CURRENT in the index folder
│   ├── IndexMismatchError    made by another embedder or chunker
│   └── IndexDamagedError     a file of the generation is missing or altered
├── AddressTakenError     another program listens on the host and port               exit 1
├── ModelError            an embedder or language model cannot be loaded or fails
└── IngestError
    ├── RejectedFileError     one article file that cannot be read
    ├── LockHeldError         another ingest holds the lock
    ├── VerificationError     the built generation is not what was asked for
    └── ShrinkError           too much would vanish
"""

from __future__ import annotations


class TaperBotError(Exception):
    """Root of all expected failures. `code` is the stable machine name, `exit_code` the process exit status."""

    code = "error"
    exit_code = 1


class UsageError(TaperBotError):
    """A flag, a setting or a folder that cannot be used."""

    code = "usage"
    exit_code = 2


class QuestionError(TaperBotError):
    """A question or history that is too long, empty or malformed."""

    code = "bad_question"


class IndexUnavailableError(TaperBotError):
    """There is no index that can answer."""

    code = "index_unavailable"


class NoIndexError(IndexUnavailableError):
    """The index folder holds no published generation."""

    code = "no_index"


class IndexMismatchError(IndexUnavailableError):
    """The generation was made by another embedder or chunker than the one configured."""

    code = "index_mismatch"


class IndexDamagedError(IndexUnavailableError):
    """A file of the generation is missing or not what the manifest says."""

    code = "index_damaged"


class ModelError(TaperBotError):
    """A model cannot be loaded, or failed while working."""

    code = "model"


class IngestError(TaperBotError):
    """Ingestion was refused or failed; the published generation is untouched."""

    code = "ingest"


class RejectedFileError(IngestError):
    """One file that cannot become an article; `path` is relative to the corpus folder."""

    code = "rejected"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class LockHeldError(IngestError):
    """Another ingest is at work on the same index."""

    code = "lock_held"


class VerificationError(IngestError):
    """The generation just built did not pass verification and was not published."""

    code = "verification"


class ShrinkError(IngestError):
    """More articles or chunks would vanish than is plausible."""

    code = "shrink"


class AddressTakenError(TaperBotError):
    """Another program listens on the host and port that were to be served."""

    code = "address_taken"
