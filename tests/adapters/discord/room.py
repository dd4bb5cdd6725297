"""One server on a Discord in memory: our client, people and places. No test enters here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import discord
import simcord

from adapters.discord.client import client_of
from bot.domain import DEFAULT_COMMUNITY
from bot.services import Services
from bot.settings import Settings
from tests.commands.world import World

if TYPE_CHECKING:
    from bot.alert_ports import Messenger
    from bot.services.alert_work import AlertWork
    from bot.services.pacing import Urgency


@dataclass(frozen=True, slots=True)
class Room:
    """``mia`` is a member, ``max`` holds Manage Server; both may write in both channels. ``guild`` is linked to the
    community of ``world``, whose storage and clock stand behind ``services``."""

    env: simcord.Env
    client: discord.Client
    services: Services
    world: World
    guild: simcord.GuildHandle
    general: simcord.ChannelHandle
    staff: simcord.ChannelHandle
    mia: simcord.MemberActor
    max: simcord.MemberActor


async def furnished(world: World, **options: Any) -> Room:
    """A room with our client, which is not connected yet: ``room.env.start()``."""
    client, services = client_for(world)
    env = simcord.Env(client, **options)
    guild = env.create_guild("Harbour Hall")
    await world.storage.link_workspace(DEFAULT_COMMUNITY, "discord", str(guild.id))
    manager = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return Room(
        env,
        client,
        services,
        world,
        guild,
        guild.create_text_channel("general"),
        guild.create_text_channel("staff"),
        guild.add_member(env.create_user("mia")),
        guild.add_member(env.create_user("max"), roles=[manager]),
    )


def client_for(world: World) -> tuple[discord.Client, Services]:
    """Our client over the world's services, whose alerts are posted through it."""
    made = client_of(Settings(), world.services)
    services = replace(world.services, alert_work=cache(lambda: _alert_work(world, made.messenger)))
    made.services = services
    return made, services


def _alert_work(world: World, messenger: Messenger) -> AlertWork:
    """The real use cases of alerts over our messenger; nothing runs by itself."""
    from bot.services.alert_work import AlertWork
    from bot.services.growth import Growth
    from bot.services.hubs import Hubs
    from bot.services.outbox import Outbox
    from bot.services.posts import PostMaker

    class Unhurried(Outbox):
        """Nobody queues: the gate lets in by a timer, and simcord waits for sleeps and tasks only. What the gate
        does is tested where it lives."""

        async def turn(self, platform: str, urgency: Urgency = "send") -> None:
            assert platform == messenger.platform

    posts = PostMaker(world.storage, world.clock)
    outbox = Unhurried(world.storage, {"discord": messenger}, posts, world.clock, run="this run")
    hubs = Hubs(world.storage, world.web, world.clock, "")
    growth = Growth(world.storage, posts, world.clock)
    return AlertWork(outbox, posts, growth, hubs, {"discord": messenger}, "this run", asyncio.Event())
