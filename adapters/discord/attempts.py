"""Exactly one attempt of one request to Discord, with an exact outcome. What an answer means is not decided here.

discord.py repeats a request by itself: after 500, 502, 504 and 524, after some resets, and after a 429, for which it
sleeps first. It also waits before anything is sent (a bucket's lock, the global one) and after the answer came (a
bucket that is used up), and raises a 429 without a ``Via`` header where it sleeps on one with it. None of that tells
whether a post is there. So ``TRACE``, given to the client as ``http_trace``, looks at each request that is made inside
an ``Attempt``: it notes when bytes may have left, takes the answer before discord.py judges it, and stops a second try
before it begins. Requests outside an attempt (answers to interactions) are what they always were.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord

from bot import texts_places as texts
from bot.alert_ports import Refused, Unclear
from bot.logs import get_logger

if TYPE_CHECKING:
    from discord.http import HTTPClient

log = get_logger(__name__)

#: A request that has not begun by then, because of limits known to discord.py, is not made (seconds).
START_S: Final = 8.0
#: Answers to be read whole must not be larger (bytes): a page of history with everything in it is a tenth of it.
LARGEST: Final = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Answer:
    """What Discord said. ``body``: its JSON; None where it is none. ``headers`` have lower-case names."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


@dataclass(slots=True)
class Attempt:
    """One request as it goes. ``begun``: it was taken up · ``sent``: bytes may have left · ``over``: nobody waits for
    it any more, so that nothing may leave."""

    answer: asyncio.Future[Answer]
    begun: bool = False
    sent: bool = False
    over: bool = False


class Stopped(Exception):
    """Ends discord.py's way of doing this request; never leaves this module."""


_ATTEMPT: ContextVar[Attempt | None] = ContextVar("discord attempt", default=None)


# --- the trace ------------------------------------------------------------------------------------------------


async def _start(session: aiohttp.ClientSession, context: SimpleNamespace, told: object) -> None:
    one = _ATTEMPT.get()
    if one is None:
        return
    if one.begun or one.over:
        raise Stopped
    one.begun = True


async def _connected(session: aiohttp.ClientSession, context: SimpleNamespace, told: object) -> None:
    one = _ATTEMPT.get()
    if one is None:
        return
    if one.over:
        raise Stopped
    one.sent = True


async def _redirect(
    session: aiohttp.ClientSession, context: SimpleNamespace, told: aiohttp.TraceRequestRedirectParams
) -> None:
    one = _ATTEMPT.get()
    if one is not None:
        _answered(one, Answer(told.response.status))
        raise Stopped


async def _end(session: aiohttp.ClientSession, context: SimpleNamespace, told: aiohttp.TraceRequestEndParams) -> None:
    one = _ATTEMPT.get()
    if one is None:
        return
    response = told.response
    if (response.content_length or 0) > LARGEST:
        raise Stopped
    raw = await response.read()  # whole, so that its connection is free again; discord.py reads the copy
    headers = {name.lower(): value for name, value in response.headers.items()}
    _answered(one, Answer(response.status, _json(raw), headers))
    if response.status == 429 or response.status >= 500:
        raise Stopped


def _answered(one: Attempt, answer: Answer) -> None:
    if not one.answer.done():
        one.answer.set_result(answer)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _trace() -> aiohttp.TraceConfig:
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_start)
    trace.on_connection_create_end.append(_connected)
    trace.on_connection_reuseconn.append(_connected)
    trace.on_request_redirect.append(_redirect)
    trace.on_request_end.append(_end)
    return trace


TRACE: Final = _trace()


def trace() -> aiohttp.TraceConfig:
    """To be given to the client: ``discord.Client(…, http_trace=trace())``; the same one for every client."""
    return TRACE


# --- an attempt -----------------------------------------------------------------------------------------------


class Attempts:
    """Makes attempts with a client's connection. ``start_s`` as ``START_S``."""

    def __init__(self, client: discord.Client, *, start_s: float = START_S) -> None:
        self._client = client
        self._start_s = start_s
        #: Those that were answered and in which discord.py still waits for its bucket.
        self._tails: set[asyncio.Task[Any]] = set()

    @property
    def http(self) -> HTTPClient:
        return self._client.http

    async def ask(self, make: Callable[[HTTPClient], Awaitable[Any]], ends: float) -> Answer | Refused | Unclear:
        """One request, begun now and given up at ``ends`` (loop time). An Answer is whatever came, refusals too."""
        if self.http.token is None or self._client.is_closed():
            return Refused("down", texts.NOT_LOGGED_IN, everywhere=True)
        loop = asyncio.get_running_loop()
        one, began = Attempt(loop.create_future()), loop.time()
        task = loop.create_task(self._run(one, make), name="discord attempt")
        try:
            await self._until(task, one, min(began + self._start_s, ends))
            if one.begun or not self._traced:
                await self._until(task, one, ends)
        finally:
            one.over = True
            self._leave(task, one)
        return self._outcome(task, one, loop.time() - began)

    async def close(self) -> None:
        """Nothing of what was asked goes on."""
        tails = set(self._tails)
        for task in tails:
            task.cancel()
        if tails:
            await asyncio.wait(tails)

    @property
    def _traced(self) -> bool:
        """Without the trace nothing is known of a request before it is answered."""
        return self.http.http_trace is TRACE

    async def _run(self, one: Attempt, make: Callable[[HTTPClient], Awaitable[Any]]) -> Any:
        _ATTEMPT.set(one)  # a task has a context of its own
        return await make(self.http)

    async def _until(self, task: asyncio.Task[Any], one: Attempt, ends: float) -> None:
        left_s = ends - asyncio.get_running_loop().time()
        if left_s > 0 and not task.done() and not one.answer.done():
            await asyncio.wait({task, one.answer}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)

    def _leave(self, task: asyncio.Task[Any], one: Attempt) -> None:
        """An answered one is let go on: discord.py notes what the answer says of its bucket, and waits for that."""
        if not one.answer.done():
            task.cancel()
        self._tails.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tails.discard(task)
        if not task.cancelled():
            task.exception()  # asked for, so that asyncio does not complain that nobody did

    def _outcome(self, task: asyncio.Task[Any], one: Attempt, seconds: float) -> Answer | Refused | Unclear:
        if one.answer.done():
            return one.answer.result()
        if task.done() and not task.cancelled():
            error = task.exception()
            return Answer(200, task.result()) if error is None else self._failed(one, error)
        if not self._traced or one.sent:
            return Unclear(texts.NO_ANSWER.format(seconds=seconds))
        if one.begun:
            return Refused("down", texts.NO_CONNECTION.format(seconds=seconds), everywhere=True)
        everywhere = self.http._global_over is not None and not self.http._global_over.is_set()
        return Refused("busy", texts.KEPT_WAITING.format(seconds=seconds), everywhere=everywhere)

    def _failed(self, one: Attempt, error: BaseException) -> Answer | Refused | Unclear:
        if isinstance(error, discord.HTTPException):  # where nothing is traced
            return Answer(error.status, {"code": error.code, "message": error.text})
        network = isinstance(error, (OSError, aiohttp.ClientError, TimeoutError, RuntimeError, Stopped))
        if not network:
            log.error("a request to Discord could not be made", exc_info=error)
        if one.sent or not self._traced:
            return Unclear(texts.BROKE_OFF.format(why=type(error).__name__))
        if network:
            return Refused("down", texts.NOT_CONNECTED.format(why=type(error).__name__), everywhere=True)
        return Refused("invalid", texts.OUR_FAULT.format(why=type(error).__name__))
