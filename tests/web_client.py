"""A client of the web app without a server, for what needs no browser and no queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from scripted_bot import ScriptedBot
from starlette.testclient import TestClient

from taperbot.settings import Settings
from taperbot.web.server import build_app

HERE = "http://127.0.0.1:7860"
Made = TypeVar("Made")


def in_a_loop(make: Callable[[], Made]) -> Made:
    """`make` called inside an event loop, since Gradio leaves one of its own open otherwise; in a thread, since the browser's may run here."""

    async def inside() -> Made:
        return make()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, inside()).result()


def web_client(index: Path, bot: ScriptedBot | None = None, headers: dict[str, str] | None = None, **settings: Any) -> TestClient:
    """A client that does not follow redirects; `headers` go with every request."""
    app = in_a_loop(lambda: build_app(Settings(index=index, **settings), bot or ScriptedBot()))
    return TestClient(app, base_url=HERE, headers=headers, follow_redirects=False)
