"""The adapter of a fake platform: the ``Messenger`` port over requests, mapped as real adapters do it. For tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.alert_ports import Check, Found, Outcome, Page, Refused, RefusedFor, Sent, Unclear
from bot.alerts import REQUEST_S, Limits
from bot.commands.codec import write
from bot.domain import Place
from bot.posts import Post, Thread
from bot.reply import Action
from bot.rules.alert_keys import COMMAND, key_in, post_args
from tests.platform_limits import Profile

if TYPE_CHECKING:
    from tests.platform_room import Message

#: Where history ends when everything was read.
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``method``: send, edit, thread, publish, history or check."""

    method: str
    place: Place
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Mapping[str, Any] = field(default_factory=dict)


class Server(Protocol):
    """What a messenger needs of a platform, in this process or over a socket."""

    @property
    def profile(self) -> Profile: ...

    async def request(self, call: Call) -> Answer: ...

    def watch(self, seen: Callable[[Place, Message], None]) -> None: ...


def fake_post(key: str, text: str = "A new episode", kind: str = "new", **more: Any) -> Post:
    """A post with its key in a button, as PostMaker makes them."""
    return Post(text, key, kind, actions=(Action("Chapters", COMMAND, post_args(key, kind, "chapters")),), **more)


class FakeMessenger:
    """A ``Messenger``. ``limits`` are the profile's unless others are given; ``deadline_s`` as every adapter's."""

    def __init__(self, server: Server, *, limits: Limits | None = None, deadline_s: float = REQUEST_S) -> None:
        self._server = server
        self._limits = limits or server.profile.limits
        self._deadline_s = deadline_s
        self.closed = False

    @property
    def platform(self) -> str:
        return self._server.profile.platform

    @property
    def limits(self) -> Limits:
        return self._limits

    async def send(self, place: Place, post: Post) -> Outcome:
        body = {**self._body(post), "nonce": post.key}
        return _outcome(await self._ask(Call("send", place, body)))

    async def edit(self, place: Place, message: str, thread: str, post: Post) -> Outcome:
        body = {**self._body(post), "message": message, "mentions": ()}
        return _outcome(await self._ask(Call("edit", place, body)))

    async def open_thread(self, place: Place, message: str, thread: Thread) -> Outcome:
        answer = await self._ask(Call("thread", place, {"message": message, "title": thread.title}))
        if isinstance(answer, Answer) and answer.body.get("code") == 160004:
            return Sent(message, BEGINNING, thread=message)
        return _outcome(answer)

    async def publish(self, place: Place, message: str) -> Outcome:
        return _outcome(await self._ask(Call("publish", place, {"message": message})))

    async def history(self, place: Place, before: str = "") -> Page | Refused | Unclear:
        answer = await self._ask(Call("history", place, {"before": before}))
        if not isinstance(answer, Answer) or answer.status != 200:
            failed = _outcome(answer)
            return failed if not isinstance(failed, Sent) else Unclear("an answer that cannot be read")
        messages: list[Message] = list(answer.body["messages"])
        found = tuple(one for one in map(found_in, messages) if one is not None)
        more = bool(answer.body["more"])
        return Page(found, messages[-1].at if more else BEGINNING, messages[-1].id if more else "")

    async def check(
        self,
        place: Place,
        *,
        thread: str = "none",
        mention: bool = False,
        publish: bool = False,
        role: str = "",
        tag: str | None = None,
    ) -> Check:
        answer = await self._ask(Call("check", place, {"thread": thread, "mention": mention, "publish": publish}))
        if not isinstance(answer, Answer) or answer.status != 200:
            return Check(missing=("cannot be asked now",))
        return Check(answer.body["kind"], tuple(answer.body["missing"]), answer.body["name"])

    def watch(self, seen: Callable[[Place, Found], None]) -> None:
        def told(place: Place, message: Message) -> None:
            found = found_in(message)
            if found is not None:
                seen(place, found)

        self._server.watch(told)

    async def close(self) -> None:
        self.closed = True

    def _body(self, post: Post) -> dict[str, Any]:
        signs = tuple(write(one.command, one.args) for one in post.actions)
        body: dict[str, Any] = {"text": post.plain(), "mentions": (post.mention,) if post.mention else ()}
        if post.thread is not None:
            body["thread_title"] = post.thread.title
        if self._server.profile.carries == "metadata":
            return body | {"metadata": {"key": post.key, "kind": post.kind} if post.key else {}}
        if post.key and (post.key, post.kind) not in map(key_in, signs):
            raise AssertionError(f"the post {post.text!r} carries its key in no button, so nothing would know it again")
        return body | {"signs": signs}

    async def _ask(self, call: Call) -> Answer | Refused | Unclear:
        return await _mapped(self._server.request(call), self._deadline_s)


async def _mapped(asked: Awaitable[Answer], deadline_s: float) -> Answer | Refused | Unclear:
    try:
        async with asyncio.timeout(deadline_s):
            return await asked
    except TimeoutError:
        return Unclear(f"no answer within {deadline_s:g} s")
    except ConnectionRefusedError:
        return Refused("down", "connection refused", everywhere=True)
    except (ConnectionError, asyncio.IncompleteReadError) as error:
        return Unclear(str(error) or "the connection broke")


def found_in(message: Message) -> Found | None:
    """What history and events tell of a message: nothing where it is not the bot's or carries no key."""
    sign = message.sign() if message.own else None
    return Found(message.id, *sign, message.at, message.thread) if sign else None


def _outcome(answer: Answer | Refused | Unclear) -> Outcome:
    if not isinstance(answer, Answer):
        return answer
    if answer.status == 200:
        return Sent(answer.body["message"], answer.body["at"], answer.body["thread"])
    said = str(answer.body.get("message", answer.status))
    if answer.status == 404 and said == "unknown message":
        return Refused("deleted", said)
    why = _REFUSED.get(answer.status)
    if why is None:
        return Unclear(f"{answer.status} {said}")
    everywhere = why == "unauthorised" or bool(answer.body.get("global"))
    return Refused(why, said, answer.body.get("retry_after"), everywhere)


_REFUSED: Mapping[int, RefusedFor] = {
    400: "invalid",
    401: "unauthorised",
    403: "forbidden",
    404: "gone",
    405: "unsupported",
    429: "busy",
}
