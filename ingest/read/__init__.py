"""One module per format: bytes of a file in, a raw document out; `read_article` takes it on to an article with its chunks and quotes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from ingest.assemble import assemble
from ingest.parsed import ParsedFile
from ingest.pieces import RawDocument, UnreadableError
from ingest.read.decode import decode_text
from ingest.read.docx import read_docx
from ingest.read.front_matter import parse_yaml
from ingest.read.html import read_html
from ingest.read.markdown import read_markdown
from ingest.read.pdf import read_pdf
from ingest.read.text import read_text
from taperbot.errors import RejectedFileError

READERS: Mapping[str, Callable[[bytes], RawDocument]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
MOST_FILE_BYTES = 50_000_000


def read_article(data: bytes, article_id: str, sidecar: bytes | None = None) -> ParsedFile:
    """The article in a file's bytes; `sidecar` is the YAML of its `.meta.yaml` and wins over front matter.

    Pure. Raises RejectedFileError for anything that cannot become an article.
    """
    suffix = PurePosixPath(article_id).suffix.lower()
    try:
        if suffix not in READERS:
            raise UnreadableError(
                f"{suffix or 'a file without an ending'} is not a format that can be read. Use one of {', '.join(READERS)}, .jsonl."
            )
        _refuse_extremes(data)
        raw = READERS[suffix](data)
        beside = parse_yaml(decode_text(sidecar)) if sidecar is not None else {}
        return assemble(raw, article_id, hashlib.sha256(data).hexdigest(), beside)
    except UnreadableError as error:
        raise RejectedFileError(article_id, str(error)) from None


def _refuse_extremes(data: bytes) -> None:
    if not data.strip():
        raise UnreadableError("the file is empty. Put the article's text into it, or remove it.")
    if len(data) > MOST_FILE_BYTES:
        raise UnreadableError(
            f"the file has {len(data) // 1_000_000} MB; at most {MOST_FILE_BYTES // 1_000_000} MB are read. Split the article."
        )
