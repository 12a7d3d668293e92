"""What of the turns before a message its level is judged with. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from taperbot.records import Turn

_USER_WORDS = 40
_BOT_WORDS = 30


def context_of(history: Sequence[Turn]) -> str:
    """The end of the reader's last turn and of the bot's reply to it, oldest turn first in `history`; "" at the start of a conversation."""
    if not history:
        return ""
    asked = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    replied = history[-1].content if history[-1].role == "assistant" else ""
    return f"{_end(asked, _USER_WORDS)} / {_end(replied, _BOT_WORDS)}"


def _end(text: str, words: int) -> str:
    return " ".join(text.split()[-words:])
