"""One ingest: look, plan, build aside, verify elsewhere, publish. Nothing that readers use is touched before the last step."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ingest.articles import ahead, deliver, stored
from ingest.embedding_cache import CACHE_NAME, EmbeddingCache
from ingest.faults import fault_point
from ingest.generation_writer import GenerationWriter, Totals, sync_files
from ingest.guards import golden_result, refuse_shrink
from ingest.lock import ingest_lock
from ingest.parsed import ParsedFile
from ingest.plan import Plan, Recipe, plan_build, recipe_of
from ingest.progress import Progress
from ingest.publish import BUILDING, expire, name_folder, publish, sweep, write_manifest
from ingest.report import GoldenResult, IngestReport, Rejected
from ingest.sandbox import Sandbox
from ingest.scan import scan_corpus
from ingest.verify import LEAST_RECALL, Verdict, verify_elsewhere
from taperbot import generation_files as files
from taperbot.embedding import Embedder, open_embedder
from taperbot.errors import IndexUnavailableError, RejectedFileError, VerificationError
from taperbot.generation import Generation, open_generation
from taperbot.generation_manifest import ArticleEntry, Current, Manifest, read_current
from taperbot.records import Finding
from taperbot.store import write_store

TEXTS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of an ingest. `force` publishes in spite of fallen golden questions and builds even when nothing changed."""

    corpus: Path
    index: Path
    embedder: str
    device: str = "cpu"
    force: bool = False
    allow_shrink: bool = False
    dry_run: bool = False
    keep_pinned: bool = False


@dataclass
class Tally:
    """What delivery of the articles brought out."""

    entries: list[ArticleEntry] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Counts the time inside towards `name`."""
        since = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - since

    @property
    def seconds(self) -> dict[str, float]:
        """So far, with the total."""
        return {**self._seconds, "total": time.perf_counter() - self._began}


def run_ingest(options: Options, progress: Progress) -> IngestReport:
    """Bring the index up to date with the corpus. Raises IngestError, UsageError, ModelError; then the index is as before."""
    clock = Clock()
    seen_before_lock = scan_corpus(options.corpus)
    if not seen_before_lock:
        raise VerificationError(
            f"There is no article in {options.corpus}. The index stays as it is; put articles there, or name another folder."
        )
    options.index.mkdir(parents=True, exist_ok=True)
    with ingest_lock(options.index):
        sweep(options.index)
        with clock.step("model"):
            embedder = open_embedder(options.embedder, options.index / "models", options.device, notify=progress.say)
        current, before = _published(options.index)
        with clock.step("scan"):
            plan = plan_build(scan_corpus(options.corpus), recipe_of(embedder, options.corpus), before.manifest if before else None)
        if current is not None and before is not None and plan.is_unchanged and not options.force:
            return _unchanged(options, current, before, plan, clock)
        return _Build(options, progress, clock, embedder, plan, current, before).run()


def _published(index: Path) -> tuple[Current | None, Generation | None]:
    """The published generation, or None where there is none that this version can read."""
    try:
        current = read_current(index)
        return current, open_generation(index / current.generation_id, current.manifest_sha256)
    except IndexUnavailableError:
        return None, None


def _unchanged(options: Options, current: Current, before: Generation, plan: Plan, clock: Clock) -> IngestReport:
    if current.pinned and not options.dry_run:
        publish(options.index, current.generation_id)
    return IngestReport(
        generation=current.generation_id,
        published=False,
        unchanged=len(plan.seen),
        chunks=before.manifest.chunks,
        quotes=before.manifest.quotes,
        warnings=tuple(finding for entry in before.manifest.articles for finding in before.findings(entry.article_id)),
        golden=GoldenResult(len(before.manifest.golden_asked), before.manifest.golden_passed) if before.manifest.golden_asked else None,
        exact=before.manifest.exact,
        seconds=clock.seconds,
    )


class _Build:
    """One generation on its way."""

    def __init__(
        self,
        options: Options,
        progress: Progress,
        clock: Clock,
        embedder: Embedder,
        plan: Plan,
        current: Current | None,
        before: Generation | None,
    ) -> None:
        self.options, self.progress, self.clock = options, progress, clock
        self.embedder, self.plan, self.current, self.before = embedder, plan, current, before
        self.generation_id = f"g-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
        self.folder = options.index / f"{BUILDING}{self.generation_id}"
        self.tally = Tally()
        self.embedded = 0

    def run(self) -> IngestReport:
        """Builds, verifies and publishes; the folder is gone when that fails."""
        self.folder.mkdir()
        fault_point("folder made")
        try:
            return self._run()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self) -> IngestReport:
        totals = self._write_rows()
        self._refuse_nothing(totals)
        if self._came_out_the_same():
            assert self.current is not None
            return self._report(self.current.generation_id, totals, published=False, golden=None)
        refuse_shrink(self.before.manifest if self.before else None, self.tally.entries, totals.chunks, self.options.allow_shrink)
        with self.clock.step("store"):
            self._write_store()
        manifest = self._manifest(self.plan.recipe, totals)
        verdict, manifest = self._verified(manifest)
        golden = golden_result(self.before.manifest if self.before else None, verdict, self.options.force)
        if self.options.dry_run:
            return self._report(self.current.generation_id if self.current else None, totals, published=False, golden=golden)
        with self.clock.step("publish"):
            self._publish(manifest)
        return self._report(self.generation_id, totals, published=True, golden=golden, exact=manifest.exact)

    def _write_rows(self) -> Totals:
        sandbox = Sandbox()
        cache = EmbeddingCache(self.options.index / CACHE_NAME, self.embedder)
        try:
            with self.clock.step("read and embed"), GenerationWriter(self.folder, cache.vectors) as writer:
                for batch in self._batches(ahead(self._parsed(sandbox))):
                    writer.add(batch)
                    self.progress.advance(len(batch), cache.embedded)
                self.progress.done()
                return writer.finish()
        finally:
            self.embedded = cache.embedded
            cache.close()
            sandbox.close()

    def _parsed(self, sandbox: Sandbox) -> Iterator[ParsedFile]:
        """Articles in row order; a refused file gives way to its last good version, where there is one."""
        self.progress.start(len(self.plan.seen))
        for seen, found in deliver(self.plan, self.before, sandbox):
            reason = ""
            if isinstance(found, RejectedFileError):
                kept = self.before is not None and seen.article_id in self.before.row_of_article
                self.tally.rejected.append(Rejected(found.path, found.reason, kept))
                if not kept or self.before is None:
                    continue
                reason, found = found.reason, stored(self.before, seen.article_id)
            chunk_ids = tuple(chunk.chunk_id for chunk in found.chunks)
            entry = ArticleEntry(seen.article_id, found.article.version, seen.sidecar, chunk_ids, len(found.quotes), reason)
            self.tally.entries.append(entry)
            self.tally.findings.extend(found.findings)
            yield found

    @staticmethod
    def _batches(articles: Iterator[ParsedFile]) -> Iterator[list[ParsedFile]]:
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

    def _refuse_nothing(self, totals: Totals) -> None:
        if not totals.articles:
            reasons = "; ".join(f"{one.path}: {one.reason}" for one in self.tally.rejected[:3])
            raise VerificationError(f"Every file was rejected, so the index stays as it is. {reasons}")

    def _came_out_the_same(self) -> bool:
        """Whether, rejected files having kept their last good version, the published generation already holds just this."""
        if self.before is None or self.options.force or not self.plan.same_recipe:
            return False
        return tuple(self.tally.entries) == self.before.manifest.articles

    def _write_store(self) -> None:
        vectors = files.mapped_array(self.folder / files.CHUNK_VECTORS, "<f4", self.embedder.dimensions)
        ids = [chunk_id for entry in self.tally.entries for chunk_id in entry.chunk_ids]
        owners = [entry.article_id for entry in self.tally.entries for _ in entry.chunk_ids]
        write_store(self.folder / files.CHROMA, ids, owners, np.asarray(vectors))
        fault_point("store written")

    def _manifest(self, recipe: Recipe, totals: Totals) -> Manifest:
        (self.folder / files.STARTERS).write_text("[]", "utf-8")
        manifest = Manifest(
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
            files=sync_files(self.folder),
        )
        write_manifest(self.folder, manifest)
        return manifest

    def _verified(self, manifest: Manifest) -> tuple[Verdict, Manifest]:
        """The verdict, and the manifest as it stands once bands and starters are in. VerificationError for an unsound build."""
        options = self.options
        with self.clock.step("verify"):
            verdict = verify_elsewhere(options.corpus, options.index, self.folder, options.embedder, options.device)
        if verdict.problem:
            raise VerificationError(f"The new index is not sound: {verdict.problem}. It was not published; the one before stays in use.")
        fault_point("verified")
        (self.folder / files.STARTERS).write_text(_json(verdict.starters), "utf-8")
        if verdict.bands:
            (self.folder / files.BANDS).write_text(verdict.bands, "utf-8")
        fault_point("bands written")
        manifest = replace(
            manifest,
            exact=verdict.recall < LEAST_RECALL,
            golden_asked=verdict.asked,
            golden_passed=verdict.passed,
            files=sync_files(self.folder),
        )
        write_manifest(self.folder, manifest)
        return verdict, manifest

    def _publish(self, manifest: Manifest) -> None:
        name_folder(self.folder, manifest.generation_id)
        publish(self.options.index, manifest.generation_id)
        expire(self.options.index, read_current(self.options.index), self.current, self.embedder)

    def _report(
        self, generation: str | None, totals: Totals, *, published: bool, golden: GoldenResult | None, exact: bool = False
    ) -> IngestReport:
        before = self.before.manifest.versions() if self.before else {}
        now = {entry.article_id: entry.version for entry in self.tally.entries}
        return IngestReport(
            generation=generation,
            published=published,
            added=tuple(sorted(now.keys() - before.keys())),
            changed=tuple(sorted(one for one in now.keys() & before.keys() if now[one] != before[one])),
            unchanged=sum(now[one] == before[one] for one in now.keys() & before.keys()),
            removed=tuple(sorted(before.keys() - now.keys())),
            rejected=tuple(self.tally.rejected),
            chunks=totals.chunks,
            quotes=totals.quotes,
            embedded=self.embedded,
            warnings=tuple(self.tally.findings),
            golden=golden,
            exact=exact,
            seconds=self.clock.seconds,
        )


def _json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
