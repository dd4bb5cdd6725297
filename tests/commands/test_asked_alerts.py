"""What an episode's alert is known by when a moderator asks for it: as the poll said, or would say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import texts
from bot import texts_alert_commands as words
from bot.alerts import Options
from bot.domain import Place
from bot.feed_memory import KnownItem
from bot.rules.subscription_options import BOUNDS
from bot.services.episode_alerts import alert_for, identity_of
from bot.services.subscriptions import unsaved
from tests.commands.alert_room import FEED, PIER, SLUG, AlertWorld
from tests.commands.world import HALL, World

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=7)


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


def item(key: str, guid: str, seen: datetime, role: str = "main") -> KnownItem:
    return KnownItem(f"id-{key}", key, seen, seen, role, (guid,), titles=(f"Title {key}",))  # type: ignore[arg-type]


async def test_a_guid_that_a_later_episode_uses_again_stays_the_earlier_ones(room: AlertWorld) -> None:
    storms = await room.episode("Storms at sea")
    known = [item("old", "g", NOON), item("new", "g", LATER)]
    assert identity_of(replace(storms, key="old"), known) == "guid:g"
    assert identity_of(replace(storms, key="new"), known).startswith("item:")


async def test_items_that_came_together_with_one_guid_are_both_told_by_all_they_say(room: AlertWorld) -> None:
    storms = await room.episode("Storms at sea")
    known = [item("one", "g", NOON), item("two", "g", NOON)]
    said = {identity_of(replace(storms, key=key), known) for key in ("one", "two")}
    assert len(said) == 2
    assert all(one.startswith("item:") for one in said)


async def test_another_feeds_guid_and_an_episode_without_item_do_not_matter(room: AlertWorld) -> None:
    storms = await room.episode("Storms at sea")
    known = [item("tube", "g", NOON, "youtube"), item("main", "g", NOON)]
    assert identity_of(replace(storms, key="main"), known) == "guid:g"
    assert identity_of(replace(storms, key="none"), known) == f"episode:{storms.id}"


@pytest.mark.parametrize("told_in", [HALL, PIER])
async def test_what_it_was_told_by_counts_before_what_its_item_says_now(room: AlertWorld, told_in: Place) -> None:
    home = await room.add_show()
    episode = await room.episode("Kettle number 2")
    world = room.world
    told = await alert_for(world.context, unsaved(home, told_in, Options(world.clock.now())), episode, "a test")
    assert told.subject == "guid:item-2"
    await world.storage.add_alerts([replace(told, subject="item:of-then")], world.clock.now())
    here = await alert_for(world.context, unsaved(home, HALL, Options(world.clock.now())), episode, "a test")
    assert here.subject == "item:of-then"


# --- a wish for the latest, where the show is posted already ------------------------------------------------------


async def test_latest_where_it_is_subscribed_already_posts_it_as_a_fresh_subscription_would(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    reply = await room.ask("subscribe harbour latest:yes")
    assert reply.outcome == "done"
    assert reply.text.splitlines()[1] == "“Storms at sea” is posted now, as the latest one."
    assert [one.state for one in await room.alerts()] == ["waiting"]
    assert (await room.press(reply, texts.UNDO)).outcome == "done"
    assert [one.state for one in await room.alerts()] == ["skipped"]


async def test_latest_that_was_told_already_is_said_and_not_told_again(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes")
    again = await room.ask("subscribe harbour latest:yes")
    assert (again.outcome, "was told there already" in again.text) == ("same", True)
    assert len(await room.alerts()) == 1


async def test_latest_beside_a_change_gets_a_button_of_its_own(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    reply = await room.ask("subscribe harbour trailer:skip latest:yes")
    assert (reply.outcome, words.LATEST_ASKS in reply.text) == ("confirm", True)
    assert await room.alerts() == []
    await room.press(reply, words.CHANGE_IT)
    assert ((await room.options()).trailer, await room.alerts()) == ("skip", [])
    assert "“Storms at sea” is posted now" in (await room.press(reply, words.POST_LATEST)).text
    assert len(await room.alerts("waiting")) == 1


async def test_a_show_without_episodes_is_subscribed_and_says_that_there_is_no_latest(room: AlertWorld) -> None:
    await room.feed(0)
    assert (await room.ask(f"show add {FEED}")).outcome == "done"
    reply = await room.ask(f"subscribe {SLUG} latest:yes")
    assert (reply.outcome, "has no episode that could be posted yet" in reply.text) == ("done", True)
    assert len(await room.subscriptions()) == 1


# --- what is typed a little differently ---------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["here", "HERE", "<#pier>", "console/local/pier"])
async def test_a_place_without_its_name_is_told_how_to_be_written(room: AlertWorld, place: str) -> None:
    reply = await room.ask(f"subscribe harbour {place}")
    assert (reply.outcome, reply.text) == ("usage", words.place_is_named("harbour", place))
    assert await room.subscriptions() == []
    for unknown in (f"nothing-of-the-kind {place}", place):
        assert (await room.ask(f"subscribe {unknown}")).outcome == "not_found"


@pytest.mark.parametrize(("name", "option"), [("delay", "delay_min"), ("age", "age_days"), ("cap", "burst_cap")])
async def test_every_number_that_can_be_typed_is_kept_as_typed(room: AlertWorld, name: str, option: str) -> None:
    least, most = BOUNDS[option]
    await room.ask("subscribe harbour age:90")
    for number in (least, most):
        await room.ask(f"alerts edit harbour {name}:{number}")
        assert getattr(await room.options(), option) == number
    for beyond in (least - 1, most + 1):
        assert (await room.ask(f"alerts edit harbour {name}:{beyond}")).outcome == "usage"


async def test_an_undo_that_comes_too_late_is_a_whole_sentence(room: AlertWorld) -> None:
    reply = await room.ask("subscribe harbour latest:yes")
    [alert] = await room.alerts()
    await room.became(alert, "posted", "posted", posted_at=room.world.clock.now(), message="m1")
    [entry, *_] = await room.world.storage.history(room.world.context.community)
    assert reply.outcome == "done"
    late = await room.ask(f"undo {entry.id}")
    assert late.text == "That has been posted meanwhile: delete the post itself to take it back."
