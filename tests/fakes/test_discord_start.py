"""The real discord.py starts, resumes and is thrown out over the fake's gateway."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.fakes.discord_bot import SmallBot, intents, running
from tests.fakes.discord_wire.permissions import bits
from tests.fakes.discord_wire.wire import Wire, wire

IDENTIFY, RESUME = 2, 6


async def test_discord_py_logs_in_and_is_ready_with_its_servers() -> None:
    async with wire() as w:
        room, bot = w.furnish("Listeners"), SmallBot()
        async with running(w, bot):
            [guild] = bot.guilds
            assert (str(guild.id), guild.name, guild.text_channels[0].name) == (room.guild.id, "Listeners", "general")
            assert bot.user is not None
            assert str(bot.user.id) == w.state.bot["id"]
            assert guild.me.guild_permissions.send_messages
            about = await bot.application_info()
            assert (about.bot_public, about.owner.name, about.approximate_guild_count) == (False, "olga", 1)


async def test_a_wrong_token_is_refused_at_login() -> None:
    async with wire() as w:
        w.furnish()
        bot = SmallBot()
        with pytest.raises(discord.LoginFailure):
            await bot.start("wrong")
        await bot.close()
        assert w.log.answered == {401: 1}


async def test_a_token_that_is_revoked_closes_the_gateway_with_4004() -> None:
    async with wire() as w:
        w.furnish()
        bot = SmallBot()
        with pytest.raises(discord.ConnectionClosed) as closed:
            await _revoked(w, bot)
        assert closed.value.code == 4004


async def _revoked(w: Wire, bot: SmallBot) -> None:
    async with running(w, bot) as over:
        w.state.token = "another"
        w.gateway.invalidate()
        await over


@pytest.mark.parametrize("intent", ["members", "presences", "message_content"])
async def test_a_privileged_intent_that_is_not_allowed_is_refused_with_4014(intent: str) -> None:
    async with wire() as w:
        w.furnish()
        wanted = intents()
        setattr(wanted, intent, True)
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with running(w, SmallBot(intents=wanted)):
                pass


async def test_an_allowed_privileged_intent_lets_the_bot_read_every_word() -> None:
    async with wire() as w:
        room, wanted = w.furnish(), intents()
        wanted.message_content = True
        w.state.app["flags"] = 1 << 19
        bot = SmallBot(intents=wanted)
        async with running(w, bot):
            await w.say(room.member, room.general, "not for you")
            await bot.until("message not for you")


async def _lose(w: Wire, how: str) -> None:
    if how == "dropped":
        w.gateway.drop()
    elif how == "asked to reconnect":
        w.gateway.reconnect()
    elif how == "invalid but resumable":
        w.gateway.invalidate(resumable=True)
    else:
        await w.gateway.close(4000)


@pytest.mark.parametrize("how", ["dropped", "asked to reconnect", "invalid but resumable", "closed"])
async def test_a_lost_connection_is_resumed_and_what_was_missed_is_replayed(how: str) -> None:
    async with wire() as w:
        room, bot = w.furnish(), SmallBot()
        async with running(w, bot):
            w.gateway.closed_door = True
            await _lose(w, how)
            await w.gateway.until(lambda g: not g.live)
            missed = await w.say(room.member, room.general, f"<@{w.state.bot['id']}> missed")
            w.gateway.closed_door = False
            await bot.until(f"message {missed.data['content']}")
            assert (w.gateway.count(IDENTIFY), w.gateway.count(RESUME)) == (1, 1)


async def test_a_session_that_is_gone_begins_anew() -> None:
    async with wire() as w:
        w.furnish()
        bot = SmallBot()
        async with running(w, bot):
            w.gateway.drop()
            w.gateway.sessions.clear()
            await bot.until("ready", times=2)
            assert (w.gateway.count(IDENTIFY), w.gateway.count(RESUME)) == (2, 1)
            assert "resumed" not in bot.told


async def test_a_session_that_timed_out_is_closed_with_4009_and_begins_anew() -> None:
    async with wire() as w:
        w.furnish()
        bot = SmallBot()
        async with running(w, bot):
            await w.gateway.close(4009)
            await bot.until("ready", times=2)
            assert (w.gateway.count(IDENTIFY), w.gateway.count(RESUME)) == (2, 1)


async def test_two_sessions_that_begin_too_close_are_told_apart_by_an_invalid_session() -> None:
    async with wire() as w:
        w.furnish()
        w.gateway.identify_gap_s = 0.5
        async with running(w, SmallBot()):
            pass
        second = SmallBot()
        async with running(w, second):
            assert w.gateway.count(IDENTIFY) >= 3
            assert len(w.gateway.live) == 1


async def test_heartbeats_without_acks_make_the_client_reconnect() -> None:
    async with wire() as w:
        w.furnish()
        w.gateway.heartbeat_s = 0.2
        bot = SmallBot(heartbeat_timeout=0.5)
        async with running(w, bot):
            w.gateway.acks = False
            await w.gateway.until(lambda g: g.count(RESUME) >= 1)


async def test_every_shard_hears_of_its_own_servers_only() -> None:
    async with wire() as w:
        for n in range(4):
            w.state.guild(f"Server {n}")
        w.guilds.shards = 2

        class Sharded(discord.AutoShardedClient):
            async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
                """No five seconds between shards."""

        bot = Sharded(intents=intents(), guild_ready_timeout=0.1)
        async with running(w, bot):
            assert bot.shard_count == 2
            assert len(bot.guilds) == 4
            for session in w.gateway.live:
                told = [said for _, said in session.events if '"GUILD_CREATE"' in said]
                mine = [one for one in w.state.guilds if (int(one) >> 22) % 2 == session.shard[0]]
                assert len(told) == len(mine)


async def test_a_new_server_and_a_channel_that_goes_are_told() -> None:
    async with wire() as w:
        room, bot = w.furnish(), SmallBot()
        async with running(w, bot):
            w.join_guild("Another", by=room.member["id"])
            await bot.until("joined Another")
            w.delete_channel(room.general)
            await bot.until("deleted general")


async def test_everything_that_happens_is_told_as_discord_py_reads_it() -> None:
    async with wire() as w:
        room, bot = w.furnish(), SmallBot()
        async with running(w, bot):
            news = w.state.channel(room.guild, "episodes", "forum", tags=["News"])
            w.state.overwrite(news, room.guild.id, deny=bits("add_reactions"))
            role = w.state.role(room.guild, "listeners")
            w.state.overwrite(news, role["id"], allow=bits("add_reactions"))
            w.state.give(room.guild, w.state.bot["id"], role["id"])
            message = await _channel(bot, room.general.id).send("an episode")
            thread = await message.create_thread(name="Talk")
            await thread.send("inside")
            await message.edit(content="an episode, corrected")
            forum = _channel(bot, news.id)
            await forum.create_thread(name="Episode 1", content="out", applied_tags=[forum.available_tags[0]])
            await bot.until("thread Episode 1")
            assert bot.guilds[0].me.get_role(int(role["id"]))
            await thread.edit(archived=True)
            await message.delete()
            w.state.leave(room.guild)
            await bot.until("left Listeners")
            assert {"message inside", "thread Talk", "edited an episode, corrected", "gone"} <= set(bot.told)
            assert (w.gateway.count(IDENTIFY), w.gateway.count(RESUME)) == (1, 0)


def _channel(bot: SmallBot, id: str) -> Any:
    return bot.get_channel(int(id))
