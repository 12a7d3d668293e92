"""What commands print: JSON and answers to stdout, all else to stderr."""

from __future__ import annotations

import json
import sys
from typing import Any

from taperbot.errors import TaperBotError


def print_json(value: Any) -> None:
    """One line of JSON to stdout, flushed."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def failure(error: TaperBotError) -> dict[str, str]:
    """The `error` object of a failure."""
    return {"code": error.code, "message": str(error)}


def report_failure(error: TaperBotError, as_json: bool) -> None:
    """A failure as JSON on stdout, or as a sentence on stderr."""
    if as_json:
        print_json({"error": failure(error)})
    else:
        print(f"taperbot: {error}", file=sys.stderr)
