"""Words said in chat: off by default, told to their author, gone for good when they say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import texts
from bot import texts_chat as said
from bot.commands.dispatch import dispatch
from bot.commands.registry import load
from bot.context import ChatMessage
from bot.domain import Person, Role
from bot.reply import Action, Reply
from tests.commands.test_quotes import NINE
from tests.commands.world import OTHER, STAFF, World

WORDS = "my toaster is haunted and I will not elaborate"
ZOE = Person("console", "zoe", "Zoe")
AT = datetime(2024, 5, 31, 9, 30, tzinfo=UTC)


def message(text: str = WORDS, author: Person = ZOE, id: str = "m1", **more: bool) -> ChatMessage:
    return ChatMessage(id, text, author, AT, f"https://chat.example/{id}", **more)


class Told:
    """Who was told what; ``reached`` says whether they can be."""

    def __init__(self, reached: bool = True) -> None:
        self.reached = reached
        self.said: list[tuple[str, Reply]] = []

    async def __call__(self, person: Person, reply: Reply) -> bool:
        if self.reached:
            self.said.append((person.id, reply))
        return self.reached


async def saving(world: World, one: ChatMessage | None = None) -> Reply:
    """Choose *Save as quote* in the menu of a message."""
    one = one or message()
    command = load().get("quotes save")
    assert command
    assert command.menu
    return await dispatch(command, replace(world.context, message=one), {"words": one.text})


def telling(world: World, told: Told) -> World:
    return replace(world, context=replace(world.context, tell=told))


async def turn_on(admin: World, where: str = "here") -> None:
    assert (await admin.ask(f"/pullquote settings name:chat_quotes value:on where:{where}")).outcome == "done"


async def kept(world: World, one: ChatMessage | None = None, told: Told | None = None) -> Reply:
    offer = await saving(world, one)
    return await telling(world, told or Told()).press_label(offer, said.KEEP_CHAT)


async def listed(world: World) -> str:
    return (await world.ask("/quotes chat")).plain()


# --- a message that is a line, or none ----------------------------------------------------------------------------


async def test_a_message_that_repeats_a_line_is_saved_as_that_line(member: World) -> None:
    reply = await saving(member, message("i once kept a light house for nine winters!!"))
    assert (reply.outcome, reply.quotes[0].text) == ("done", NINE)
    assert (await saving(member, message(NINE))).outcome == "same"


@pytest.mark.parametrize("text", [WORDS, "yes", "", "   "])
async def test_one_that_is_no_line_is_refused_with_the_closest_labelled_as_no_match(member: World, text: str) -> None:
    reply = await saving(member, message(text))
    assert reply.outcome == "nothing_fits"
    assert reply.text.startswith(said.NOT_A_LINE)
    assert not reply.quotes or reply.text.endswith(said.CLOSEST_IS)
    assert reply.actions == ()
    assert (await member.ask("/quotes list")).text == texts.NONE_SAVED


async def test_a_long_message_is_no_usage_error(member: World) -> None:
    assert (await saving(member, message("lamp " * 700))).outcome == "nothing_fits"


# --- keeping it as what it is -------------------------------------------------------------------------------------


async def test_keeping_is_offered_only_where_an_admin_turned_it_on(member: World, admin: World) -> None:
    assert (await saving(member)).actions == ()
    assert await listed(member) == f"{said.CHAT_TITLE}\n\n{said.CHAT_OFF}"
    await turn_on(admin)
    offer = await saving(member)
    assert [action.label for action in offer.actions] == [said.KEEP_CHAT]
    assert offer.quotes
    assert said.CHAT_OFFER in offer.text
    assert (await saving(member.as_(place=STAFF))).actions == ()
    assert (await admin.ask("/pullquote settings name:chat_quotes value:maybe")).text.startswith(said.BAD_CHAT_QUOTES)


async def test_what_is_kept_looks_like_nothing_else_and_its_author_is_told(member: World, admin: World) -> None:
    await turn_on(admin, "everywhere")
    told = Told()
    reply = await kept(member, told=told)
    assert (reply.text, reply.private, reply.quotes) == (said.chat_kept_and_told("Zoe"), True, ())
    [(who, notice)] = told.said
    assert who == "zoe"
    assert [action.label for action in notice.actions] == [said.DELETE_CHAT, said.NEVER_KEEP]
    assert WORDS in notice.plain()
    page = await member.ask("/quotes chat")
    assert page.quotes == ()
    assert (page.fields[0].label, page.fields[0].value) == (said.said_by("Zoe", AT), WORDS)
    assert page.fields[0].url == "https://chat.example/m1"
    assert page.choices
    opened = await member.press(page.choices.options[0].action)
    assert (opened.quotes, opened.fields[0].value) == ((), WORDS)


async def test_an_author_who_cannot_be_told_is_told_here(member: World, admin: World) -> None:
    await turn_on(admin)
    reply = await kept(member, told=Told(reached=False))
    assert not reply.private
    assert reply.text == said.chat_told_here("Mia", "Zoe")
    assert [action.label for action in reply.actions] == [said.DELETE_CHAT, said.NEVER_KEEP]
    assert (await member.as_("kim").press(reply.actions[0])).outcome == "not_allowed"
    assert (await member.as_("zoe").press(reply.actions[0])).text == said.CHAT_DELETED


async def test_a_failing_way_to_tell_is_no_silence_either(member: World, admin: World) -> None:
    async def broken(person: Person, reply: Reply) -> bool:
        raise ConnectionError

    await turn_on(admin)
    offer = await saving(member)
    reply = await replace(member, context=replace(member.context, tell=broken)).press_label(offer, said.KEEP_CHAT)
    assert not reply.private


async def test_a_message_is_kept_once(member: World, admin: World) -> None:
    await turn_on(admin)
    await kept(member)
    assert (await kept(member.as_("kim"))).outcome == "same"
    assert (await kept(member, message("another thing that nobody recorded", id="m2"))).outcome == "done"


async def test_an_offer_is_its_owners_and_ends(member: World, admin: World) -> None:
    await turn_on(admin)
    offer = await saving(member)
    assert (await member.as_("kim").press_label(offer, said.KEEP_CHAT)).text == said.CHAT_OFFER_OVER
    assert (await member.as_(place=STAFF).press_label(offer, said.KEEP_CHAT)).text == said.CHAT_OFFER_OVER
    member.clock.at += timedelta(minutes=16)
    assert (await member.press_label(offer, said.KEEP_CHAT)).text == said.CHAT_OFFER_OVER
    again = await saving(member)
    await admin.ask("/pullquote settings name:chat_quotes value:off")
    assert (await member.press_label(again, said.KEEP_CHAT)).text == said.CHAT_OFF


@pytest.mark.parametrize(("one", "why"), [(message(bot=True), said.CHAT_NO_BOTS), (message("  "), said.CHAT_NO_WORDS)])
async def test_bots_and_empty_messages_are_not_kept(member: World, admin: World, one: ChatMessage, why: str) -> None:
    await turn_on(admin)
    reply = await saving(member, one)
    assert (why in reply.text, reply.actions) == (True, ())


async def test_nothing_is_kept_or_shown_in_direct_messages(member: World, admin: World) -> None:
    await turn_on(admin, "everywhere")
    await kept(member)
    direct = member.as_(direct=True)
    assert (await saving(direct)).actions == ()
    assert (await direct.ask("/quotes chat")).text == said.CHAT_NOT_IN_DIRECT
    page = await member.ask("/quotes chat")
    assert page.choices
    assert (await direct.press(page.choices.options[0].action)).text == said.CHAT_GONE


async def test_it_is_shown_only_where_it_was_said(member: World, admin: World) -> None:
    await turn_on(admin, "everywhere")
    await kept(member)
    page = await member.ask("/quotes chat")
    assert page.choices
    for other in (member.as_(place=STAFF), member.as_(community=OTHER), member.as_("ed", Role.editor, STAFF)):
        assert WORDS not in await listed(other)
        assert (await other.press(page.choices.options[0].action)).text in (said.CHAT_GONE, texts.button_too_old(""))


async def test_it_is_found_by_no_quote_export_or_random_line(member: World, admin: World, editor: World) -> None:
    await turn_on(admin, "everywhere")
    await kept(member)
    for line in (f"/quote {WORDS}", "/quote", "/quotes list", "/quotes export", "/pullquote history"):
        assert "toaster" not in (await editor.ask(line)).plain()
    assert (await editor.ask("/quotes export whose:all")).file is None


# --- deleting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "role", "may"),
    [("zoe", Role.member, True), ("mia", Role.member, True), ("ed", Role.editor, True), ("kim", Role.member, False)],
)
async def test_its_author_keeper_and_moderators_delete_it(
    member: World, admin: World, name: str, role: Role, may: bool
) -> None:
    await turn_on(admin)
    told = Told()
    await kept(member, told=told)
    delete = told.said[0][1].actions[0]
    reply = await member.as_(name, role).press(delete)
    assert reply.outcome == ("done" if may else "not_allowed")
    assert (WORDS in await listed(member)) is not may


async def test_its_author_deletes_it_from_a_direct_message_of_another_community(member: World, admin: World) -> None:
    await turn_on(admin)
    told = Told()
    await kept(member, told=told)
    delete = told.said[0][1].actions[0]
    for name in ("kim", "mia"):
        assert (await member.as_(name, community=OTHER, direct=True).press(delete)).outcome == "not_found"
    assert (await member.as_("zoe", community=OTHER, direct=True).press(delete)).text == said.CHAT_DELETED
    assert await listed(member) == f"{said.CHAT_TITLE}\n\n{said.CHAT_NONE}"
    assert (await member.as_("zoe").press(delete)).outcome == "not_found"


async def test_never_deletes_all_and_is_honoured_everywhere(member: World, admin: World) -> None:
    await turn_on(admin, "everywhere")
    told = Told()
    await kept(member, told=told)
    await kept(member, message("one more thing that I said", id="m2"), told)
    open_offer = await saving(member, message("the third thing that I said", id="m3"))
    never = told.said[0][1].actions[1]
    reply = await member.as_("zoe", direct=True, community=OTHER).press(never)
    assert (reply.outcome, reply.text) == ("done", said.never_again(2))
    assert said.CHAT_NONE in await listed(member)
    assert (await member.press_label(open_offer, said.KEEP_CHAT)).text == said.CHAT_OFFER_OVER
    refused = await saving(member)
    assert (said.CHAT_NEVER in refused.text, refused.actions) == (True, ())
    assert (await member.as_("zoe").press(Action("", "quotes never", {"again": "yes"}))).text == said.CHAT_AGAIN
    assert (await saving(member)).actions


async def test_keeping_ones_own_words_tells_nobody(member: World, admin: World) -> None:
    await turn_on(admin)
    told = Told()
    reply = await kept(member, message(author=member.context.person), told)
    assert (reply.text, told.said) == (said.CHAT_KEPT, [])


async def test_turned_off_again_only_who_may_delete_sees_what_was_kept(member: World, admin: World) -> None:
    await turn_on(admin)
    await kept(member)
    await admin.ask("/pullquote settings name:chat_quotes value:off")
    assert WORDS not in await listed(member.as_("kim"))
    for world in (member, member.as_("zoe"), member.as_("ed", Role.editor)):
        assert WORDS in await listed(world)
    public = replace(member, context=replace(member.context, public=True))
    assert WORDS not in await listed(public)


async def test_the_list_has_pages_newest_first(member: World, admin: World) -> None:
    await turn_on(admin)
    for n in range(12):
        await kept(member, message(f"thing number {n} that I said", id=f"m{n}"))
    first = await member.ask("/quotes chat")
    assert first.fields[0].value == "thing number 11 that I said"
    second = await member.press_label(first, texts.NEXT_PAGE)
    assert [field.value for field in second.fields] == ["thing number 1 that I said", "thing number 0 that I said"]
