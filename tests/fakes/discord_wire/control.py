"""The fake Discord's remote control: what a test does by calls, another process does by HTTP under /wire."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.fakes.discord_wire.log import plain
from tests.fakes.discord_wire.options import NotSendable
from tests.fakes.discord_wire.people import Answered, Opened
from tests.fakes.discord_wire.problems import Json, Problem
from tests.fakes.discord_wire.state import Channel, Message
from tests.fakes.discord_wire.wire import Room, Wire

Done = Callable[[Json], Awaitable[Any]]


class Control:
    """``POST /wire/do`` with ``{"do": "slash", "user": ID, "channel": ID, "command": "quote", "given": {}}`` and so on.
    Without a user and a channel: the member in #general. 400 with ``error`` when it cannot be done."""

    def __init__(self, wire: Wire, room: Room) -> None:
        self._wire, self._room = wire, room
        self._opened: dict[str, Opened] = {}
        self._does: dict[str, Done] = {
            "slash": self._slash, "complete": self._complete, "press": self._press, "choose": self._choose,
            "submit": self._submit, "menu": self._menu, "say": self._say, "channel": self._channel,
            "guild": self._guild, "delete_channel": self._delete_channel, "delete_message": self._delete_message,
            "fault": self._fault, "gateway": self._gateway, "token": self._token,
        }  # fmt: skip
        wire.app.router.add_post("/wire/do", self._do)
        wire.app.router.add_get("/wire/world", self._world)
        wire.app.router.add_get("/wire/log", self._log)
        wire.app.router.add_get("/wire/messages/{channel}", self._messages)

    def world(self) -> Json:
        """What whoever starts this needs to know."""
        wire, room = self._wire, self._room
        return {
            "api": wire.api_url, "gateway": wire.gateway_url, "token": wire.token, "guild": room.guild.id,
            "general": room.general.id, "member": room.member["id"], "moderator": room.moderator["id"],
            "application": wire.state.app["id"], "bot": wire.state.bot["id"],
        }  # fmt: skip

    # -- requests

    async def _do(self, request: web.Request) -> web.Response:
        said = json.loads(await request.read())
        try:
            return _json(200, await self._does[said.pop("do")](said))
        except (NotSendable, Problem, KeyError) as problem:
            return _json(400, {"error": f"{type(problem).__name__}: {problem}"})

    async def _world(self, request: web.Request) -> web.Response:
        return _json(200, self.world())

    async def _log(self, request: web.Request) -> web.Response:
        log = self._wire.log
        listed = {"asked": [asdict(one) for one in log.asked], "posted": [asdict(one) for one in log.posted]}
        counts = {"routes": dict(log.routes), "answered": {str(key): count for key, count in log.answered.items()}}
        return _json(200, (counts if "short" in request.query else counts | listed) | self._sessions())

    def _sessions(self) -> Json:
        gateway = self._wire.gateway
        return {"live": len(gateway.live), "identified": gateway.count(2), "resumed": gateway.count(6)}

    async def _messages(self, request: web.Request) -> web.Response:
        channel = self._wire.state.channels[request.match_info["channel"]]
        return _json(200, [_message(one) for one in channel.messages.values()])

    # -- who and where

    def _user(self, said: Json) -> Json:
        return self._wire.state.person(str(said.get("user") or self._room.member["id"]))

    def _where(self, said: Json) -> Channel:
        state = self._wire.state
        if said.get("direct"):
            return state.dm(self._user(said)["id"])
        return state.channels[str(said.get("channel") or self._room.general.id)]

    def _what(self, said: Json) -> Message:
        state, id = self._wire.state, str(said["message"])
        found = state.ephemeral.get(id)
        return found or next(one.messages[id] for one in state.channels.values() if id in one.messages)

    def _answered(self, answered: Answered) -> Json:
        made: Json = {
            "kind": answered.kind, "elapsed_s": answered.elapsed_s, "settled_s": answered.settled_s,
            "private": answered.private, "text": answered.text, "choices": answered.choices,
            "message": answered.message and _message(answered.message),
            "followups": [_message(one) for one in answered.followups], "modal": None,
        }  # fmt: skip
        if opened := answered.modal:
            self._opened[answered.interaction.id] = opened
            made["modal"] = opened.data | {"opened": answered.interaction.id}
        return made

    # -- what can be done

    async def _slash(self, said: Json) -> Json:
        given = said.get("given") or {}
        return self._answered(await self._wire.slash(self._user(said), self._where(said), said["command"], **given))

    async def _complete(self, said: Json) -> Json:
        who, where, given = self._user(said), self._where(said), said.get("given") or {}
        typed = said.get("typed", "")
        return self._answered(await self._wire.complete(who, where, said["command"], said["option"], typed, **given))

    async def _press(self, said: Json) -> Json:
        return self._answered(await self._wire.press(self._what(said), said["button"], self._user(said)))

    async def _choose(self, said: Json) -> Json:
        values, select = said["values"], said.get("select", "")
        message, user = self._what(said), self._user(said)
        return self._answered(await self._wire.choose(message, *values, user=user, select=select))

    async def _submit(self, said: Json) -> Json:
        return self._answered(await self._wire.submit(self._opened.pop(said["opened"]), said.get("given") or {}))

    async def _menu(self, said: Json) -> Json:
        return self._answered(await self._wire.menu(self._user(said), self._what(said), said["command"]))

    async def _say(self, said: Json) -> Json:
        to = self._what({"message": said["reply_to"]}) if said.get("reply_to") else None
        return _message(await self._wire.say(self._user(said), self._where(said), said["text"], reply_to=to))

    async def _channel(self, said: Json) -> Json:
        guild = self._wire.state.guilds[str(said.get("guild") or self._room.guild.id)]
        tags = said.get("tags") or ()
        return self._wire.state.channel(guild, said["name"], said.get("kind", "text"), tags=tags).data

    async def _guild(self, said: Json) -> Json:
        made = self._wire.join_guild(said["name"], by=str(said.get("by") or ""))
        return {"guild": made.id, "general": made.data["system_channel_id"], "owner": made.data["owner_id"]}

    async def _delete_channel(self, said: Json) -> None:
        self._wire.delete_channel(self._where(said))

    async def _delete_message(self, said: Json) -> None:
        self._wire.delete_message(self._what(said))

    async def _fault(self, said: Json) -> None:
        """As ``WireFaults.next``: kind, route, times, retry_after_s, scope, seconds."""
        self._wire.faults.next(said.pop("kind"), said.pop("route", ""), **said)

    async def _gateway(self, said: Json) -> Json:
        """``what``: drop, reconnect, invalidate, resumable, mute or a close code."""
        gateway, what = self._wire.gateway, said["what"]
        does = {"drop": gateway.drop, "reconnect": gateway.reconnect, "invalidate": gateway.invalidate}
        if what in does:
            does[what]()
        elif what == "resumable":
            gateway.invalidate(resumable=True)
        elif what == "mute":
            gateway.acks = False
        else:
            await gateway.close(int(what))
        return self._sessions()

    async def _token(self, said: Json) -> None:
        """The bot's token is another one from now on."""
        self._wire.state.token = said["token"]


def _message(message: Message) -> Json:
    extra = {"notified": message.notified, "only_for": message.only_for, "edits": message.edits}
    return message.data | {"wire": extra}


def _json(status: int, body: Any) -> web.Response:
    return web.Response(status=status, body=json.dumps(plain(body)).encode(), content_type="application/json")
