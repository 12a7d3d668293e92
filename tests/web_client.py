"""A client of the web app without a server, for what needs no browser and no queue."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from scripted_bot import ScriptedBot
from starlette.testclient import TestClient

from taperbot.settings import Settings
from taperbot.web.server import build_app

HERE = "http://127.0.0.1:7860"


def web_client(index: Path, bot: ScriptedBot | None = None, headers: dict[str, str] | None = None, **settings: Any) -> TestClient:
    """A client that does not follow redirects; `headers` go with every request."""

    async def build() -> Any:
        return build_app(Settings(index=index, **settings), bot or ScriptedBot())

    # In a running loop, since Gradio leaves one of its own open otherwise.
    return TestClient(asyncio.run(build()), base_url=HERE, headers=headers, follow_redirects=False)
