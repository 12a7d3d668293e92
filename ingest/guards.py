"""What stops a sound build from being published unasked: too much would vanish, or golden questions are answered worse."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.report import GoldenResult, Rejected
from ingest.verify import Verdict
from taperbot.errors import RejectedFileError, ShrinkError, VerificationError
from taperbot.generation_manifest import ArticleEntry, Manifest

GUARDED_FROM = 10
"""Articles from which a collection is guarded against shrinking."""
MOST_VANISHING = 0.2


def refuse_shrink(before: Manifest | None, now: Sequence[ArticleEntry], chunks: int, allowed: bool) -> None:
    """ShrinkError when over a fifth of the articles or chunks would go, unless that is allowed. What has only been renamed is still there."""
    if before is None or allowed or len(before.articles) < GUARDED_FROM:
        return
    kept, versions = {entry.article_id for entry in now}, {entry.version for entry in now}
    gone = [entry.article_id for entry in before.articles if entry.article_id not in kept and entry.version not in versions]
    if len(gone) > MOST_VANISHING * len(before.articles):
        raise ShrinkError(
            f"{len(gone)} of {len(before.articles)} articles would vanish ({', '.join(gone[:3])}, ...). Nothing was changed. "
            "If that is meant, ingest with --allow-shrink."
        )
    if chunks < (1 - MOST_VANISHING) * before.chunks:
        raise ShrinkError(
            f"Only {chunks} of {before.chunks} passages would be left. Nothing was changed. If that is meant, ingest with --allow-shrink."
        )


def refuse_all_rejected(seen: int, refused: Sequence[RejectedFileError | Rejected]) -> None:
    """VerificationError when not one of the articles seen can be read."""
    if len(refused) == seen:
        reasons = "; ".join(f"{one.path}: {one.reason}" for one in refused[:3])
        raise VerificationError(f"Every file was rejected, so the index stays as it is. {reasons}")


def golden_result(before: Manifest | None, verdict: Verdict, forced: bool) -> GoldenResult | None:
    """How the golden questions fared. VerificationError when fewer of those asked before are right now, unless forced."""
    if not verdict.asked:
        return None
    asked = set(verdict.asked)
    right_before = [one for one in before.golden_passed if one in asked] if before else []
    passed = set(verdict.passed)
    fallen = tuple(one for one in right_before if one not in passed)
    asked_before = set(before.golden_asked) if before else set()
    gained = [one for one in verdict.passed if one in asked_before and one not in set(right_before)]
    if len(fallen) > len(gained) and not forced:
        raise VerificationError(
            f"{len(fallen)} golden questions that were answered rightly are not any more, {len(gained)} others are now: "
            f"{', '.join(fallen[:10])}. Nothing was published. See `python -m ingest diff`; publish all the same with --force."
        )
    return GoldenResult(len(verdict.asked), verdict.passed, fallen, verdict.kinds)
