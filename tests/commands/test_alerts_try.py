"""``/pullquote alerts preview`` and ``alerts test``: what a post would look like, and one that is no news."""

from __future__ import annotations

import pytest

from bot import texts_alert_commands as words
from bot import texts_why
from bot.domain import Role
from tests.commands.alert_room import PIER, AlertWorld
from tests.commands.world import HALL, STAFF, World


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


async def test_a_preview_shows_the_post_of_the_latest_episode_and_sends_nothing(room: AlertWorld) -> None:
    await room.ask("subscribe harbour mention:<@&5>")
    reply = await room.ask("alerts preview harbour")
    assert reply.title == "How “Storms at sea” would be posted"
    assert "Storms at sea" in reply.text
    assert (reply.footer or "").startswith("Mentions 5")
    assert reply.private
    assert room.console.log == []
    assert await room.alerts() == []


async def test_a_preview_with_another_text_can_keep_it(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    reply = await room.ask('alerts preview harbour template:"Now on air: {title}"')
    assert reply.text.startswith("Now on air: Storms at sea")
    assert (await room.options()).template == ""
    assert (await room.press(reply, texts_why.KEEP_TEMPLATE)).outcome == "done"
    assert (await room.options()).template == "Now on air: {title}"
    assert (await room.ask("alerts preview harbour template:{nobody}")).outcome == "usage"


async def test_a_show_that_nobody_subscribed_to_can_be_previewed(room: AlertWorld) -> None:
    assert "Slow bread" in (await room.ask("alerts preview kitchen")).text
    assert (await room.ask("alerts preview nothing-of-the-kind")).outcome == "not_found"


async def test_a_private_show_is_not_previewed_where_it_may_not_be_seen(room: AlertWorld) -> None:
    staff = room.as_("ada", Role.admin, STAFF)
    assert "merger" in (await staff.ask("alerts preview vault")).text.lower()
    reply = await staff.ask(f"alerts preview vault place:{PIER}")
    assert (reply.outcome, reply.text.startswith("There would be no post of it")) == ("user_error", True)
    assert (await room.ask("alerts preview vault")).outcome == "not_found"


async def test_a_test_is_really_sent_marked_and_mentions_nobody(room: AlertWorld) -> None:
    await room.ask("subscribe harbour mention:<@&5>")
    assert (await room.ask("alerts test harbour")).outcome == "done"
    [sent] = room.console.log
    [message] = room.console.room(HALL).messages.values()
    assert (sent.place, sent.kind, message.mentions) == (HALL, "test", ())
    assert texts_why.TEST_MARK in message.text
    assert "Storms at sea" in message.text
    assert await room.alerts() == []


async def test_tests_are_never_the_same_post_and_never_a_twin(room: AlertWorld) -> None:
    from bot.rules.twins import of_event, of_history
    from tests.platform_messenger import found_in

    await room.ask("subscribe harbour")
    await room.ask("alerts test harbour")
    await room.ask("alerts test harbour")
    assert len({one.key for one in room.console.log}) == 2
    for message in room.console.room(HALL).messages.values():
        found = found_in(message)
        assert found
        assert await room.world.storage.alert(found.key) is None
        assert of_event(found, None).what == "ours"
        assert of_history(found, None, derived=False).what == "ours"


async def test_a_button_of_a_test_says_what_it_is(room: AlertWorld) -> None:
    from bot.commands.dispatch import press
    from bot.commands.registry import load

    await room.ask("subscribe harbour")
    await room.ask("alerts test harbour")
    [message] = room.console.room(HALL).messages.values()
    assert message.signs
    reply = await press(load(), room.as_("mia").world.context, message.signs[0])
    assert reply.text == texts_why.TEST_BUTTON


async def test_what_the_platform_refuses_is_told(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    room.console.room(HALL).can_post = False
    lacking = await room.ask("alerts test harbour")
    assert (lacking.outcome, "- post here" in lacking.text) == ("user_error", True)
    assert [action.label for action in lacking.actions] == [words.TRY_AGAIN]
    room.console.room(HALL).can_post = True
    room.console.token_ok = False
    assert (await room.ask("alerts test harbour")).outcome in ("failed", "user_error")
    assert room.console.log == []
