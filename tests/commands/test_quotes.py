"""``/quotes``: keeping lines."""

from __future__ import annotations

from bot import texts
from bot.domain import Role, SavedQuote
from bot.reply import Action
from tests.commands.world import OTHER, STAFF, World, lighthouses

NINE = "I once kept a lighthouse for nine winters."


async def saved_by(world: World, line: str = NINE, note: str = "for the talk") -> str:
    reply = await world.ask(f'/quotes save {line} note:"{note}"')
    assert reply.outcome == "done"
    return reply.actions[0].args["id"]


async def test_a_found_line_is_saved_by_its_button_and_listed(member: World) -> None:
    reply = await member.press_label(await member.ask(f"/quote {NINE}"), texts.SAVE)
    assert reply.outcome == "done"
    listed = await member.ask("/quotes list")
    assert NINE in listed.fields[0].value
    assert "yours" in listed.fields[0].value


async def test_a_line_is_saved_by_its_words_with_a_note(member: World) -> None:
    id = await saved_by(member)
    record = await member.storage.record(member.context.community, "saved_quote", id)
    assert isinstance(record, SavedQuote)
    assert (record.owner, record.speaker, record.note) == ("console:mia", "Bo", "for the talk")
    assert record.anchor.text == NINE


async def test_words_that_fit_nothing_save_nothing(member: World) -> None:
    reply = await member.ask("/quotes save colourless green ideas sleep furiously")
    assert reply.outcome == "not_found"
    assert (await member.ask("/quotes list")).text == texts.NONE_SAVED


async def test_saving_twice_is_the_same_quote(member: World) -> None:
    id = await saved_by(member)
    again = await member.ask(f"/quotes save {NINE}")
    assert (again.outcome, again.text) == ("same", texts.saved_already(id))
    assert (await member.as_("noa").ask(f"/quotes save {NINE}")).outcome == "done"


async def test_a_saved_line_opens_from_the_list(member: World) -> None:
    await saved_by(member)
    listed = await member.ask("/quotes list")
    assert listed.choices
    opened = await member.press(listed.choices.options[0].action)
    assert opened.quotes[0].text == NINE
    assert opened.fields[0].value == "for the talk"
    assert not (await member.press_label(opened, texts.SHARE)).private


async def test_its_owner_edits_the_note_in_a_form(member: World) -> None:
    id = await saved_by(member)
    asked = await member.press(Action("", "quotes edit", {"id": id}))
    assert asked.form
    assert asked.form.fields[0].value == "for the talk"
    done = await member.press(Action("", asked.form.command, asked.form.args), {"note": "for the book"})
    assert done.text == texts.NOTE_CHANGED
    assert (await member.ask(f'/quotes edit {id} note:"for the book"')).outcome == "same"
    assert "for the book" in (await member.ask("/quotes list")).plain()


async def test_others_may_not_change_it_but_an_editor_may(member: World, editor: World) -> None:
    id = await saved_by(member)
    other = member.as_("noa")
    for line in (f"/quotes delete {id}", f"/quotes edit {id} note:mine"):
        reply = await other.ask(line)
        assert (reply.outcome, reply.text) == ("not_allowed", texts.NOT_YOURS)
    assert (await editor.ask(f"/quotes delete {id}")).text == texts.DELETED
    assert (await member.ask("/quotes list")).text == texts.NONE_SAVED


async def test_a_deleted_quote_comes_back_by_its_change(member: World, editor: World) -> None:
    id = await saved_by(member)
    await member.ask(f"/quotes delete {id}")
    [entry, *_] = await member.storage.history(member.context.community)
    assert (await editor.ask(f"/pullquote undo {entry.id}")).outcome == "done"
    assert NINE in (await member.ask("/quotes list")).plain()


async def test_a_withheld_line_is_not_shown_from_what_was_saved(member: World, editor: World) -> None:
    id = await saved_by(member)
    await editor.ask(f"/pullquote withhold {NINE} yes:true")
    own = await member.ask("/quotes list")
    assert "nine winters" not in own.plain().lower()
    assert texts.SAVED_LOST in own.plain()
    other = member.as_("noa")
    assert (await other.ask("/quotes list")).text == texts.NONE_SAVED
    for line in (f"/quotes show {id}", f"/quotes delete {id}"):
        assert (await other.ask(line)).text == texts.NO_SAVED
    assert "nine winters" not in (await member.ask(f"/quotes show {id}")).plain().lower()


async def test_a_saved_line_follows_its_words_when_the_transcript_moves(member: World) -> None:
    from tests.commands.world import LIGHTHOUSES

    await saved_by(member)
    await member.save(lighthouses((("Ann", "A new opening line stands before all others now."), *LIGHTHOUSES)))
    assert NINE in (await member.ask("/quotes list")).plain()


async def test_a_private_shows_saved_line_stays_where_it_may_be_seen(member: World) -> None:
    staff = member.as_(place=STAFF)
    await saved_by(staff, "the merger with the canning factory will be announced")
    assert "canning" in (await staff.ask("/quotes list")).plain()
    assert "canning" not in (await member.ask("/quotes list")).plain()
    assert "canning" not in (await member.as_("ed", Role.editor).ask("/quotes list")).plain()


async def test_another_community_has_its_own_quotes(member: World) -> None:
    id = await saved_by(member)
    other = member.as_("ed", Role.editor, community=OTHER)
    assert (await other.ask("/quotes list")).text == texts.NONE_SAVED
    assert (await other.ask(f"/quotes delete {id}")).text == texts.NO_SAVED


async def test_the_list_has_pages(member: World) -> None:
    for line in ("0:00", "0:07", "0:11", "0:16", "0:19", "0:22"):
        await member.ask(f"/quotes save {line} episode:lighthouses")
        await member.as_("noa").ask(f"/quotes save {line} episode:lighthouses")
    first = await member.ask("/quotes list")
    assert len(first.fields) == 10
    assert (await member.press_label(first, texts.NEXT_PAGE)).fields
