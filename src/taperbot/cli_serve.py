"""`taperbot serve`: the readers' side alone."""

from __future__ import annotations

import argparse

from taperbot.settings import from_environment


def run(options: argparse.Namespace) -> int:
    """Serves until interrupted."""
    settings = from_environment(index=options.index, host=options.host, port=options.port)
    from taperbot.web.server import serve

    return serve(settings)
