"""Places that nothing can be posted in, the platform's pace, and what a moderator without sight of a show may learn."""

from __future__ import annotations

import pytest

from bot import texts, texts_why
from bot import texts_alert_commands as words
from bot.alerts import Alert
from bot.domain import Role, Ruling
from bot.reply import Reply
from tests.commands.alert_room import PIER, AlertWorld
from tests.commands.world import HALL, STAFF, World


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


# --- places without a subscription --------------------------------------------------------------------------------


async def blocked_pier(room: AlertWorld) -> None:
    """The moderators' place, which has no subscription, and where posting became forbidden."""
    await room.ask(f"settings name:moderators value:{PIER}")
    storage, now = room.world.storage, room.world.clock.now()
    community = room.world.context.community
    await storage.set_troubles("platform:x", ["all is lost"], [community], now)
    await storage.block_place(PIER, "posting is forbidden there", now)
    await storage.set_troubles(f"place:{PIER}", ["posting is forbidden there"], [community], now)


async def test_a_blocked_place_without_a_subscription_is_listed_with_the_way_out(room: AlertWorld) -> None:
    await blocked_pier(room)
    [row] = [row for row in (await room.ask("alerts list")).fields if row.label == str(PIER)]
    assert row.value == (
        f"blocked: posting is forbidden there; put that right, then: /pullquote alerts resume place:{PIER}"
    )


async def test_a_place_without_a_subscription_is_checked_and_freed(room: AlertWorld) -> None:
    await blocked_pier(room)
    room.console.room(PIER).can_post = False
    refused = await room.ask(f"alerts resume place:{PIER}")
    assert (refused.outcome, "- post here" in refused.text) == ("user_error", True)
    room.console.room(PIER).can_post = True
    done = await room.press(refused, words.TRY_AGAIN)
    assert done.outcome == "done"
    assert str(PIER) in done.text
    lane = await room.world.storage.lane(PIER)
    assert lane
    assert lane.blocked == ""
    assert str(PIER) not in [row.label for row in (await room.ask("alerts list")).fields]
    assert (await room.ask(f"alerts resume place:{PIER}")).outcome == "not_found"


async def test_a_silenced_place_of_another_community_is_not_freed(room: AlertWorld) -> None:
    from dataclasses import replace

    from bot.domain import CommunityId

    await blocked_pier(room)
    stranger = replace(room.world.context, community=CommunityId("other"))
    theirs = AlertWorld(replace(room.world, context=stranger))
    assert (await theirs.ask(f"alerts resume place:{PIER}")).outcome == "not_found"
    assert str(PIER) not in (await theirs.ask("alerts list")).plain()
    lane = await room.world.storage.lane(PIER)
    assert lane
    assert lane.blocked


# --- the platform's pace ------------------------------------------------------------------------------------------


async def test_a_resting_platform_is_not_asked_and_that_is_said(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    room.world.services.alerts.outbox._desk.platforms["console"].gate.rest(600)
    for line in ("alerts test harbour", "alerts edit harbour trailer:skip", f"subscribe kitchen place:{PIER}"):
        reply = await room.ask(line)
        assert (reply.outcome, reply.text) == ("user_error", words.resting("console")), line
    assert room.console.log == []


# --- asked for by hand --------------------------------------------------------------------------------------------


async def test_who_posted_the_latest_by_hand_is_in_the_history_and_can_be_undone(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes")
    [alert] = await room.alerts()
    assert alert.state == "waiting"
    [row] = [one.value for one in (await room.ask("history")).fields if "Storms at sea" in one.value]
    assert "console:ada" in row
    ruling = await room.world.storage.record(alert.community, "ruling", alert.id)
    assert ruling == Ruling(alert.id, "post")
    assert (await room.ask("undo")).outcome == "done"
    [alert] = await room.alerts()
    assert alert.state == "skipped"


async def test_posting_one_that_no_poll_announced_can_be_undone(room: AlertWorld) -> None:
    from datetime import timedelta

    from bot.feed_memory import FeedState, KnownItem, PollChanges

    await room.ask("subscribe harbour")
    home, storms = await room.show("harbour"), await room.episode("Storms at sea")
    now = room.world.clock.now()
    state = FeedState(home.id, "https://harbour.example/feed", checked_at=now, baseline_at=now - timedelta(days=1))
    item = KnownItem("i-1", storms.key, now + timedelta(hours=1), now + timedelta(hours=1), guids=("g-1",))
    await room.world.storage.apply_poll(PollChanges(state, (), (item,)))
    done = await room.ask(f"audit harbour post:{storms.id}")
    assert [one.state for one in await room.alerts()] == ["waiting"]
    assert (await room.press(done, texts.UNDO)).outcome == "done"
    assert [one.state for one in await room.alerts()] == ["skipped"]


# --- private shows ------------------------------------------------------------------------------------------------

#: Nothing of these may be read where the show may not be seen.
SECRET = ("Vault", "vault", "merger", "Merger", "canning")


async def with_secrets(room: AlertWorld) -> Alert:
    """A private show with a subscription, a held alert, a ruling, and every kind of trouble."""
    staff = room.as_("ada", Role.admin, STAFF)
    await staff.ask('subscribe vault latest:yes words:"merger" template:"{title} of the vault"')
    await staff.ask("alerts edit vault words:canning")
    [alert] = await room.alerts()
    home, episode = await staff_show(room), await room.episode("The merger")
    storage, now = room.world.storage, room.world.clock.now()
    for source in (f"feed:{home}:main", f"notice:{home}:main", f"withdrawn:{episode.id}"):
        await storage.set_troubles(source, [f"“The merger” of The Vault: {source[:4]}"], [alert.community], now)
    held = await room.became(alert, "held", "it cannot be known")
    await staff.ask(f"held id:{held.id} choice:drop")
    await staff.ask("undo")
    [held] = await room.alerts("held")
    return held


async def staff_show(room: AlertWorld) -> str:
    return (await room.show("vault")).id


def everything(reply: Reply) -> str:
    """All that is shown, and all that a button or a choice carries."""
    carried = [f"{one.label} {one.args}" for one in reply.actions]
    if reply.choices:
        carried += [f"{one.label} {one.action.args}" for one in reply.choices.options]
    return "\n".join([reply.plain(), reply.footer or "", *carried])


LINES = (
    "alerts list", "held", "audit", f"audit place:{STAFF}", "audit vault", "why merger", "why latest show:vault",
    f"why merger place:{STAFF}", "status", "history", "undo", f"alerts edit place:{STAFF}", "alerts edit vault",
    f"alerts preview place:{STAFF}", "alerts preview vault", f"alerts test place:{STAFF}",
    f"alerts pause place:{STAFF}", f"alerts resume place:{STAFF}", f"alerts clone place:{STAFF} to:here",
    f"unsubscribe place:{STAFF}", "settings", "quiet",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("direct", [False, True])
async def test_who_may_not_see_a_private_show_learns_nothing_of_it(room: AlertWorld, line: str, direct: bool) -> None:
    await with_secrets(room)
    stranger = AlertWorld(room.world.as_("ada", Role.admin, STAFF if direct else HALL, direct=direct))
    said = everything(await stranger.ask(line))
    typed = [word for word in SECRET if word in line]
    assert [word for word in SECRET if word in said and word not in typed] == []
    assert all(one.state == "held" or one.show is None for one in await room.alerts("held", "posted"))


async def test_a_held_alert_of_a_private_show_is_not_decided_where_it_may_not_be_seen(room: AlertWorld) -> None:
    held = await with_secrets(room)
    reply = await room.ask(f"held id:{held.id} choice:post")
    assert (reply.outcome, reply.text) == ("not_found", texts_why.NO_SUCH_ALERT)
    assert [one.id for one in await room.alerts("held")] == [held.id]


async def test_completions_name_no_private_show(room: AlertWorld) -> None:
    from bot.commands.held import held_ids
    from bot.services.episodes import episode_names, show_names
    from bot.services.subscriptions import place_names

    held = await with_secrets(room)
    context = room.world.context
    found = [*await show_names(context, ""), *await episode_names(context, ""), *await place_names(context, "")]
    assert [word for word in SECRET if word in " ".join(map(str, found))] == []
    assert held.id not in await held_ids(context, "")
    assert held.id in await held_ids(room.as_("ada", Role.admin, STAFF).world.context, "")


async def test_where_it_may_be_seen_its_troubles_are_told(room: AlertWorld) -> None:
    await with_secrets(room)
    rows = (await room.as_("ada", Role.admin, STAFF).ask("alerts list")).fields
    assert len([row for row in rows if row.label == words.TROUBLE and "The merger" in row.value]) == 3
