"""10,000 damaged article files through the sandbox: each has to come back as an article or as a named rejection.

Every article that comes back must keep the promises of its records: quotes and chunks are slices, and every quote lies in its chunk.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.parsed import ParsedFile
from ingest.read import READERS
from ingest.sandbox import Sandbox
from ingest.sources import Source
from taperbot.errors import RejectedFileError

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "tests" / "articles", ROOT / "corpus")
SUFFIXES = frozenset(READERS) | {".jsonl"}
BATCH = 250


def main(count: int = 10_000, seed: int = 20260101) -> int:
    """Exit status 0 when every file came back as promised."""
    originals = sorted(
        path for folder in FOLDERS for path in folder.glob("*") if path.suffix in SUFFIXES and not path.name.startswith("README")
    )
    results: Counter[str] = Counter()
    sandbox = Sandbox()
    for parsed in run(originals, count, seed, sandbox):
        results["article" if isinstance(parsed, ParsedFile) else "rejected"] += 1
    sandbox.close()
    articles, rejected = results["article"], results["rejected"]
    print(f"{count} mutated files of {len(originals)} originals: {articles} articles, {rejected} named rejections, 0 crashes")
    return 0


def run(originals: Sequence[Path], count: int, seed: int, sandbox: Sandbox) -> Iterator[ParsedFile | RejectedFileError]:
    """Mutates, parses and checks `count` files, in batches that are removed again."""
    dice = random.Random(seed)
    for first in range(0, count, BATCH):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sources = []
            for number in range(first, min(count, first + BATCH)):
                original = dice.choice(originals)
                path = folder / f"{number}{original.suffix}"
                path.write_bytes(mutated(original.read_bytes(), dice))
                sources.append(Source(path, path.name))
            for parsed in sandbox.parse(sources):
                check(parsed)
                yield parsed


def mutated(data: bytes, dice: random.Random) -> bytes:
    """`data` with one to four accidents: bytes changed, cut out, doubled, put in, moved or cut off."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        if not changed:
            return bytes(changed)
        place = dice.randrange(len(changed))
        length = dice.choice((1, 1, 2, 8, 64, 512))
        accident = dice.randrange(7)
        if accident == 0:
            changed[place] ^= 1 << dice.randrange(8)
        elif accident == 1:
            del changed[place : place + length]
        elif accident == 2:
            changed[place:place] = changed[place : place + length] * dice.choice((1, 2, 50))
        elif accident == 3:
            changed[place:place] = dice.choice(SNIPPETS)
        elif accident == 4:
            changed[place : place + length] = dice.randbytes(length)
        elif accident == 5:
            piece = changed[place : place + length]
            del changed[place : place + length]
            elsewhere = dice.randrange(len(changed) + 1)
            changed[elsewhere:elsewhere] = piece
        else:
            del changed[place:]
    return bytes(changed)


SNIPPETS = (
    *(b"\x00", b"\xff\xfe", b"\xe2\x80", b"\xc2\xa0", b"\xe2\x80\x8b", b"\xf0\x9f\x92\x8a", b"\xcc\x81", b"\r\r\n", b"\n\n\n\n\n"),
    *(b"[1][2]", b"**", b"| a | b |\n|---|", b"\n---\n", b"\n+++\n", b"((((((((((", b"]]]]]]", b"[[[[[[[", b"- - - - - -", b"1. 2. 3. "),
    *(b"<div><table><tr>", b"</p></div>", b"<!--", b"&#0;", b"FAQ\n", b"? ? ?\n", b"{{slot}}", b'{"id": "x", "text": "y"}\n'),
    *(b"%PDF-1.7", b"endobj", b"stream\n", b"/Kids [1 0 R]", b"99999999999", b"-1", b"PK\x03\x04"),
)


def check(parsed: ParsedFile | RejectedFileError) -> None:
    """Raises AssertionError when a result breaks a promise."""
    if isinstance(parsed, RejectedFileError):
        assert parsed.reason.strip()
        assert "\n" not in parsed.reason
        assert len(parsed.reason) < 600
        return
    text = parsed.article.text
    chunks = {chunk.chunk_id: chunk for chunk in parsed.chunks}
    assert len(chunks) == len(parsed.chunks) > 0
    assert len({quote.quote_id for quote in parsed.quotes}) == len(parsed.quotes)
    assert all(text[chunk.start : chunk.end] == chunk.text for chunk in parsed.chunks)
    for quote in parsed.quotes:
        assert text[quote.start : quote.end] == quote.text.strip() != ""
        assert chunks[quote.chunk_id].start <= quote.start < quote.end <= chunks[quote.chunk_id].end
