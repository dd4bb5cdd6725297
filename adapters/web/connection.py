"""Connections to the web port: so many at once, and no word about ourselves. No page is known here."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.logs import get_logger
from bot.texts_web import BAD_REQUEST, FAILED

log = get_logger(__name__)

#: Connections at once; a reverse proxy needs a few.
MOST = 256

#: Whatever is shown is text and stays text, wherever a browser meets it.
SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


class PlainResponse(web.Response):
    """An answer without the server's name and version, which aiohttp adds to each and has no switch for."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.pop("Server", None)


def response(status: int, text: str = "", type: str = "text/plain") -> PlainResponse:
    made = PlainResponse(status=status, text=text, content_type=type)
    for name, value in SAFE:
        made.headers[name] = value
    return made


class Connection(RequestHandler):
    """aiohttp's own, with a bound on how many there are. Its keep-alive time bounds heads too, also slow ones."""

    __slots__ = ("_listener", "_most")

    def __init__(self, listener: Listener, *, most: int, **given: Any) -> None:
        super().__init__(listener, loop=asyncio.get_running_loop(), **given)
        self._listener = listener
        self._most = most

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if len(self._listener.connections) > self._most and isinstance(transport, asyncio.Transport):
            self._listener.turn_away(transport)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What aiohttp cannot read. Its own answer repeats what came; ours does not, and neither does the log."""
        log.debug("web request refused", status=status, error=type(exc).__name__ if exc else "")
        made = response(status, FAILED if status >= 500 else BAD_REQUEST)
        made.force_close()
        return made

    def log_exception(self, *args: Any, **kw: Any) -> None:
        log.error("web connection failed", exc_info=kw.get("exc_info", True))


class Listener(web.Server):
    """Makes our connections in place of aiohttp's."""

    def __init__(self, handler: Any, **given: Any) -> None:
        super().__init__(handler)
        self._given = given
        self._told = False

    def __call__(self) -> Connection:
        return Connection(self, **self._given)

    def turn_away(self, transport: asyncio.Transport) -> None:
        """One too many; told once, since whoever does this does it often."""
        transport.abort()
        if not self._told:
            self._told = True
            log.warning("web port full", connections=len(self.connections))
