"""The chat's doors over HTTP, without a browser."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from scripted_bot import BROKEN, HOW_FAST, PACE, SEIZURE, SLOW, WHICH_SIGNS, ScriptedBot
from starlette.testclient import TestClient
from web_client import HERE, web_client

from taperbot.web.bounds import BODY_BYTES
from taperbot.web.turns import new_turn_id
from taperbot.wording import answers
from taperbot.wording import page as words


def client(tmp_path: Path, bot: ScriptedBot | None = None, **settings: object) -> TestClient:
    """A client on the page's own origin."""
    return web_client(tmp_path, bot, {"Origin": HERE}, **settings)


def test_a_plain_form_goes_on_to_an_address_and_carries_the_page(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        reply = web.post("/", data={"question": HOW_FAST})
        assert reply.status_code == 303
        assert PACE in reply.text
        again = web.get(reply.headers["location"])
        assert again.status_code == 200
        assert PACE in again.text
        assert HOW_FAST.replace(" ", "+") not in reply.headers["location"]


def test_the_same_turn_is_answered_once_however_often_it_is_sent(tmp_path: Path) -> None:
    bot = ScriptedBot()
    with client(tmp_path, bot) as web:
        body = {"turn": new_turn_id(), "question": HOW_FAST}
        first, second = web.post("/ask.json", json=body).json(), web.post("/ask.json", json=body).json()
        kept = web.get(f"/turn/{body['turn']}").json()
    assert first == second == kept["turns"][0]
    assert bot.asked == [HOW_FAST]


def test_a_turn_brings_back_the_whole_conversation(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        first = web.post("/ask.json", json={"question": HOW_FAST}).json()["turn"]
        second = web.post("/ask.json", json={"question": WHICH_SIGNS, "previous": first}).json()["turn"]
        assert [turn["turn"] for turn in web.get(f"/turn/{second}").json()["turns"]] == [first, second]
        assert web.post("/clear", data={"turn": second}).status_code == 303
        assert [web.get(f"/turn/{turn}").status_code for turn in (first, second)] == [404, 404]


def test_a_stopped_turn_says_so(tmp_path: Path) -> None:
    bot = ScriptedBot()
    bot.slow_seconds = 0.4
    with client(tmp_path, bot) as web:
        turn = new_turn_id()
        with ThreadPoolExecutor(1) as threads:
            asking = threads.submit(web.post, "/ask.json", json={"turn": turn, "question": SLOW})
            while not bot.asked:
                time.sleep(0.01)
            assert web.post(f"/turn/{turn}/stop").status_code == 204
        for reply in (asking.result(), web.get(f"/turn/{turn}")):
            assert reply.status_code == 409
            assert reply.json()["error"] == {"code": "stopped", "message": words.STOPPED}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"question": ""}, answers.EMPTY),
        ({"question": None}, answers.EMPTY),
        ({"question": "x" * 2_001}, answers.TOO_LONG.format(most=2_000, found=2_001)),
        ({"question": "ok", "history": "none"}, words.HISTORY_MALFORMED),
        ({"question": "ok", "history": [{"role": "user"}]}, words.HISTORY_MALFORMED),
        (
            {"question": "ok", "history": [{"role": "user", "content": "y" * 20_001}]},
            answers.HISTORY_TOO_LONG.format(most=20_000, found=20_001),
        ),
        ([1, 2], words.REQUEST_MALFORMED),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_plain_sentence(tmp_path: Path, body: object, sentence: str) -> None:
    with client(tmp_path) as web:
        reply = web.post("/ask.json", content=json.dumps(body))
    assert reply.status_code == 422
    assert reply.json()["error"]["message"] == sentence


def test_twenty_megabytes_are_turned_away_before_they_are_read(tmp_path: Path) -> None:
    bot = ScriptedBot()
    with client(tmp_path, bot) as web:
        for path in ("/", "/ask.json", "/gradio_api/call/ask"):
            reply = web.post(path, content=b"q" * 20_000_000)
            assert reply.status_code == 413
            assert words.BODY_TOO_LARGE in reply.text
        chunks = (b"q" * 65_536 for _ in range(BODY_BYTES // 65_536 + 2))
        assert web.post("/ask.json", content=chunks).status_code == 413
    assert bot.asked == []


def test_a_form_that_is_too_long_keeps_the_draft(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        reply = web.post("/", data={"question": "z" * 2_001})
    assert reply.status_code == 422
    assert answers.TOO_LONG.format(most=2_000, found=2_001) in reply.text
    assert "z" * 2_001 in reply.text


def test_without_an_index_cards_still_come_and_questions_are_put_off_kindly(tmp_path: Path) -> None:
    with client(tmp_path, ScriptedBot(held=None)) as web:
        assert "emergency" in web.post("/ask.json", json={"question": SEIZURE}).json()["html"]
        reply = web.post("/ask.json", json={"question": HOW_FAST})
        assert (reply.status_code, reply.json()["error"]["message"]) == (503, words.NO_INDEX)
        assert web.get("/").status_code == 200
        assert web.get("/help").status_code == 200
        assert web.get("/read/x.md").status_code == 503


def test_a_bug_gives_a_calm_sentence_and_keeps_the_question_out_of_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with client(tmp_path) as web:
        for reply in (web.post("/ask.json", json={"question": BROKEN}), web.post("/", data={"question": BROKEN})):
            assert reply.status_code == 500
            assert words.ERROR_LEAD in reply.text
    assert "ZeroDivisionError" in caplog.text
    assert BROKEN not in caplog.text


def test_feedback_on_a_forgotten_answer_says_so(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        reply = web.post("/feedback", data={"turn": new_turn_id(), "verdict": "helpful"}, headers={"Accept": "application/json"})
    assert (reply.status_code, reply.json()["message"]) == (404, words.FEEDBACK_GONE)
    assert not (tmp_path / "feedback.jsonl").exists()


def test_feedback_takes_only_the_answers_that_are_offered(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        turn = web.post("/ask.json", json={"question": HOW_FAST}).json()["turn"]
        for fields in ({"verdict": "great"}, {"verdict": "not_helpful", "reason": HOW_FAST}):
            assert web.post("/feedback", data={"turn": turn} | fields).status_code == 422
        assert web.post("/feedback", data={"turn": turn, "verdict": "helpful"}).status_code == 200
    (line,) = (tmp_path / "feedback.jsonl").read_text("utf-8").splitlines()
    assert set(json.loads(line)) == {"verdict", "reason", "generation", "outcome", "citations"}


def test_the_country_comes_from_the_reader_then_the_browser(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        from_browser = web.get("/help", headers={"Accept-Language": "en-IE,en;q=0.9"}).text
        from_choice = web.get("/help?country=AU", headers={"Accept-Language": "en-IE"}).text
    places = [re.findall(r"<h2[^>]*>(.*?)</h2>", page)[:2] for page in (from_browser, from_choice)]
    assert places == [[words.COUNTRY_ANY, "Ireland"], [words.COUNTRY_ANY, "Australia"]]


def test_the_operator_names_the_page_and_picks_the_colour(tmp_path: Path) -> None:
    with client(tmp_path, organisation="Calm & Co", accent_colour="#336699") as web:
        home = web.get("/").text
        css = web.get(home.split('stylesheet" href="')[1].split('"')[0]).text
    assert "<h1>Calm &amp; Co</h1>" in home
    assert "--accent-light:#" in css
