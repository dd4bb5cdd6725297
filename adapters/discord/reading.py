"""Reading back what this bot posted: which messages carry a key, and pages of a channel's, thread's or forum's history.

A page is as much as one call may ask for. Nothing is settled here, and no message that is not the bot's own is kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import discord

from adapters.discord.attempts import Answer, Attempts
from adapters.discord.channels import Channel
from adapters.discord.codes import codes_in
from adapters.discord.refusals import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, code_of, refusal
from bot import texts_places as texts
from bot.alert_ports import Found, Page, Refused, Unclear
from bot.rules.alert_keys import key_in

if TYPE_CHECKING:
    from discord.http import HTTPClient

#: Messages, and archived threads, in one answer (Discord's most).
PAGE: Final = 100
#: First messages of forum posts that one page may ask for, how far apart (seconds), and how many are remembered.
STARTERS, SPACING_S, KEPT = 10, 0.1, 5000
#: So long before a call has to end it asks for no more of them (seconds).
ROOM_S = 6.0
#: Ids of one millisecond tell no order of time.
_SAME: Final = timedelta(milliseconds=1)
#: When everything that there ever was has been looked at.
BEGINNING: Final = datetime(2015, 1, 1, tzinfo=UTC)

Failed = Refused | Unclear


def found_in(message: Mapping[str, Any], me: str) -> Found | None:
    """A post of this account with its key; None for everything else, answers to people's commands and replies
    included, whose buttons may carry a post's key too."""
    if str(message["author"]["id"]) != me or message.get("type", 0) != 0:
        return None
    if any(message.get(one) for one in ("webhook_id", "interaction_metadata", "interaction", "message_reference")):
        return None
    for code in codes_in(message.get("components")):
        sign = key_in(code)
        if sign is not None:
            thread = message.get("thread") or {}
            return Found(str(message["id"]), *sign, at_of(message), str(thread.get("id") or ""))
    return None


def seen_in(message: discord.Message, me: str) -> Found | None:
    """The same of a message that the gateway told of."""
    told = {
        "id": message.id,
        "author": {"id": message.author.id},
        "type": message.type.value,
        "components": [one.to_dict() for one in message.components],
        "webhook_id": message.webhook_id,
        "interaction_metadata": message.interaction_metadata,
        "message_reference": message.reference,
        "timestamp": message.created_at.isoformat(),
    }
    return found_in(told, me)


def at_of(message: Mapping[str, Any]) -> datetime:
    """When the platform says that it was posted."""
    told = discord.utils.parse_time(message.get("timestamp"))
    return told if told is not None else discord.utils.snowflake_time(int(message["id"]))


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a forum's next page begins: ``archive`` is when the last archived thread before it was archived, "" = with
    those that are open; ``below``: only threads with a lower id."""

    archive: str = ""
    below: int = 0

    def __str__(self) -> str:
        return f"{self.archive}~{self.below}"


def cursor_in(before: str) -> Cursor:
    """What ``str(cursor)`` wrote; ValueError for anything else."""
    if not before:
        return Cursor()
    archive, _, below = before.rpartition("~")
    return Cursor(archive, int(below))


@dataclass(frozen=True, slots=True)
class Listed:
    """Own threads of a forum, the newest first, and when the oldest of the answer was archived ("" = it was the last
    answer)."""

    threads: tuple[int, ...]
    archive: str = ""

    @property
    def horizon(self) -> datetime:
        """Whatever was made since is among the threads: none is archived before it is made."""
        return discord.utils.parse_time(self.archive) if self.archive else BEGINNING


class History:
    """Pages of history. ``me`` is the account's id."""

    def __init__(self, attempts: Attempts, me: Callable[[], str]) -> None:
        self._attempts = attempts
        self._me = me
        self._starters: OrderedDict[int, Found | None] = OrderedDict()
        self._spaced = asyncio.Lock()

    async def page(self, channel: Channel, before: str, ends: float) -> Page | Failed:
        """As ``Messenger.history``; an empty page may also mean that nothing may be read."""
        try:
            if channel.is_forum:
                return await self._forum(channel, cursor_in(before), ends)
            return await self._messages(channel.id, before, ends)
        except (TypeError, KeyError, ValueError, AttributeError):
            return Unclear(texts.UNREADABLE_ANSWER)

    async def _messages(self, channel: str, before: str, ends: float) -> Page | Failed:
        def get(http: HTTPClient) -> Awaitable[Any]:
            return http.logs_from(channel, PAGE, before=before or None)

        messages = await self._asked(get, ends)
        if isinstance(messages, Failed):
            return messages
        me = self._me()
        posts = tuple(one for one in (found_in(message, me) for message in messages) if one is not None)
        if len(messages) < PAGE:
            return Page(posts, BEGINNING)
        return Page(posts, at_of(messages[-1]), str(messages[-1]["id"]))

    # -- forums

    async def _forum(self, channel: Channel, cursor: Cursor, ends: float) -> Page | Failed:
        """Threads are listed by when they were archived, open ones apart. The first messages of the bot's own ones are
        asked for one by one, once a process: a page ends where it has asked for enough."""
        listed = await self._listed(channel, cursor, ends)
        if isinstance(listed, Failed):
            return listed
        wanted = [one for one in listed.threads if not cursor.below or one < cursor.below]
        posts: list[Found] = []
        asked = 0
        for n, thread in enumerate(wanted):
            if thread not in self._starters:
                if asked >= STARTERS or (asked and ends - _now() < ROOM_S):
                    return self._rest(cursor, listed, wanted[n - 1], posts)
                asked += 1
            starter = await self._starter(thread, ends)
            if isinstance(starter, Failed):
                return starter
            posts += [starter] if starter else []
        return Page(tuple(posts), listed.horizon, str(Cursor(listed.archive)) if listed.archive else "")

    @staticmethod
    def _rest(cursor: Cursor, listed: Listed, last: int, posts: Sequence[Found]) -> Page:
        """A page that ends in the middle of a list: of the open threads and the first archived ones all are known that
        were made since the last one; later lists hold nothing that is newer than the lists before."""
        made = discord.utils.snowflake_time(last) + _SAME
        before = discord.utils.parse_time(cursor.archive) if cursor.archive else datetime.max.replace(tzinfo=UTC)
        back_to = min(before, max(made, listed.horizon))
        return Page(tuple(posts), back_to, str(Cursor(cursor.archive, last)))

    async def _listed(self, channel: Channel, cursor: Cursor, ends: float) -> Listed | Failed:
        def archived(http: HTTPClient) -> Awaitable[Any]:
            before: Any = cursor.archive or None
            return http.get_public_archived_threads(int(channel.id), before, PAGE)

        threads: list[Any] = []
        if not cursor.archive:
            # Before the archived ones: what is archived in between would be in neither list the other way round.
            open_now = await self._asked(lambda http: http.get_active_threads(int(channel.server)), ends)
            if isinstance(open_now, Failed):
                return open_now
            threads += open_now["threads"]
        told = await self._asked(archived, ends)
        if isinstance(told, Failed):
            return told
        closed = told["threads"]
        archive = str(closed[-1]["thread_metadata"]["archive_timestamp"]) if told.get("has_more") and closed else ""
        threads += closed
        me = self._me()
        own = {
            int(one["id"])
            for one in threads
            if str(one.get("parent_id")) == channel.id and str(one.get("owner_id")) == me
        }
        return Listed(tuple(sorted(own, reverse=True)), archive)

    async def _starter(self, thread: int, ends: float) -> Found | Failed | None:
        """The first message of a forum post, which has its thread's id."""
        if thread in self._starters:
            return self._starters[thread]
        async with self._spaced:
            await asyncio.sleep(SPACING_S)
            answer = await self._attempts.ask(lambda http: http.get_message(thread, thread), ends)
        if isinstance(answer, Failed):
            return answer
        if not answer.good and code_of(answer) not in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
            return refusal(answer)
        found = found_in(answer.body, self._me()) if answer.good else None
        self.keep(thread, found)
        return self._starters[thread]

    def keep(self, thread: int, found: Found | None) -> None:
        """What a forum post's first message carries never changes."""
        if found is not None:
            found = Found(found.message, found.key, found.kind, found.at, str(thread))
        self._starters[thread] = found
        if len(self._starters) > KEPT:
            self._starters.popitem(last=False)

    async def _asked(self, get: Callable[[HTTPClient], Awaitable[Any]], ends: float) -> Any | Failed:
        answer = await self._attempts.ask(get, ends)
        if not isinstance(answer, Answer):
            return answer
        return answer.body if answer.good else refusal(answer)


def _now() -> float:
    return asyncio.get_running_loop().time()
