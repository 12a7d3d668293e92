"""The doors that need no chat: articles, help, the line for publishers, and what machines ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from taperbot.errors import IndexUnavailableError
from taperbot.notices import country_of
from taperbot.records import Article
from taperbot.settings import Settings
from taperbot.web.api import Answerer
from taperbot.web.assets import Asset, asset_response, page_response
from taperbot.web.earlier import earlier_quote
from taperbot.web.help import help_places
from taperbot.web.metrics import Metrics
from taperbot.web.page import Pages
from taperbot.web.reader import Found, Place, locate
from taperbot.web.turns import TurnStore
from taperbot.wording import page as words


class Reading:
    """One method per door."""

    def __init__(
        self, settings: Settings, bot: Answerer, pages: Pages, assets: Mapping[str, Asset], turns: TurnStore, metrics: Metrics
    ) -> None:
        self._country = settings.country
        self._index = settings.index
        self._bot = bot
        self._pages = pages
        self._assets = assets
        self._turns = turns
        self._metrics = metrics

    async def article(self, request: Request) -> Response:
        """GET /read/<article id>?v=&start=&end=&q= : the article with the quote marked."""
        try:
            generation = await to_thread.run_sync(self._bot.generation)
        except IndexUnavailableError:
            return page_response(self._pages.message(words.ERROR_TITLE, words.NO_INDEX), request, 503)
        article = await to_thread.run_sync(generation.article, request.path_params["article_id"])
        if article is None:
            return page_response(self._pages.message(words.READ_MISSING, words.READ_NONE), request, 404)
        place = await to_thread.run_sync(place_asked, article, request.query_params, self._index)
        return page_response(self._pages.article(article, place), request)

    async def help(self, request: Request) -> Response:
        """GET /help : works without an index."""
        choice, language = request.query_params.get("country", ""), request.headers.get("accept-language", "")
        return page_response(self._pages.help(help_places(country_of(choice, language, self._country))), request)

    async def embed(self, request: Request) -> Response:
        """GET /embed.html : the line for a publisher's site."""
        return page_response(self._pages.embed(str(request.base_url)), request)

    async def static(self, request: Request) -> Response:
        """GET /static/<name>"""
        asset = self._assets.get(request.path_params["name"])
        return asset_response(asset, request) if asset else PlainTextResponse(words.NO_SUCH_PAGE, 404)

    async def favicon(self, request: Request) -> Response:
        """GET /favicon.ico"""
        return asset_response(self._assets["icon.svg"], request)

    async def robots(self, request: Request) -> Response:  # noqa: ARG002
        """GET /robots.txt"""
        return PlainTextResponse("User-agent: *\nDisallow: /read/\nDisallow: /gradio_api/\n")

    async def healthz(self, request: Request) -> Response:  # noqa: ARG002
        """GET /healthz : the process answers."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, request: Request) -> Response:  # noqa: ARG002
        """GET /readyz : 200 when there is an index to answer from, else 503 with the reason's code."""
        try:
            await to_thread.run_sync(self._bot.generation)
        except IndexUnavailableError as error:
            return JSONResponse({"status": "not ready", "reason": error.code}, 503)
        return JSONResponse({"status": "ready"})

    async def metrics(self, request: Request) -> Response:  # noqa: ARG002
        """GET /metrics"""
        return PlainTextResponse(self._metrics.text(len(self._turns)), media_type="text/plain; version=0.0.4")


def place_asked(article: Article, query: QueryParams, index: Path) -> Place:
    """Where the quote of a reading address is now; numbers that are none count as no quote."""
    version, start, end = query.get("v", ""), _number(query, "start"), _number(query, "end")
    place = locate(article, version, start, end, query.get("q", ""))
    if place.found is not Found.LOST or not version:
        return place
    return locate(article, version, start, end, quote=earlier_quote(index, article.article_id, version, start, end))


def _number(query: QueryParams, name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0
