"""What the gateway tells of our posts, and what it spares."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.alert_ports import Found
from bot.domain import Place
from bot.posts import Post, Thread
from tests.adapters.discord.post_world import PostWorld, a_post, key, post_world, refused, sent

SUPPRESSED = 1 << 12


@pytest.fixture
async def world() -> AsyncIterator[PostWorld]:
    async with post_world() as world:
        yield world


async def test_the_gateway_tells_of_every_post_of_the_account_with_its_place() -> None:
    async with post_world(connected=True) as world:
        heard: list[tuple[Place, Found]] = []
        news = asyncio.Event()

        def seen(place: Place, found: Found) -> None:
            heard.append((place, found))
            news.set()

        world.messenger.watch(seen)
        forum = world.place(world.channel("episodes", "forum"))
        first = sent(await world.messenger.send(world.here, a_post()))
        second = sent(await world.messenger.send(forum, a_post(2, thread=Thread("One", forum=True))))
        await world.wire.say(world.room.member, world.room.general, "hello")
        async with asyncio.timeout(30):
            while len(heard) < 2:
                news.clear()
                await news.wait()
        assert heard == [
            (world.here, Found(first.message, key(1), "new", heard[0][1].at)),
            (forum, Found(second.message, key(2), "new", heard[1][1].at, second.thread)),
        ]
        assert abs(heard[0][1].at - datetime.now(UTC)) < timedelta(seconds=60)


async def test_posts_go_out_over_a_connected_gateway_without_looking_channels_up() -> None:
    async with post_world(connected=True) as world:
        sent(await world.messenger.send(world.here, a_post()))
        assert world.wire.log.count("GET /channels/{channel}") == 0


async def test_a_post_that_cannot_be_dressed_is_never_sent(world: PostWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Post("words", key(1), actions=(None,))  # type: ignore[arg-type]
    outcome = refused(await world.messenger.send(world.here, broken))
    assert outcome.why == "invalid"
    assert world.wire.log.posted == []
