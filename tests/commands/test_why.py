"""``/pullquote why EPISODE``: what each stage made of it, with its reason and time, in each place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import texts_alert_commands as words
from bot import texts_why
from bot.alerts import AlertState
from bot.domain import Role
from tests.commands.alert_room import PIER, SLUG, AlertWorld
from tests.commands.world import HALL, STAFF, World


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


async def stages(room: AlertWorld, line: str) -> dict[str, str]:
    """Every row; the story's rows together."""
    found: dict[str, str] = {}
    for row in (await room.ask(f"why {line}")).fields:
        found[row.label] = f"{found[row.label]} | {row.value}" if row.label in found else row.value
    return found


async def test_a_posted_episode_is_told_stage_by_stage_with_times(room: AlertWorld) -> None:
    await room.add_show()
    await room.ask(f"subscribe {SLUG} mention:<@&7>")
    await room.feed(3)
    [alert] = await room.alerts()
    room.world.clock.at += timedelta(seconds=2)
    await room.became(alert, "posted", "it is there", posted_at=room.world.clock.now(), message="m1")
    rows = await stages(room, '"Kettle number 3"')
    assert rows["Fetched"] == "Seen in the feed. 2024-06-01 13:00"
    assert rows["Identity"].startswith("A new episode: ")
    assert rows["Identity"].endswith(" 2024-06-01 13:00")
    assert rows["Filters (here)"].startswith("A full episode, first seen 2024-06-01 13:00 UTC")
    assert rows["Place (here)"] == "Mentions 7. 2024-06-01 12:00"
    assert rows["Delivery (here)"] == "Posted: it is there. 2024-06-01 13:00"
    assert rows["Its story (here)"] == "Posted: it is there. 2024-06-01 13:00"


async def test_a_filtered_episode_says_which_filter(room: AlertWorld) -> None:
    await room.add_show()
    await room.ask(f"subscribe {SLUG} without:number")
    await room.ask(f"subscribe {SLUG} place:{PIER}")
    await room.feed(3)
    rows = await stages(room, '"Kettle number 3"')
    assert rows["Identity"].startswith("A new episode: ")
    assert "“number” is in the title" in rows["Filters (here)"]
    assert rows["Delivery (here)"].startswith("Skipped: “number” is in the title")
    assert rows[f"Delivery ({PIER})"].startswith("Waiting to be sent, due 2024-06-01 13:00")
    only = await stages(room, f'"Kettle number 3" place:{PIER}')
    assert f"Filters ({PIER})" in only
    assert "Filters (here)" not in only


async def test_what_was_there_at_the_first_reading_is_no_news(room: AlertWorld) -> None:
    await room.add_show()
    await room.ask(f"subscribe {SLUG}")
    rows = await stages(room, '"Kettle number 2"')
    assert rows["Identity"] == f"{words.sentence(texts_why.BASELINE)} 2024-06-01 12:00"
    assert rows["Delivery (here)"] == words.sentence(texts_why.NOTHING_TO_DELIVER)


async def test_what_came_before_the_subscription_says_so(room: AlertWorld) -> None:
    await room.add_show()
    await room.feed(3)
    room.world.clock.pass_hours(1)
    await room.ask(f"subscribe {SLUG}")
    rows = await stages(room, '"Kettle number 3"')
    assert rows["Filters (here)"] == f"{words.sentence(texts_why.BEFORE_SUBSCRIBING)} 2024-06-01 13:00"
    assert "nobody subscribed then" in rows["Identity"]


async def test_nobody_subscribes_and_imported_by_file_are_said(room: AlertWorld) -> None:
    rows = await stages(room, "storms show:harbour")
    assert rows["Fetched"] == words.sentence(texts_why.NO_FEED)
    assert rows["Identity"] == words.sentence(texts_why.FROM_FILE)
    assert rows["Place"] == words.sentence(texts_why.NOBODY_SUBSCRIBES)


async def test_an_episode_that_is_not_in_the_feed_says_so(room: AlertWorld) -> None:
    await room.looked(await room.show("harbour"))
    await room.ask("subscribe harbour")
    rows = await stages(room, "storms show:harbour")
    assert rows["Fetched"].startswith("The feed was read, and this episode is not in it.")
    assert rows["Identity"] == words.sentence(texts_why.FROM_FILE)


async def test_a_stopped_feed_is_told_without_its_secret(room: AlertWorld) -> None:
    from dataclasses import replace

    home = await room.add_show()
    state = await room.world.storage.feed(home.id)
    assert state
    why = "https://ann:s3cret-word@kettle.example/feed.xml answered 410"
    await room.world.storage.put_feed(replace(state, stopped=why))
    reply = await room.ask('why "Kettle number 2"')
    assert "not looked at any more" in reply.plain()
    assert "s3cret" not in reply.plain()


async def test_a_paused_blocked_or_quiet_place_is_named(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes")
    await room.ask("quiet 3h")
    rows = await stages(room, "storms show:harbour")
    assert rows["Place (here)"].startswith("Quiet all until 2024-06-01 15:00 (UTC)")
    await room.ask("alerts pause harbour")
    assert (await stages(room, "storms show:harbour"))["Place (here)"].startswith("Paused by Ada")
    await room.world.storage.block_place(HALL, "the channel is gone", room.world.clock.now())
    assert (await stages(room, "storms show:harbour"))["Place (here)"].startswith("Blocked: the channel is gone")


async def test_what_was_asked_for_by_hand_says_who_asked(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes")
    rows = await stages(room, "storms show:harbour")
    assert rows["Filters (here)"].startswith("A moderator asked for it.")


async def test_a_held_one_says_how_to_decide(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes")
    [alert] = await room.alerts()
    await room.became(alert, "unknown", "no answer within 20 s", tried_at=room.world.clock.now(), attempts=1)
    [alert] = await room.alerts()
    await room.became(alert, "held", "the place cannot be read back")
    rows = await stages(room, "storms show:harbour")
    assert rows["Delivery (here)"].startswith("Held for a moderator: /pullquote held: the place cannot be read back")
    assert "no answer within 20 s" in rows["Its story (here)"]


async def test_a_withdrawn_episode_says_so(room: AlertWorld) -> None:
    from tests import feeds_made as made
    from tests.commands.alert_room import BASE, FEED

    await room.add_show(6)
    for n in range(4):
        kept = [made.Item(n, f"Kettle number {n}") for n in (1, 2, 3, 5, 6)]
        room.world.web.put(FEED, made.feed(BASE, kept), etag=f'"gone{n}"')
        room.world.clock.pass_hours(2)
        await room.world.services.poller.poll(await room.world.storage.feeds())
    assert (await room.episode("Kettle number 4")).withdrawn
    assert (await stages(room, '"Kettle number 4"'))["Identity"].startswith("Its publisher took it out of the feed.")


async def test_many_places_are_a_few_and_buttons_to_the_others(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    for n in range(7):
        await room.ask(f"subscribe harbour place:console/local/c{n}")
    reply = await room.ask("why storms show:harbour")
    assert len([row for row in reply.fields if row.label.startswith("Delivery")]) == 6
    assert len(reply.actions) == 2
    other = await room.world.press(reply.actions[0])
    assert any(row.label == f"Delivery ({reply.actions[0].label})" for row in other.fields)


async def test_members_are_refused_and_private_shows_stay_private(room: AlertWorld) -> None:
    assert (await room.as_("mia").ask("why storms")).outcome == "not_allowed"
    staff = room.as_("ada", Role.admin, STAFF)
    await staff.ask("subscribe vault")
    assert (await room.ask("why merger show:vault")).outcome == "not_found"
    assert (await room.as_("ed", Role.editor).ask("why merger")).outcome == "not_found"
    assert "The merger" in (await staff.ask("why merger show:vault")).plain()


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("sending", "being sent", "Being sent."),
        ("posted", "posted", "Posted."),
        ("posted", "posted: read back in the place", "Posted: read back in the place."),
        ("posted", "a moderator says that it is there", "Posted: a moderator says that it is there."),
        ("held", "held: it may be there", "Held for a moderator: /pullquote held: it may be there."),
    ],
)
async def test_state_and_reason_are_each_said_once(room: AlertWorld, state: AlertState, reason: str, said: str) -> None:
    await room.ask("subscribe harbour latest:yes")
    [alert] = await room.alerts()
    now = room.world.clock.now()
    posted: dict[str, object] = {"posted_at": now, "message": "m1"} if state == "posted" else {}
    await room.became(alert, state, reason, tried_at=now, **posted)
    rows = await stages(room, "storms show:harbour")
    assert rows["Delivery (here)"].removesuffix(" 2024-06-01 12:00") == said
