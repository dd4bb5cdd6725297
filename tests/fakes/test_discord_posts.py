"""The real discord.py posts over the fake: nonces, history, threads, forums, rights, limits and failures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord_bot import SmallBot, intents
from tests.fakes.discord_wire.permissions import bits
from tests.fakes.discord_wire.wire import Room, Wire, wire

POST = "POST /channels/{channel}/messages"


class Moved:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


Posting = tuple[Wire, Room, SmallBot, Moved]


@pytest.fixture
async def posting() -> AsyncIterator[Posting]:
    """Logged in, without the gateway."""
    clock = Moved()
    async with wire(clock) as w:
        room, bot = w.furnish(), SmallBot()
        async with bot:
            await bot.login(w.token)
            yield w, room, bot, clock


# --- nonces and history ---------------------------------------------------------------------------------------


async def test_a_nonce_within_minutes_gives_the_same_message_again(posting: Posting) -> None:
    w, room, bot, clock = posting
    channel = bot.channel(room.general.id)
    first = await channel.send("one", nonce="key")
    again = await channel.send("two", nonce="key")
    clock.at += timedelta(minutes=4)
    later = await channel.send("three", nonce="key")
    assert (again.id, again.content, first.nonce) == (first.id, "one", "key")
    assert later.id != first.id
    assert [one.content for one in w.log.posted] == ["one", "three"]


async def test_a_nonce_whose_message_was_deleted_is_answered_with_10008(posting: Posting) -> None:
    w, room, bot, _ = posting
    first = await bot.channel(room.general.id).send("one", nonce="key")
    w.delete_message(room.general.messages[str(first.id)])
    with pytest.raises(discord.NotFound) as problem:
        await bot.channel(room.general.id).send("one", nonce="key")
    assert problem.value.code == 10008


async def test_history_comes_in_pages_without_nonces(posting: Posting) -> None:
    w, room, bot, clock = posting
    channel = bot.channel(room.general.id)
    for n in range(5):
        clock.at += timedelta(seconds=1)
        await channel.send(f"post {n}", nonce=f"n{n}")
        await w.say(room.member, room.general, f"chatter {n}")
    found = [one async for one in channel.history(limit=4)]
    assert [one.content for one in found] == ["", "post 4", "", "post 3"]  # others' words are not the bot's to read
    older = [one.content async for one in channel.history(limit=3, before=found[-1])]
    newer = [one.content async for one in channel.history(limit=3, after=found[-1])]
    assert (older, newer) == (["", "post 2", ""], ["", "post 4", ""])
    assert {one.nonce for one in found} == {None}
    assert (await channel.fetch_message(found[1].id)).nonce is None


async def test_history_shows_a_message_some_time_after_it_was_posted(posting: Posting) -> None:
    w, room, bot, clock = posting
    w.channels.visible_s = 2.0
    channel = bot.channel(room.general.id)
    await channel.send("fresh")
    assert [one async for one in channel.history()] == []
    clock.at += timedelta(seconds=3)
    assert len([one async for one in channel.history()]) == 1


# --- threads, forums, announcements, direct messages ----------------------------------------------------------


async def test_a_thread_is_opened_under_a_message_once(posting: Posting) -> None:
    w, room, bot, _ = posting
    channel: Any = await bot.fetch_channel(int(room.general.id))
    message = await channel.send("an episode")
    thread = await message.create_thread(name="Talk about it")
    assert thread.id == message.id
    await thread.send("in the thread")
    with pytest.raises(discord.HTTPException) as problem:
        await message.create_thread(name="again")
    assert problem.value.code == 160004
    assert len(w.state.channels[str(thread.id)].messages) == 1


async def test_a_forum_post_carries_tags_and_is_found_among_active_and_archived_threads(posting: Posting) -> None:
    w, room, bot, _ = posting
    made = w.state.channel(room.guild, "episodes", "forum", tags=["News", "Rerun"])
    forum: Any = await bot.fetch_channel(int(made.id))
    guild = await bot.fetch_guild(int(room.guild.id))
    made.data["flags"] |= 1 << 4
    with pytest.raises(discord.HTTPException) as problem:
        await forum.create_thread(name="Episode 1", content="out now")
    assert problem.value.code == 40067
    post = await forum.create_thread(name="Episode 1", content="out now", applied_tags=[forum.available_tags[0]])
    assert post.thread.id == post.message.id
    assert w.state.channels[str(post.thread.id)].data["applied_tags"] == [str(forum.available_tags[0].id)]
    assert [one.id for one in await guild.active_threads()] == [post.thread.id]
    w.state.channels[str(post.thread.id)].data["thread_metadata"]["archived"] = True
    assert [one.id async for one in forum.archived_threads()] == [post.thread.id]
    assert [(one.how, one.content) for one in w.log.posted] == [("forum", "out now")]


async def test_an_announcement_is_published_ten_times_an_hour(posting: Posting) -> None:
    w, room, bot, _ = posting
    news = w.state.channel(room.guild, "news", "announcement")
    messages = [await bot.channel(news.id).send(f"{n}") for n in range(11)]
    for one in messages[:10]:
        await one.publish()
    with pytest.raises(discord.HTTPException) as problem:
        await messages[0].publish()
    assert problem.value.code == 40033
    assert await _status(w, "POST", f"/channels/{news.id}/messages/{messages[10].id}/crosspost") == 429


async def test_direct_messages_of_somebody_who_closed_them_are_refused(posting: Posting) -> None:
    w, room, bot, _ = posting
    user = await bot.fetch_user(int(room.member["id"]))
    await user.send("hello")
    w.state.closed_dms.add(room.member["id"])
    with pytest.raises(discord.Forbidden) as problem:
        await user.send("hello again")
    assert problem.value.code == 50007


# --- rights ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("denied", "code"), [("view_channel", 50001), ("send_messages", 50013), ("embed_links", 50013)]
)
async def test_a_right_that_is_missing_is_refused(posting: Posting, denied: str, code: int) -> None:
    w, room, bot, _ = posting
    w.state.overwrite(room.general, room.guild.id, deny=bits(denied))
    with pytest.raises(discord.Forbidden) as problem:
        await bot.channel(room.general.id).send("x", embed=discord.Embed(title="x"))
    assert problem.value.code == code
    role = w.state.role(room.guild, "let in")
    room.guild.members[w.state.bot["id"]]["roles"].append(role["id"])
    w.state.overwrite(room.general, role["id"], allow=bits(denied))
    assert await bot.channel(room.general.id).send("x", embed=discord.Embed(title="x"))


async def test_a_channel_that_is_gone_is_10003_and_a_server_without_the_bot_50001(posting: Posting) -> None:
    w, room, bot, _ = posting
    other = w.state.guild("Other", bot=False)
    with pytest.raises(discord.Forbidden) as forbidden:
        await bot.fetch_channel(int(other.data["system_channel_id"]))
    w.delete_channel(room.general)
    with pytest.raises(discord.NotFound) as gone:
        await bot.channel(room.general.id).send("x")
    assert (forbidden.value.code, gone.value.code) == (50001, 10003)


async def test_who_installed_the_bot_is_read_only_with_the_right_to(posting: Posting) -> None:
    w, room, bot, _ = posting
    guild = await bot.fetch_guild(int(room.guild.id))
    with pytest.raises(discord.Forbidden):
        [one async for one in guild.audit_logs(action=discord.AuditLogAction.bot_add)]
    joined = w.join_guild("Another", by=room.member["id"], permissions=bits("view_audit_log", "view_channel"))
    guild = await bot.fetch_guild(int(joined.id))
    [entry] = [one async for one in guild.audit_logs(action=discord.AuditLogAction.bot_add)]
    assert str(entry.user_id) == room.member["id"]


async def test_only_whom_a_post_may_mention_is_notified(posting: Posting) -> None:
    w, room, bot, _ = posting
    role = w.state.role(room.guild, "listeners", mentionable=True)
    hidden = w.state.role(room.guild, "staff")
    text = f"@everyone <@&{role['id']}> <@&{hidden['id']}> <@{room.member['id']}> `<@{room.moderator['id']}>`"
    channel = bot.channel(room.general.id)
    one_role = discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(int(role["id"]))])
    allowed = [None, discord.AllowedMentions.none(), one_role]
    sent = [await channel.send(text, allowed_mentions=one) for one in allowed]
    told = [room.general.messages[str(one.id)].notified for one in sent]
    assert told == [[room.member["id"], f"&{role['id']}"], [], [f"&{role['id']}"]]


# --- what goes wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["user", "global"])
async def test_a_429_is_waited_for_and_sent_again(posting: Posting, scope: str) -> None:
    w, room, bot, _ = posting
    w.faults.next("busy", POST, retry_after_s=0.3, scope=scope)
    begun = time.monotonic()
    await bot.channel(room.general.id).send("x")
    assert time.monotonic() - begun >= 0.3
    assert [one.status for one in w.log.asked if one.route == POST] == [429, 200]
    assert len(w.log.posted) == 1


async def test_a_ban_is_not_waited_for(posting: Posting) -> None:
    w, room, bot, _ = posting
    w.faults.next("ban", POST)
    with pytest.raises(discord.HTTPException) as problem:
        await bot.channel(room.general.id).send("x")
    assert problem.value.status == 429


@pytest.mark.parametrize("kind", ["error_before", "bad_gateway"])
async def test_a_5xx_is_tried_again_by_discord_py(posting: Posting, kind: Any) -> None:
    w, room, bot, _ = posting
    w.faults.next(kind, POST)
    await bot.channel(room.general.id).send("x")
    assert w.log.count(POST) == 2
    assert len(w.log.posted) == 1


async def test_what_was_accepted_although_the_answer_is_500_is_there_once_with_a_nonce(posting: Posting) -> None:
    w, room, bot, _ = posting
    w.faults.next("error_after", POST)
    await bot.channel(room.general.id).send("keyed", nonce="key")
    assert w.log.count(POST) == 2
    assert len(w.log.posted) == 1
    w.faults.next("error_after", POST)
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=room.general.id)
    await bot.http.request(route, json={"content": "without a nonce"})
    assert len(w.log.posted) == 3


@pytest.mark.parametrize(("kind", "posts"), [("reset_before", 0), ("reset_after", 1), ("refused", 0)])
async def test_a_connection_breaks_before_or_after_the_post_was_made(posting: Posting, kind: Any, posts: int) -> None:
    w, room, bot, _ = posting
    w.faults.next(kind, POST)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.channel(room.general.id).send("x", nonce="key")
    assert len(w.log.posted) == posts
    assert w.log.asked[-1].status == 0


async def test_an_answer_that_never_comes_may_have_been_accepted(posting: Posting) -> None:
    w, room, bot, _ = posting
    for kind, posts in (("stall", 0), ("lost_answer", 1)):
        w.faults.next(kind, POST)  # type: ignore[arg-type]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bot.channel(room.general.id).send("x"), 0.3)
        assert len(w.log.posted) == posts


async def test_discords_own_limits_are_said_in_headers_and_then_enforced(posting: Posting) -> None:
    w, room, *_ = posting
    w.limits.like_discord()
    path = f"/channels/{room.general.id}/messages"
    got = [await _status(w, "POST", path, {"content": "x"}) for _ in range(6)]
    assert got == [200] * 5 + [429]
    other = [await _status(w, "GET", "/users/@me") for _ in range(50)]
    assert other[-1] == 429


async def _status(w: Wire, method: str, path: str, body: object = None) -> int:
    headers = {"Authorization": f"Bot {w.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, w.api_url + path, json=body, headers=headers) as answer,
    ):
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Via"]
        return answer.status


async def test_the_messages_of_a_restarted_bot_stay() -> None:
    async with wire() as w:
        room = w.furnish()
        for n in range(2):
            async with discord.Client(intents=intents()) as bot:
                await bot.login(w.token)
                await bot.get_partial_messageable(int(room.general.id)).send(f"{n}")
        assert [one.data["content"] for one in room.general.messages.values()] == ["0", "1"]
