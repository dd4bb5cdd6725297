"""A WebSub hub on loopback: takes subscriptions, confirms or refuses them, and pushes. As a real one may misbehave."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

import aiohttp
from aiohttp import web

#: confirm: 202, then it asks back · first: it asks back before it answers · deny: 202, then it refuses · silent: 202
#: and nothing more · error: 500 · gone: 404 · hang: no answer · elsewhere: asks back about another topic · bare: asks
#: back without saying for how long · muddled: it asks back and then answers 500
Manner = Literal["confirm", "first", "deny", "silent", "error", "gone", "hang", "elsewhere", "bare", "muddled"]


@dataclass
class FakeHub:
    """What it was asked, what it was answered, and who is subscribed (callback → (topic, secret))."""

    manner: Manner = "confirm"
    lease_s: int = 864_000
    port: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    subscribers: dict[str, tuple[str, str]] = field(default_factory=dict)
    _work: set[asyncio.Task[tuple[int, str]]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    def modes(self) -> list[str]:
        return [form["hub.mode"] for form in self.asked]

    async def take(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.manner == "hang":
            await asyncio.sleep(3600)
        if self.manner in ("error", "gone"):
            return web.Response(status=500 if self.manner == "error" else 404)
        if self.manner in ("first", "muddled"):
            await self.ask_back(form)
            return web.Response(status=202 if self.manner == "first" else 500)
        if self.manner != "silent":
            task = asyncio.create_task(self.ask_back(form))
            self._work.add(task)
            task.add_done_callback(self._work.discard)
        return web.Response(status=202)

    async def settled(self) -> None:
        """Until it has asked back wherever it wanted to."""
        await asyncio.gather(*self._work)

    async def ask_back(self, form: dict[str, str], **other: str) -> tuple[int, str]:
        """A question to the callback, as this hub puts it, with what ``other`` changes."""
        topic = "https://elsewhere.example/" if self.manner == "elsewhere" else form["hub.topic"]
        query = {"hub.mode": form["hub.mode"], "hub.topic": topic, "hub.challenge": f"<b>{len(self.answers)}</b>"}
        if self.manner == "deny":
            query = {"hub.mode": "denied", "hub.topic": topic, "hub.reason": "no podcasts\nhere"}
        elif self.manner != "bare":
            query["hub.lease_seconds"] = str(self.lease_s)
        query |= {f"hub.{name}": value for name, value in other.items()}
        async with aiohttp.ClientSession() as client, client.get(form["hub.callback"], params=query) as got:
            answer = got.status, await got.text()
        self.answers.append(answer)
        if answer == (200, query.get("hub.challenge")):
            if query["hub.mode"] == "subscribe":
                self.subscribers[form["hub.callback"]] = form["hub.topic"], form.get("hub.secret", "")
            else:
                self.subscribers.pop(form["hub.callback"], None)
        return answer

    async def publish(self, body: bytes, method: str = "sha256", *, signature: str | None = None) -> list[int]:
        """Push to every subscriber, signed with its secret; ``signature`` stands for the real one, "" for none."""
        codes = []
        async with aiohttp.ClientSession() as client:
            for callback, (_, secret) in list(self.subscribers.items()):
                told = f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"
                told = told if signature is None else signature
                headers = {"X-Hub-Signature": told} if told else {}
                async with client.post(callback, data=body, headers=headers) as got:
                    codes.append(got.status)
        return codes


@asynccontextmanager
async def hub_running() -> AsyncIterator[FakeHub]:
    """A hub on a free port of loopback."""
    hub = FakeHub()
    app = web.Application()
    app.router.add_post("/hub", hub.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hub.port = int(runner.addresses[0][1])
    try:
        yield hub
    finally:
        await runner.cleanup()
