"""Bytes to text, with refusals an editor can act on."""

from __future__ import annotations

import re

from ingest.pieces import UnreadableError

UNICODE_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
LINE_ENDS = re.compile("\r\n|\r")
ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\x0b\x0c\x1c-\x1f\x85]")


def refuse_marked(data: bytes) -> None:
    """Raises UnreadableError when the first bytes say that the text is not UTF-8."""
    for mark, name in UNICODE_MARKS.items():
        if data.startswith(mark):
            raise UnreadableError(f"the file is {name}, but UTF-8 is wanted. Save it as UTF-8 in your editor and run ingest again.")


def decode_text(data: bytes, most_letters: int | None = None) -> str:
    """UTF-8 text with `\\n` line ends and plain spaces; raises UnreadableError naming the offending byte, or for more than `most_letters`."""
    refuse_marked(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            f"the file is not UTF-8: byte 0x{data[error.start]:02X} at position {error.start} (line {line}) cannot be read. "
            "Save it as UTF-8 in your editor and run ingest again."
        ) from None
    if "\0" in text:
        raise UnreadableError("the file holds NUL characters, so it is not a text file. Export it as text and run ingest again.")
    if most_letters is not None and len(text) > most_letters:
        raise UnreadableError(f"the file holds {len(text):,} letters; at most 5,000,000 letters of text are read. Split the article.")
    return ODD_SPACES.sub(" ", LINE_ENDS.sub("\n", text))
