"""``/pullquote quiet`` and the settings behind it: hours without posts, or none for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import texts, texts_why
from bot.domain import Place, Role, Setting
from tests.commands.alert_room import PIER, AlertWorld
from tests.commands.world import HALL, World


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


async def settings(room: AlertWorld) -> dict[str, str]:
    records = await room.world.storage.records(room.world.context.community, "setting")
    return {one.id: one.value for one in records if isinstance(one, Setting)}


async def test_nothing_set_says_so_and_how(room: AlertWorld) -> None:
    reply = await room.ask("quiet")
    assert (reply.text, reply.footer, reply.outcome) == (texts_why.NEVER_QUIET, texts_why.QUIET_HOW, "listed")


@pytest.mark.parametrize("line", ["hours:22:00-07:00", "22:00-07:00", "hours:22-7"])
async def test_hours_hold_in_this_place_and_its_time_zone(room: AlertWorld, line: str) -> None:
    await room.ask("settings name:timezone value:Europe/Berlin")
    reply = await room.ask(f"quiet {line}")
    assert reply.text.startswith("Nothing is posted here from 22:00 to 07:00 (Europe/Berlin)")
    assert (await settings(room))[f"{HALL}|quiet"] == "22:00-07:00"
    [row] = (await room.ask("quiet")).fields
    assert (row.label, row.value) == ("here", "each day 22:00 to 07:00 (Europe/Berlin)")


async def test_hours_everywhere_hold_for_the_community(room: AlertWorld) -> None:
    await room.ask("quiet hours:22:00-07:00 where:everywhere")
    assert await settings(room) == {"|quiet": "22:00-07:00"}
    elsewhere = await room.as_("ada", Role.admin, PIER).ask("quiet")
    assert [row.label for row in elsewhere.fields] == ["everywhere"]


@pytest.mark.parametrize(
    ("line", "span"),
    [
        ("3h", timedelta(hours=3)),
        ("lasting:2d", timedelta(days=2)),
        ("3 h", timedelta(hours=3)),
        ("for:45m", timedelta(minutes=45)),
        ("for 1h 30m", timedelta(minutes=90)),
    ],
)
async def test_a_while_holds_everywhere_and_passes(room: AlertWorld, line: str, span: timedelta) -> None:
    reply = await room.ask(f"quiet {line}")
    assert reply.text.startswith("Nothing is posted anywhere until 2024-06-0")
    until = room.world.clock.now() + span
    assert await settings(room) == {"|quiet_until": until.isoformat()}
    assert len((await room.ask("quiet")).fields) == 1
    room.world.clock.at = until + timedelta(minutes=1)
    assert (await room.ask("quiet")).text == texts_why.NEVER_QUIET


async def test_the_lane_is_told_of_both(room: AlertWorld) -> None:
    from bot.rules.quiet import until

    await room.ask("subscribe harbour latest:yes")
    await room.ask("quiet 3h where:here")
    lane = await room.world.storage.lane(HALL)
    assert lane
    now = room.world.clock.now()
    assert until(lane, now) == now + timedelta(hours=3)
    await room.ask("quiet off:yes")
    lane = await room.world.storage.lane(HALL)
    assert lane
    assert until(lane, now) is None


async def test_off_takes_away_what_is_here_and_says_what_still_holds(room: AlertWorld) -> None:
    await room.ask("quiet hours:22:00-07:00 where:everywhere")
    await room.ask("quiet hours:20:00-08:00")
    reply = await room.ask("quiet off:yes")
    assert reply.text == texts_why.QUIET_STILL
    assert [row.label for row in reply.fields] == ["everywhere"]
    assert (await room.ask("quiet off:yes")).text == texts_why.QUIET_TAKEN_AWAY
    assert (await room.ask("quiet off:yes")).outcome == "same"
    assert await settings(room) == {}


@pytest.mark.parametrize("line", ["quiet off", "quiet none", "quiet stop"])
async def test_off_is_said_as_a_word_too(room: AlertWorld, line: str) -> None:
    await room.ask("quiet hours:22:00-07:00")
    assert (await room.ask(line)).text == texts_why.QUIET_TAKEN_AWAY
    assert await settings(room) == {}


async def test_undo_takes_quiet_hours_back(room: AlertWorld) -> None:
    reply = await room.ask("quiet hours:22:00-07:00")
    assert (await room.press(reply, texts.UNDO)).outcome == "done"
    assert await settings(room) == {}


@pytest.mark.parametrize("line", ["32d", "0m", "soon", "hours:25:00-07:00", "3h hours:22:00-07:00", "off:yes 3h"])
async def test_what_is_no_time_changes_nothing(room: AlertWorld, line: str) -> None:
    assert (await room.ask(f"quiet {line}")).outcome == "usage"
    assert await settings(room) == {}


# --- settings -----------------------------------------------------------------------------------------------------


async def test_moderators_are_told_in_one_place_of_the_community(room: AlertWorld) -> None:
    assert (await room.ask("settings name:moderators value:here")).outcome == "done"
    assert await settings(room) == {"|moderators": str(HALL)}
    await room.ask(f"settings name:moderators value:{PIER}")
    assert await settings(room) == {"|moderators": str(PIER)}
    await room.ask("settings name:moderators clear:yes")
    assert await settings(room) == {}


async def test_moderators_are_told_only_where_it_can_be_posted(room: AlertWorld) -> None:
    assert (await room.ask("settings name:moderators value:nowhere")).outcome == "usage"
    assert (await room.ask("settings name:moderators value:console/elsewhere/hall")).outcome == "usage"
    room.console.room(HALL).can_post = False
    assert (await room.ask("settings name:moderators value:here")).outcome == "user_error"
    assert await settings(room) == {}


async def test_a_trouble_goes_where_moderators_are_told(room: AlertWorld) -> None:
    await room.ask(f"settings name:moderators value:{PIER}")
    community, now = room.world.context.community, room.world.clock.now()
    await room.world.storage.set_troubles("platform:x", ["all is lost"], [community], now)
    assert [one.place for one in await room.alerts()] == [PIER]


async def test_quiet_is_a_setting_too_and_its_end_is_not(room: AlertWorld) -> None:
    assert (await room.ask("settings name:quiet value:22:00-07:00")).outcome == "done"
    assert await settings(room) == {f"{HALL}|quiet": "22:00-07:00"}
    assert (await room.ask("settings name:quiet_until value:2030-01-01")).outcome == "usage"
    assert (await room.ask("settings name:quiet value:sometimes")).outcome == "usage"


async def test_editors_change_nothing(room: AlertWorld) -> None:
    assert (await room.as_("ed", Role.editor).ask("quiet 3h")).outcome == "not_allowed"
    assert (await room.as_("ed", Role.editor, Place("console", "local", "x")).ask("quiet")).outcome == "not_allowed"
