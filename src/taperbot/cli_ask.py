"""`taperbot ask`: one question, or a batch of them."""

from __future__ import annotations

import argparse
from typing import Any

from taperbot.answer_json import answer_to_json
from taperbot.bot import Bot
from taperbot.cli_batch import country_of_line, history_of, question_of, run_batch
from taperbot.cli_output import print_json
from taperbot.errors import UsageError
from taperbot.records import Answer
from taperbot.settings import from_environment


def run(options: argparse.Namespace) -> int:
    """Answers and prints."""
    if (options.question is None) == (options.batch is None):
        raise UsageError("Give one question, or --batch FILE.")
    bot = Bot(from_environment(index=options.index, country=options.country))
    if options.batch is not None:

        def answer(record: dict[str, Any]) -> dict[str, Any]:
            answered = bot.ask(question_of(record), history_of(record), country_of_line(record), options.short)
            return answer_to_json(answered, record.get("id"))

        return run_batch(options.batch, answer)
    answered = bot.ask(options.question, short=options.short)
    if options.json:
        print_json(answer_to_json(answered))
    else:
        print(shown(answered))
    return 0


def shown(answer: Answer) -> str:
    """The answer as a person reads it on a terminal."""
    notice = [*answer.notice.lines, *(f"{link.label}: {link.target}" for link in answer.notice.links)] if answer.notice else []
    sources = [
        f"[{citation.number}] {citation.title}, {citation.section} ({citation.article_date or 'no date'}), {citation.article_id}"
        for citation in answer.citations
    ]
    blocks = [
        notice,
        [answer.text] if answer.text else [],
        [remark.text for remark in answer.remarks],
        sources,
        [f"- {near.title}" for near in answer.nearest],
        [answer.disclaimer],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)
