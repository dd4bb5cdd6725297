"""``/pullquote audit``: what the feed had since a place subscribed, and what of it is missing there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import texts, texts_why
from bot import texts_alert_commands as words
from bot.alerts import Chore
from bot.domain import Role
from tests.commands.alert_room import SLUG, AlertWorld
from tests.commands.world import STAFF, World


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


async def subscribed(room: AlertWorld, options: str = "") -> None:
    """The show with two episodes before the subscription, and a poll an hour after it with two more."""
    await room.add_show(2)
    room.world.clock.pass_hours(1)
    await room.ask(f"subscribe {SLUG} {options}")
    await room.feed(4)


async def test_everything_since_the_subscription_is_counted(room: AlertWorld) -> None:
    await subscribed(room)
    first, second = await room.alerts()
    await room.became(first, "posted", "it is there", posted_at=room.world.clock.now(), message="m1")
    await room.became(second, "expired", "the platform was down for a week")
    reply = await room.ask(f"audit {SLUG}")
    assert reply.title == "The Tin Kettle here, since 2024-06-01 13:00"
    assert reply.text == "2 episodes came: 1 posted, 1 missing."
    [row] = reply.fields
    assert row.label == "Kettle number 3"
    assert row.value.startswith("The platform was down for a week.")


async def test_what_waits_is_held_or_was_taken_away_is_not_missing(room: AlertWorld) -> None:
    await subscribed(room)
    first, second = await room.alerts()
    await room.became(first, "held", "it cannot be known")
    assert (await room.ask("audit")).text == "2 episodes came: 0 posted, 1 on the way, 1 held, 0 missing."
    now = room.world.clock.now()
    await room.became(second, "posted", "there", posted_at=now, message="m2")
    [posted] = await room.alerts("posted")
    gone = replace(posted, state="deleted", reason="a moderator took it away")
    await room.world.storage.end_chore(Chore(posted.id, "edit", now, now), gone)
    text = (await room.ask("audit")).text
    assert text == "2 episodes came: 0 posted, 1 posted and taken away, 1 held, 0 missing."


async def test_a_skipped_one_is_posted_after_all(room: AlertWorld) -> None:
    await subscribed(room, 'without:"number 3"')
    shown = await room.ask("audit")
    assert shown.choices
    [choice] = shown.choices.options
    assert choice.label == "Kettle number 3"
    done = await room.world.press(choice.action)
    assert done.outcome == "done"
    assert {one.state for one in await room.alerts()} == {"waiting"}
    assert (await room.ask("audit")).text.endswith("2 on the way, 0 missing.")
    again = await room.world.press(choice.action)
    assert (again.outcome, again.text) == ("not_found", texts_why.NOT_MISSING)
    await room.press(done, texts.UNDO)
    assert sorted(one.state for one in await room.alerts()) == ["skipped", "waiting"]


async def test_one_that_never_was_an_alert_becomes_one(room: AlertWorld) -> None:
    """The subscription is taken away while an episode comes, and brought back."""
    await room.add_show(2)
    await room.ask(f"subscribe {SLUG}")
    gone = await room.ask("unsubscribe")
    await room.feed(3)
    await room.press(gone, texts.UNDO)
    assert await room.alerts() == []
    shown = await room.ask("audit")
    assert shown.text == "1 episode came: 0 posted, 1 missing."
    assert shown.fields[0].value.startswith(words.sentence(texts_why.NEVER_ANNOUNCED))
    assert shown.choices
    [choice] = shown.choices.options
    assert (await room.world.press(choice.action)).outcome == "done"
    [alert] = await room.alerts()
    [first, _] = await room.world.storage.alert_story(alert.id)
    assert (alert.state, alert.subject, "Ada asked for it" in first.reason) == ("waiting", "guid:item-3", True)


async def test_editors_look_and_admins_post(room: AlertWorld) -> None:
    await subscribed(room, "full:skip")
    editor = room.as_("ed", Role.editor)
    shown = await editor.ask("audit")
    assert (len(shown.fields), shown.choices) == (2, None)
    episode = await room.episode("Kettle number 3")
    assert (await editor.ask(f"audit post:{episode.id}")).outcome == "not_allowed"
    assert (await room.ask(f"audit post:{episode.id}")).outcome == "done"


async def test_it_needs_a_subscription_that_may_be_seen(room: AlertWorld) -> None:
    assert (await room.ask("audit")).outcome == "not_found"
    assert (await room.ask("audit harbour")).outcome == "not_found"
    await room.as_("ada", Role.admin, STAFF).ask("subscribe vault")
    assert (await room.ask("audit vault")).outcome == "not_found"
    assert (await room.ask(f"audit place:{STAFF}")).outcome == "not_found"


async def test_many_missing_ones_are_paged(room: AlertWorld) -> None:
    await room.add_show(2)
    await room.ask(f"subscribe {SLUG} full:skip")
    await room.feed(12)
    first = await room.ask("audit")
    assert first.text == "10 episodes came: 0 posted, 10 missing."
    assert len(first.fields) == 8
    second = await room.press(first, texts.NEXT_PAGE)
    assert len(second.fields) == 2
