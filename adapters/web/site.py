"""The web port itself: which route answers, within which bounds, and one line of log each. No page is known by name."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from adapters.web.connection import MOST, Listener, response
from bot import texts_web
from bot.errors import SettingsError, StorageError
from bot.logs import get_logger
from bot.web_ports import Answer, BodyBroken, BodyTooLarge, Incoming, Route

log = get_logger(__name__)

#: Seconds for the head of a request, from the connection's beginning or the last answer on; for the rest of it.
HEAD_S, REQUEST_S = 15.0, 20.0
#: Seconds for what is under way when the port closes; for throwing away the rest of a body that nobody wants, so that
#: the answer is read.
STOP_S, LINGER_S = 3.0, 1.0
#: Bytes of one line and one field of a head, fields in it, parameters in a query.
LINE, FIELDS, PARAMETERS = 8190, 64, 64
#: The same in aiohttp's words. It logs every request by its whole address, so we do that ourselves.
_BOUNDS: Mapping[str, Any] = {
    "max_line_size": LINE, "max_field_size": LINE, "max_headers": FIELDS,
    "lingering_time": LINGER_S, "auto_decompress": False, "access_log": None,
}  # fmt: skip
_HOLE = re.compile(r"\\\{(\w+)\\\}", re.ASCII)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the port is open."""

    host: str
    port: int


@asynccontextmanager
async def serve(
    host: str,
    port: int,
    routes: Sequence[Route],
    *,
    base: str = "",
    most: int = MOST,
    head_s: float = HEAD_S,
    request_s: float = REQUEST_S,
) -> AsyncIterator[Site]:
    """Answer on ``host:port`` (0: any free one) for as long as the block runs; its end waits for what is under way.

    ``base`` is the path of the public address (``/pullquote``), which a proxy may leave in front of ours or not.
    Raises SettingsError when the port cannot be had.
    """
    pages = _Pages(routes, base, request_s)
    listener = Listener(pages.answer, most=most, keepalive_timeout=head_s, **_BOUNDS)
    runner = web.ServerRunner(listener, shutdown_timeout=STOP_S)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingsError(_closed(error, host, port)) from error
        site = Site(host, int(runner.addresses[0][1]))
        log.info("web port open", host=host, port=site.port)
        yield site
    finally:
        await runner.cleanup()


def _closed(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return texts_web.port_taken(host, port)
    if isinstance(error, PermissionError):
        return texts_web.port_not_allowed(port)
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return texts_web.host_not_here(host)
    return texts_web.port_closed(host, port, error.strerror or type(error).__name__)


class _Pages:
    """Finds the route, asks it, and turns whatever happens into an answer of one line."""

    def __init__(self, routes: Sequence[Route], base: str, request_s: float) -> None:
        self._table = [(_pattern(route.path), route) for route in routes]
        self._base = base.rstrip("/")
        self._request_s = request_s

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        began = time.monotonic()
        route, parts, others = self._found(request)
        made = await self._made(request, route, parts, others)
        self._log(request, route, made.status, time.monotonic() - began)
        reply = response(made.status, made.text, made.type)
        for name, value in made.headers:
            reply.headers[name] = value
        if made.status >= 400:
            reply.force_close()
        return reply

    def _found(self, request: web.BaseRequest) -> tuple[Route | None, Mapping[str, str], set[str]]:
        """The route, what stands for the names in it, and the methods that other routes of the path have.

        The path as it came: one with escapes is none of ours, so nothing is decoded.
        """
        path = request.rel_url.raw_path
        method = "GET" if request.method == "HEAD" else request.method
        if self._base and path.startswith(f"{self._base}/"):
            path = path.removeprefix(self._base)
        others = set[str]()
        for pattern, route in self._table:
            if found := pattern.fullmatch(path):
                if route.method == method:
                    return route, found.groupdict(), others
                others.add(route.method)
        return None, {}, others

    async def _made(
        self, request: web.BaseRequest, route: Route | None, parts: Mapping[str, str], others: set[str]
    ) -> Answer:
        if route is None:
            if not others:
                return Answer(404, texts_web.NOT_FOUND)
            allowed = ", ".join(sorted(others | ({"HEAD"} if "GET" in others else set())))
            return Answer(405, texts_web.wrong_method(allowed), headers=(("Allow", allowed),))
        try:
            async with asyncio.timeout(self._request_s):
                return await self._asked(request, route, parts)
        except TimeoutError:
            return Answer(408, texts_web.TOO_SLOW)
        except BodyTooLarge:
            return Answer(413, texts_web.BODY_TOO_LARGE)
        except BodyBroken:
            return Answer(400, texts_web.BODY_BROKEN)
        except StorageError as error:
            log.error("web request waits", page=route.path, error=str(error))
            return Answer(503, texts_web.NOT_NOW, headers=(("Retry-After", "60"),))
        except Exception:
            log.exception("web request failed", page=route.path)
            return Answer(500, texts_web.FAILED)

    async def _asked(self, request: web.BaseRequest, route: Route, parts: Mapping[str, str]) -> Answer:
        try:
            pairs = parse_qsl(request.rel_url.raw_query_string, keep_blank_values=True, max_num_fields=PARAMETERS)
        except ValueError:
            return Answer(400, texts_web.BAD_REQUEST)
        query = dict(reversed(pairs))
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = _Body(request, route.limit)
        return await route.handler(Incoming(route.method, parts, query, headers, body))

    def _log(self, request: web.BaseRequest, route: Route | None, status: int, seconds: float) -> None:
        """The route's path, not the one that came: what stands for a name in it may be a secret, as may the query."""
        values = {"method": request.method[:8], "status": status, "ms": round(seconds * 1000)}
        if route is None:
            log.debug("web", page="", **values)
        elif route.quiet and status < 400:
            log.debug("web", page=route.path, **values)
        else:
            log.info("web", page=route.path, **values)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_HOLE.sub(r"(?P<\1>[A-Za-z0-9_-]{1,64})", re.escape(path)), re.ASCII)


class _Body:
    """``bot.web_ports.Body`` over aiohttp's stream."""

    def __init__(self, request: web.BaseRequest, limit: int) -> None:
        self._request = request
        self._limit = limit

    async def whole(self) -> bytes:
        out = bytearray()
        async for piece in self.pieces():
            out += piece
        return bytes(out)

    async def pieces(self) -> AsyncIterator[bytes]:
        request, read = self._request, 0
        if (request.content_length or 0) > self._limit:
            raise BodyTooLarge
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(_CONTINUE)
            request.writer.output_size = 0  # what counts as the beginning of the answer
        try:
            while piece := await request.content.readany():
                read += len(piece)
                if read > self._limit:
                    raise BodyTooLarge
                yield piece
        except (web.RequestPayloadError, ConnectionError, ValueError) as error:
            raise BodyBroken from error
