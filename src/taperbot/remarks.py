"""The fixed sentences that stand beside an answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taperbot.facts import amounts
from taperbot.records import Citation, Level, Remark, RemarkKind, TriageResult
from taperbot.wording.answers import LANGUAGE, REMARKS

_REDUCTION = re.compile(r"\b(?:cut|cuts|drop|reduc\w*|lower\w*|dose|doses|taper\w*|daily)\b", re.IGNORECASE)


def remarks_for(
    triage: TriageResult, citations: Sequence[Citation] = (), follow_up: str = "", *, disagreement: Sequence[str] = ()
) -> tuple[Remark, ...]:
    """Remarks in a fixed order: danger, caution, disagreement, follow-up, language, help kept. `follow_up` is the earlier question, or ""; `disagreement` the ids of articles whose figures differ."""
    remarks: list[Remark] = []
    if triage.danger_line and triage.danger not in (Level.EMERGENCY, Level.CRISIS):
        remarks.append(Remark(RemarkKind.DANGER, REMARKS["danger"]))
    if triage.route is Level.DOSING or any(states_amount(citation.quote) for citation in citations):
        remarks.append(Remark(RemarkKind.CAUTION, REMARKS["caution"]))
    sources = list(dict.fromkeys(_source(citation) for citation in citations if citation.article_id in disagreement))
    if len(sources) > 1:
        remarks.append(Remark(RemarkKind.DISAGREEMENT, REMARKS["disagreement"].format(sources=" and ".join(sources))))
    if follow_up:
        remarks.append(Remark(RemarkKind.FOLLOW_UP, REMARKS["follow_up"].format(question=follow_up)))
    if triage.language != "en":
        remarks.append(Remark(RemarkKind.LANGUAGE, LANGUAGE.get(triage.language, LANGUAGE[""])))
    if triage.keep_help:
        remarks.append(Remark(RemarkKind.KEEP_HELP, REMARKS["keep_help"]))
    return tuple(remarks)


def _source(citation: Citation) -> str:
    return f"“{citation.title}” ({citation.article_date.isoformat()})" if citation.article_date else f"“{citation.title}” (no date)"


def states_amount(quote: str) -> bool:
    """True when `quote` states a quantity of something taken, or a share of it."""
    return any(amount.is_dose and (amount.unit != "%" or _REDUCTION.search(quote)) for amount in amounts(quote))
