"""The page's few files, read and compressed once, and compression for the pages made per request."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files

import brotli
from starlette.requests import Request
from starlette.responses import Response

from taperbot.web.colours import accents

MEDIA_TYPES = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
WORTH_COMPRESSING = 400
A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in the encodings that browsers ask for; `digest` goes into its address."""

    media_type: str
    digest: str
    encodings: dict[str, bytes]


def load_assets(accent_colour: str) -> dict[str, Asset]:
    """The static files by name; the accent colour is written at the end of the style sheet."""
    light, dark = accents(accent_colour)
    accent = f":root{{--accent-light:{light};--accent-dark:{dark}}}".encode()
    folder = files("taperbot.web") / "static"
    bodies = {name: (folder / name).read_bytes() for name in MEDIA_TYPES}
    bodies["page.css"] += accent
    return {name: _asset(body, MEDIA_TYPES[name]) for name, body in bodies.items()}


def asset_response(asset: Asset, request: Request) -> Response:
    """The asset in the best encoding that the browser takes, to be kept for a year."""
    encoding = _best_encoding(request)
    return Response(asset.encodings[encoding], headers=_headers(encoding, A_YEAR), media_type=asset.media_type)


def page_response(html: str, request: Request, status: int = 200) -> Response:
    """A page made for this request, kept by nobody."""
    return compressed(html.encode(), "text/html; charset=utf-8", request, status)


def compressed(body: bytes, media_type: str, request: Request, status: int = 200) -> Response:
    """A reply in the best encoding that the browser takes; Gradio's own compression passes over addresses without an extension."""
    encoding = _best_encoding(request) if len(body) > WORTH_COMPRESSING else ""
    if encoding == "br":
        body = brotli.compress(body, quality=5)
    elif encoding == "gzip":
        body = gzip.compress(body, 6)
    return Response(body, status, _headers(encoding, "no-store"), media_type)


def _asset(body: bytes, media_type: str) -> Asset:
    encodings = {"": body, "br": brotli.compress(body, quality=11), "gzip": gzip.compress(body, 9)}
    return Asset(media_type, hashlib.sha256(body).hexdigest()[:10], encodings)


def _best_encoding(request: Request) -> str:
    accepted = request.headers.get("accept-encoding", "")
    return next((encoding for encoding in ("br", "gzip") if encoding in accepted), "")


def _headers(encoding: str, cache: str) -> dict[str, str]:
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    return headers | {"Content-Encoding": encoding} if encoding else headers
