"""``/pullquote held``: what waits for a moderator's word, and what each word does."""

from __future__ import annotations

import pytest

from bot import texts, texts_why
from bot.alerts import Alert
from bot.domain import Role
from bot.reply import Action
from tests.commands.alert_room import AlertWorld
from tests.commands.world import STAFF, World

WHY = "it cannot be known whether it arrived"


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


async def hold(room: AlertWorld, show: str = "harbour") -> Alert:
    """One alert that is held, seen two hours ago."""
    await room.ask(f"subscribe {show} latest:yes")
    [alert] = await room.alerts("waiting")
    room.world.clock.pass_hours(2)
    return await room.became(alert, "held", WHY, tried_at=room.world.clock.now(), attempts=1)


async def test_held_alerts_say_why_and_since_when(room: AlertWorld) -> None:
    assert (await room.ask("held")).text == texts_why.NOTHING_HELD
    await hold(room)
    reply = await room.ask("held")
    [row] = reply.fields
    assert row.label == "1. Harbour Tales: “Storms at sea” here"
    assert row.value == f"{WHY[0].upper()}{WHY[1:]}. Since 2024-06-01 14:00."
    assert [action.label for action in reply.actions] == ["1. It is there", "1. Post it", "1. Drop it"]


@pytest.mark.parametrize(
    ("label", "state"), [("1. It is there", "posted"), ("1. Post it", "waiting"), ("1. Drop it", "dropped")]
)
async def test_each_word_moves_the_alert_and_undo_holds_it_again(room: AlertWorld, label: str, state: str) -> None:
    alert = await hold(room)
    done = await room.press(await room.ask("held"), label)
    assert done.outcome == "done"
    assert [one.state for one in await room.alerts()] == [state]
    assert (await room.ask("held")).text == texts_why.NOTHING_HELD
    [entry] = (await room.ask("history")).fields[:1]
    assert "decision about an alert" in entry.value
    assert "Storms at sea" in entry.value
    assert (await room.press(done, texts.UNDO)).outcome == "done"
    again = await room.world.storage.alert(alert.id)
    assert again
    assert (again.state, again.reason) == ("held", WHY)


async def test_who_is_late_is_told_that_it_is_decided(room: AlertWorld) -> None:
    await hold(room)
    shown = await room.ask("held")
    await room.press(shown, "1. Drop it")
    late = await room.press(shown, "1. Post it")
    assert (late.outcome, "it is dropped" in late.text) == ("same", True)
    assert [one.state for one in await room.alerts()] == ["dropped"]


async def test_editors_look_and_admins_decide(room: AlertWorld) -> None:
    await hold(room)
    editor = room.as_("ed", Role.editor)
    shown = await editor.ask("held")
    assert len(shown.fields) == 1
    refused = await editor.press(shown, "1. Post it")
    assert (refused.outcome, "admin" in refused.text) == ("not_allowed", True)
    assert (await room.as_("mia").ask("held")).outcome == "not_allowed"
    assert [one.state for one in await room.alerts()] == ["held"]


async def test_a_choice_needs_an_id_and_an_id_that_is_here(room: AlertWorld) -> None:
    alert = await hold(room)
    assert (await room.ask("held choice:drop")).outcome == "usage"
    assert (await room.ask(f"held id:{alert.id}")).outcome == "usage"
    assert (await room.ask("held id:aaaa choice:drop")).text == texts_why.NO_SUCH_ALERT
    from bot.domain import CommunityId

    other = room.world.as_("zoe", Role.admin, community=CommunityId("other"))
    reply = await other.press(Action("", "held", {"id": alert.id, "choice": "drop"}))
    assert reply.text == texts_why.NO_SUCH_ALERT
    assert [one.state for one in await room.alerts()] == ["held"]


async def test_a_private_shows_alert_is_held_out_of_sight(room: AlertWorld) -> None:
    alert = await hold(room.as_("ada", Role.admin, STAFF), "vault")
    assert (await room.ask("held")).text == texts_why.NOTHING_HELD
    assert (await room.ask(f"held id:{alert.id} choice:drop")).outcome == "not_found"
    assert "merger" in (await room.as_("ada", Role.admin, STAFF).ask("held")).plain().lower()


async def test_ids_of_what_is_held_are_completed(room: AlertWorld) -> None:
    from bot.commands.held import held_ids

    alert = await hold(room)
    assert await held_ids(room.world.context, alert.id[:4]) == [alert.id]
    assert await held_ids(room.world.context, "zzzz9") == []


async def test_many_are_paged(room: AlertWorld) -> None:
    for n in range(5):
        await room.ask(f"subscribe harbour place:console/local/c{n} latest:yes")
    for alert in await room.alerts("waiting"):
        await room.became(alert, "held", WHY)
    first = await room.ask("held")
    assert (len(first.fields), len(first.actions)) == (4, 13)
    second = await room.press(first, texts.NEXT_PAGE)
    assert len(second.fields) == 1
