"""What ``setup`` does with the answers it is given, through the same commands as chat. Nothing is asked here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.commands.dispatch import dispatch_line, perform
from bot.commands.grammar import quote_value
from bot.domain import DEFAULT_COMMUNITY, Place, Role, Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.context import Context
    from bot.desk_ports import Channel
    from bot.domain import Show
    from bot.reply import Action, Reply
    from bot.services import Services

#: Words in the names of channels that moderators keep for themselves, and of channels for news.
_MODERATORS = ("mod", "admin", "staff", "team", "internal", "log")
_NEWS = ("episode", "podcast", "announce", "news", "release", "show", "general")
#: What an answer is when what was asked for is done, or was done before.
DONE = frozenset(("done", "same", "found", "listed"))


@dataclass(frozen=True, slots=True)
class Server:
    """The server that is set up: the operator's context in it, as if they wrote there."""

    services: Services
    context: Context
    platform: str
    workspace: str

    def at(self, channel: str) -> Place:
        return Place(self.platform, self.workspace, channel)

    async def say(self, line: str, channel: str) -> Reply:
        """What a command answers that is written in a channel of this server."""
        return await dispatch_line(self.services.registry, self._in(channel), line)

    async def press(self, action: Action, channel: str) -> Reply:
        return await perform(self.services.registry, self._in(channel), action)

    def _in(self, channel: str) -> Context:
        return replace(self.context, place=self.at(channel), role=Role.operator)

    async def join(self) -> bool:
        """Link the server to the operator's community; False where it belongs to another one."""
        storage = self.services.storage
        known = await storage.community_of(self.platform, self.workspace)
        if known is None:
            await storage.link_workspace(DEFAULT_COMMUNITY, self.platform, self.workspace)
        return known in (None, DEFAULT_COMMUNITY)

    async def tell_moderators(self, channel: str) -> Reply:
        return await self.say("/pullquote settings name:moderators value:here", channel)

    async def keep_zone(self, zone: str, channel: str) -> Reply:
        line = f"/pullquote settings name:timezone value:{quote_value(zone)} where:everywhere"
        return await self.say(line, channel)

    async def add_show(self, address: str, channel: str) -> Reply:
        """A show with a secret address is private from then on: seen in that channel, until others are added."""
        return await self.say(f"/pullquote show add url:{quote_value(address)}", channel)

    async def subscribe(self, show: Show, channel: str) -> Reply:
        return await self.say(f"/pullquote subscribe show:{show.slug} place:here", channel)

    async def test(self, show: Show, channel: str) -> Reply:
        return await self.say(f"/pullquote alerts test show:{show.slug} place:here", channel)

    async def shows(self) -> list[Show]:
        return await self.services.storage.shows(Viewer(DEFAULT_COMMUNITY, Role.operator))


def guess_moderators(channels: Sequence[Channel]) -> int:
    """The channel (index) that most likely is the moderators' own: private ones, by name."""
    return max(range(len(channels)), key=lambda n: (channels[n].private, _named(channels[n], _MODERATORS), -n))


def guess_news(channels: Sequence[Channel], moderators: str) -> int:
    """The channel (index) where new episodes most likely go."""
    return max(
        range(len(channels)),
        key=lambda n: (
            channels[n].id != moderators,
            not channels[n].private,
            channels[n].kind == "announcement",
            _named(channels[n], _NEWS),
            -n,
        ),
    )


def _named(channel: Channel, words: tuple[str, ...]) -> bool:
    return any(word in channel.name.casefold() for word in words)


def chosen(said: str, channels: Sequence[Channel]) -> Channel | None:
    """The channel that a number (from 1), a name or an id means."""
    bare = said.strip().removeprefix("#").casefold()
    if bare.isascii() and bare.isdigit() and 1 <= int(bare[:6]) <= len(channels) and len(bare) <= 4:
        return channels[int(bare) - 1]
    return next((one for one in channels if bare in (one.id, one.name.casefold())), None)


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def zones_like(name: str) -> list[str]:
    """Time zones whose name holds these words, at most five."""
    words = name.casefold().replace(" ", "_").strip("_")
    return [one for one in sorted(available_timezones()) if words and words in one.casefold()][:5]
