"""The level of a message, decided before anything is searched or written."""

from taperbot.triage.deciding import decide
from taperbot.triage.screening import Screen, screen

__all__ = ["Screen", "decide", "screen"]
