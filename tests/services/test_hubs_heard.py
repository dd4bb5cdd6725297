"""Hubs ask back and push: what is believed, what is ignored, and what becomes of a feed then."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.workers import Inline
from bot.domain import DEFAULT_COMMUNITY, Place
from bot.errors import StorageError, StorageLocked
from bot.logs import set_up_logs
from bot.scheduler.poll import Polls
from bot.services.discovery import Discovery
from bot.services.health import Health
from bot.services.poller import Poller
from bot.services.shows import Shows, Wish
from bot.web_ports import Incoming
from tests.commands.world import Times
from tests.fake_web import FakeWeb
from tests.services.hub_room import TOPIC, Locked, Room, entered


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with entered() as made:
        yield made


# --- asked back ------------------------------------------------------------------------------------------------------


async def test_a_challenge_is_said_back_as_text_only(room: Room) -> None:
    await room.feed()
    await room.renew()
    id = (await room.stored()).id
    told = {"mode": "subscribe", "topic": TOPIC, "challenge": "<script>alert(1)</script>"}
    status, text, kind = await room.get(f"/websub/{id}", **told)
    assert (status, text, kind) == (200, "<script>alert(1)</script>", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "other",
    [
        {"mode": "publish"},
        {"mode": ""},
        {"topic": "https://other.example/"},
        {"challenge": ""},
        {"challenge": "x" * 2000},
        {"mode": "denied", "topic": "https://other.example/"},
        {"mode": "unsubscribe"},
    ],
)
async def test_a_question_about_something_else_is_not_confirmed(room: Room, other: dict[str, str]) -> None:
    await room.feed()
    await room.renew()
    hub = await room.stored()
    told = {"mode": "subscribe", "topic": TOPIC, "challenge": "abc", **other}
    assert (await room.get(f"/websub/{hub.id}", **told))[0] == 404
    assert await room.stored() == hub


async def test_an_unknown_id_is_not_there(room: Room) -> None:
    told = {"mode": "subscribe", "topic": TOPIC, "challenge": "abc"}
    for mode in ("subscribe", "unsubscribe", "denied"):
        assert (await room.get("/websub/aaaaaaaaaaaaaaaaaaaaaaaa", **{**told, "mode": mode}))[0] == 404


# --- heard -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_a_signed_push_makes_the_feed_due_and_wakes_the_poller(room: Room, method: str) -> None:
    show = await room.feed()
    await room.renew()
    room.restart()
    assert await room.hub.publish(b"<rss>\xff</rss>" * 5000, method) == [202]
    assert await room.due(show) == room.clock.at
    assert (room.woken, (await room.stored()).heard_at) == ([room.clock.at], room.clock.at)
    assert room.hubs.heard_of == {"hint": 1}


@pytest.mark.parametrize(
    ("signature", "outcome"),
    [
        pytest.param("", "unsigned", id="none"),
        pytest.param("sha256=" + "0" * 64, "forged", id="forged"),
        pytest.param("md5=" + "0" * 32, "unsigned", id="method"),
        pytest.param("sha256", "unsigned", id="odd"),
    ],
)
async def test_a_push_that_the_secret_did_not_sign_is_acknowledged_and_ignored(
    room: Room, signature: str, outcome: str
) -> None:
    show = await room.feed()
    await room.renew()
    before = await room.due(show), await room.stored()
    assert await room.hub.publish(b"<rss/>", signature=signature) == [202]
    assert (await room.due(show), await room.stored()) == before
    assert (room.woken, room.hubs.heard_of) == ([], {outcome: 1})


async def test_another_feeds_secret_signs_nothing(room: Room) -> None:
    shows = [await room.feed(slug) for slug in "ab"]
    await room.renew()
    (one, (topic, _)), (two, (_, secret)) = room.hub.subscribers.items()
    room.hub.subscribers = {one: (topic, secret)}
    assert two
    await room.hub.publish(b"<rss/>")
    assert room.hubs.heard_of == {"forged": 1}
    assert {await room.due(show) for show in shows} == {room.clock.at + timedelta(hours=1)}


async def test_pushes_within_a_minute_are_one_and_the_last_is_not_lost(room: Room) -> None:
    show = await room.feed()
    await room.renew()
    began = room.clock.at
    await room.hub.publish(b"<rss>1</rss>")
    state = await room.storage.feed(show.id)
    assert state
    await room.storage.put_feed(replace(state, next_at=began + timedelta(hours=1)))  # it was polled
    for _ in range(5):
        room.clock.at += timedelta(seconds=5)
        await room.hub.publish(b"<rss>1</rss>")
    assert await room.due(show) == began + timedelta(minutes=1)
    assert room.hubs.heard_of == {"hint": 2, "merged": 4}


async def test_pushes_that_come_together_are_one_too(room: Room) -> None:
    await room.feed()
    await room.renew()
    assert await asyncio.gather(*(room.hub.publish(b"<rss/>") for _ in range(20))) == [[202]] * 20
    assert room.hubs.heard_of == {"hint": 2, "merged": 18}


async def test_a_push_that_is_too_large_is_acknowledged_and_ignored(room: Room) -> None:
    show = await room.feed()
    await room.renew()
    assert await room.hub.publish(b"x" * 100_001) == [202]
    assert room.hubs.heard_of == {"too large": 1}
    assert await room.due(show) == room.clock.at + timedelta(hours=1)


async def test_a_stopped_feed_stays_stopped(room: Room) -> None:
    show = await room.feed()
    await room.renew()
    await room.change(show, stopped="410 Gone", next_at=None)
    await room.hub.publish(b"<rss/>")
    state = await room.storage.feed(show.id)
    assert state
    assert state.stopped
    assert await room.storage.due_feeds(room.clock.at, 10) == []


async def test_while_the_database_cannot_be_used_the_hub_is_asked_to_come_again(room: Room) -> None:
    show = await room.feed()
    await room.renew()
    whole, room.storage = room.storage, Locked()  # type: ignore[assignment]
    room.restart()
    assert await room.hub.publish(b"<rss/>") == [503]
    assert (await room.hub.ask_back(room.hub.asked[0]))[0] == 503
    with pytest.raises(StorageError):
        await room.hubs.renew(room.clock.at)
    room.storage = whole
    room.restart()
    assert await room.hub.publish(b"<rss/>") == [202]
    assert await room.due(show) == room.clock.at


async def test_no_secret_reaches_the_log(room: Room) -> None:
    stream = io.StringIO()
    set_up_logs("debug", "json", (), stream)
    await room.feed()
    await room.renew()
    hub = await room.stored()
    await room.hub.publish(b"<rss>body</rss>")
    await room.hub.publish(b"<rss>body</rss>", signature="sha256=" + "0" * 64)
    room.hub.manner = "deny"
    await room.hub.ask_back(room.hub.asked[0])
    set_up_logs("info", "auto", ())
    logged = stream.getvalue()
    assert "hub heard" in logged
    assert "hub refused" in logged
    for secret in (hub.id, hub.secret, "<rss>", "challenge"):
        assert secret not in logged


# --- health ----------------------------------------------------------------------------------------------------------


async def test_health_is_two_words(room: Room) -> None:
    assert await room.get("/health") == (200, '{"up": true, "storage": true}', "application/json; charset=utf-8")
    [route] = Health(Locked(), room.clock).routes()  # type: ignore[arg-type]
    answer = await route.handler(Incoming("GET", {}, {}, {}, Unread()))
    assert (answer.status, answer.text) == (503, '{"up": true, "storage": false}')


class Unread:
    """A body that nobody asks for."""

    async def whole(self) -> bytes:
        raise AssertionError("it was read")

    async def pieces(self) -> AsyncIterator[bytes]:
        yield await self.whole()


async def test_strangers_do_not_keep_the_database_busy() -> None:
    class Counted:
        looks = 0

        async def cached(self, key: str) -> str | None:
            self.looks += 1
            if self.looks == 2:
                raise StorageLocked("another process holds it")
            return None

    storage, clock = Counted(), Times()
    health = Health(storage, clock)  # type: ignore[arg-type]
    assert set(await asyncio.gather(*(health.well() for _ in range(100)))) == {True}
    assert storage.looks == 1
    clock.at += timedelta(seconds=2)
    assert not await health.well()
    clock.at += timedelta(seconds=2)
    assert await health.well()


# --- on top of polling -----------------------------------------------------------------------------------------------


def kite_feed(hub: str, *titles: str) -> str:
    items = "".join(f"<item><title>{title}</title><guid>{title}</guid></item>" for title in titles)
    links = f'<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{TOPIC}"/>'
    head = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Kites</title>'
    return f"{head}{links}{items}</channel></rss>"


async def test_a_push_brings_in_what_the_feed_says_and_not_what_was_pushed(room: Room) -> None:
    web, offload = FakeWeb(), Inline()
    poller = Poller(room.storage, web, offload, room.clock, chance=lambda: 0.0)
    shows = Shows(room.storage, Discovery(web, offload, 2**20), poller, room.clock)
    web.put(TOPIC, kite_feed(room.hub.url, "Box kites"))
    show = (await shows.add(DEFAULT_COMMUNITY, Wish(TOPIC, place=Place("console", "local", "console")))).show
    await room.renew()
    polls = Polls(room.storage, poller, room.clock, "run")
    room.hubs.wake = polls.wake
    room.clock.at += timedelta(seconds=1)
    web.put(TOPIC, kite_feed(room.hub.url, "Knots", "Box kites"))
    await room.hub.publish(kite_feed(room.hub.url, "Forged news").encode())
    async with asyncio.timeout(30):
        while len(await room.storage.known_items(show.id)) < 2:  # noqa: ASYNC110 - the poller says nothing
            await asyncio.sleep(0.01)
    await polls.stop()
    assert {item.titles[0] for item in await room.storage.known_items(show.id)} == {"Box kites", "Knots"}
