"""One server and one browser for all browser tests; a fresh context, hence a fresh tab, for each test."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from scripted_bot import ScriptedBot
from web_client import in_a_loop

from benchmarks.browser import NEEDED, PHONE, chromium, open_browser
from taperbot.settings import Settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: the browser's event loop runs in this thread until the end, and others want their own."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def scripted_bot() -> ScriptedBot:
    """The bot behind `site`."""
    return ScriptedBot()


@pytest.fixture(scope="session")
def site_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index folder of `site`, where its feedback goes."""
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def site(scripted_bot: ScriptedBot, site_index: Path) -> Iterator[str]:
    """The address of a served page, without the slash at its end."""
    yield from served(Settings(port=free_port(), index=site_index), scripted_bot)


@pytest.fixture
def feedback_lines(site_index: Path) -> Callable[[], list[dict[str, Any]]]:
    """Reads what readers of `site` sent."""
    return lambda: [json.loads(line) for line in (site_index / "feedback.jsonl").read_text("utf-8").splitlines()]


def served(settings: Settings, bot: Any, make_desk: Callable[[Settings], Any] | None = None) -> Iterator[str]:
    """Serve `bot`, and to editors what `make_desk` makes, for as long as the generator lives."""
    from taperbot.web.server import build_app, launch

    def start() -> tuple[Any, str]:
        server = build_app(settings, bot, make_desk(settings) if make_desk else None)
        return server, launch(server, settings)

    server, address = in_a_loop(start)
    yield address.rstrip("/")
    server.get_blocks().close(verbose=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; without one the test is skipped, or fails where CI is set."""
    if chromium() is None:
        pytest.fail(NEEDED) if os.environ.get("CI") else pytest.skip(NEEDED)
    with open_browser() as browser:
        yield browser


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Makes pages of `site`; options go to the browser's context. Whatever the page complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(path: str = "/", **options: Any) -> Page:
        contexts.append(browser.new_context(**({"viewport": PHONE, "reduced_motion": "reduce"} | options)))
        page = contexts[-1].new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
        page.goto(site + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def ask(page: Page, question: str) -> None:
    """Type, send, and wait for the new answer."""
    before = page.locator(".turn").count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.locator(".turn").nth(before).wait_for()


def axe_source() -> str:
    """axe-core, as carried by axe-playwright-python."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
