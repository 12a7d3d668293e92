"""The answer object that other programs read."""

from __future__ import annotations

from typing import Any

from taperbot.records import Answer, Citation, Notice


def answer_to_json(answer: Answer, id: object = None) -> dict[str, Any]:
    """The answer as plain JSON values, in the documented fields. `id` is handed through as given."""
    return {
        "id": id,
        "question": answer.question,
        "generation": answer.generation,
        "route": answer.route.value,
        "outcome": answer.outcome.value,
        "text": answer.text,
        "sentences": [
            {"text": sentence.text, "citations": list(sentence.citations), "kind": sentence.kind.value, "label": sentence.label}
            for sentence in answer.sentences
        ],
        "citations": [citation_to_json(citation) for citation in answer.citations],
        "notice": _notice(answer.notice),
        "remarks": [{"kind": remark.kind.value, "text": remark.text} for remark in answer.remarks],
        "nearest": [{"article_id": near.article_id, "title": near.title} for near in answer.nearest],
        "suggestions": list(answer.suggestions),
        "disclaimer": answer.disclaimer,
        "timings_ms": {name: round(getattr(answer.timings_ms, name), 3) for name in ("triage", "embed", "retrieve", "compose", "total")},
    }


def citation_to_json(citation: Citation) -> dict[str, Any]:
    """One citation; the date as YYYY-MM-DD or null."""
    return {
        "number": citation.number,
        "article_id": citation.article_id,
        "version": citation.version,
        "title": citation.title,
        "section": citation.section,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "article_date": citation.article_date.isoformat() if citation.article_date else None,
    }


def _notice(notice: Notice | None) -> dict[str, Any] | None:
    if notice is None:
        return None
    return {
        "level": notice.level.value,
        "certainty": notice.certainty.value,
        "country": notice.country,
        "lines": list(notice.lines),
        "links": [{"label": link.label, "target": link.target} for link in notice.links],
    }
