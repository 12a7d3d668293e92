"""The editors' desk: its tables, and that it is shut without the password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser_fixtures import free_port, served
from gradio_client import Client
from scripted_bot import HOW_FAST, PACE, ScriptedBot

from benchmarks.small_corpus import SmallCorpus
from ingest.desk import article_rows, build_desk, finding_rows, history_rows, run_command, told_ingest, told_rollback
from taperbot.settings import Settings
from taperbot.wording import desk as words


@pytest.fixture(scope="module")
def desk_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a desk behind the password "swordfish"."""
    settings = Settings(port=free_port(), index=tmp_path_factory.mktemp("desk"), desk_password="swordfish")
    yield from served(settings, ScriptedBot(), build_desk)


def test_the_desk_wants_the_password_and_readers_do_not(desk_site: str) -> None:
    assert httpx.get(desk_site + "/desk/config").status_code == 401
    with httpx.Client(base_url=desk_site) as web:
        assert web.post("/desk/login", data={"username": words.USER, "password": "guess"}).status_code == 400
        assert web.post("/desk/login", data={"username": words.USER, "password": "swordfish"}).status_code == 200
        assert words.ARTICLES in web.get("/desk/config").text
        page = web.get("/desk/")
        assert "fonts.googleapis" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert httpx.get(desk_site).status_code == 200


def test_readers_are_answered_through_gradio_beside_a_desk(desk_site: str) -> None:
    assert PACE in Client(desk_site, verbose=False, analytics_enabled=False).predict(HOW_FAST, api_name="/ask")["text"]


def test_tables_tell_what_the_commands_tell(small_index: Path) -> None:
    settings = Settings(corpus=small_index.parent / "corpus", index=small_index)
    articles = article_rows(settings)
    assert {row[0] for row in articles} == {path.name for path in settings.corpus.glob("*.md")}
    assert all(len(row) == len(words.ARTICLE_COLUMNS) for row in articles)
    history = history_rows(settings)
    assert [row[-1] for row in history] == [words.YES]
    assert history[0][2] == len(articles)
    assert all(len(row) == len(words.FINDING_COLUMNS) for row in finding_rows(settings))


def test_an_editor_publishes_and_goes_back(corpus: SmallCorpus, index: Path) -> None:
    settings = Settings(corpus=corpus.folder, index=index)
    assert "4 new" in told_ingest(run_command(settings))
    assert told_ingest(run_command(settings)).startswith("Nothing had changed")
    (corpus.folder / "late.md").write_text("# Late\n\nThis article came later, and says so in one sentence.\n", "utf-8")
    assert "1 new" in told_ingest(run_command(settings))
    assert "4 articles" in told_rollback(run_command(settings, "rollback"))
    assert [row[-1] for row in history_rows(settings)] == ["", words.YES]


def test_what_fails_is_said_in_the_command_line_s_own_words(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "none", index=tmp_path / "index")
    assert str(tmp_path / "none") in told_ingest(run_command(settings))
    assert str(tmp_path / "none") in finding_rows(settings)[0][-1]
    assert len(history_rows(settings)) <= 1
