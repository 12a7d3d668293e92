"""Settings, the bot, the readers' page and, where a password is set, the editors' desk."""

from __future__ import annotations

import sys

from taperbot.errors import UsageError
from taperbot.settings import from_environment
from taperbot.web.server import serve


def main() -> int:
    """Serve until stopped; the exit code."""
    try:
        settings = from_environment()
    except UsageError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    desk = None
    if settings.desk_password:
        from ingest.desk import build_desk

        desk = build_desk(settings)
    return serve(settings, desk)


if __name__ == "__main__":
    sys.exit(main())
