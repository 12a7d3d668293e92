"""The outermost layer of the readers' web app: who may post, how much, which of Gradio's doors are open, and what every reply says.

It lies outside Gradio's own middleware, because that one lets any Origin read replies on a public host.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taperbot.errors import QuestionError, UsageError
from taperbot.web.bounds import BODY_BYTES, check_gradio_call
from taperbot.wording import page as words

log = logging.getLogger(__name__)

GRADIO_DOORS = re.compile(
    r"/(?:config|gradio_api/(?:info|openapi\.json|app_id|startup-events|queue/join|queue/data|cancel|reset"
    r"|heartbeat/\w+|call/(?:v2/)?ask(?:/\w+)?|(?:run|api)/ask))/?"
)
OWN_DOORS = re.compile(
    r"/(?:|ask\.json|turn/\w+|turn/\w+/stop|clear|feedback|save|save\.txt|help|embed\.html|healthz|readyz|metrics"
    r"|robots\.txt|favicon\.ico|static/[\w.]+|read/.+)"
)
ASKING_DOORS = re.compile(r"/gradio_api/(?:queue/join|(?:run|api|call|call/v2)/ask/?)")
READING_METHODS = ("GET", "HEAD")
SOURCE = re.compile(r"'self'|(?:https?://)?(?:\*\.)?[\w.-]+(?::(?:\d+|\*))?|https?:")

Refuse = Callable[[str, int, str], Response]
"""(path, status, sentence) -> the reply, a page or JSON as the path wants."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the guard needs to know of the settings. `frame_ancestors` is checked for form by `policy_for`."""

    frame_ancestors: str
    desk_path: str


def policy_for(frame_ancestors: str, desk_path: str) -> Policy:
    """A policy; raises UsageError when `frame_ancestors` is not a list of origins."""
    for source in frame_ancestors.split():
        if not SOURCE.fullmatch(source):
            raise UsageError(
                f"TAPERBOT_FRAME_ANCESTORS holds {source!r}; wanted origins such as https://www.example.org, with spaces between."
            )
    return Policy(" ".join(frame_ancestors.split()), desk_path)


class Guard:
    """ASGI layer; `refuse` makes the reply for what is turned away."""

    def __init__(self, app: ASGIApp, policy: Policy, refuse: Refuse) -> None:
        self.app = app
        self.policy = policy
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sender = _Sender(send, self._headers_for(scope["path"]))
        refusal, receive = await self._admitted(scope, receive)
        if refusal is not None:
            await refusal(scope, receive, sender)
            return
        await self._serve(scope, receive, sender)

    async def _serve(self, scope: Scope, receive: Receive, sender: _Sender) -> None:
        try:
            await self.app(scope, receive, sender)
        except Exception as error:  # noqa: BLE001  the outermost edge: the message could hold a reader's words, so it is not logged
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("%s in %s:%s while serving %s", type(error).__name__, place.filename, place.lineno, scope["method"])
            if not sender.started:
                await self.refuse(scope["path"], 500, words.ERROR_LEAD)(scope, receive, sender)

    async def _admitted(self, scope: Scope, receive: Receive) -> tuple[Response | None, Receive]:
        """A refusal or None, and the `receive` to go on with (a body once read is played again)."""
        path, headers = scope["path"], Headers(scope=scope)
        if not self._is_open(path):
            return self.refuse(path, 404, words.NO_SUCH_PAGE), receive
        if scope["method"] in READING_METHODS:
            return None, receive
        if is_foreign(headers):
            return self.refuse(path, 403, words.FOREIGN_ORIGIN), receive
        body = await _body(headers, receive)
        if body is None:
            return self.refuse(path, 413, words.BODY_TOO_LARGE), receive
        if ASKING_DOORS.fullmatch(path):
            try:
                check_gradio_call(body)
            except QuestionError as error:
                return self.refuse(path, 422, str(error)), receive
        return None, _replayed(body, receive)

    def _is_open(self, path: str) -> bool:
        if self.policy.desk_path and (path == self.policy.desk_path or path.startswith(self.policy.desk_path + "/")):
            return True
        return GRADIO_DOORS.fullmatch(path) is not None or OWN_DOORS.fullmatch(path) is not None

    def _headers_for(self, path: str) -> dict[str, str]:
        is_desk = bool(self.policy.desk_path) and path.startswith(self.policy.desk_path)
        return desk_headers() if is_desk else reader_headers(self.policy.frame_ancestors)


class _Sender:
    """Sends on, with our headers on every reply and no permission for other sites to read it."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self.send = send
        self.headers = headers
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            headers.update(self.headers)
            headers.setdefault("Cache-Control", "no-store")
        await self.send(message)


def reader_headers(frame_ancestors: str) -> dict[str, str]:
    """Security headers of the readers' pages: nothing from outside, nothing inline, framed only where the operator says so."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors or chr(39) + 'none' + chr(39)}"
    )
    headers = {"Content-Security-Policy": policy} | _shared_headers()
    return headers if frame_ancestors else headers | {"X-Frame-Options": "DENY"}


def desk_headers() -> dict[str, str]:
    """Gradio's components need inline scripts and styles; still nothing from outside."""
    policy = (
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
        "form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy, "X-Frame-Options": "DENY"} | _shared_headers()


def _shared_headers() -> dict[str, str]:
    return {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def is_foreign(headers: Headers) -> bool:
    """Whether a request comes from a page of another site. Programs send no Origin and are let in."""
    if headers.get("sec-fetch-site") == "cross-site":
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


async def _body(headers: Headers, receive: Receive) -> bytes | None:
    """The whole body, or None when it is over the limit."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > BODY_BYTES:
        return None
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if size > BODY_BYTES:
            return None
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    played = False

    async def replay() -> Message:
        nonlocal played
        if played:
            return await receive()
        played = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
