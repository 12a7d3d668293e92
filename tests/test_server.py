"""Start, end and Gradio's side of the web app, in real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from browser_fixtures import free_port
from gradio_client import Client
from scripted_bot import HOW_FAST, PACE, SEIZURE

from taperbot.errors import AddressTakenError, UsageError
from taperbot.web.server import check_address
from taperbot.wording import page as words

ROOT = Path(__file__).resolve().parent.parent


def start_app(port: int, home: Path, index: Path) -> subprocess.Popen[str]:
    """`app.py` as `make run` starts it, with every folder it may write to under `home`."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "TAPERBOT_PORT": str(port),
        "TAPERBOT_INDEX": str(index),
        "https_proxy": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=home
    )


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    """Wait until the page is there."""
    for _ in range(600):
        try:
            if httpx.get(address, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
        assert process.poll() is None, process.communicate()[0]
    pytest.fail("The page did not come up.")


def test_the_app_serves_keeps_nothing_and_ends_cleanly(tmp_path: Path, small_index: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    marker = "zanzibar-marmalade-seventeen"
    process = start_app(port, tmp_path, small_index)
    try:
        wait_for(address + "healthz", process)
        with httpx.Client(trust_env=False, timeout=30) as web:
            for number in range(50):
                reply = web.post(address + "ask.json", json={"question": f"what about {marker} {number}?"})
                assert reply.status_code == 200, reply.text
                assert web.post(address, data={"question": f"and {marker} {number}?"}).status_code == 303
    finally:
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=20)[0]
    assert process.returncode == 0
    assert words.SERVING.format(address=address) in output
    assert output.rstrip().endswith(words.STOPPING)
    assert "Traceback" not in output
    assert marker not in output
    written = [path for folder in (tmp_path, small_index) for path in folder.rglob("*") if path.is_file()]
    assert [path for path in written if marker.encode() in path.read_bytes()] == []


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start_app(port, tmp_path, tmp_path)
        output = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert output.strip() == words.PORT_TAKEN.format(host="127.0.0.1", port=port)


def test_addresses_are_checked_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AddressTakenError):
            check_address("127.0.0.1", taken.getsockname()[1])
    for host, port in (("198.51.100.7", 7860), ("127.0.0.1", 70_000)):
        with pytest.raises(UsageError):
            check_address(host, port)


def test_gradio_client_can_call_ask(site: str) -> None:
    client = Client(site, verbose=False, analytics_enabled=False)
    answer = client.predict(question=HOW_FAST, api_name="/ask")
    assert PACE in answer["text"]
    assert answer["citations"][0]["quote"] == PACE
    card = client.predict(SEIZURE, [{"role": "user", "content": "hello"}], "GB", True, api_name="/ask")
    assert card["route"] == "emergency"


@pytest.mark.parametrize("path", ["/gradio_api/call/ask", "/gradio_api/run/ask", "/gradio_api/queue/join"])
def test_overlong_questions_are_refused_before_the_queue(site: str, path: str) -> None:
    reply = httpx.post(site + path, json={"data": ["x" * 2_001, [], "", False], "fn_index": 0, "session_hash": "abc"})
    assert reply.status_code == 422
    assert "2,001" in reply.json()["detail"]
    history = [{"role": "user", "content": "y" * 20_001}]
    assert httpx.post(site + path, json={"data": ["short", history, "", False], "fn_index": 0, "session_hash": "abc"}).status_code == 422


def test_fifty_readers_are_answered_together(site: str) -> None:
    import asyncio

    async def ask_all() -> list[int]:
        async with httpx.AsyncClient(timeout=30) as web:
            asking = [web.post(site + "/ask.json", json={"question": f"{HOW_FAST} {number}"}) for number in range(50)]
            return [reply.status_code for reply in await asyncio.gather(*asking)]

    assert asyncio.run(ask_all()) == [200] * 50
