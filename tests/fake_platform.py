"""A platform to post on, seen from inside: accepts, forgets nonces, limits, breaks, and keeps an append-only log.

The log alone says what was lost or doubled. ``FakeMessenger`` (``tests/platform_messenger.py``) talks to it as an
adapter would; ``benchmarks/crash_platform.py`` runs the same thing as a process of its own. For tests.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import Place
from bot.ports import Clock
from tests.platform_faults import FaultKind, Faults, Outage, each
from tests.platform_limits import DISCORD, PROFILES, SLACK, Profile, Window, busiest
from tests.platform_messenger import Answer, Call, FakeMessenger, fake_post
from tests.platform_room import Accepted, Message, Room
from tests.virtual_time import LoopClock

__all__ = [
    "DISCORD", "SLACK", "Accepted", "Answer", "Call", "FakeMessenger", "FakePlatform", "Faults", "Message", "Outage",
    "Room", "each", "fake_post",
]  # fmt: skip


class FakePlatform:
    """The server's side. ``visible_s``: how long until history shows a new message; ``event_s``: until watchers hear.

    ``skew``: how much the platform's clock is ahead. ``give_up_s``: how long its callers wait for an answer.
    """

    def __init__(
        self,
        profile: Profile | str = DISCORD,
        clock: Clock | None = None,
        faults: Faults | None = None,
        *,
        visible_s: float = 0.0,
        event_s: float = 0.2,
        skew: timedelta = timedelta(0),
        give_up_s: float = 20.0,
    ) -> None:
        self.profile = PROFILES[profile] if isinstance(profile, str) else profile
        self.clock = clock or LoopClock()
        self.faults = faults or Faults()
        self.visible_s, self.event_s, self.skew, self.give_up_s = visible_s, event_s, skew, give_up_s
        self.token_ok = True
        self.log: list[Accepted] = []
        self.rooms: dict[Place, Room] = {}
        self.arrivals: list[tuple[float, str, Place]] = []
        self.answered: Counter[int] = Counter()
        #: Answers of 401, 403, 404 and 429 that whoever asked could have known before.
        self.avoidable: Counter[int] = Counter()
        self.injected: Counter[str] = Counter()
        self._told: dict[tuple[int, Place | None], datetime] = {}
        self._overall = Window(*self.profile.overall)
        self._watchers: list[Callable[[Place, Message], None]] = []
        self._number = 0
        self._late: set[asyncio.Task[None]] = set()

    # -- what tests set and ask

    def room(self, place: Place) -> Room:
        """The place, made on the first sight."""
        if place not in self.rooms:
            self.rooms[place] = Room(Window(*self.profile.place_posts), Window(*self.profile.place_publishes))
        return self.rooms[place]

    def watch(self, seen: Callable[[Place, Message], None]) -> None:
        self._watchers.append(seen)

    def unwatch(self, seen: Callable[[Place, Message], None]) -> None:
        self._watchers.remove(seen)

    def delete(self, place: Place, message: str) -> None:
        """A moderator takes a message away."""
        room = self.room(place)
        del room.messages[message]
        room.deleted.add(message)

    def chat(self, place: Place, count: int) -> None:
        """Members talk, which fills the pages of history."""
        for n in range(count):
            self._put(place, Message(self._id(), self.now(), f"chatter {n}", own=False))

    def now(self) -> datetime:
        return self.clock.now() + self.skew

    def posts(self, key: str) -> list[Accepted]:
        return [one for one in self.log if one.key == key]

    def lost(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that never were posted."""
        there = {one.key for one in self.log}
        return [key for key in keys if key not in there]

    def doubled(self) -> list[str]:
        """Keys that were posted more than once in one place."""
        counts = Counter((one.key, one.place) for one in self.log)
        return [key for (key, _), count in counts.items() if count > 1]

    def order(self, place: Place) -> list[str]:
        """Keys in the order in which they came to be there."""
        return [one.key for one in self.log if one.place == place]

    def busiest(self) -> int:
        """The most requests of any kind that came within one second."""
        return busiest(at for at, _, _ in self.arrivals)

    def busiest_place(self) -> int:
        """The most posts that were sent to one place within one second."""
        places: defaultdict[Place, list[float]] = defaultdict(list)
        for at, method, place in self.arrivals:
            if method == "send":
                places[place].append(at)
        return max((busiest(times) for times in places.values()), default=0)

    def avoidable_share(self) -> float:
        return sum(self.avoidable.values()) / max(1, len(self.arrivals))

    # -- one request

    async def request(self, call: Call) -> Answer:
        """Answer, or raise ConnectionError, or never answer: as planned."""
        now = self.now()
        self.arrivals.append((now.timestamp(), call.method, call.place))
        fault, latency = self.faults.of_request(call.method), self.faults.latency()
        outage = self.faults.outage(self.clock.now())
        if outage and outage.kind == "refused":
            raise ConnectionRefusedError("connection refused")
        if self.room(call.place).stalled:
            await self._for_ever()
        await asyncio.sleep(latency / 2)
        answer = Answer(503, {"message": "down"}) if outage else await self._with_fault(call, fault)
        await asyncio.sleep(latency / 2)
        self.answered[answer.status] += 1
        return answer

    async def _with_fault(self, call: Call, fault: FaultKind | None) -> Answer:
        if fault is None:
            return self.answer(call)
        self.injected[fault] += 1
        if fault == "busy":
            return Answer(429, {"retry_after": self.faults.random.uniform(0.2, 5.0)})
        if fault in ("stall", "stall_accepted"):
            if fault == "stall_accepted":
                self._accept_late(call)
            await self._for_ever()
        if fault in ("error_after", "reset_after", "lost_answer"):
            self.answer(call)
        if fault == "lost_answer":
            await self._for_ever()
        if fault in ("reset_before", "reset_after"):
            raise ConnectionResetError("connection reset by peer")
        return Answer(500, {"message": "internal error"})

    def _accept_late(self, call: Call) -> None:
        """Some time after the caller gave up, within what the platform promises to settle in."""
        wait = self.give_up_s + self.faults.random.uniform(0.1, 0.6) * self.profile.limits.settle_s

        async def later() -> None:
            await asyncio.sleep(wait)
            self.answer(call, late=True)

        task = asyncio.ensure_future(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _for_ever(self) -> None:
        await asyncio.sleep(self.give_up_s * 10)
        raise ConnectionResetError("gave up")

    def answer(self, call: Call, *, late: bool = False) -> Answer:
        """What the platform does with a request that reached it."""
        room = self.room(call.place)
        refused = self._refusal(call, room)
        if refused is not None:
            return refused
        answers: Mapping[str, Callable[[Call, Room], Answer]] = {
            "send": lambda call, room: self._send(call, room, late),
            "edit": self._edit,
            "thread": self._thread,
            "publish": self._publish,
            "history": self._history,
            "check": self._check,
        }
        return answers[call.method](call, room)

    def _refusal(self, call: Call, room: Room) -> Answer | None:
        if not self.token_ok:
            return self._no(401, None, {"message": "unauthorised"}, again_s=60.0)
        now = self.now().timestamp()
        if wait := self._overall.take(now):
            return self._no(429, None, {"retry_after": wait, "global": True})
        if call.method == "check":
            return None
        if room.gone:
            return self._no(404, call.place, {"message": "unknown channel"}, again_s=60.0)
        needed = room.can_read if call.method == "history" else room.can_post
        if not needed:
            return self._no(403, call.place, {"message": "missing access"}, again_s=60.0)
        if call.method == "send" and (wait := room.posts.take(now)):
            return self._no(429, call.place, {"retry_after": wait})
        return None

    def _no(self, status: int, place: Place | None, body: Mapping[str, Any], again_s: float = 0.0) -> Answer:
        """A refusal; what was said a short time ago already could have been avoided, as every limit could."""
        told, now = self._told.get((status, place)), self.now()
        if status == 429 or (told is not None and now - told < timedelta(seconds=again_s)):
            self.avoidable[status] += 1
        self._told[status, place] = now
        return Answer(status, body)

    def _send(self, call: Call, room: Room, late: bool) -> Answer:
        nonce = str(call.body.get("nonce", ""))
        if nonce and room.kind != "forum" and (first := self._remembered(room, nonce)):
            if first in room.deleted:
                return Answer(404, {"message": "unknown message"})
            return _sent(room.messages[first])
        id = self._id()
        made = Message(
            id,
            self.now(),
            str(call.body.get("text", "")),
            tuple(call.body.get("signs", ())),
            dict(call.body.get("metadata", {})),
            thread=id if room.kind == "forum" else "",
            thread_title=str(call.body.get("thread_title", "")),
            mentions=tuple(call.body.get("mentions", ())),
        )
        self._put(call.place, made)
        if nonce and self.profile.nonce_s:
            room.nonces[nonce] = (made.at, made.id)
        key, kind = made.sign() or ("", "")
        self.log.append(Accepted(made.at, call.place, made.id, key, kind, late))
        self._tell(call.place, made)
        return _sent(made)

    def _remembered(self, room: Room, nonce: str) -> str:
        at, id = room.nonces.get(nonce, (None, ""))
        fresh = at is not None and self.now() - at < timedelta(seconds=self.profile.nonce_s)
        return id if fresh else ""

    def _edit(self, call: Call, room: Room) -> Answer:
        message = room.messages.get(str(call.body["message"]))
        if message is None:
            return Answer(404, {"message": "unknown message"})
        title = str(call.body.get("thread_title", "")) or message.thread_title
        changed = replace(message, text=str(call.body["text"]), edits=message.edits + 1, thread_title=title)
        room.messages[message.id] = changed
        return _sent(changed)

    def _thread(self, call: Call, room: Room) -> Answer:
        message = room.messages.get(str(call.body["message"]))
        if message is None:
            return Answer(404, {"message": "unknown message"})
        if message.thread:  # Discord: 400, code 160004; its adapter knows that the thread has the message's id
            return Answer(400, {"code": 160004, "message": "A thread has already been created for this message"})
        changed = replace(message, thread=message.id, thread_title=str(call.body["title"]))
        room.messages[message.id] = changed
        return _sent(changed)

    def _publish(self, call: Call, room: Room) -> Answer:
        message = room.messages.get(str(call.body["message"]))
        if not self.profile.publishes or room.kind != "announcement":
            return Answer(405, {"message": "only in announcement channels"})
        if message is None:
            return Answer(404, {"message": "unknown message"})
        if not message.published:
            if wait := room.publishes.take(self.now().timestamp()):
                return self._no(429, call.place, {"retry_after": wait})
            room.messages[message.id] = message = replace(message, published=True)
        return _sent(message)

    def _history(self, call: Call, room: Room) -> Answer:
        before = str(call.body.get("before", ""))
        shown_until = self.now() - timedelta(seconds=self.visible_s)
        older = [one for one in room.messages.values() if one.at <= shown_until and (not before or one.id < before)]
        page = sorted(older, key=lambda one: one.id, reverse=True)[: self.profile.page]
        return Answer(200, {"messages": page, "more": len(older) > len(page)})

    def _check(self, call: Call, room: Room) -> Answer:
        wanted = {"post here": room.can_post and not room.gone, "read back": room.can_read and not room.gone}
        if call.body.get("publish"):
            wanted["publish"] = room.kind == "announcement"
        missing = [name for name, given in wanted.items() if not given]
        return Answer(200, {"kind": room.kind, "name": room.name, "missing": missing})

    def _put(self, place: Place, message: Message) -> None:
        self.room(place).messages[message.id] = message

    def _id(self) -> str:
        self._number += 1
        return f"m{self._number:012d}"

    def _tell(self, place: Place, message: Message) -> None:
        loop = asyncio.get_running_loop()
        delay = self.faults.random.uniform(0.2, 1.0) * self.event_s
        for seen in self._watchers:
            loop.call_later(delay, seen, place, message)


def _sent(message: Message) -> Answer:
    return Answer(200, {"message": message.id, "at": message.at, "thread": message.thread})


def unexpected(platform: FakePlatform, keys: Collection[str]) -> list[str]:
    """Posts with a key that nobody asked for."""
    return [one.key for one in platform.log if one.key not in keys]
