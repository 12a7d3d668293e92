"""What stands on the screen after an answer, and what can be done with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_fixtures import ask
from playwright.sync_api import Page, expect
from scripted_bot import ARTICLE, COLUMNS, DOSE, FLYING, HOLD, HOW_FAST, LINES, NEAR, PACE, RAN_OUT, SEIZURE, WHICH_SIGNS, WISH

from benchmarks.browser import DESKTOP
from taperbot.wording import page as words
from taperbot.wording.answers import ABSTAIN, DISCLAIMER, REMARKS

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


def test_sentences_lists_and_marks_stand_in_their_order(new_page: NewPage) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    answer = page.locator(".turn .answer")
    expect(answer.locator("> p").nth(0)).to_contain_text(PACE)
    expect(answer.locator("> p").nth(1)).to_contain_text(HOLD)
    expect(answer.locator("> p.lead-in")).to_have_text("What helps on the way:")
    items = [line for kind, line in LINES if kind == "list_item"]
    assert [item.split("  ")[0].strip().rstrip("3").strip() for item in answer.locator("ul > li").all_text_contents()] == items
    expect(answer.locator(".mark").nth(0)).to_have_accessible_name("Source 1: Tapering safely")
    expect(page.locator(".disagree")).to_contain_text(REMARKS["disagreement"])
    expect(page.locator(".next .choice")).to_have_count(3)


def test_marks_are_large_enough_for_a_trembling_finger(new_page: NewPage) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    for mark in page.locator(".mark").all():
        box = mark.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 36


def test_sources_tell_title_section_and_date(new_page: NewPage) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    first = page.locator(".sources li").first
    expect(first).to_contain_text("Tapering safely")
    expect(first).to_contain_text("How fast to go")
    expect(first).to_contain_text("Reviewed 16 October 2026")
    expect(page.locator(".reviewed")).to_have_text(words.REVIEWED_SPAN.format(oldest="2 March 2026", newest="16 October 2026"))
    expect(page.locator(".turn .disclaimer")).to_have_text(DISCLAIMER)


def test_table_rows_carry_their_column_names_and_faq_answers_their_question(new_page: NewPage) -> None:
    page = new_page()
    ask(page, WHICH_SIGNS)
    row = page.locator("dl.row").nth(1)
    expect(row.locator("dt")).to_have_text(list(COLUMNS))
    expect(row.locator("dd").nth(0)).to_have_text("See a doctor")
    expect(row.locator("dd").nth(1)).to_contain_text("Weakness, wasting or numbness")
    expect(page.locator(".asked")).to_have_text("Can I stop at once?")
    expect(page.locator(".danger")).to_have_text(REMARKS["danger"])


def test_a_mark_opens_the_article_at_the_quote_and_comes_back(new_page: NewPage) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    second = page.locator(".mark").nth(1)
    for leave in ("Escape", "close", "back", "swipe"):
        second.click()
        expect(page.locator("dialog mark#quote")).to_have_text(HOLD)
        expect(page.locator("dialog mark#quote")).to_be_in_viewport()
        assert "/read/" in page.url
        assert "q=" in page.url
        leave_panel(page, leave)
        expect(page.locator("dialog")).to_be_hidden()
        expect(second).to_be_focused()
        page.wait_for_url(lambda address: "/read/" not in address)
    expect(page.locator(".turn")).to_have_count(1)


def leave_panel(page: Page, way: str) -> None:
    """Close the panel by one of its ways."""
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "close":
        page.click("#close")
    elif way == "back":
        page.go_back()
    else:
        page.evaluate(
            """() => { const at = (x) => new Touch({identifier: 1, target: document.querySelector('dialog'), clientX: x, clientY: 300});
            const fire = (type, touches, changed) => document.querySelector('dialog').dispatchEvent(
              new TouchEvent(type, {bubbles: true, touches, changedTouches: changed}));
            fire('touchstart', [at(60)], [at(60)]); fire('touchend', [], [at(220)]); }"""
        )


def test_the_address_of_an_open_source_can_be_shared(new_page: NewPage) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    page.locator(".mark").first.click()
    expect(page.locator("dialog mark#quote")).to_have_text(PACE)
    shared = page.url
    other = new_page(java_script_enabled=False)
    other.goto(shared)
    expect(other.locator("mark#quote")).to_have_text(PACE)
    expect(other.locator("mark#quote")).to_be_in_viewport()
    page.reload()
    expect(page.locator("main mark#quote")).to_have_text(PACE)
    page.click(".back a")
    expect(page.locator(".turn .question")).to_have_text(HOW_FAST)


def test_not_found_is_plain_and_names_what_may_help(new_page: NewPage) -> None:
    page = new_page()
    ask(page, FLYING)
    expect(page.locator(".verdict")).to_have_text(ABSTAIN)
    expect(page.locator(".articles a")).to_have_text([ARTICLE.title])
    expect(page.locator(".who li")).to_have_text(list(words.WHO_TO_ASK_LINES))
    page.click(".articles a")
    expect(page.locator("dialog h1")).to_have_text(ARTICLE.title)


def test_the_nearest_passage_is_shown_as_such(new_page: NewPage) -> None:
    page = new_page()
    ask(page, NEAR)
    expect(page.locator(".verdict")).to_have_text(words.NEAREST_TITLE)
    expect(page.locator(".answer")).to_contain_text(HOLD)


@pytest.mark.parametrize("question", [SEIZURE, WISH])
def test_grave_cards_stand_alone_in_the_first_screen(new_page: NewPage, question: str) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    ask(page, question)
    turn = page.locator(".turn").last
    for number in turn.locator(".card .numbers a").all():
        expect(number).to_be_in_viewport(ratio=1)
    expect(turn.locator(".sources, .answer, .feedback, .next, .after")).to_have_count(0)
    kind = "emergency" if question == SEIZURE else "crisis"
    expect(turn.locator(f".card.{kind}")).to_have_count(1)
    expect(page.locator(".short-disclaimer")).to_be_in_viewport()


def test_a_very_long_cry_for_help_does_not_push_the_card_away(new_page: NewPage) -> None:
    page = new_page()
    ask(page, WISH)
    page.evaluate("document.querySelector('.turn .question').textContent = 'I cannot go on like this. '.repeat(70)")
    expect(page.locator(".card .numbers a").first).to_be_in_viewport(ratio=1)


def test_after_a_crisis_the_numbers_stay_in_view(new_page: NewPage) -> None:
    page = new_page()
    expect(page.locator(".keep")).to_be_hidden()
    ask(page, WISH)
    ask(page, HOW_FAST)
    expect(page.locator(".keep a").first).to_be_in_viewport()
    page.mouse.wheel(0, 2_000)
    expect(page.locator(".keep a").first).to_be_in_viewport()
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".keep a").first).to_be_in_viewport()


def test_urgent_and_dosing_cards_stand_above_the_answer(new_page: NewPage) -> None:
    page = new_page()
    for question, kind in ((RAN_OUT, "urgent"), (DOSE, "dosing")):
        ask(page, question)
        turn = page.locator(".turn").last
        card, answer = turn.locator(f".card.{kind}").bounding_box(), turn.locator(".answer").bounding_box()
        assert card is not None
        assert answer is not None
        assert card["y"] + card["height"] <= answer["y"]


def test_copied_text_has_answer_sources_and_disclaimer(new_page: NewPage) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, HOW_FAST)
    page.click(".copy")
    expect(page.locator(".copy")).to_have_text(words.COPIED)
    copied = page.evaluate("navigator.clipboard.readText()")
    for part in (HOW_FAST, PACE + " [1]", "[1][2] Tapering safely. How fast to go (Reviewed 16 October 2026)", DISCLAIMER):
        assert part in copied


def test_save_for_my_doctor_prints_and_saves_the_whole_chat(new_page: NewPage) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    ask(page, WHICH_SIGNS)
    page.click("#save")
    saved = page.locator("dialog .saved")
    expect(saved.locator("h1")).to_have_text(words.SAVE_TITLE)
    expect(saved.locator("h2")).to_have_text([HOW_FAST, WHICH_SIGNS])
    expect(saved.locator(".disclaimer")).to_have_count(2)
    with page.expect_download() as download:
        page.click("#as-text")
    text = Path(download.value.path()).read_text("utf-8")
    for part in (words.SAVE_TITLE, HOW_FAST, PACE, COLUMNS[0] + ": See a doctor", DISCLAIMER):
        assert part in text
    page.emulate_media(media="print")
    expect(page.locator("dialog .save-tools")).to_be_hidden()
    expect(page.locator("body > .top")).to_be_hidden()
    expect(saved.locator("h2").last).to_be_visible()


def test_saving_works_without_scripts(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.fill("#question", HOW_FAST)
    page.click("#send")
    page.click("#save")
    expect(page.locator(".saved h2")).to_have_text(HOW_FAST)
    with page.expect_download() as download:
        page.click("form[action='/save.txt'] button")
    assert PACE in Path(download.value.path()).read_text("utf-8")


def test_feedback_sends_ids_and_the_words_only_when_ticked(
    new_page: NewPage, feedback_lines: Callable[[], list[dict[str, object]]]
) -> None:
    page = new_page()
    ask(page, HOW_FAST)
    page.get_by_role("button", name=words.HELPFUL, exact=True).click()
    expect(page.locator(".feedback p")).to_have_text(words.FEEDBACK_THANKS)
    ask(page, WHICH_SIGNS)
    form = page.locator(".feedback").last
    form.locator("summary").click()
    expect(form.locator("blockquote")).to_have_text(WHICH_SIGNS)
    form.get_by_label("The source is wrong").check()
    form.get_by_label(words.FEEDBACK_WORDS).check()
    form.get_by_role("button", name=words.FEEDBACK_SEND).click()
    expect(page.locator(".feedback p").last).to_have_text(words.FEEDBACK_THANKS)
    quiet, told = feedback_lines()[-2:]
    assert quiet["verdict"] == "helpful"
    assert HOW_FAST not in json.dumps(quiet)
    assert quiet["generation"] == "g-test"
    assert (told["verdict"], told["reason"], told["question"]) == ("not_helpful", "source_wrong", WHICH_SIGNS)


def test_a_finished_answer_is_announced_once(new_page: NewPage) -> None:
    page = new_page(viewport=DESKTOP)
    page.evaluate(
        """() => { window.said = []; const kinds = {childList: true, characterData: true, subtree: true};
        for (const region of document.querySelectorAll('[role=status], [role=alert], [role=log], [aria-live]'))
          new MutationObserver(() => said.push(region.textContent)).observe(region, kinds) }"""
    )
    ask(page, HOW_FAST)
    page.wait_for_timeout(300)
    said = [text for text in page.evaluate("said") if text]
    assert len(said) == 1
    assert PACE in said[0]
