"""Builds one generation aside: rows, words, vector store, manifest, and the verdict of another process. Publishes nothing."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.articles import ReadAhead, deliver, stored
from ingest.clock import Clock
from ingest.embedding_cache import CACHE_NAME, EmbeddingCache
from ingest.faults import fault_point
from ingest.generation_writer import GenerationWriter, Totals, sync_files
from ingest.guards import refuse_all_rejected
from ingest.options import Options
from ingest.parsed import ParsedFile
from ingest.plan import LEXICON_NAME, Plan
from ingest.progress import Progress
from ingest.publish import BUILDING, generations, write_manifest
from ingest.report import Rejected
from ingest.sandbox import Sandbox
from ingest.verify import LEAST_RECALL, Verdict, verify_elsewhere
from taperbot import generation_files as files
from taperbot.embedding import Embedder
from taperbot.errors import RejectedFileError, UsageError, VerificationError
from taperbot.generation import Generation
from taperbot.generation_manifest import ArticleEntry, Manifest
from taperbot.lexicon import read_entries
from taperbot.records import Finding

TEXTS_AT_ONCE = 512


@dataclass
class Tally:
    """What reading the articles brought out; `entries` in row order."""

    entries: list[ArticleEntry] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    totals: Totals = field(default_factory=lambda: Totals(0, 0, 0))
    embedded: int = 0


class Build:
    """One generation on its way, in a folder that no reader looks into."""

    def __init__(
        self, options: Options, plan: Plan, embedder: Embedder, before: Generation | None, progress: Progress, clock: Clock
    ) -> None:
        self._options, self._plan, self._embedder, self._before = options, plan, embedder, before
        self._progress, self._clock = progress, clock
        self.generation_id = f"g-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
        self.folder = options.index / f"{BUILDING}{self.generation_id}"
        self.tally = Tally()

    def write_rows(self) -> None:
        """Reads, embeds and writes every article. VerificationError when not one of them can be read."""
        self.folder.mkdir()
        fault_point("folder made")
        sandbox = Sandbox()
        cache = EmbeddingCache(self._options.index / CACHE_NAME, self._embedder)
        try:
            with self._clock.step("read and embed"), GenerationWriter(self.folder, cache.vectors) as writer:
                self._progress.start(len(self._plan.seen))
                for batch in _batches(iter(ReadAhead(self._parsed(sandbox)))):
                    writer.add(batch)
                    self._progress.advance(len(batch), cache.embedded)
                self.tally.totals = writer.finish()
        finally:
            self._progress.done()
            self.tally.embedded = cache.embedded
            cache.close()
            sandbox.close()
        refuse_all_rejected(len(self._plan.seen), self.tally.rejected)

    def came_out_as_before(self) -> bool:
        """Whether, rejected files having kept their last good version, the published generation already holds just this."""
        if self._before is None or not self._plan.same_recipe:
            return False
        return _served(self.tally.entries) == _served(self._before.manifest.articles)

    def finish(self) -> tuple[Manifest, Verdict]:
        """The vector store, the manifest, and what another process says. VerificationError for an unsound build."""
        self._progress.say("Articles read; writing and verifying the index.")
        with self._clock.step("store"):
            self._write_store()
        (self.folder / files.STARTERS).write_text("[]", "utf-8")
        copy_lexicon(self._options.corpus, self.folder)
        with self._clock.step("sync"):
            manifest = replace(self._manifest(), files=sync_files(self.folder))
            write_manifest(self.folder, manifest)
        with self._clock.step("verify"):
            verdict = verify_elsewhere(self._options, self.folder)
        fault_point("verified")
        if verdict.problem:
            raise VerificationError(f"The new index is not sound: {verdict.problem}. It was not published; the one before stays in use.")
        with self._clock.step("sync"):
            return self._completed(manifest, verdict), verdict

    def upload(self, url: str) -> None:
        """The vectors to a Chroma server, before readers are told of the generation. Raises IngestError."""
        from taperbot.store import upload_store

        upload_store(url, self.generation_id, *self._store_rows())

    def _completed(self, manifest: Manifest, verdict: Verdict) -> Manifest:
        """The manifest with what verification brought out: bands, starters, and how to search."""
        (self.folder / files.STARTERS).write_text(json.dumps(verdict.starters, ensure_ascii=False), "utf-8")
        if verdict.bands:
            (self.folder / files.BANDS).write_text(verdict.bands, "utf-8")
        fault_point("bands written")
        manifest = replace(
            manifest,
            exact=verdict.recall < LEAST_RECALL,
            golden_asked=verdict.asked,
            golden_passed=verdict.passed,
            files=sync_files(self.folder, manifest.files),
        )
        write_manifest(self.folder, manifest)
        return manifest

    def _parsed(self, sandbox: Sandbox) -> Iterator[ParsedFile]:
        """Articles in row order; a refused file gives way to its last good version, where there is one."""
        for seen, found in deliver(self._plan, self._before, sandbox):
            if isinstance(found, RejectedFileError):
                kept = self._last_good(seen.article_id)
                self.tally.rejected.append(Rejected(found.path, found.reason, kept is not None))
                if kept is None or self._before is None:
                    continue
                self.tally.entries.append(replace(kept, rejected=found.reason))
                parsed = stored(self._before, seen.article_id)
            else:
                parsed = found
                chunk_ids = tuple(chunk.chunk_id for chunk in parsed.chunks)
                self.tally.entries.append(
                    ArticleEntry(seen.article_id, parsed.article.version, seen.sidecar, chunk_ids, len(parsed.quotes))
                )
            self.tally.findings.extend(parsed.findings)
            yield parsed

    def _last_good(self, article_id: str) -> ArticleEntry | None:
        row = self._before.row_of_article.get(article_id) if self._before is not None else None
        return None if row is None or self._before is None else self._before.manifest.articles[row]

    def _write_store(self) -> None:
        # chromadb takes a second to import, which a run that finds nothing new should not pay.
        from taperbot.store import write_store

        write_store(self.folder / files.CHROMA, *self._store_rows())
        fault_point("store written")

    def _store_rows(self) -> tuple[list[str], list[str], NDArray[np.float32]]:
        """Chunk ids, the article of each, and (n, d) vectors."""
        vectors = files.mapped_array(self.folder / files.CHUNK_VECTORS, "<f4", self._embedder.dimensions)
        ids = [chunk_id for entry in self.tally.entries for chunk_id in entry.chunk_ids]
        owners = [entry.article_id for entry in self.tally.entries for _ in entry.chunk_ids]
        return ids, owners, np.asarray(vectors, np.float32)

    def _manifest(self) -> Manifest:
        recipe, totals = self._plan.recipe, self.tally.totals
        return Manifest(
            generation_id=self.generation_id,
            created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            embedder=recipe.embedder,
            chunker_version=recipe.chunker_version,
            parser_version=recipe.parser_version,
            tokens_version=recipe.tokens_version,
            inputs=recipe.inputs,
            articles=tuple(self.tally.entries),
            chunks=totals.chunks,
            quotes=totals.quotes,
            number=1 + max((manifest.number for manifest in generations(self._options.index)), default=0),
        )


def drop_uploads(url: str, index: Path) -> None:
    """Deletes from a Chroma server what no kept generation needs. Raises IndexDamagedError."""
    from taperbot.store import drop_stores

    drop_stores(url, {manifest.generation_id for manifest in generations(index)})


def _served(entries: Sequence[ArticleEntry]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What readers get of the articles, whatever newer files were rejected."""
    return [(entry.article_id, entry.version, entry.sidecar, entry.chunk_ids) for entry in entries]


def copy_lexicon(corpus: Path, folder: Path) -> None:
    """The corpus's own lay words, for readers of this generation. UsageError when they are not of the form wanted."""
    path = corpus / LEXICON_NAME
    if path.is_file():
        read_lexicon(path)
        shutil.copyfile(path, folder / LEXICON_NAME)


def read_lexicon(path: Path) -> None:
    """UsageError unless the lay words there are of the form wanted."""
    try:
        read_entries(path.read_text("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 ({error.reason} at position {error.start}). Save it as UTF-8 in your editor.") from None


def _batches(articles: Iterator[ParsedFile]) -> Iterator[list[ParsedFile]]:
    """Runs of articles with enough texts to keep all cores busy."""
    batch: list[ParsedFile] = []
    texts = 0
    for parsed in articles:
        batch.append(parsed)
        texts += len(parsed.chunks) + len(parsed.quotes)
        if texts >= TEXTS_AT_ONCE:
            yield batch
            batch, texts = [], 0
    if batch:
        yield batch
