"""Discord's gateway v10 on loopback: sessions that identify, beat, resume and are thrown out. Sockets live here."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord_wire.guilds import Guilds
from tests.fakes.discord_wire.problems import Json
from tests.fakes.discord_wire.server import break_off
from tests.fakes.discord_wire.state import State

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0,
    1,
    2,
    3,
    6,
    7,
    8,
    9,
    10,
    11,
)
GUILDS, GUILD_MEMBERS, PRESENCES, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = (
    1 << 0, 1 << 1, 1 << 8, 1 << 9, 1 << 12, 1 << 15,
)  # fmt: skip
#: Privileged intent → flags of the application, one of which allows it.
PRIVILEGED = {PRESENCES: 3 << 12, GUILD_MEMBERS: 3 << 14, MESSAGE_CONTENT: 3 << 18}
#: Events that are sent whatever the intents.
ALWAYS = frozenset({"INTERACTION_CREATE", "READY", "RESUMED"})
#: Sent by a client within a minute, at most.
SENDS, SENDS_S = 120, 60.0
REMEMBERED = 2000


@dataclass(slots=True)
class Session:
    """What survives a broken socket: numbered events, to be replayed."""

    id: str
    intents: int
    shard: tuple[int, int]
    seq: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    line: Line | None = None


class Line:
    """One socket. ``compress``: the transport compression that was asked for; only zlib-stream is done."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.socket = web.WebSocketResponse(autoping=True, compress=False, max_msg_size=4096)
        self._zip = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self.sent: deque[float] = deque()
        self.thrown_out = False

    def put(self, said: str) -> None:
        self._queue.put_nowait(said)

    def tell(self, op: int, data: object) -> None:
        self.put(json.dumps({"op": op, "d": data}))

    async def write(self) -> None:
        """In order, for as long as the socket lives."""
        while True:
            said = await self._queue.get()
            if self._zip is None:
                await self.socket.send_str(said)
            else:
                await self.socket.send_bytes(self._zip.compress(said.encode()) + self._zip.flush(zlib.Z_SYNC_FLUSH))

    def too_many(self, now: float) -> bool:
        self.sent.append(now)
        while now - self.sent[0] > SENDS_S:
            self.sent.popleft()
        return len(self.sent) > SENDS


class Gateway:
    """``heartbeat_s``: what HELLO asks for. ``acks``: False = heartbeats are not acknowledged any more.
    ``identify_gap_s``: two sessions of one concurrency key that begin closer are refused (Discord: 5 s).
    ``seen``: every frame of clients, as (op, data)."""

    def __init__(self, state: State, guilds: Guilds) -> None:
        self._state, self._guilds = state, guilds
        self.heartbeat_s, self.identify_gap_s = 41.25, 0.0
        self.acks = True
        self.closed_door = False
        self.sessions: dict[str, Session] = {}
        self.seen: list[tuple[int, Any]] = []
        self._begun: dict[int, float] = {}
        self._changed = asyncio.Event()
        state.tell.append(self.event)

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/gateway", self._serve)
        app.router.add_get("/gateway/", self._serve)

    # -- what tests do

    @property
    def live(self) -> list[Session]:
        return [one for one in self.sessions.values() if one.line is not None]

    def drop(self) -> None:
        """Every socket breaks; sessions may be resumed."""
        for one in self.live:
            assert one.line
            break_off(one.line.request)

    async def close(self, code: int) -> None:
        """Close every socket with this code; 4007 and 4009 end the session too."""
        for one in self.live:
            if code in (4007, 4009):
                self.sessions.pop(one.id, None)
            if line := one.line:
                line.thrown_out = True
                await line.socket.close(code=code)

    def reconnect(self) -> None:
        """Ask every client to connect anew and resume."""
        self._all(RECONNECT, None)

    def invalidate(self, *, resumable: bool = False) -> None:
        self._all(INVALID, resumable)
        if not resumable:
            self.sessions = {one.id: one for one in self.sessions.values() if one.line is None}

    def _all(self, op: int, data: object) -> None:
        for one in self.live:
            assert one.line
            one.line.tell(op, data)

    def count(self, op: int) -> int:
        """How often clients sent this op."""
        return sum(one == op for one, _ in self.seen)

    async def until(self, ready: Callable[[Gateway], bool], seconds: float = 30.0) -> None:
        """Wait until something holds of the gateway."""
        async with asyncio.timeout(seconds):
            while not ready(self):
                self._changed.clear()
                await self._changed.wait()

    # -- events

    def event(self, name: str, payload: Json, guild: str) -> None:
        for session in list(self.sessions.values()):
            if self._hears(session, name, guild):
                self._dispatch(session, name, self._as_seen(session, name, payload))

    def _hears(self, session: Session, name: str, guild: str) -> bool:
        shard, count = session.shard
        mine = (int(guild) >> 22) % count == shard if guild else shard == 0
        if name in ALWAYS or not mine:
            return mine
        if name.startswith("MESSAGE_"):
            return bool(session.intents & (GUILD_MESSAGES if guild else DIRECT_MESSAGES))
        return bool(session.intents & GUILDS)

    def _as_seen(self, session: Session, name: str, payload: Json) -> Json:
        if not name.startswith("MESSAGE_") or "content" not in payload:
            return payload
        return self._state.seen(payload, every_word=bool(session.intents & MESSAGE_CONTENT))

    def _dispatch(self, session: Session, name: str, payload: Json) -> None:
        session.seq += 1
        said = json.dumps({"op": DISPATCH, "t": name, "s": session.seq, "d": payload})
        session.events.append((session.seq, said))
        if session.line is not None:
            session.line.put(said)

    # -- one socket

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.closed_door:
            return web.Response(status=503)
        line = Line(request)
        await line.socket.prepare(request)
        line.tell(HELLO, {"heartbeat_interval": int(self.heartbeat_s * 1000), "_trace": []})
        writer = asyncio.ensure_future(line.write())
        try:
            await self._listen(line)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            self._hung_up(line)
        return line.socket

    def _hung_up(self, line: Line) -> None:
        for one in list(self.sessions.values()):
            if one.line is line:
                one.line = None
                if not line.thrown_out and line.socket.close_code in (1000, 1001):  # said goodbye
                    self.sessions.pop(one.id)
        self._changed.set()

    async def _listen(self, line: Line) -> None:
        async for message in line.socket:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            try:
                said = json.loads(message.data)
                op, data = int(said["op"]), said.get("d")
            except (ValueError, TypeError, KeyError):
                await line.socket.close(code=4002, message=b"Error while decoding payload.")
                return
            self.seen.append((op, data))
            refused = 4008 if line.too_many(asyncio.get_running_loop().time()) else self._take(line, op, data)
            self._changed.set()
            if refused:
                await line.socket.close(code=refused, message=REASONS.get(refused, b""))
                return

    def _take(self, line: Line, op: int, data: Any) -> int:
        """0, or the code to close with."""
        session = next((one for one in self.sessions.values() if one.line is line), None)
        if op == HEARTBEAT:
            if self.acks:
                line.tell(ACK, None)
            return 0
        if op == IDENTIFY:
            return 4005 if session else self._identify(line, data)
        if op == RESUME:
            return 4005 if session else self._resume(line, data)
        if session is None:
            return 4003
        if op == MEMBERS:
            self._members(session, data)
        return 0 if op in (PRESENCE, MEMBERS, 4, 31) else 4001

    def _identify(self, line: Line, data: Json) -> int:
        if data.get("token") != self._state.token:
            return 4004
        intents, flags = int(data.get("intents") or 0), int(self._state.app["flags"])
        if any(intents & intent and not flags & allowed for intent, allowed in PRIVILEGED.items()):
            return 4014
        shard, count = data.get("shard") or (0, 1)
        if not 0 <= shard < count:
            return 4010
        now, key = asyncio.get_running_loop().time(), shard % self._guilds.concurrency
        if now - self._begun.get(key, -1e9) < self.identify_gap_s:
            line.tell(INVALID, False)
            return 0
        self._begun[key] = now
        self._guilds.starts_left -= 1
        session = Session(f"session-{self._state.snowflake()}", intents, (shard, count), line=line)
        self.sessions[session.id] = session
        self._welcome(session)
        return 0

    def _welcome(self, session: Session) -> None:
        """READY, then every server of the shard."""
        mine = [one for one in self._state.bots_guilds() if self._hears(session, "READY", one.id)]
        app = {"id": self._state.app["id"], "flags": self._state.app["flags"]}
        self._dispatch(session, "READY", {
            "v": 10, "user": self._state.bot | {"verified": True, "mfa_enabled": False, "flags": 0, "email": None},
            "guilds": [{"id": one.id, "unavailable": True} for one in mine], "session_id": session.id,
            "resume_gateway_url": self._guilds.gateway_url, "application": app, "shard": list(session.shard),
            "private_channels": [], "relationships": [],
        })  # fmt: skip
        if session.intents & GUILDS:
            for one in mine:
                self._dispatch(session, "GUILD_CREATE", self._state.guild_payload(one) | {"unavailable": False})

    def _resume(self, line: Line, data: Json) -> int:
        if data.get("token") != self._state.token:
            return 4004
        session = self.sessions.get(str(data.get("session_id")))
        seq = int(data.get("seq") or 0)
        if session is None or (session.events and seq < session.events[0][0] - 1):
            line.tell(INVALID, False)
            return 0
        if seq > session.seq:
            return 4007
        for number, said in session.events:
            if number > seq:
                line.put(said)
        session.line = line
        self._dispatch(session, "RESUMED", {"_trace": []})
        return 0

    def _members(self, session: Session, data: Json) -> None:
        guild = self._state.guilds[str(data["guild_id"])]
        wanted = [str(one) for one in data.get("user_ids") or []]
        found = [one for id, one in guild.members.items() if not wanted or id in wanted]
        body = {"guild_id": guild.id, "members": found, "chunk_index": 0, "chunk_count": 1, "not_found": []}
        self._dispatch(session, "GUILD_MEMBERS_CHUNK", body | ({"nonce": data["nonce"]} if "nonce" in data else {}))


REASONS = {
    4001: b"Unknown opcode.", 4003: b"Not authenticated.", 4004: b"Authentication failed.",
    4005: b"Already authenticated.", 4007: b"Invalid seq.", 4008: b"Rate limited.", 4009: b"Session timed out.",
    4010: b"Invalid shard.", 4014: b"Disallowed intent(s).",
}  # fmt: skip
