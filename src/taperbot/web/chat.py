"""The doors of the chat: the page, asking with and without JavaScript, turns kept, feedback, saving, clearing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from taperbot.errors import IndexUnavailableError, QuestionError, TaperBotError
from taperbot.notices import country_of
from taperbot.settings import Settings
from taperbot.web.api import Answerer, Asked, Asker, FullError
from taperbot.web.assets import compressed, page_response
from taperbot.web.bounds import checked_history
from taperbot.web.feedback import FeedbackFile, feedback_record
from taperbot.web.page import Home, Pages, ShownTurn, shown_turn
from taperbot.web.turns import KeptTurn, TurnStore, history_of, is_turn_id, new_turn_id
from taperbot.web.view import starters
from taperbot.wording import page as words

LONGEST_WAIT_SECONDS = 25
STARTERS = 3


class Chat:
    """One method per door."""

    def __init__(self, settings: Settings, bot: Answerer, pages: Pages, turns: TurnStore, asker: Asker) -> None:
        self._settings = settings
        self._bot = bot
        self._pages = pages
        self._turns = turns
        self._asker = asker
        self._feedback = FeedbackFile(settings.feedback or settings.index / "feedback.jsonl")

    async def home(self, request: Request) -> Response:
        """GET / , with ?turn=<id> the conversation that ends with it, as far as it is still kept."""
        turns = shown(self._turns.chain(request.query_params.get("turn", "")))
        starters = () if turns else await self._starters()
        return page_response(self._pages.home(Home(turns=turns, starters=starters)), request)

    async def ask_form(self, request: Request) -> Response:
        """POST / by a plain form: on to an address that can be gone back to, with the page as body for programs that do not follow."""
        form = await request.form()
        asked = self._asked_by_form(form, request)
        before = shown(self._turns.chain(asked.previous))
        home = Home(turns=before, country=_text(form, "country"), short=asked.short)
        try:
            turn = self._asker.start(asked)
            answer = await asyncio.shield(turn.task)
        except TaperBotError as error:
            failed = Home(before, await self._starters(), home.country, home.short, draft=asked.question[:4000], problem=str(error))
            return page_response(self._pages.home(failed), request, status_of(error))
        answered = Home([*before, shown_turn(turn.turn_id, answer)], (), home.country, home.short)
        response = page_response(self._pages.home(answered), request, 303)
        response.headers["Location"] = f"/?turn={turn.turn_id}"
        return response

    async def ask_json(self, request: Request) -> Response:
        """POST /ask.json by the page's script. The same turn id asked again gets the same answer."""
        try:
            turn = self._asker.start(await self._asked_by_script(request))
            return await self._shown_or_pending(turn, request, self._turn_json)
        except TaperBotError as error:
            return error_response(error)

    async def kept_turn(self, request: Request) -> Response:
        """GET /turn/<id>: the conversation that ends with it, once its answer is there; 202 while it is not."""
        turn = self._turns.get(request.path_params["turn_id"])
        if turn is None:
            return problem_json("unknown_turn", words.TURN_UNKNOWN, 404)
        try:
            return await self._shown_or_pending(turn, request, self._chain_json)
        except TaperBotError as error:
            return error_response(error)

    async def stop(self, request: Request) -> Response:
        """POST /turn/<id>/stop"""
        turn = self._turns.get(request.path_params["turn_id"])
        if turn is not None:
            turn.task.cancel()
        return Response(status_code=204)

    async def clear(self, request: Request) -> Response:
        """POST /clear: wipes the conversation here, and goes on to an empty page."""
        form = await request.form()
        self._turns.forget(_text(form, "turn"))
        return RedirectResponse("/", 303)

    async def save(self, request: Request) -> Response:
        """POST /save: the conversation as a document."""
        turns = await self._turns_of_form(request)
        if not turns:
            return page_response(self._pages.message(words.SAVE, words.SAVE_GONE), request, 404)
        return page_response(self._pages.saved(turns), request)

    async def save_text(self, request: Request) -> Response:
        """POST /save.txt: the conversation as a text file."""
        turns = await self._turns_of_form(request)
        if not turns:
            return page_response(self._pages.message(words.SAVE, words.SAVE_GONE), request, 404)
        headers = {"Content-Disposition": f'attachment; filename="{words.SAVE_FILE_NAME}"'}
        return PlainTextResponse(self._pages.saved_text(turns), headers=headers)

    async def feedback(self, request: Request) -> Response:
        """POST /feedback"""
        form = await request.form()
        turn = self._turns.get(_text(form, "turn"))
        answer = turn.answer if turn else None
        if answer is None:
            return self._said(request, words.FEEDBACK_GONE, 404)
        try:
            record = feedback_record(answer, _text(form, "verdict"), _text(form, "reason"), include_question=bool(form.get("words")))
        except QuestionError as error:
            return self._said(request, str(error), 422)
        await to_thread.run_sync(self._feedback.add, record)
        return self._said(request, words.FEEDBACK_THANKS, 200)

    def _said(self, request: Request, sentence: str, status: int) -> Response:
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"message": sentence}, status)
        return page_response(self._pages.message(words.FEEDBACK_ASK, sentence), request, status)

    async def _starters(self) -> tuple[str, ...]:
        try:
            generation = await to_thread.run_sync(self._bot.generation)
        except IndexUnavailableError:
            return ()
        return starters(generation.golden, STARTERS)

    async def _shown_or_pending(self, turn: KeptTurn, request: Request, to_json: Callable[[ShownTurn], dict[str, Any]]) -> Response:
        done, _ = await asyncio.wait([turn.task], timeout=LONGEST_WAIT_SECONDS)
        if not done:
            return JSONResponse({"turn": turn.turn_id}, 202)
        if turn.task.cancelled():
            return problem_json("stopped", words.STOPPED, 409)
        reply = to_json(shown_turn(turn.turn_id, turn.task.result()))
        return compressed(json.dumps(reply, ensure_ascii=False).encode(), "application/json", request)

    def _chain_json(self, last: ShownTurn) -> dict[str, Any]:
        return {"turns": [self._turn_json(turn) for turn in shown(self._turns.chain(last.turn_id))]}

    def _turn_json(self, turn: ShownTurn) -> dict[str, str]:
        return {"turn": turn.turn_id, "html": self._pages.fragment(turn), "announce": turn.announcement}

    async def _turns_of_form(self, request: Request) -> list[ShownTurn]:
        form = await request.form()
        return shown(self._turns.chain(_text(form, "turn")))

    def _asked_by_form(self, form: FormData, request: Request) -> Asked:
        previous = _text(form, "turn")
        return Asked(
            turn_id=new_turn_id(),
            question=_text(form, "starter") or _text(form, "question"),
            history=history_of(self._turns.chain(previous)),
            previous=previous,
            country=self._country(_text(form, "country"), request),
            short=bool(form.get("short")),
        )

    async def _asked_by_script(self, request: Request) -> Asked:
        try:
            body = json.loads(await request.body())
        except ValueError:
            raise QuestionError(words.REQUEST_MALFORMED) from None
        if not isinstance(body, dict):
            raise QuestionError(words.REQUEST_MALFORMED)
        turn_id = str(body.get("turn", ""))
        return Asked(
            turn_id=turn_id if is_turn_id(turn_id) else new_turn_id(),
            question=str(body.get("question") or ""),
            history=checked_history(body.get("history")),
            previous=str(body.get("previous", "")),
            country=self._country(str(body.get("country", "")), request),
            short=bool(body.get("short")),
        )

    def _country(self, choice: str, request: Request) -> str:
        return country_of(choice, request.headers.get("accept-language", ""), self._settings.country)


def shown(turns: list[KeptTurn]) -> list[ShownTurn]:
    """Those turns that have an answer."""
    return [shown_turn(turn.turn_id, turn.answer) for turn in turns if turn.answer is not None]


def status_of(error: TaperBotError) -> int:
    """422 for what the reader can mend, 503 for what they cannot."""
    return 422 if isinstance(error, QuestionError) else 503


def error_response(error: TaperBotError) -> Response:
    """The error as JSON. Only sentences meant for readers are passed on."""
    sentence = str(error) if isinstance(error, QuestionError | FullError) else words.NO_INDEX
    return problem_json(error.code, sentence, status_of(error))


def problem_json(code: str, sentence: str, status: int) -> Response:
    """`{"error": {"code", "message"}}`."""
    return JSONResponse({"error": {"code": code, "message": sentence}}, status)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
