"""``/pullquote link``: another server joins a community by a one-time code, and an undo lets it go."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import texts_chat as said
from bot.domain import DEFAULT_COMMUNITY, CommunityId, Place, Role
from bot.services.linking import unlinked
from tests.commands.world import World

THERE = Place("console", "away", "lobby")


def stray(world: World, name: str = "zed", role: Role = Role.admin) -> World:
    """Somebody in a server that is linked to no community."""
    return world.as_(name, role, THERE, unlinked(THERE))


async def code(admin: World) -> str:
    reply = await admin.ask("/pullquote link")
    found = re.search(r"link ([A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4})", reply.text)
    assert found
    assert reply.private
    return found[1]


async def home(world: World) -> CommunityId | None:
    return await world.storage.community_of(THERE.platform, THERE.workspace)


@pytest.mark.parametrize("typed", ["{}", "{} ", "lower"])
async def test_a_code_links_the_server_where_it_is_typed_once(member: World, admin: World, typed: str) -> None:
    fresh = await code(admin)
    reply = await stray(member).ask(f"/pullquote link {fresh.lower() if typed == 'lower' else typed.format(fresh)}")
    assert (reply.outcome, reply.text) == ("done", said.LINKED)
    assert await home(member) == DEFAULT_COMMUNITY
    assert (await stray(member).ask(f"/pullquote link {fresh}")).text == said.WRONG_LINK


async def test_it_is_in_the_history_and_undo_unlinks(member: World, admin: World) -> None:
    await stray(member).ask(f"/pullquote link {await code(admin)}")
    [entry, *_] = await member.storage.history(DEFAULT_COMMUNITY)
    assert (entry.by, "console/away" in (await admin.ask("/pullquote history")).plain()) == ("console:zed", True)
    assert (await admin.ask(f"/pullquote undo {entry.id}")).outcome == "done"
    assert await home(member) is None


async def test_only_who_manages_the_server_links_it(member: World, admin: World) -> None:
    fresh = await code(admin)
    for role in (Role.member, Role.editor):
        assert (await stray(member, role=role).ask(f"/pullquote link {fresh}")).outcome == "not_allowed"
    assert await home(member) is None


@pytest.mark.parametrize("line", ["/quote nine winters", "/shows", "/help", "/pullquote status", "/claim ABCD-EFGH"])
async def test_everything_else_there_says_what_to_do(member: World, line: str) -> None:
    reply = await stray(member, role=Role.admin).ask(line)
    assert (reply.outcome, reply.text) == ("not_allowed", said.NOT_LINKED)


async def test_without_a_code_it_says_that_one_is_needed(member: World) -> None:
    assert (await stray(member).ask("/pullquote link")).text == said.LINK_NEEDED


async def test_members_and_editors_make_no_code(member: World, editor: World) -> None:
    for world in (member, editor):
        assert (await world.ask("/pullquote link")).outcome == "not_allowed"


async def test_a_code_typed_in_a_linked_server_or_a_direct_message_changes_nothing(admin: World) -> None:
    fresh = await code(admin)
    assert (await admin.ask(f"/pullquote link {fresh}")).text == said.ALREADY_LINKED
    direct = replace(admin, context=replace(admin.context, direct=True))
    assert (await direct.ask(f"/pullquote link {fresh}")).text == said.LINK_NOT_HERE
    assert (await stray(admin).ask(f"/pullquote link {fresh}")).outcome == "done"


async def test_a_new_code_ends_the_one_before_and_a_day_ends_it(member: World, admin: World) -> None:
    first, second = await code(admin), await code(admin)
    assert (await stray(member).ask(f"/pullquote link {first}")).text == said.WRONG_LINK
    member.clock.at += timedelta(hours=24, minutes=1)
    assert (await stray(member).ask(f"/pullquote link {second}")).text == said.WRONG_LINK
    assert await home(member) is None


async def test_five_wrong_tries_rest_that_person_for_an_hour(member: World, admin: World) -> None:
    fresh = await code(admin)
    for n in range(5):
        assert (await stray(member).ask("/pullquote link ZZZZ-ZZZ" + "ABCDE"[n])).text == said.WRONG_LINK
    assert (await stray(member).ask(f"/pullquote link {fresh}")).text == said.WRONG_LINK
    member.clock.at += timedelta(hours=1, minutes=1)
    assert (await stray(member).ask(f"/pullquote link {fresh}")).outcome == "done"


async def test_two_communities_have_codes_of_their_own(member: World, admin: World) -> None:
    other = member.as_("eve", Role.admin, community=CommunityId("other"))
    ours, theirs = await code(admin), await code(other)
    assert (await stray(member).ask(f"/pullquote link {theirs}")).outcome == "done"
    assert await home(member) == CommunityId("other")
    again = Place("console", "elsewhere-2", "lobby")
    third = member.as_("kim", Role.admin, again, unlinked(again))
    assert (await third.ask(f"/pullquote link {ours}")).outcome == "done"
    assert await member.storage.community_of("console", "elsewhere-2") == DEFAULT_COMMUNITY
