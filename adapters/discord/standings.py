"""Looks up what the bot may do in a place: a channel with its server, and the answer to ``Messenger.check``. Nothing is
posted here, and what a permission means stands in ``permissions``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import discord

from adapters.discord import permissions
from adapters.discord.attempts import Answer, Attempts
from adapters.discord.channels import CATEGORY, GROUP, KINDS, STAGE, VOICE, Channel, Channels
from adapters.discord.permissions import Standing, Wanted
from adapters.discord.refusals import refusal
from bot import texts_places as texts
from bot.alert_ports import Check, Refused, Unclear

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discord.http import HTTPClient

    from bot.domain import Place

_NO_POSTS: Mapping[int, str] = {
    VOICE: texts.VOICE,
    STAGE: texts.STAGE,
    CATEGORY: texts.CATEGORY,
    GROUP: texts.GROUP_DIRECT,
}
Failed = Refused | Unclear
#: Direct messages stand in a workspace of this beginning.
PERSON: Final = "@"


class Standings:
    """What the bot may do, in places and servers."""

    def __init__(self, client: discord.Client, attempts: Attempts, channels: Channels) -> None:
        self._client = client
        self._attempts = attempts
        self._channels = channels

    async def check(self, place: Place, wanted: Wanted, ends: float) -> Check:
        """As ``Messenger.check``; what cannot be asked is a line too."""
        if not (place.channel.isascii() and place.channel.isdigit()):
            return Check(missing=(texts.NO_ID.format(channel=place.channel[:50]),))
        channel = await self._channels.of(place.channel, ends, fresh=True)
        if isinstance(channel, Failed):
            return Check(missing=(_asked_in_vain(channel),))
        refused = unfit(channel, place)
        if refused:
            return Check(missing=(refused,), name=_told(channel, place))
        kind = KINDS[channel.type]
        if kind == "direct":
            return Check(kind, (), texts.DIRECT_NAME)
        missing = await self._missing(channel, wanted, ends)
        if isinstance(missing, Failed):
            return Check(kind, (_asked_in_vain(missing),), channel.shown)
        return Check(kind, tuple(missing), channel.shown)

    async def may_read(self, channel: Channel, ends: float) -> bool | Failed:
        """Whether what was posted there is shown to the bot."""
        if not channel.server:
            return True
        # As it is now: what was asked for some time ago may have been changed.
        parent = await self._channels.of(channel.parent if channel.is_thread else channel.id, ends, fresh=True)
        if isinstance(parent, Failed):
            return parent
        standing = await self.of(channel.server, ends)
        if isinstance(standing, Failed):
            return standing
        return permissions.may(standing, parent, "read_message_history")

    async def of(self, server: str, ends: float) -> Standing | Failed:
        """The bot in one server: from the gateway while it tells, else asked for."""
        guild = self._client.get_guild(int(server)) if self._client.is_ready() else None
        if guild is not None and not guild.unavailable and guild.me is not None:
            return permissions.of_cache(guild)
        me = str(self._client.user.id) if self._client.user else ""
        told = await self._asked(lambda http: http.get_guild(server, with_counts=False), ends)
        if isinstance(told, Failed):
            return told
        member = await self._asked(lambda http: http.get_member(server, me), ends)
        if isinstance(member, Failed):
            return member
        try:
            return permissions.of_payloads(told, member, me, datetime.now(UTC))
        except (TypeError, KeyError, ValueError, AttributeError):
            return Unclear(texts.UNREADABLE_ANSWER)

    async def has_left(self, server: str, ends: float) -> bool:
        """Whether the bot is in the server no more: only where Discord says so."""
        if self._client.get_guild(int(server)) is not None and self._client.is_ready():
            return False
        told = await self._asked(lambda http: http.get_guild(server, with_counts=False), ends)
        return isinstance(told, Refused) and told.why in ("gone", "forbidden")

    async def _missing(self, channel: Channel, wanted: Wanted, ends: float) -> list[str] | Failed:
        standing = await self.of(channel.server, ends)
        if isinstance(standing, Failed):
            return standing
        parent = await self._parent(channel, ends)
        if isinstance(parent, Failed):
            return parent
        category = await self._channels.of(parent.parent, ends) if parent.parent else None
        known = category if isinstance(category, Channel) else None
        return permissions.lacking(standing, channel, parent, known, wanted)

    async def _parent(self, channel: Channel, ends: float) -> Channel | Failed:
        """Whose overwrites hold there: a thread has none of its own."""
        return await self._channels.of(channel.parent, ends, fresh=True) if channel.is_thread else channel

    async def _asked(self, get: Callable[[HTTPClient], Awaitable[Any]], ends: float) -> Any | Failed:
        answer = await self._attempts.ask(get, ends)
        if not isinstance(answer, Answer):
            return answer
        return answer.body if answer.good else refusal(answer)


def unfit(channel: Channel, place: Place) -> str:
    """Why nothing is ever posted in a channel of this kind, or in this one under this name; "" where it may be."""
    if _is_elsewhere(channel, place):
        return texts.OTHER_SERVER.format(channel=_told(channel, place))
    if channel.type not in KINDS:
        return _NO_POSTS.get(channel.type, texts.OTHER_KIND).format(channel=channel.shown)
    return ""


def _is_elsewhere(channel: Channel, place: Place) -> bool:
    direct = place.workspace.startswith(PERSON)
    return direct != (not channel.server) or (not direct and channel.server != place.workspace)


def _told(channel: Channel, place: Place) -> str:
    """What the channel is called; another server's names are that server's business."""
    return replace(channel, name="").shown if _is_elsewhere(channel, place) else channel.shown


def _asked_in_vain(failed: Failed) -> str:
    if isinstance(failed, Refused) and failed.why in ("gone", "forbidden"):
        return texts.HIDDEN
    return texts.CANNOT_BE_ASKED.format(why=failed.reason)
