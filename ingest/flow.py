"""One ingest under the lock: look, plan, build aside, verify elsewhere, publish. What readers use changes only in the last step."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ingest.articles import all_refused
from ingest.build import Build, Tally, drop_uploads, read_lexicon
from ingest.clock import Clock
from ingest.generation_writer import Totals
from ingest.guards import golden_result, refuse_all_rejected, refuse_shrink
from ingest.options import Options
from ingest.plan import LEXICON_NAME, QUESTIONS_NAME, Plan, plan_build, recipe_of
from ingest.progress import Progress
from ingest.publish import expire, generations, name_folder, publish, sweep
from ingest.report import GoldenResult, IngestReport, Rejected
from ingest.scan import scan_corpus, with_hidden
from ingest.verify import Verdict
from taperbot.embedding import open_embedder
from taperbot.errors import IndexDamagedError, IndexUnavailableError, IngestError, VerificationError
from taperbot.generation import Generation, open_generation
from taperbot.generation_manifest import Current, Manifest, check_files, read_current
from taperbot.questions import load_questions

PINNED = "Rolled back to this index; it stays until somebody runs `python -m ingest`."
NOT_CLEARED = "What earlier ingests left behind could not be cleared away ({error}); the next ingest tries again."
Look = Callable[[Path], None]


def run_ingest(options: Options, progress: Progress, look: Look | None = None) -> IngestReport:
    """Bring the index up to date with the corpus; the caller holds the lock.

    `look` is shown the finished folder before it is published, or thrown away after a dry run. Raises IngestError, UsageError, ModelError
    or OSError; then the index is as it was.
    """
    try:
        sweep(options.index)
    except (OSError, IngestError) as error:
        progress.say(NOT_CLEARED.format(error=error))
    return _Ingest(options, progress, look, *_published(options.index)).run()


@dataclass
class _Ingest:
    """`current` and `before` are what is published now, None where there is nothing this version can read."""

    options: Options
    progress: Progress
    look: Look | None
    current: Current | None
    before: Generation | None
    clock: Clock = field(default_factory=Clock)
    notes: list[str] = field(default_factory=list)

    def run(self) -> IngestReport:
        options, before = self.options, self.before
        if self.current is not None and self.current.pinned and not options.explicit:
            return self._unchanged(PINNED)
        with self.clock.step("scan"):
            _check_inputs(options.corpus)
            seen = with_hidden(scan_corpus(options.corpus), before.row_of_article if before else ())
        if not seen:
            raise VerificationError(
                f"There is no article in {options.corpus}, so nothing was changed. Put articles there, or name another folder."
            )
        with self.clock.step("model"):
            embedder = open_embedder(options.embedder, options.index / "models", options.device, notify=self.progress.say)
        plan = plan_build(seen, recipe_of(embedder, options.corpus), before.manifest if before else None)
        known = before.row_of_article if before else {}
        if plan.is_unchanged and not options.force:
            self._unpin()
            return self._unchanged()
        refused = all_refused(plan.suspects) if plan.suspects and not options.force else ()
        if refused:
            refuse_all_rejected(len(seen), refused)
            self._unpin()
            return self._unchanged(rejected=tuple(Rejected(one.path, one.reason, one.path in known) for one in refused))
        twin = self._kept_twin(plan)
        if twin is not None and not options.force and not options.dry_run:
            return self._published_again(twin)
        self.notes += [plan.reason] if plan.reason else []
        build = Build(options, plan, embedder, before, self.progress, self.clock)
        try:
            return self._built(build)
        finally:
            shutil.rmtree(build.folder, ignore_errors=True)

    def _kept_twin(self, plan: Plan) -> Manifest | None:
        """A generation kept for rollback that is just what this corpus would give, and sound."""
        alike = (manifest for manifest in generations(self.options.index) if plan_build(plan.seen, plan.recipe, manifest).is_unchanged)
        return next((manifest for manifest in alike if self._is_sound(manifest)), None)

    def _is_sound(self, manifest: Manifest) -> bool:
        try:
            check_files(self.options.index / manifest.generation_id, manifest, contents=True)
        except IndexDamagedError:
            return False
        return True

    def _published_again(self, twin: Manifest) -> IngestReport:
        before = self.before.manifest if self.before else None
        refuse_shrink(before, twin.articles, twin.chunks, self.options.allow_shrink)
        golden = golden_result(before, Verdict(asked=twin.golden_asked, passed=twin.golden_passed), self.options.force)
        publish(self.options.index, twin.generation_id, before=self._published_id())
        tally = Tally(list(twin.articles), totals=Totals(len(twin.articles), twin.chunks, twin.quotes))
        return self._report(tally, twin.generation_id, golden, twin.exact)

    def _built(self, build: Build) -> IngestReport:
        options = self.options
        build.write_rows()
        if build.came_out_as_before() and not options.force:
            self._unpin()
            return self._unchanged(rejected=tuple(build.tally.rejected))
        manifest_before = self.before.manifest if self.before else None
        refuse_shrink(manifest_before, build.tally.entries, build.tally.totals.chunks, options.allow_shrink)
        manifest, verdict = build.finish()
        golden = golden_result(manifest_before, verdict, options.force or options.dry_run)
        if self.look is not None:
            self.look(build.folder)
        if options.dry_run:
            return self._report(build.tally, self.current.generation_id if self.current else None, golden, manifest.exact)
        with self.clock.step("publish"):
            if options.chroma_url:
                build.upload(options.chroma_url)
            name_folder(build.folder, build.generation_id)
            publish(options.index, build.generation_id, before=self._published_id())
            self._let_go_of_old_ones()
        return self._report(build.tally, build.generation_id, golden, manifest.exact)

    def _published_id(self) -> str:
        return self.current.generation_id if self.current else ""

    def _let_go_of_old_ones(self) -> None:
        """What fails here is no failure of the ingest: readers have the new index already."""
        options = self.options
        try:
            expire(options.index, read_current(options.index), self.current)
            if options.chroma_url:
                drop_uploads(options.chroma_url, options.index)
        except (OSError, IngestError, IndexUnavailableError) as error:
            self.notes.append(NOT_CLEARED.format(error=error))

    def _unpin(self) -> None:
        if self.current is not None and self.current.pinned and not self.options.dry_run:
            publish(self.options.index, self.current.generation_id)

    def _unchanged(self, *notes: str, rejected: tuple[Rejected, ...] = ()) -> IngestReport:
        assert self.current is not None
        assert self.before is not None
        manifest = self.before.manifest
        return IngestReport(
            generation=self.current.generation_id,
            published=False,
            unchanged=len(manifest.articles),
            rejected=rejected,
            chunks=manifest.chunks,
            quotes=manifest.quotes,
            warnings=tuple(finding for entry in manifest.articles for finding in self.before.findings(entry.article_id)),
            golden=GoldenResult(len(manifest.golden_asked), manifest.golden_passed) if manifest.golden_asked else None,
            exact=manifest.exact,
            notes=notes,
            seconds=self.clock.seconds,
        )

    def _report(self, tally: Tally, generation: str | None, golden: GoldenResult | None, exact: bool) -> IngestReport:
        old = self.before.manifest.versions() if self.before else {}
        now = {entry.article_id: entry.version for entry in tally.entries}
        common = now.keys() & old.keys()
        return IngestReport(
            generation=generation,
            published=not self.options.dry_run,
            added=tuple(sorted(now.keys() - old.keys())),
            changed=tuple(sorted(one for one in common if now[one] != old[one])),
            unchanged=sum(now[one] == old[one] for one in common),
            removed=tuple(sorted(old.keys() - now.keys())),
            rejected=tuple(tally.rejected),
            chunks=tally.totals.chunks,
            quotes=tally.totals.quotes,
            embedded=tally.embedded,
            warnings=tuple(tally.findings),
            golden=golden,
            exact=exact,
            notes=tuple(self.notes),
            seconds=self.clock.seconds,
        )


def _check_inputs(corpus: Path) -> None:
    """UsageError for golden questions or lay words of the wrong form, before any work is spent on the articles."""
    if (corpus / QUESTIONS_NAME).is_file():
        load_questions(corpus / QUESTIONS_NAME)
    if (corpus / LEXICON_NAME).is_file():
        read_lexicon(corpus / LEXICON_NAME)


def _published(index: Path) -> tuple[Current | None, Generation | None]:
    """The published generation, or None where there is none that this version can read."""
    try:
        current = read_current(index)
        return current, open_generation(index / current.generation_id, current.manifest_sha256)
    except IndexUnavailableError:
        return None, None
