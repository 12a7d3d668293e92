"""The help page's rows."""

from __future__ import annotations

from taperbot.web.page import HelpPlace


def help_places() -> tuple[HelpPlace, ...]:
    """Every country's numbers."""
    return ()
