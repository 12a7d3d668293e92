"""The readers' web app on Gradio's server mode, and its start and end."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from datetime import date
from types import FrameType
from typing import Any

from taperbot.web.lean_gradio import draw_nothing, lean_imports, nothing_collected, settle

with lean_imports():
    import gradio as gr

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from taperbot.bot import Bot
from taperbot.errors import AddressTakenError, TaperBotError, UsageError
from taperbot.settings import Settings
from taperbot.web.api import Answerer, Asker, gradio_ask
from taperbot.web.assets import load_assets
from taperbot.web.chat import Chat
from taperbot.web.guard import Guard, Policy, policy_for
from taperbot.web.help import country_names
from taperbot.web.metrics import Metrics
from taperbot.web.page import Pages
from taperbot.web.reading import Reading
from taperbot.web.turns import TurnStore
from taperbot.wording import desk as desk_words
from taperbot.wording import page as words

GRADIO_AT_ONCE = 32
DESK_PATH = "/desk"
PAGE_DOORS = ("/", "/save", "/save.txt", "/clear", "/feedback", "/help", "/embed.html")


class ReadersServer(gr.Server):
    """Gradio's server with the guard around everything, Gradio's own middleware included."""

    def __init__(self, policy: Policy, pages: Pages) -> None:
        super().__init__(docs_url=None, redoc_url=None, openapi_url=None)
        self._policy = policy
        self._pages = pages
        self.add_exception_handler(Exception, self._failed)

    def build_middleware_stack(self) -> ASGIApp:
        """The whole app as uvicorn calls it."""
        return Guard(super().build_middleware_stack(), self._policy, self._refuse)

    def _failed(self, request: Request, error: Exception) -> Response:  # noqa: ARG002
        """A calm sentence; Starlette raises the error on, to the guard."""
        return self._refuse(request.url.path, 500, words.ERROR_LEAD)

    def _refuse(self, path: str, status: int, sentence: str) -> Response:
        if path in PAGE_DOORS or path.startswith("/read/"):
            return Response(self._pages.message(words.ERROR_TITLE, sentence), status, media_type="text/html; charset=utf-8")
        return JSONResponse({"error": {"code": f"http_{status}", "message": sentence}, "detail": sentence}, status)


def build_app(settings: Settings, bot: Answerer, desk: gr.Blocks | None = None) -> gr.Server:
    """The web app: pages, doors and Gradio's `/ask`, with `desk` for editors where there is one. Raises UsageError for unfit settings."""
    assets = load_assets(settings.accent_colour)
    pages = Pages(settings, assets, country_names(), date.today)
    server = ReadersServer(policy_for(settings.frame_ancestors, DESK_PATH if desk else ""), pages)
    turns, metrics = TurnStore(time.monotonic), Metrics()
    chat = Chat(settings, bot, pages, turns, Asker(bot, turns, metrics))
    _add_doors(server, chat, Reading(settings, bot, pages, assets, turns, metrics))
    ask = gradio_ask(bot, metrics, lambda sentence: gr.Error(sentence, print_exception=False))
    server.api(ask, name="ask", concurrency_limit=GRADIO_AT_ONCE)
    if desk:
        gr.mount_gradio_app(
            server, desk, DESK_PATH, auth=("editor", settings.desk_password), run_history=False, footer_links=[], ssr_mode=False
        )
    return server


def _mount_desk(server: gr.Server, desk: gr.Blocks, password: str) -> None:
    """Behind a password, in system fonts: Gradio's own themes fetch theirs from outside."""
    gr.mount_gradio_app(
        server,
        desk,
        DESK_PATH,
        auth=(desk_words.USER, password),
        auth_message=desk_words.SIGN_IN,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        run_history=False,
        footer_links=[],
        ssr_mode=False,
    )


def _add_doors(server: gr.Server, chat: Chat, reading: Reading) -> None:
    doors: list[tuple[str, str, Any]] = [
        ("GET", "/", chat.home),
        ("POST", "/", chat.ask_form),
        ("POST", "/ask.json", chat.ask_json),
        ("GET", "/turn/{turn_id}", chat.kept_turn),
        ("POST", "/turn/{turn_id}/stop", chat.stop),
        ("POST", "/clear", chat.clear),
        ("POST", "/save", chat.save),
        ("POST", "/save.txt", chat.save_text),
        ("POST", "/feedback", chat.feedback),
        ("GET", "/read/{article_id:path}", reading.article),
        ("GET", "/help", reading.help),
        ("GET", "/embed.html", reading.embed),
        ("GET", "/static/{name}", reading.static),
        ("GET", "/favicon.ico", reading.favicon),
        ("GET", "/robots.txt", reading.robots),
        ("GET", "/healthz", reading.healthz),
        ("GET", "/readyz", reading.readyz),
        ("GET", "/metrics", reading.metrics),
    ]
    for method, path, door in doors:
        server.add_route(path, door, methods=[method])


def launch(server: gr.Server, settings: Settings) -> str:
    """Start serving in a thread of its own; the address. Raises AddressTakenError or UsageError when it cannot be bound."""
    check_address(settings.host, settings.port)
    # Gradio asks itself once, by HTTP, to start its queue; a proxy in the environment must not stand between.
    os.environ["NO_PROXY"] = ",".join(filter(None, [os.environ.get("NO_PROXY"), settings.host, "127.0.0.1", "localhost"]))
    _, address, _ = server.launch(
        server_name=settings.host,
        server_port=settings.port,
        app_kwargs={"lifespan": server.router.lifespan_context},
        prevent_thread_lock=True,
        inbrowser=False,
        quiet=True,
        share=False,
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        _frontend=False,
    )
    return str(address)


def serve(settings: Settings, desk: gr.Blocks | None = None, bot: Bot | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; the process's exit code."""
    draw_nothing()
    bot = bot or Bot(settings)
    try:
        with nothing_collected():
            server = build_app(settings, bot, desk)
            address = launch(server, settings)
    except TaperBotError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(words.SERVING.format(address=address), flush=True)
    threading.Thread(target=_warm, args=(bot,), daemon=True).start()
    _wait_for_the_end()
    server.get_blocks().close(verbose=False)
    print(words.STOPPING, flush=True)
    return 0


def check_address(host: str, port: int) -> None:
    """Raise AddressTakenError when another program listens there, UsageError when the host is none of this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) in (98, 48, 10048):
                raise AddressTakenError(words.PORT_TAKEN.format(host=host, port=port)) from None
            raise UsageError(words.ADDRESS_UNFIT.format(host=host, port=port)) from None


def _wait_for_the_end() -> None:
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    ended.wait()


def _warm(bot: Bot) -> None:
    """Open index and model beside the first page, so that the first question waits less."""
    try:
        with nothing_collected():
            bot.warm()
    except TaperBotError as error:
        print(error, file=sys.stderr)
    settle()
