"""Discord's REST on loopback: one port, Discord's headers and error bodies, faults on purpose. Sockets live here."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.discord_wire.call import Call, Handler, Routes
from tests.fakes.discord_wire.faults import ACCEPTING, Planned, RateLimits, WireFaults
from tests.fakes.discord_wire.log import Asked, Log
from tests.fakes.discord_wire.posting import Upload
from tests.fakes.discord_wire.problems import Problem, unauthorised
from tests.fakes.discord_wire.state import State

BASE = "/api/v10"
#: discord.py takes a 429 without it for a ban; JSON must be exactly ``application/json``.
HEADERS = {"Via": "1.1 google", "Content-Type": "application/json"}
#: As long as a stalled request is held, in seconds.
STALL_S = 120.0
LARGEST = 120 * 2**20
LARGEST_FILE = 10 * 2**20
#: Stands for a connection that was broken off; nobody reads it.
BROKEN = 499


class Server:
    def __init__(self, state: State, log: Log, faults: WireFaults, limits: RateLimits) -> None:
        self._state, self._log, self._faults, self._limits = state, log, faults, limits
        self.app = web.Application(client_max_size=LARGEST)
        self.app.router.add_get("/attachments/{channel}/{id}/{name}", self._attachment)
        self._runner: web.AppRunner | None = None
        self._late: set[asyncio.Task[None]] = set()
        self.port = 0

    def add(self, routes: Routes) -> None:
        for route, handler in routes.items():
            method, path = route.split(" ")
            self.app.router.add_route(method, BASE + path, self._serving(route, handler))

    def _serving(self, route: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self.serve(request, route, handler)

        return serve

    async def start(self, port: int = 0) -> None:
        self.app.router.add_route("*", BASE + "/{rest:.*}", self._nothing)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._state.cdn = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        if self._runner:
            await self._runner.cleanup()

    # -- one request

    async def serve(self, request: web.Request, route: str, handler: Handler) -> web.StreamResponse:
        begun = asyncio.get_running_loop().time()
        planned = self._faults.of(route, self._state.now())
        status = 0
        try:
            answer = await self._with_fault(request, route, handler, planned)
            status = answer.status if answer.status != BROKEN else 0
        finally:
            seconds = asyncio.get_running_loop().time() - begun
            kind = planned.kind if planned else ""
            self._log.ask(Asked(self._state.now(), route, request.path, status, kind, seconds))
        return answer

    async def _with_fault(
        self, request: web.Request, route: str, handler: Handler, planned: Planned | None
    ) -> web.StreamResponse:
        kind, latency = planned.kind if planned else "", self._faults.latency(route)
        if kind == "refused":
            return _broken(request)
        try:
            call = await _call(request)
        except Problem as problem:
            return _problem(problem)
        await asyncio.sleep(latency / 2 if kind != "slow" or planned is None else planned.seconds)
        if planned is None or kind == "slow":
            answer = self._answer(request, route, handler, call)
        else:
            if kind in ACCEPTING:
                self._answer(request, route, handler, call)
            if kind == "stall_accepted":
                self._accept_late(request, route, handler, call)
            answer = await self._spoiled(request, planned)
        await asyncio.sleep(latency / 2)
        return answer

    def _accept_late(self, request: web.Request, route: str, handler: Handler, call: Call) -> None:
        """Some time after the caller gave up."""

        async def later() -> None:
            await asyncio.sleep(20.0 + self._faults.background.random.uniform(1.0, 9.0))
            self._answer(request, route, handler, call)

        task = asyncio.ensure_future(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _spoiled(self, request: web.Request, planned: Planned) -> web.Response:
        kind = planned.kind
        if kind in ("reset_before", "reset_after"):
            return _broken(request)
        if kind in ("stall", "stall_accepted", "lost_answer"):
            await asyncio.sleep(STALL_S)
            return _broken(request)
        if kind == "busy":
            return _problem(planned.busy())
        if kind == "ban":
            return web.Response(status=429, text="<html>error code: 1015</html>", content_type="text/html")
        if kind == "bad_gateway":
            return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
        status = 503 if kind == "unavailable" else 500
        return _json(status, {"message": f"{status}: Internal Server Error", "code": 0})

    def _answer(self, request: web.Request, route: str, handler: Handler, call: Call) -> web.Response:
        """What Discord does with a request that reached it."""
        try:
            self._check_token(request, route)
            now = self._state.now().timestamp()
            headers = self._limits.take(route, call.ids.get("channel", ""), now)
            said = handler(call)
        except Problem as problem:
            return _problem(problem)
        return web.Response(status=204, headers={"Via": HEADERS["Via"]}) if said is None else _json(200, said, headers)

    def _check_token(self, request: web.Request, route: str) -> None:
        """Interactions and their webhooks carry their own."""
        path = route.split(" ")[1]
        if path.startswith(("/interactions/", "/webhooks/")) or path == "/gateway":
            return
        if request.headers.get("Authorization") != f"Bot {self._state.token}":
            raise unauthorised()

    async def _nothing(self, request: web.Request) -> web.Response:
        self._log.ask(Asked(self._state.now(), f"{request.method} ?", request.path, 404))
        return _json(404, {"message": "404: Not Found", "code": 0})

    async def _attachment(self, request: web.Request) -> web.Response:
        found = self._state.files.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found[1], content_type=found[0])


def _broken(request: web.Request) -> web.Response:
    """The caller reads "connection reset by peer", whatever is written after that."""
    break_off(request)
    return web.Response(status=BROKEN)


def break_off(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _call(request: web.Request) -> Call:
    ids, query = dict(request.match_info), dict(request.query)
    if request.content_type.startswith("multipart/"):
        return await _parts(request, ids, query)
    raw = await request.read()
    return Call(ids, query, json.loads(raw) if raw else None)


async def _parts(request: web.Request, ids: dict[str, str], query: dict[str, str]) -> Call:
    body: Any = None
    files = []
    for name, value in (await request.post()).items():
        if name == "payload_json":
            body = json.loads(str(value))
        elif isinstance(value, web.FileField):
            content = value.file.read()
            if len(content) > LARGEST_FILE:
                raise Problem(413, 40005, "Request entity too large")
            index = int(name.removeprefix("files[").removesuffix("]"))
            files.append(Upload(index, value.filename, value.content_type, content))
    return Call(ids, query, body, files)


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), headers=HEADERS | (headers or {}))


def _problem(problem: Problem) -> web.Response:
    return _json(problem.status, problem.body, problem.headers)
