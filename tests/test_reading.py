"""Articles, help and what machines ask, over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripted_bot import ARTICLE, HOLD, HOW_FAST, PACE, ScriptedBot, article, cite
from starlette.testclient import TestClient
from web_client import in_a_loop, web_client

from benchmarks.small_corpus import SmallCorpus
from ingest.desk import run_command
from taperbot.bot import Bot
from taperbot.notices import phone_table
from taperbot.settings import Settings
from taperbot.web.server import build_app
from taperbot.web.view import article_address, reading_address
from taperbot.wording import page as words

ADDRESS = article_address(ARTICLE.article_id)


def test_the_quote_of_a_citation_is_marked(tmp_path: Path) -> None:
    page = web_client(tmp_path).get(reading_address(cite(1, HOLD, "x"))).text
    assert f'<mark id="quote" tabindex="-1">{HOLD}</mark>' in page
    assert words.READ_MOVED not in page


def test_a_shared_address_survives_an_edited_article(tmp_path: Path) -> None:
    address = reading_address(cite(1, PACE, "x"))
    edited = ScriptedBot(article("d" * 64, "Something new stands at the top."))
    page = web_client(tmp_path, edited).get(address).text
    assert words.READ_MOVED in page
    assert f'<mark id="quote" tabindex="-1">{PACE}</mark>' in page


def test_without_the_fingerprint_an_edited_article_opens_at_the_top_and_says_so(tmp_path: Path) -> None:
    page = web_client(tmp_path).get(ADDRESS, params={"v": "old", "start": 4, "end": 9}).text
    assert words.READ_LOST in page
    assert "<mark" not in page


def test_an_address_made_from_a_citation_alone_is_found_again_in_the_index_before(corpus: SmallCorpus, index: Path) -> None:
    settings = Settings(corpus=corpus.folder, index=index)
    quote = "A short walk after lunch helps many people to sleep."
    file = corpus.folder / "walks.md"
    file.write_text(f"# Walks\n\nWalking is easy to begin with.\n\n{quote}\n", "utf-8")
    run_command(settings)
    old = Bot(settings).generation().article("walks.md")
    assert old is not None
    start = old.text.index(quote)
    file.write_text(f"# Walks\n\nAn editor added this line, and another one. Walking is easy to begin with.\n\n{quote}\n", "utf-8")
    run_command(settings)
    app = in_a_loop(lambda: build_app(settings, Bot(settings)))
    page = TestClient(app).get("/read/walks.md", params={"v": old.version, "start": start, "end": start + len(quote)}).text
    assert words.READ_MOVED in page
    assert f'<mark id="quote" tabindex="-1">{quote}</mark>' in page


@pytest.mark.parametrize("query", ["", "?start=x&end=-1", "?v=&start=9&end=2", "?start=1&end=99999999999999999999"])
def test_odd_addresses_open_the_article_plainly(tmp_path: Path, query: str) -> None:
    reply = web_client(tmp_path).get(ADDRESS + query)
    assert reply.status_code == 200
    assert ARTICLE.title in reply.text


@pytest.mark.parametrize("article_id", ["none.md", "../../etc/passwd", "%2e%2e/secret", "<script>alert(1)</script>"])
def test_unknown_articles_are_a_plain_page(tmp_path: Path, article_id: str) -> None:
    reply = web_client(tmp_path).get(f"/read/{article_id}")
    assert reply.status_code == 404
    assert "<script>alert" not in reply.text


def test_small_amounts_are_escaped(tmp_path: Path) -> None:
    page = web_client(tmp_path).get(ADDRESS).text
    assert "&lt;5 mg &amp; a" in page


def test_help_names_every_number_and_needs_no_index(tmp_path: Path) -> None:
    page = web_client(tmp_path, ScriptedBot(held=None)).get("/help").text
    table = phone_table()
    for row in (table.neutral, *table.countries):
        for line in (*row.emergency_lines, *row.crisis_lines, *row.poison_lines):
            assert line.label.replace("&", "&amp;").replace("'", "&#39;") in page
    assert table.finder.target in page


def test_health_readiness_and_counts(tmp_path: Path) -> None:
    web = web_client(tmp_path)
    assert web.get("/healthz").json() == {"status": "ok"}
    assert web.get("/readyz").status_code == 200
    unready = web_client(tmp_path, ScriptedBot(held=None)).get("/readyz")
    assert (unready.status_code, unready.json()["reason"]) == (503, "no_index")


def test_metrics_count_outcomes_and_hold_no_words(tmp_path: Path) -> None:
    with web_client(tmp_path) as web:
        web.post("/ask.json", json={"question": HOW_FAST})
        web.post("/ask.json", json={"question": "marmalade at dawn"})
        text = web.get("/metrics").text
    assert 'taperbot_answers_total{route="question",outcome="answer"} 2' in text
    assert "taperbot_answer_seconds_count 2" in text
    assert "taperbot_turns_kept 2" in text
    assert "marmalade" not in text


@pytest.mark.parametrize(("accepted", "encoding"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)])
def test_pages_and_files_come_in_the_best_encoding_the_browser_takes(tmp_path: Path, accepted: str, encoding: str | None) -> None:
    web = web_client(tmp_path)
    for path in ("/", "/static/page.css", "/static/page.js"):
        reply = web.get(path, headers={"Accept-Encoding": accepted})
        assert reply.headers.get("content-encoding") == encoding
        assert len(reply.text) > 1_000
