"""``/pullquote alerts list|pause|resume|edit|clone``: how alerts are doing, and changing it."""

from __future__ import annotations

import pytest

from bot import texts
from bot import texts_alert_commands as words
from bot.domain import Place, Role
from tests.commands.alert_room import PIER, SLUG, AlertWorld
from tests.commands.world import HALL, STAFF, World


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


async def rows(room: AlertWorld) -> dict[str, str]:
    return {row.label: row.value for row in (await room.ask("alerts list")).fields}


# --- list ---------------------------------------------------------------------------------------------------------


async def test_the_list_says_how_each_subscription_is_doing(room: AlertWorld) -> None:
    await room.looked(await room.show("harbour"), minutes=20)
    await room.ask('subscribe harbour latest:yes mention:<@&9> seasons:2 words:"storm, sea"')
    [alert] = await room.alerts()
    assert await rows(room) == {
        "Harbour Tales here": "nothing posted yet · next look at the feed in 20 min · 1 waiting · mentions 9; "
        "only titles with storm or sea; only season 2"
    }
    await room.became(alert, "posted", "posted", posted_at=room.world.clock.now(), message="m1")
    room.world.clock.pass_hours(2)
    [row] = (await rows(room)).values()
    assert row.startswith("last posted 2 h ago · next look at the feed at once · mentions 9")


async def test_an_editor_may_see_the_list_and_a_member_may_not(room: AlertWorld) -> None:
    assert (await room.as_("ed", Role.editor).ask("alerts list")).text == words.NO_SUBSCRIPTIONS
    assert (await room.as_("mia").ask("alerts list")).outcome == "not_allowed"


async def test_the_list_is_paged(room: AlertWorld) -> None:
    for n in range(9):
        await room.ask(f"subscribe harbour place:console/local/c{n}")
    first = await room.ask("alerts list")
    assert (len(first.fields), "Page 1 of 2." in (first.footer or "")) == (8, True)
    second = await room.press(first, texts.NEXT_PAGE)
    assert [row.label for row in second.fields] == ["Harbour Tales in console/local/c8"]
    assert (await room.ask("alerts list 3")).outcome == "usage"


async def test_blocked_silenced_and_held_say_what_to_do(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes")
    [alert] = await room.alerts()
    await room.became(alert, "held", "it cannot be known whether it is there")
    assert "1 held: /pullquote held" in (await rows(room))["Harbour Tales here"]
    storage, now = room.world.storage, room.world.clock.now()
    await storage.silence_place(HALL, "another copy of this bot posts here", now)
    row = (await rows(room))["Harbour Tales here"]
    assert row.startswith(
        "silent: another copy of this bot posts here; if no other copy runs: /pullquote alerts resume"
    )
    await storage.free_place(HALL, now)
    await storage.block_place(HALL, "the channel is gone", now)
    row = (await rows(room))["Harbour Tales here"]
    assert row.startswith("blocked: the channel is gone; put that right, then: /pullquote alerts resume")


async def test_open_troubles_stand_above_and_where_moderators_are_told_below(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    community, now = room.world.context.community, room.world.clock.now()
    await room.world.storage.set_troubles("platform:console", ["the token is refused"], [community], now)
    room.world.clock.pass_hours(3)
    reply = await room.ask("alerts list")
    assert [row.label for row in reply.fields] == [words.TROUBLE, "Harbour Tales here"]
    assert reply.fields[0].value == "the token is refused (3 h ago)"
    assert reply.footer == words.moderators_are_told("")
    await room.ask("settings name:moderators value:here")
    assert (await room.ask("alerts list")).footer == "Moderators are told of troubles here."


async def test_status_counts_alerts_and_troubles(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes")
    await room.ask("subscribe kitchen")
    await room.ask("alerts pause kitchen")
    status = {row.label: row.value for row in (await room.ask("status")).fields}
    assert status[words.STATUS_ALERTS] == "2 subscriptions, 1 paused, 1 waiting to be sent"
    assert status[words.STATUS_TROUBLES] == "none"


# --- pause and resume ---------------------------------------------------------------------------------------------


async def test_what_comes_during_a_pause_is_skipped_with_that_reason(room: AlertWorld) -> None:
    await room.add_show()
    await room.ask(f"subscribe {SLUG}")
    reply = await room.ask(f'alerts pause {SLUG} reason:"summer break"')
    assert "Paused: The Tin Kettle here" in reply.text
    assert (await rows(room))["The Tin Kettle here"].startswith("paused by Ada: summer break (just now)")
    await room.feed(3)
    [alert] = await room.alerts()
    assert (alert.state, "by Ada: summer break" in alert.reason) == ("skipped", True)
    assert (await room.press(reply, words.RESUME)).outcome == "done"
    await room.feed(4)
    assert [one.state for one in await room.alerts()] == ["waiting", "skipped"]


async def test_a_pause_is_taken_back_with_undo_and_given_once(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    reply = await room.ask("alerts pause harbour")
    assert (await room.ask("alerts pause harbour")).outcome == "same"
    await room.press(reply, texts.UNDO)
    assert (await room.options()).paused == ""
    assert (await room.ask("alerts resume harbour")).outcome == "same"


async def test_without_a_show_all_of_this_place_are_paused(room: AlertWorld) -> None:
    for show in ("harbour", "kitchen"):
        await room.ask(f"subscribe {show}")
    await room.ask(f"subscribe harbour place:{PIER}")
    reply = await room.ask("alerts pause")
    assert "Harbour Tales here; Kitchen Talk here" in reply.text
    paused = {label for label, row in (await rows(room)).items() if row.startswith("paused")}
    assert paused == {"Harbour Tales here", "Kitchen Talk here"}
    await room.press(reply, words.RESUME)
    assert not [row for row in (await rows(room)).values() if row.startswith("paused")]


async def test_resuming_checks_a_blocked_place_and_frees_it_with_all_its_shows(room: AlertWorld) -> None:
    for show in ("harbour", "kitchen"):
        await room.ask(f"subscribe {show} latest:yes")
    storage, now = room.world.storage, room.world.clock.now()
    community = room.world.context.community
    await storage.block_place(HALL, "posting is forbidden there", now)
    await storage.set_troubles(f"place:{HALL}", ["posting is forbidden there"], [community], now)
    room.console.room(HALL).can_post = False
    refused = await room.ask("alerts resume harbour")
    assert (refused.outcome, "- post here" in refused.text) == ("user_error", True)
    lane = await storage.lane(HALL)
    assert lane
    assert lane.blocked
    room.console.room(HALL).can_post = True
    done = await room.press(refused, words.TRY_AGAIN)
    assert done.outcome == "done"
    assert "read back before anything is sent" in done.text
    lane = await storage.lane(HALL)
    assert lane
    assert (lane.blocked, lane.vouched) == ("", "")
    assert await storage.troubles(community) == []
    assert not [row for row in (await rows(room)).values() if "paused" in row or "blocked" in row]


async def test_resuming_after_a_twin_warns_of_it(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes")
    await room.world.storage.silence_place(HALL, "another copy posts here", room.world.clock.now())
    reply = await room.ask("alerts resume")
    assert "second copy of this bot" in reply.text
    lane = await room.world.storage.lane(HALL)
    assert lane
    assert lane.silenced == ""


# --- edit ---------------------------------------------------------------------------------------------------------


async def test_edit_without_options_shows_each_as_it_would_be_typed(room: AlertWorld) -> None:
    await room.ask("subscribe harbour mention:<@&5> seasons:1-2 longest:60")
    shown = {row.label: row.value for row in (await room.ask("alerts edit harbour")).fields}
    assert (shown["mention"], shown["seasons"], shown["longest"], shown["trailer"]) == ("5", "1, 2", "60", "quiet")
    line = " ".join(f'{name}:"{value}"' for name, value in shown.items())
    assert (await room.ask(f"alerts edit harbour {line}")).outcome == "same"


async def test_edit_says_what_changed_and_can_be_undone(room: AlertWorld) -> None:
    await room.ask("subscribe harbour mention:<@&5>")
    before = await room.options()
    reply = await room.ask('alerts edit harbour mention:none trailer:skip template:"{title} is out"')
    assert reply.text.splitlines() == [
        "Harbour Tales here is changed:",
        "mention: none (was 5)",
        "template: {title} is out (was none)",
        "trailer: skip (was quiet)",
    ]
    await room.press(reply, texts.UNDO)
    assert await room.options() == before


async def test_everything_can_be_emptied(room: AlertWorld) -> None:
    await room.ask(
        'subscribe harbour mention:<@&5> thread:thread thread_title:"{title}" template:"{title}" delay:9 words:a '
        "without:b seasons:1 clean:yes shortest:1 longest:2 people:Ann"
    )
    await room.ask(
        "alerts edit harbour mention:none thread:none thread_title:none template:none delay:0 words:none without:none "
        "seasons:none clean:no shortest:0 longest:0 people:none"
    )
    from bot.alerts import Options

    options = await room.options()
    assert options == Options(options.since)


async def test_a_wrong_option_changes_nothing(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    before = await room.options()
    for wrong in ("mention:@everyone", "template:{who}", "shortest:9 longest:3", "trailer:maybe", "seasons:x"):
        assert (await room.ask(f"alerts edit harbour {wrong}")).outcome == "usage", wrong
    room.console.room(HALL).can_read = False
    assert (await room.ask("alerts edit harbour trailer:skip")).outcome == "user_error"
    assert await room.options() == before


# --- clone --------------------------------------------------------------------------------------------------------


async def test_a_clone_has_the_same_options_and_runs_from_now_on(room: AlertWorld) -> None:
    await room.ask("subscribe harbour trailer:skip mention:<@&5>")
    await room.ask("alerts pause harbour")
    room.world.clock.pass_hours(5)
    reply = await room.ask(f"alerts clone harbour to:{PIER}")
    assert reply.outcome == "done"
    from bot.rules.subscription_options import read

    copied = next(read(one.options) for one in await room.subscriptions() if one.place == str(PIER))
    assert (copied.trailer, copied.mention, copied.paused) == ("skip", "5", "")
    assert copied.since == room.world.clock.now()
    assert (await room.ask(f"alerts clone harbour to:{PIER} place:here")).outcome == "same"
    assert (await room.ask("alerts clone harbour place:here")).outcome == "usage"
    await room.press(reply, texts.UNDO)
    assert len(await room.subscriptions()) == 1


async def test_a_clone_into_another_workspace_leaves_the_mention_behind(room: AlertWorld) -> None:
    await room.ask("subscribe harbour mention:<@&5>")
    await room.world.storage.link_workspace(room.world.context.community, "console", "annex")
    reply = await room.ask("alerts clone harbour to:console/annex/hall")
    assert words.MENTION_LEFT_OUT in reply.text
    assert '"mention"' not in next(one.options for one in await room.subscriptions() if "annex" in one.place)


async def test_cloning_a_private_show_asks_first(room: AlertWorld) -> None:
    staff = room.as_("ada", Role.admin, STAFF)
    await staff.ask("subscribe vault trailer:skip")
    asked = await staff.ask(f"alerts clone vault to:{PIER}")
    assert asked.outcome == "confirm"
    assert len(await room.subscriptions()) == 1
    assert (await staff.press(asked, words.ADD_PLACE)).outcome == "done"
    assert sorted(one.place for one in await room.subscriptions()) == sorted([str(PIER), str(STAFF)])


@pytest.mark.parametrize("line", ["alerts pause", "alerts resume", "alerts edit harbour", "unsubscribe", "alerts test"])
async def test_editors_change_nothing(room: AlertWorld, line: str) -> None:
    await room.ask("subscribe harbour")
    assert (await room.as_("ed", Role.editor).ask(line)).outcome == "not_allowed"


async def test_a_lane_of_hours_is_told_in_its_own_time_zone(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    await room.ask("settings name:timezone value:Europe/Berlin")
    await room.ask("quiet hours:22:00-07:00")
    assert "quiet each day 22:00 to 07:00 (Europe/Berlin)" in (await rows(room))["Harbour Tales here"]
    elsewhere = room.as_("ada", Role.admin, Place("console", "local", "office"))
    [row] = (await elsewhere.ask("alerts list")).fields
    assert "22:00 to 07:00 (Europe/Berlin)" in row.value
