"""Hubs are asked, confirm, are renewed, refuse, and are left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain import DEFAULT_COMMUNITY
from bot.services.hubs import Hubs
from tests.services.hub_room import DAY, TOPIC, Room, entered


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with entered() as made:
        yield made


# --- asking ----------------------------------------------------------------------------------------------------------


async def test_a_feeds_hub_is_asked_and_confirms(room: Room) -> None:
    show = await room.feed()
    assert await room.renew() == 1
    [form] = room.hub.asked
    hub = await room.stored()
    assert form == {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.callback": f"{room.public_url}/websub/{hub.id}",
        "hub.secret": hub.secret,
        "hub.lease_seconds": "864000",
    }
    assert room.hub.answers == [(200, "<b>0</b>")]
    assert (hub.state, hub.show, hub.error) == ("verified", show.id, "")
    assert (hub.expires_at, hub.next_at) == (room.clock.at + 10 * DAY, room.clock.at + 8 * DAY)
    assert len(hub.id) >= 24
    assert 40 <= len(hub.secret) < 200
    assert await room.renew() == 0


@pytest.mark.parametrize("manner", ["first", "bare", "muddled"])
async def test_hubs_that_go_about_it_otherwise_are_confirmed_too(room: Room, manner: str) -> None:
    await room.feed()
    room.hub.manner = manner  # type: ignore[assignment]
    await room.renew()
    hub = await room.stored()
    assert (hub.state, hub.error, hub.failures) == ("verified", "", 0)
    assert hub.next_at == room.clock.at + (0.8 if manner == "bare" else 8) * DAY


async def test_each_feed_has_an_id_and_a_secret_of_its_own(room: Room) -> None:
    for slug in "abc":
        await room.feed(slug)
    await room.renew()
    hubs = await room.storage.hubs()
    assert len({hub.id for hub in hubs}) == len({hub.secret for hub in hubs}) == 3


async def test_a_lease_is_renewed_before_its_end_by_another_process_with_the_same_id(room: Room) -> None:
    await room.feed()
    await room.renew()
    before = await room.stored()
    room.restart()
    room.clock.pass_hours(24 * 7)
    assert await room.renew() == 0
    room.clock.pass_hours(24 * 1)
    assert await room.renew() == 1
    hub = await room.stored()
    assert (hub.id, hub.secret) == (before.id, before.secret)
    assert hub.expires_at == room.clock.at + 10 * DAY
    assert room.hub.modes() == ["subscribe"] * 2


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        ("error", "it answered 500"),
        ("gone", "it answered 404"),
        ("silent", "not confirmed it yet"),
        ("elsewhere", "not confirmed it yet"),
    ],
)
async def test_a_hub_that_does_not_confirm_is_asked_again_later_and_then_does(
    room: Room, manner: str, words: str
) -> None:
    show = await room.feed()
    room.hub.manner = manner  # type: ignore[assignment]
    await room.renew()
    hub = await room.stored()
    assert (hub.state, hub.expires_at) == ("asked", None)
    [told] = await room.hubs.words(show.id)
    assert words in told
    assert await room.renew() == 0
    room.hub.manner = "confirm"
    room.clock.at = hub.next_at or room.clock.at
    room.restart()
    assert await room.renew() == 1
    assert (await room.stored()).state == "verified"


async def test_a_hub_that_never_answers_or_is_not_there_holds_up_no_other(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.hubs.ANSWER_S", 0.3)
    shows = [await room.feed(slug) for slug in "abcdef"]
    room.hub.manner = "hang"
    await room.change(shows[0], hub=f"http://127.0.0.1:{room.hub.port}/other")
    assert await room.renew() == 6
    assert {hub.state for hub in await room.storage.hubs()} == {"asked"}
    assert all(hub.error for hub in await room.storage.hubs())


async def test_a_refusal_stands_until_the_feed_names_something_else(room: Room) -> None:
    show = await room.feed()
    room.hub.manner = "deny"
    await room.renew()
    hub = await room.stored()
    assert (hub.state, hub.error) == ("refused", "no podcasts here")
    assert "refuses" in (await room.hubs.words(show.id))[0]
    room.hub.manner = "confirm"
    room.clock.pass_hours(24 * 100)
    assert await room.renew() == 0
    await room.change(show, topic=f"{TOPIC}?v=2")
    assert await room.renew() == 1
    assert (await room.stored()).state == "verified"


async def test_a_hub_may_refuse_later(room: Room) -> None:
    await room.feed()
    await room.renew()
    room.hub.manner = "deny"
    assert (await room.hub.ask_back(room.hub.asked[0]))[0] == 200
    assert (await room.stored()).state == "refused"


async def test_a_hub_on_a_private_address_is_not_asked(room: Room) -> None:
    show = await room.feed(hub="https://10.0.0.1/hub")
    await room.renew()
    assert (await room.stored()).state == "asked"
    assert "PULLQUOTE_ALLOW_HOSTS" in (await room.hubs.words(show.id))[0]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"url": f"{TOPIC}?token=s3cret"}, id="secret"),
        pytest.param({"hub": "http://hub.example/"}, id="plain"),
        pytest.param({"stopped": "410"}, id="stopped"),
        pytest.param({"hub": ""}, id="none"),
    ],
)
async def test_some_feeds_are_told_to_no_hub(room: Room, given: dict[str, str]) -> None:
    await room.feed(**given)
    assert await room.renew() == 0
    assert await room.storage.hubs() == []


async def test_nothing_is_asked_without_a_public_address(room: Room) -> None:
    show = await room.feed()
    room.hubs = Hubs(room.storage, room.fetcher, room.clock, "")
    assert await room.renew() == 0
    assert (room.hub.asked, await room.hubs.words(show.id)) == ([], ())


async def test_at_another_public_address_every_hub_is_asked_anew(room: Room) -> None:
    await room.feed()
    await room.renew()
    room.restart(room.public_url.replace("127.0.0.1", "localhost"))
    assert await room.renew() == 1
    assert room.hub.asked[1]["hub.callback"].startswith("http://localhost:")
    assert await room.renew() == 0


async def test_one_round_asks_a_bounded_number(room: Room) -> None:
    for n in range(55):
        await room.feed(f"show-{n}")
    assert [await room.renew() for _ in range(3)] == [50, 5, 0]


async def test_what_one_process_has_asked_another_does_not_ask_again(room: Room) -> None:
    await room.feed()
    room.hub.manner = "silent"
    await room.renew()
    room.restart()
    assert await room.renew() == 0
    assert room.hub.modes() == ["subscribe"]


# --- leaving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["hub", "topic", "stopped", "private", "removed", "no-hub"])
async def test_what_is_wanted_no_more_is_left(room: Room, reason: str) -> None:
    show = await room.feed()
    await room.renew()
    old = await room.stored()
    if reason == "removed":
        await room.storage.unshelve(DEFAULT_COMMUNITY, show.id)
    elif reason == "private":
        await room.storage.put_show(DEFAULT_COMMUNITY, replace(show, private=True))
    else:
        changed = {"hub": {"hub": f"{room.hub.url}?2"}, "topic": {"topic": f"{TOPIC}?2"}, "no-hub": {"hub": ""}}
        await room.change(show, **changed.get(reason, {"stopped": "410 Gone"}))
    await room.renew()
    anew = reason in ("hub", "topic")
    assert room.hub.modes() == ["subscribe", "unsubscribe"] + ["subscribe"] * anew
    assert room.hub.asked[1]["hub.callback"].endswith(old.id)
    assert "hub.secret" not in room.hub.asked[1]
    assert await room.storage.hub(old.id) is None
    assert [callback.endswith(old.id) for callback in room.hub.subscribers] == [False] * anew


async def test_a_hub_that_we_left_and_that_did_not_listen_is_told_that_nobody_is_here(room: Room) -> None:
    show = await room.feed()
    await room.renew()
    room.hub.manner = "error"
    await room.change(show, stopped="410 Gone")
    await room.renew()
    assert await room.hub.publish(b"<rss/>") == [410]


async def test_nobody_else_can_end_a_subscription(room: Room) -> None:
    await room.feed()
    await room.renew()
    assert (await room.hub.ask_back(room.hub.asked[0], mode="unsubscribe"))[0] == 404
    assert (await room.stored()).state == "verified"
