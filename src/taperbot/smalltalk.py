"""Greetings and questions about the bot itself, which have replies of their own. Pure but for reading the packaged patterns once."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import yaml

from taperbot.wording.answers import SMALL_TALK

_LONGEST = 120


def small_talk(message: str) -> str | None:
    """The fixed reply to a message that is nothing but small talk or a question about the bot, else None."""
    plain = " ".join(re.sub(r"[^\w' -]+", " ", message.replace("’", "'")).split())
    if not plain or len(plain) > _LONGEST:
        return None
    return next((SMALL_TALK[name] for name, pattern in _patterns() if pattern.fullmatch(plain)), None)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    raw = yaml.load(files("taperbot.data").joinpath("small_talk.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    polite = rf"(?:\s*(?:{'|'.join(raw['polite'])}))*"
    return tuple(
        (name, re.compile("|".join(f"(?:{one.replace('<polite>', polite)})" for one in patterns), re.IGNORECASE))
        for name, patterns in raw["patterns"].items()
    )
