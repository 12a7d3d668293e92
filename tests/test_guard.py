"""Who may post, which doors are open, and what every reply says."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripted_bot import HOW_FAST
from starlette.testclient import TestClient
from web_client import HERE, web_client

from taperbot.errors import UsageError
from taperbot.web.guard import policy_for
from taperbot.wording import page as words


@pytest.fixture
def web(tmp_path: Path) -> TestClient:
    """A client without an Origin of its own."""
    return web_client(tmp_path)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
@pytest.mark.parametrize("path", ["/", "/ask.json", "/feedback", "/clear", "/gradio_api/call/ask", "/gradio_api/queue/join"])
def test_foreign_pages_may_not_post(web: TestClient, path: str, headers: dict[str, str]) -> None:
    reply = web.post(path, json={"question": HOW_FAST}, headers=headers)
    assert reply.status_code == 403
    assert words.FOREIGN_ORIGIN in reply.text


def test_own_pages_and_programs_may_post(web: TestClient) -> None:
    assert web.post("/ask.json", json={"question": HOW_FAST}).status_code == 200
    assert web.post("/ask.json", json={"question": HOW_FAST}, headers={"Origin": HERE}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/gradio_api/proxy=http://x", "/login", "/monitoring", "/docs", "/openapi.json",
     "/gradio_api/runs", "/assets/x.js", "/manifest.json", "/theme.css", "/gradio_api/vibe-edit", "/desk"],
)  # fmt: skip
def test_doors_that_nobody_needs_are_shut(web: TestClient, path: str) -> None:
    assert web.get(path).status_code == 404
    assert web.post(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/help", "/healthz", "/static/page.js", "/no-such-page", "/read/none"])
def test_every_reply_forbids_what_the_page_does_not_need(web: TestClient, path: str) -> None:
    headers = web.get(path, headers={"Origin": "https://elsewhere.example"}).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "set-cookie" not in headers


def test_pages_are_kept_by_nobody_and_static_files_for_a_year(web: TestClient) -> None:
    assert web.get("/").headers["cache-control"] == "no-store"
    assert "immutable" in web.get("/static/page.css").headers["cache-control"]


def test_the_operator_says_who_may_frame_the_page(tmp_path: Path) -> None:
    web = web_client(tmp_path, frame_ancestors="https://www.example.org  https://*.example.net")
    headers = web.get("/").headers
    assert headers["content-security-policy"].endswith("frame-ancestors https://www.example.org https://*.example.net")
    assert "x-frame-options" not in headers
    assert f'&lt;iframe src="{HERE}/"' in web.get("/embed.html").text


@pytest.mark.parametrize("ancestors", ["https://a.example; script-src *", "javascript:alert(1)", "'none' *"])
def test_what_is_no_origin_is_refused(ancestors: str) -> None:
    with pytest.raises(UsageError, match="TAPERBOT_FRAME_ANCESTORS"):
        policy_for(ancestors, "")
