"""Whether everybody can use it: axe-core in every state, the keyboard alone, focus, headings."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from browser_fixtures import ask, axe_source
from playwright.sync_api import Page, expect
from scripted_bot import BROKEN, DOSE, FLYING, HOW_FAST, NEAR, PACE, RAN_OUT, SEIZURE, SLOW, WHICH_SIGNS, WISH

from benchmarks.browser import DESKTOP, PHONE
from taperbot.wording import page as words

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]

FINDINGS = """async () => { const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
  const told = (node) => node.html.slice(0, 90) + ' ' + node.failureSummary;
  return found.violations.map((one) => one.id + ': ' + one.nodes.map(told).join(' | ')) }"""


def _asked(question: str) -> Callable[[Page], None]:
    return lambda page: ask(page, question)


def _source_open(page: Page) -> None:
    ask(page, HOW_FAST)
    page.locator(".mark").first.click()
    expect(page.locator("dialog mark#quote")).to_be_visible()


def _help_open(page: Page) -> None:
    page.click(".urgent-link")
    expect(page.locator("dialog h1")).to_be_visible()


def _saved(page: Page) -> None:
    ask(page, HOW_FAST)
    page.click("#save")
    expect(page.locator("dialog .saved")).to_be_visible()


def _rating(page: Page) -> None:
    ask(page, HOW_FAST)
    page.click(".feedback summary")


def _busy(page: Page) -> None:
    page.fill("#question", SLOW)
    page.press("#question", "Enter")
    expect(page.locator(".busy")).to_be_visible()


def _offline(page: Page) -> None:
    page.context.set_offline(True)
    page.fill("#question", HOW_FAST)
    page.press("#question", "Enter")
    expect(page.locator(".problem h2")).to_have_text(words.OFFLINE_TITLE)


def _error(page: Page) -> None:
    page.fill("#question", BROKEN)
    page.press("#question", "Enter")
    expect(page.locator(".problem h2")).to_have_text(words.ERROR_TITLE)


def _full(page: Page) -> None:
    reply = {"error": {"code": "full", "message": words.FULL_LEAD}}
    page.route("**/ask.json", lambda route: route.fulfill(status=503, json=reply))
    page.fill("#question", HOW_FAST)
    page.press("#question", "Enter")
    expect(page.locator(".problem h2")).to_have_text(words.FULL_TITLE)


def _too_long(page: Page) -> None:
    page.fill("#question", "x" * 2_100)


def _options_open(page: Page) -> None:
    page.click(".options summary")


def _after_crisis(page: Page) -> None:
    ask(page, WISH)
    ask(page, WHICH_SIGNS)


STATES: dict[str, Callable[[Page], None]] = {
    "empty": lambda page: None,  # noqa: ARG005
    "options": _options_open,
    "too long": _too_long,
    "answer": _asked(HOW_FAST),
    "nearest": _asked(NEAR),
    "not found": _asked(FLYING),
    "source open": _source_open,
    "help open": _help_open,
    "saved": _saved,
    "rating": _rating,
    "emergency": _asked(SEIZURE),
    "after a crisis": _after_crisis,
    "urgent": _asked(RAN_OUT),
    "dosing": _asked(DOSE),
    "busy": _busy,
    "offline": _offline,
    "error": _error,
    "full": _full,
}
PLAIN_PAGES = ["/help", "/read/tapering/slow%20%26%20steady.md?v=old&start=4&end=9#quote", "/read/none.md", "/embed.html"]


def _findings(page: Page) -> list[str]:
    """What axe finds on a phone and a desktop, light and dark."""
    found: list[str] = []
    page.evaluate(axe_source())
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{size['width']} {scheme} {finding}" for finding in page.evaluate(FINDINGS)]
    return found


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(new_page: NewPage, state: str) -> None:
    page = new_page()
    STATES[state](page)
    assert _findings(page) == []


@pytest.mark.parametrize("path", PLAIN_PAGES)
def test_axe_finds_nothing_on_plain_pages(new_page: NewPage, path: str) -> None:
    assert _findings(new_page(path)) == []


def test_the_whole_task_by_keyboard(new_page: NewPage) -> None:
    page = new_page(viewport=DESKTOP)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(HOW_FAST)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()
    page.locator(".question").focus()
    page.keyboard.press("Tab")
    mark = page.locator(".mark").first
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog mark#quote")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("dialog .on-site a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()


def test_focus_is_never_hidden_behind_header_or_composer(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 600})
    ask(page, HOW_FAST)
    ask(page, WHICH_SIGNS)
    page.evaluate("document.querySelector('#question').focus()")
    covered = """() => { const part = document.activeElement, box = part.getBoundingClientRect();
      if (part.closest('.top, .composer')) return null;
      const edge = (name) => document.querySelector(name).getBoundingClientRect();
      const isCovered = box.top < edge('.top').bottom - 1 || box.bottom > edge('.composer').top + 1;
      return isCovered ? part.outerHTML.slice(0, 90) : null }"""
    for _ in range(24):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(covered) is None


def test_headings_lists_and_language_are_right(new_page: NewPage) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].filter(h => h.offsetParent).map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    expect(page.get_by_role("heading", name=HOW_FAST, level=2)).to_be_visible()
    expect(page.locator(".turn").get_by_role("list").first.get_by_role("listitem")).to_have_count(3)
    expect(page.get_by_role("article")).to_contain_text(PACE)
