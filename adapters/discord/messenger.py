"""Discord as a platform to post on: one attempt a call, with an outcome that the outbox can rely on.

Nothing is retried, paced or decided here. A post is known again by the key in its buttons (``reading``); its nonce
makes a second attempt within minutes harmless, except in forums, which have none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import discord

from adapters.discord import reading
from adapters.discord.attempts import Answer, Attempts
from adapters.discord.channels import DIRECT, Channel, Channels
from adapters.discord.permissions import Wanted
from adapters.discord.post_render import thread_name
from adapters.discord.posting import (
    ARCHIVED_AFTER_MIN,
    bad_ids,
    done,
    dressed,
    edited_message,
    forum_post,
    forum_sent,
    forum_tags,
    made_at,
    message_sent,
    new_message,
    not_made,
)
from adapters.discord.reading import BEGINNING, History
from adapters.discord.refusals import (
    PUBLISHED_ALREADY,
    THREAD_ARCHIVED,
    THREAD_THERE,
    code_of,
    refusal,
)
from adapters.discord.standings import PERSON, Standings, unfit
from bot import texts_places as texts
from bot.alert_ports import Check, Found, Named, Outcome, Page, Refused, Sent, Unclear
from bot.alerts import REQUEST_S, Limits
from bot.domain import Place
from bot.logs import get_logger

if TYPE_CHECKING:
    from discord.http import HTTPClient

    from adapters.discord.rendered import Rendered
    from bot.posts import Post, Thread

log = get_logger(__name__)

#: Of a thread's own chores these are a moderator's to mend: the server has too many open ones.
_TOO_MANY: Final = frozenset((160006, 160007))
Failed = Refused | Unclear


class DiscordMessenger:
    """A ``bot.alert_ports.Messenger`` and ``Directory`` over a client's REST, from its log-in on. ``limits``: FACTS,
    "Discord"; the margin is the outbox's. ``deadline_s``: when a call gives up."""

    platform = "discord"
    limits = Limits(
        per_s=50.0, place_per_s=1.0, place_burst=5, publish_per_hour=10, settle_s=15.0, remembers_nonce=True
    )

    def __init__(self, client: discord.Client, *, deadline_s: float = REQUEST_S) -> None:
        self._client = client
        self._deadline_s = deadline_s
        self._attempts = Attempts(client)
        self._channels = Channels(client, self._attempts)
        self._standings = Standings(client, self._attempts, self._channels)
        self._history = History(self._attempts, lambda: self._me)
        self._watchers: list[Callable[[Place, Found], None]] = []
        self._later: set[asyncio.Task[None]] = set()

    @property
    def _me(self) -> str:
        return str(self._client.user.id) if self._client.user else ""

    # -- posting

    async def send(self, place: Place, post: Post) -> Outcome:
        ends = self._ends()
        channel = await self._there(place, ends)
        if isinstance(channel, Failed):
            return await self._named(not_made(channel), place, ends)
        tags = forum_tags(channel, post)
        if isinstance(tags, Refused):
            return await self._named(tags, place, ends)
        rendered = dressed(post)
        if isinstance(rendered, Refused):
            return rendered
        if channel.is_forum:
            answer = await self._attempts.ask(forum_post(channel, post, rendered, tags), ends)
        else:
            answer = await self._attempts.ask(new_message(channel, post, rendered), ends)
        return await self._named(self._sent(answer, channel.is_forum), place, ends)

    def _sent(self, answer: Answer | Failed, forum: bool) -> Outcome:
        outcome = done(answer, lambda body: forum_sent(body) if forum else message_sent(body))
        if forum and isinstance(outcome, Refused) and outcome.why == "deleted":
            return Unclear(outcome.reason)  # a new thread answers to no message
        return outcome

    async def edit(self, place: Place, message: str, thread: str, post: Post) -> Outcome:
        ends = self._ends()
        channel = await self._there(place, ends)
        if isinstance(channel, Failed):
            return await self._named(channel, place, ends)
        rendered = dressed(post)
        if isinstance(rendered, Refused):
            return rendered
        stands_in = thread or message if channel.is_forum else channel.id
        answer = await self._attempts.ask(edited_message(stands_in, message, rendered), ends)
        if isinstance(answer, Answer) and code_of(answer) == THREAD_ARCHIVED:
            answer = await self._edited_archived(stands_in, message, rendered, ends)
        outcome = done(answer, message_sent)
        if isinstance(outcome, Sent) and thread and post.thread is not None:
            return await self._titled(thread, post.thread.title, outcome, ends)
        return await self._named(outcome, place, ends, deleted=channel.is_forum)

    async def _edited_archived(self, thread: str, message: str, rendered: Rendered, ends: float) -> Answer | Failed:
        """Nothing in an archived thread can be edited: it is opened for as long as that takes."""
        opened = await self._attempts.ask(lambda http: http.edit_channel(int(thread), archived=False), ends)
        if not isinstance(opened, Answer) or not opened.good:
            return opened
        edited = await self._attempts.ask(edited_message(thread, message, rendered), ends)
        await self._attempts.ask(lambda http: http.edit_channel(int(thread), archived=True), ends)
        return edited

    async def _titled(self, thread: str, title: str, sent: Sent, ends: float) -> Outcome:
        """The thread's title as well, where it is another one. Discord lets a title be changed twice in ten minutes,
        which is no reason to post more slowly there: so that is Unclear, and done again later."""
        known = await self._channels.of(thread, ends, fresh=True)
        if isinstance(known, Refused) and known.why == "gone":
            return sent  # the thread was taken away, the post is there
        if isinstance(known, Failed):
            return Unclear(texts.TITLE_LATER.format(why=known.reason))
        changed: dict[str, Any] = {"name": thread_name(title)}
        if changed["name"] == known.name:
            return sent
        if known.archived:
            changed["archived"] = False
        answer = await self._attempts.ask(lambda http: http.edit_channel(int(thread), **changed), ends)
        if known.archived:
            await self._attempts.ask(lambda http: http.edit_channel(int(thread), archived=True), ends)
        self._channels.forget(thread)
        failed = answer if isinstance(answer, Failed) else None if answer.good else refusal(answer)
        if failed is None:
            return sent
        if isinstance(failed, Refused) and failed.why not in ("busy", "down"):
            return failed if failed.why != "gone" else sent
        return Unclear(texts.TITLE_LATER.format(why=failed.reason))

    async def open_thread(self, place: Place, message: str, thread: Thread) -> Outcome:
        ends = self._ends()

        def make(http: HTTPClient) -> Awaitable[Any]:
            return http.start_thread_with_message(
                int(place.channel),
                int(message),
                name=thread_name(thread.title),
                auto_archive_duration=ARCHIVED_AFTER_MIN,
            )

        refused = bad_ids(place, message)
        if refused:
            return refused
        answer = await self._attempts.ask(make, ends)
        if isinstance(answer, Answer) and code_of(answer) == THREAD_THERE:
            return Sent(message, made_at(message), message)  # a message's thread has the message's id
        if isinstance(answer, Answer) and code_of(answer) in _TOO_MANY:
            return Refused("forbidden", texts.TOO_MANY_THREADS)
        outcome = done(answer, lambda body: Sent(message, made_at(message), str(body["id"])))
        return await self._named(outcome, place, ends)

    async def publish(self, place: Place, message: str) -> Outcome:
        ends = self._ends()
        refused = bad_ids(place, message)
        if refused:
            return refused
        answer = await self._attempts.ask(lambda http: http.publish_message(place.channel, message), ends)
        if isinstance(answer, Answer) and code_of(answer) == PUBLISHED_ALREADY:
            return Sent(message, made_at(message))
        return await self._named(done(answer, message_sent), place, ends)

    # -- reading back

    async def history(self, place: Place, before: str = "") -> Page | Failed:
        ends = self._ends()
        channel = await self._there(place, ends)
        if isinstance(channel, Failed):
            return await self._read_failed(channel, place, ends)
        page = await self._history.page(channel, before, ends)
        if isinstance(page, Failed):
            return await self._read_failed(page, place, ends)
        if not page.posts and page.back_to == BEGINNING:
            # Discord shows an empty channel to who may not read its history: that is no proof that nothing is there.
            readable = await self._standings.may_read(channel, ends)
            if isinstance(readable, Failed):
                return await self._read_failed(readable, place, ends)
            if not readable:
                return Refused("forbidden", texts.NO_HISTORY)
        return page

    async def _read_failed(self, failed: Failed, place: Place, ends: float) -> Failed:
        named = await self._named(failed, place, ends)
        return named if isinstance(named, Failed) else failed

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
        return await self._standings.check(place, Wanted(thread, mention, publish, role, tag), self._ends())

    def watch(self, seen: Callable[[Place, Found], None]) -> None:
        self._watchers.append(seen)

    def saw(self, message: discord.Message) -> None:
        """To be called for every message that the gateway tells of; those of others and without a key are no news."""
        found = reading.seen_in(message, self._me)
        if found is None:
            return
        if message.guild is not None and message.id == message.channel.id:
            self._saw_in_forum(message.guild.id, message.channel, found)
            return
        self._tell(_place_of(message), found)

    def _saw_in_forum(self, server: int, thread: object, found: Found) -> None:
        """What begins a forum's thread stands in the forum; the gateway may tell of the thread only afterwards."""
        found = replace(found, thread=found.message)
        self._history.keep(int(found.message), found)
        if isinstance(thread, discord.Thread):
            self._tell(Place(self.platform, str(server), str(thread.parent_id)), found)
            return

        async def later() -> None:
            known = await self._channels.of(found.message, self._ends())
            where = known.parent if isinstance(known, Channel) and known.parent else found.message
            self._tell(Place(self.platform, str(server), where), found)

        task = asyncio.ensure_future(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _tell(self, place: Place, found: Found) -> None:
        for seen in self._watchers:
            seen(place, found)

    def channels(self, workspace: str) -> Sequence[Named]:
        return self._channels.named(workspace)

    def channel_name(self, place: Place) -> str:
        known = None if bad_ids(place) else self._channels.cached(place.channel)
        return known.shown if known is not None and known.server == place.workspace else ""

    def roles(self, workspace: str) -> Sequence[Named]:
        return self._channels.roles(workspace)

    async def close(self) -> None:
        for task in list(self._later):
            task.cancel()
        await self._attempts.close()

    # -- shared

    def _ends(self) -> float:
        return asyncio.get_running_loop().time() + self._deadline_s

    async def _there(self, place: Place, ends: float) -> Channel | Failed:
        """The channel that is meant, if something can be posted there."""
        refused = bad_ids(place)
        if refused:
            return refused
        if place.workspace.startswith(PERSON):
            return Channel(place.channel, DIRECT)
        channel = await self._channels.of(place.channel, ends)
        if isinstance(channel, Failed):
            return channel
        why = unfit(channel, place)
        return Refused("forbidden", why) if why else channel

    async def _named(self, outcome: Outcome, place: Place, ends: float, *, deleted: bool = False) -> Outcome:
        """Why a place is closed, with the names that people know it by. ``deleted``: what was asked for was its post,
        so that it is the post that is gone."""
        if not isinstance(outcome, Refused) or outcome.why not in ("gone", "forbidden") or bad_ids(place):
            return outcome
        if not place.workspace.startswith(PERSON) and await self._standings.has_left(place.workspace, ends):
            server = texts.server_name(self._channels.server_name(place.workspace), place.workspace)
            return Refused("gone", texts.SERVER_LEFT.format(server=server))
        name = self._channels.name(place.channel)
        if outcome.why == "forbidden":
            said = outcome.reason.startswith((name, texts.NAMELESS.format(id=place.channel)))
            reason = outcome.reason if said else texts.IN_CHANNEL.format(channel=name, why=outcome.reason)
            return Refused("forbidden", reason)
        if deleted:
            return Refused("deleted", texts.NO_MESSAGE)
        self._channels.forget(place.channel)
        return Refused("gone", texts.CHANNEL_GONE.format(channel=name))


def _place_of(message: discord.Message) -> Place:
    channel = message.channel
    if message.guild is not None:
        return Place("discord", str(message.guild.id), str(channel.id))
    recipient = getattr(channel, "recipient", None)
    return Place("discord", f"{PERSON}{recipient.id if recipient else 0}", str(channel.id))
