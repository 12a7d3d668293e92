"""How the page fits: small screens, large text, themes, print, and how little it loads."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser_fixtures import ask
from playwright.sync_api import Page, Request, expect
from scripted_bot import FLYING, HOW_FAST, RAN_OUT, WHICH_SIGNS, WISH

from benchmarks.browser import DESKTOP, PHONE

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]

FITS = "document.documentElement.scrollWidth <= innerWidth"
CUT_OFF = """() => [...document.querySelectorAll('button, a, p, h1, h2, h3, summary, label')].filter((part) => {
  const box = part.getBoundingClientRect(), isShown = part.checkVisibility({contentVisibilityAuto: true}) && !part.closest('.unseen, .skip');
  return box.width && isShown && (box.left < -1 || box.right > innerWidth + 1) }).map((part) => part.outerHTML.slice(0, 80))"""


def test_header_and_composer_leave_three_quarters_of_a_phone(new_page: NewPage) -> None:
    page = new_page()
    for _ in range(2):
        heights = [page.locator(part).bounding_box() for part in (".top", ".composer")]
        assert sum(box["height"] for box in heights if box) < 0.25 * PHONE["height"]
        ask(page, HOW_FAST)


def test_nothing_scrolls_sideways_at_320_and_with_text_at_200_percent(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    for question in (WHICH_SIGNS, FLYING, RAN_OUT, WISH):
        ask(page, question)
    assert page.evaluate(FITS)
    assert page.evaluate(CUT_OFF) == []
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(FITS)
    assert page.evaluate(CUT_OFF) == []
    expect(page.locator("html")).to_have_class(re.compile("tight"))
    for path in ("/help", "/read/tapering/slow%20%26%20steady.md"):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(page.evaluate("location.origin") + path)
        assert page.evaluate(FITS)


def test_at_400_percent_zoom_header_and_composer_scroll_away(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 320, "height": 256})
    ask(page, HOW_FAST)
    assert page.evaluate("getComputedStyle(document.querySelector('.composer')).position") == "static"
    assert page.evaluate(FITS)


def test_the_theme_follows_the_system_until_the_reader_chooses(new_page: NewPage) -> None:
    page = new_page(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.emulate_media(color_scheme="light")
    light = page.evaluate(background)
    assert dark != light
    assert not {dark, light} & {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}
    page.click(".options summary")
    page.select_option("#theme", "dark")
    assert page.evaluate(background) == dark
    page.emulate_media(color_scheme="dark")
    page.select_option("#theme", "light")
    assert page.evaluate(background) == light


def test_nothing_moves_for_readers_who_asked_for_stillness(new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    ask(page, HOW_FAST)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = """[...document.querySelectorAll('*')].map((part) => getComputedStyle(part))
      .filter((style) => parseFloat(style.animationDuration) || parseFloat(style.transitionDuration)).length"""
    assert page.evaluate(moving) == 0


def test_forced_colours_keep_marks_and_buttons_visible(new_page: NewPage) -> None:
    page = new_page(forced_colors="active")
    ask(page, HOW_FAST)
    assert page.evaluate("getComputedStyle(document.querySelector('.mark'), '::before').borderTopStyle") == "solid"
    assert page.evaluate("getComputedStyle(document.querySelector('.ask')).borderTopStyle") == "solid"


def test_a_print_has_questions_answers_sources_and_disclaimer_alone(new_page: NewPage) -> None:
    page = new_page(viewport=DESKTOP)
    ask(page, HOW_FAST)
    page.emulate_media(media="print")
    for shown in (".question", ".answer", ".sources", ".disclaimer"):
        expect(page.locator(f".turn {shown}")).to_be_visible()
    for hidden in (".top", ".composer", ".feedback", ".next", ".welcome"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_the_first_load_is_small_and_stays_at_home(new_page: NewPage, site: str) -> None:
    page = new_page("/healthz")
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.goto(site, wait_until="networkidle")
    ask(page, HOW_FAST)
    first_load = [request for request in requests if not request.url.endswith("/ask.json")]
    assert all(request.url.startswith(site) for request in requests)
    assert len(first_load) <= 4
    assert sum(request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"] for request in first_load) <= 20_000
    body = first_load[0].response()
    assert body is not None
    assert body.headers["content-encoding"] in ("br", "gzip")
