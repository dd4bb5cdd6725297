"""The fake platforms as a process that no kill reaches: JSON lines over a Unix socket, every post on disk at once.

``python -m benchmarks.crash_platform`` with a JSON ``Stage`` runs it; ``Remote`` is what a worker talks through.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.crash_time import FastClock, run_fast
from bot.domain import Place
from tests.fake_platform import FakePlatform, Faults
from tests.platform_faults import FaultKind
from tests.platform_limits import DISCORD, SLACK, Profile
from tests.platform_messenger import Answer, Call
from tests.platform_room import Message

#: As slow as a busy platform (seconds of the harness), so that most kills meet a request on its way.
LATENCY_S = (1.0, 9.0)
VISIBLE_S, EVENT_S = 2.0, 3.0
#: What goes wrong beside the kills, so that what was cut off is there in some cases and in others not.
SHARES: Mapping[FaultKind, float] = {"stall": 0.06, "reset_before": 0.04, "error_after": 0.03, "busy": 0.02}
#: History in small pages, so that reading back takes several.
PROFILES = {one.platform: replace(one, page=15) for one in (DISCORD, SLACK)}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one run of the harness happens, and how fast its time runs."""

    folder: str
    zero: float
    rate: float
    seed: int
    #: Posts go to the fake Discord by the real discord.py (``crash_wire``).
    wire: bool = False

    @property
    def socket(self) -> str:
        return f"{self.folder}/platform.sock"

    @property
    def log(self) -> Path:
        return Path(self.folder) / "accepted.jsonl"

    @property
    def database(self) -> Path:
        return Path(self.folder) / "pullquote.db"

    @property
    def feed(self) -> Path:
        """How many episodes of each show are out: a JSON number, replaced as a whole."""
        return Path(self.folder) / "feed.json"

    def clock(self) -> FastClock:
        return FastClock(self.zero, self.rate)


# --- the process ----------------------------------------------------------------------------------------------


class Host:
    """Both platforms behind one socket."""

    def __init__(self, stage: Stage) -> None:
        faults = {name: Faults(SHARES, latency_s=LATENCY_S, seed=stage.seed) for name in PROFILES}
        self._stage = stage
        self._platforms = {
            name: FakePlatform(profile, stage.clock(), faults[name], visible_s=VISIBLE_S, event_s=EVENT_S)
            for name, profile in PROFILES.items()
        }
        self._written = dict.fromkeys(PROFILES, 0)

    async def serve(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        loop.add_reader(sys.stdin, stop.set)  # whoever started this is gone
        server = await asyncio.start_unix_server(self._talk, self._stage.socket, limit=2**22, backlog=1000)
        async with server:
            print("ready", flush=True)
            await stop.wait()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = json.loads(await reader.readline() or "null")
            if asked is None:
                return
            if asked["method"] == "watch":
                await self._watch(asked["platform"], reader, writer)
            else:
                writer.write(_line(await self._answer(asked)))
            await writer.drain()
        except ConnectionError:
            pass  # its worker was killed
        finally:
            writer.close()

    async def _answer(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        place = Place(*asked["place"])
        platform = self._platforms[place.platform]
        try:
            answer = await platform.request(Call(asked["method"], place, asked["body"]))
        finally:
            self._write_down(place.platform)
        return {"status": answer.status, "body": _plain(answer.body)}

    def _write_down(self, name: str) -> None:
        new = self._platforms[name].log[self._written[name] :]
        with self._stage.log.open("ab") as file:
            for one in new:
                file.write(_line(_plain(asdict(one))))
        self._written[name] += len(new)

    async def _watch(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def told(place: Place, message: Message) -> None:
            if not writer.is_closing():
                writer.write(_line({"place": list(_words(place)), "message": _plain(asdict(message))}))

        self._platforms[name].watch(told)
        try:
            await reader.read()  # until the worker is gone
        finally:
            self._platforms[name].unwatch(told)


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Message):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


# --- what a worker talks through ------------------------------------------------------------------------------


class Remote:
    """One platform of the process, as ``tests.platform_messenger.Server``: a connection for each request."""

    def __init__(self, stage: Stage, platform: str) -> None:
        self.profile: Profile = PROFILES[platform]
        self._stage = stage
        self._watching: set[asyncio.Task[None]] = set()

    async def request(self, call: Call) -> Answer:
        reader, writer = await asyncio.open_unix_connection(self._stage.socket, limit=2**22)
        try:
            writer.write(_line({"method": call.method, "place": _words(call.place), "body": _plain(call.body)}))
            line = await reader.readline()
        finally:
            writer.close()
        if not line:
            raise ConnectionResetError("the platform closed the connection")
        answer = json.loads(line)
        return Answer(answer["status"], _answered(answer["body"]))

    def watch(self, seen: Callable[[Place, Message], None]) -> None:
        task = asyncio.ensure_future(self._listen(seen))
        self._watching.add(task)

    async def _listen(self, seen: Callable[[Place, Message], None]) -> None:
        reader, writer = await asyncio.open_unix_connection(self._stage.socket, limit=2**22)
        writer.write(_line({"method": "watch", "platform": self.profile.platform}))
        while line := await reader.readline():
            told = json.loads(line)
            seen(Place(*told["place"]), _message(told["message"]))


def _words(place: Place) -> tuple[str, str, str]:
    return place.platform, place.workspace, place.channel


def _answered(body: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(body)
    if "at" in made:
        made["at"] = datetime.fromisoformat(made["at"])
    if "messages" in made:
        made["messages"] = [_message(one) for one in made["messages"]]
    return made


def _message(said: Mapping[str, Any]) -> Message:
    return Message(**{**said, "at": datetime.fromisoformat(said["at"]), "signs": tuple(said["signs"])})


def main() -> None:
    stage = Stage(**json.loads(sys.argv[1]))
    run_fast(Host(stage).serve(), stage.rate)


if __name__ == "__main__":
    main()
