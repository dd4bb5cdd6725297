"""The template of a place's posts in one long field: shown, kept, refused with nothing lost."""

from __future__ import annotations

import pytest

from bot import texts, texts_answers
from bot.domain import Role
from bot.reply import Action, Reply
from tests.commands.alert_room import AlertWorld
from tests.commands.world import World


@pytest.fixture
async def room(admin: World) -> AlertWorld:
    found = AlertWorld(admin)
    assert (await found.ask("subscribe harbour")).outcome == "done"
    return found


async def opened(room: AlertWorld) -> Reply:
    reply = await room.press(await room.ask("alerts edit harbour"), texts_answers.EDIT_TEMPLATE)
    assert reply.form
    return reply


async def submitted(room: AlertWorld, form: Reply, template: str | None) -> Reply:
    assert form.form
    answers = {} if template is None else {"template": template}
    return await room.world.press(Action("", form.form.command, form.form.args), answers)


async def test_the_form_shows_the_present_template(room: AlertWorld) -> None:
    await room.ask('alerts edit harbour template:"{title} is out"')
    form = (await opened(room)).form
    assert form
    [field] = form.fields
    assert (field.value, field.long, field.required, field.length) == ("{title} is out", True, False, 1000)


async def test_a_template_of_several_lines_is_kept_and_can_be_undone(room: AlertWorld) -> None:
    done = await submitted(room, await opened(room), "{show} is back\n{title}")
    assert done.outcome == "done"
    assert (await room.options()).template == "{show} is back\n{title}"
    await room.press(done, texts.UNDO)
    assert (await room.options()).template == ""


async def test_a_wrong_placeholder_is_named_and_the_text_is_not_lost(room: AlertWorld) -> None:
    refused = await submitted(room, await opened(room), "New: {titel}\n" + "and much more text " * 20)
    assert refused.outcome == "usage"
    assert "{titel}" in refused.text or "titel" in refused.text
    assert (await room.options()).template == ""
    again = await room.press(refused, texts_answers.TEMPLATE_AGAIN)
    assert again.form
    assert again.form.fields[0].value.startswith("New: {titel}\nand much more text")
    assert (await submitted(room, again, "New: {title}")).outcome == "done"


async def test_a_template_that_is_refused_as_an_option_is_not_lost(room: AlertWorld) -> None:
    refused = await room.ask('alerts edit harbour template:"{titel} is out"')
    assert refused.outcome == "usage"
    again = await room.press(refused, texts_answers.TEMPLATE_AGAIN)
    assert again.form
    assert again.form.fields[0].value == "{titel} is out"
    other = await room.ask("alerts edit harbour shortest:9 longest:3")
    assert (other.outcome, other.actions) == ("usage", ())


async def test_whoever_subscribes_can_write_the_template_at_once(room: AlertWorld) -> None:
    reply = await room.press(await room.ask("subscribe kitchen"), texts_answers.EDIT_TEMPLATE)
    assert reply.form
    done = await submitted(room, reply, "{title}, fresh")
    assert done.outcome == "done"


async def test_a_template_that_is_too_long_is_not_lost_either(room: AlertWorld) -> None:
    refused = await submitted(room, await opened(room), "x" * 1500)
    assert refused.outcome == "usage"
    again = await room.press(refused, texts_answers.TEMPLATE_AGAIN)
    assert again.form
    [field] = again.form.fields
    assert (field.value, field.length) == ("x" * 1500, 1500)


@pytest.mark.parametrize("nothing", [None, "", "  ", "none"])
async def test_an_emptied_field_is_the_usual_text(room: AlertWorld, nothing: str | None) -> None:
    await room.ask('alerts edit harbour template:"{title} is out"')
    assert (await submitted(room, await opened(room), nothing)).outcome == "done"
    assert (await room.options()).template == ""


async def test_the_same_again_is_no_change(room: AlertWorld) -> None:
    assert (await submitted(room, await opened(room), "")).outcome == "same"


async def test_it_is_for_admins(room: AlertWorld) -> None:
    form = await opened(room)
    editor = room.as_("ed", Role.editor)
    assert (await submitted(editor, form, "x")).outcome == "not_allowed"
