"""Asking: starters, keys, drafts, limits, stopping, lost lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browser_fixtures import ask, free_port, served
from playwright.sync_api import Browser, Page, expect
from scripted_bot import BROKEN, FLYING, HOW_FAST, PACE, SLOW, SMALL, UNDER, WHICH_SIGNS, ScriptedBot

from taperbot.settings import Settings
from taperbot.wording import page as words

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


def test_a_starter_is_asked_by_one_tap(new_page: NewPage) -> None:
    page = new_page()
    expect(page.locator(".welcome .choice")).to_have_count(3)
    page.click(f".welcome .choice >> text={HOW_FAST}")
    expect(page.locator(".turn .question")).to_have_text(HOW_FAST)
    expect(page.locator(".turn .answer p").first).to_contain_text(PACE)
    expect(page.locator(".welcome")).to_be_hidden()


def test_enter_sends_and_shift_enter_breaks_the_line(new_page: NewPage) -> None:
    page = new_page()
    page.type("#question", "first line")
    page.press("#question", "Shift+Enter")
    page.type("#question", "second line")
    expect(page.locator("#question")).to_have_value("first line\nsecond line")
    page.press("#question", "Enter")
    expect(page.locator(".turn .question")).to_have_text("first line\nsecond line", use_inner_text=True)
    expect(page.locator("#question")).to_have_value("")


def test_the_draft_survives_a_reload_and_leaves_with_the_answer(new_page: NewPage) -> None:
    page = new_page()
    page.fill("#question", "half a question")
    page.reload()
    expect(page.locator("#question")).to_have_value("half a question")
    ask(page, HOW_FAST)
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#question")).to_have_value("")


def test_text_over_the_limit_is_told_while_typing_and_not_sent(new_page: NewPage, scripted_bot: ScriptedBot) -> None:
    page = new_page()
    before = len(scripted_bot.asked)
    page.fill("#question", "x" * 1_900)
    expect(page.locator("#count")).to_have_text(words.COUNT_LEFT.format(left=100))
    page.fill("#question", "x" * 2_003)
    expect(page.locator("#count")).to_have_text(words.COUNT_OVER.format(over=3))
    expect(page.locator("#question")).to_have_attribute("aria-invalid", "true")
    page.press("#question", "Enter")
    expect(page.locator(".turn")).to_have_count(0)
    assert len(scripted_bot.asked) == before


def test_small_amounts_and_markup_show_as_they_are(new_page: NewPage) -> None:
    page = new_page()
    ask(page, "<b>bold</b> & <script>")
    expect(page.locator(".turn .question")).to_have_text("<b>bold</b> & <script>")
    ask(page, SMALL)
    expect(page.locator(".turn .answer").last).to_contain_text(UNDER)
    expect(page.locator(".turn .answer").last).to_contain_text('<5 mg & a "half" tablet')


def test_without_scripts_a_plain_form_asks_and_goes_on(new_page: NewPage, scripted_bot: ScriptedBot) -> None:
    page = new_page(java_script_enabled=False)
    page.fill("#question", HOW_FAST)
    page.click("#send")
    expect(page.locator(".turn .answer p").first).to_contain_text(PACE)
    page.click(f".next .choice >> text={WHICH_SIGNS}")
    expect(page.locator(".turn")).to_have_count(2)
    assert [turn.content for turn in scripted_bot.histories[-1] if turn.role == "user"] == [HOW_FAST]
    page.locator(".turn .mark").first.click()
    expect(page.locator("mark#quote")).to_have_text(PACE)
    page.go_back()
    page.click("#clear")
    expect(page.locator(".turn")).to_have_count(0)


def test_without_scripts_an_overlong_question_comes_back_with_a_plain_sentence(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.fill("#question", "y" * 2_100)
    page.click("#send")
    expect(page.locator(".problem")).to_contain_text("2,100")
    expect(page.locator("#question")).to_have_value("y" * 2_100)


def test_history_goes_along_and_a_follow_up_says_so(new_page: NewPage, scripted_bot: ScriptedBot) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    ask(page, "and then?")
    history = scripted_bot.histories[-1]
    assert [turn.role for turn in history] == ["user", "assistant"]
    assert history[0].content == HOW_FAST
    assert PACE in history[1].content
    expect(page.locator(".turn .remark").last).to_contain_text(HOW_FAST)


def test_an_answer_that_came_while_the_phone_was_locked_is_shown_without_asking_twice(new_page: NewPage, scripted_bot: ScriptedBot) -> None:
    page = new_page()
    asked_before = scripted_bot.asked.count(SLOW)
    page.fill("#question", SLOW)
    page.press("#question", "Enter")
    expect(page.locator(".busy")).to_have_text(words.BUSY + "…")
    page.goto("about:blank")  # the tab is thrown away with the question under way
    page.go_back()
    expect(page.locator(".turn .question")).to_have_text(SLOW)
    expect(page.locator("#question")).to_have_value("")
    assert scripted_bot.asked.count(SLOW) == asked_before + 1


def test_a_lost_line_keeps_the_question_and_sends_it_when_back(new_page: NewPage, scripted_bot: ScriptedBot) -> None:
    page = new_page()
    asked_before = scripted_bot.asked.count(HOW_FAST)
    page.context.set_offline(True)
    page.fill("#question", HOW_FAST)
    page.press("#question", "Enter")
    expect(page.locator(".problem h2")).to_have_text(words.OFFLINE_TITLE)
    page.context.set_offline(False)
    expect(page.locator(".turn .question")).to_have_text(HOW_FAST)
    expect(page.locator(".problem")).to_have_count(0)
    assert scripted_bot.asked.count(HOW_FAST) == asked_before + 1


def test_a_bug_is_said_calmly_and_the_question_is_kept(new_page: NewPage) -> None:
    page = new_page()
    page.fill("#question", BROKEN)
    page.press("#question", "Enter")
    expect(page.locator(".problem h2")).to_have_text(words.ERROR_TITLE)
    expect(page.locator("#question")).to_have_value(BROKEN)


def test_a_model_that_writes_can_be_stopped(browser: Browser, tmp_path: Path) -> None:
    bot = ScriptedBot()
    bot.slow_seconds = 0.5
    for address in served(Settings(port=free_port(), index=tmp_path, chat_model="any:model"), bot):
        page = browser.new_page()
        page.goto(address)
        expect(page.locator("#stop")).to_be_hidden()
        page.fill("#question", SLOW)
        page.press("#question", "Enter")
        expect(page.locator("#send")).to_be_hidden()
        page.click("#stop")
        expect(page.locator("#state")).to_have_text(words.STOPPED)
        expect(page.locator("#question")).to_have_value(SLOW)
        expect(page.locator("#send")).to_be_visible()
        expect(page.locator(".turn")).to_have_count(0)
        page.close()


def test_short_answers_replace_the_last_one(new_page: NewPage) -> None:
    page = new_page()
    ask(page, FLYING)
    ask(page, HOW_FAST)
    expect(page.locator(".turn").last.locator(".answer li")).to_have_count(3)
    page.check("#short")
    expect(page.locator(".turn").last.locator(".answer li")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(2)
    page.uncheck("#short")
    expect(page.locator(".turn").last.locator(".answer li")).to_have_count(3)


def test_clear_wipes_the_screen_the_tab_and_the_server(new_page: NewPage) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    turn = page.input_value("#turn")
    page.fill("#question", "more")
    page.click("#clear")
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#question")).to_have_value("")
    assert page.evaluate("turn => fetch('/turn/' + turn).then(reply => reply.status)", turn) == 404
    assert page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])") == '[{},{},""]'


def test_the_tab_keeps_draft_theme_country_and_turn_alone(new_page: NewPage) -> None:
    page = new_page()
    page.click(".options summary")
    page.select_option("#theme", "dark")
    page.select_option("#country", "IE")
    ask(page, HOW_FAST)
    page.fill("#question", "next")
    kept = page.evaluate("({...sessionStorage})")
    assert {key: kept[key] for key in ("draft", "theme", "country")} == {"draft": "next", "theme": "dark", "country": "IE"}
    assert set(kept) == {"draft", "theme", "country", "turn"}
    assert page.evaluate("localStorage.length") == 0
    assert page.context.cookies() == []
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.input_value("#country") == "IE"
