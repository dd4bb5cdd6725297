"""``claim``: the first admin by a one-time code, kept as a hash and written to no log."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot import texts_why
from bot.commands.registry import load
from bot.domain import DEFAULT_COMMUNITY, CommunityId, Role
from bot.services.first_admin import code
from bot.services.roles import role_of
from tests.commands.world import World


async def new_code(world: World) -> str:
    found = await code(world.storage, world.context.community, world.clock)
    assert found
    return found


async def role(world: World) -> Role:
    return await role_of(world.storage, world.context.community, world.context.person, frozenset(), Role.member)


async def test_the_code_is_readable_and_makes_an_admin_once(member: World) -> None:
    said = await new_code(member)
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", said)
    reply = await member.ask(f"/claim {said}")
    assert (reply.outcome, reply.private) == ("done", True)
    assert await role(member) is Role.admin
    assert await code(member.storage, DEFAULT_COMMUNITY, member.clock) is None
    late = await member.as_("zoe").ask(f"/claim {said}")
    assert (late.outcome, late.text) == ("user_error", texts_why.HAS_ADMIN)
    assert await role(member.as_("zoe")) is Role.member


@pytest.mark.parametrize("typed", ["{}", "{} ", "/pullquote", "lower", "bare", "spaced"])
async def test_it_is_understood_however_it_is_typed(member: World, typed: str) -> None:
    said = await new_code(member)
    forms = {
        "/pullquote": f"/pullquote claim {said}",
        "lower": f"/claim {said.lower()}",
        "bare": f"/claim {said.replace('-', '')}",
        "spaced": f"/claim {said.replace('-', ' ')}",
    }
    line = forms.get(typed, f"/claim {typed.format(said)}")
    assert (await member.ask(line)).outcome == "done"


async def test_a_wrong_code_is_refused_kindly_and_five_end_it_for_an_hour_for_that_person(member: World) -> None:
    said = await new_code(member)
    for n in range(5):
        wrong = "ZZZZ-ZZZ" + "ABCDE"[n]
        assert wrong != said
        reply = await member.ask(f"/claim {wrong}")
        assert (reply.outcome, reply.text) == ("user_error", texts_why.WRONG_CODE)
    assert (await member.ask(f"/claim {said}")).text == texts_why.WRONG_CODE
    assert await role(member) is Role.member
    assert (await member.as_("zoe").ask(f"/claim {said}")).outcome == "done"


async def test_what_cannot_be_a_code_is_no_try(member: World) -> None:
    said = await new_code(member)
    for n in range(30):
        await member.ask(f"/claim nothing{n}")
    assert (await member.ask(f"/claim {said}")).outcome == "done"


async def test_a_code_lasts_a_day(member: World) -> None:
    said = await new_code(member)
    member.clock.at += timedelta(hours=24, minutes=1)
    assert (await member.ask(f"/claim {said}")).text == texts_why.WRONG_CODE


async def test_a_new_code_ends_the_one_before(member: World) -> None:
    first, second = await new_code(member), await new_code(member)
    assert (await member.ask(f"/claim {first}")).outcome == "user_error"
    assert (await member.ask(f"/claim {second}")).outcome == "done"


async def test_a_code_is_worth_nothing_in_another_community(member: World) -> None:
    said = await new_code(member)
    other = member.as_("zoe", community=CommunityId("other"))
    assert (await other.ask(f"/claim {said}")).outcome == "user_error"
    assert (await member.ask(f"/claim {said}")).outcome == "done"


async def test_it_is_in_the_history_and_an_admin_made_otherwise_ends_it(member: World, admin: World) -> None:
    said = await new_code(member)
    await admin.ask("/pullquote roles subject:console:zoe role:admin")
    assert (await member.ask(f"/claim {said}")).text == texts_why.HAS_ADMIN
    await admin.ask("/pullquote roles subject:console:zoe role:none")
    assert (await member.ask(f"/claim {said}")).outcome == "done"
    [row] = (await admin.ask("/pullquote history")).fields[:1]
    assert "console:mia added role: console:mia = admin" in row.value


async def test_the_code_reaches_no_log_no_reply_and_no_table(member: World) -> None:
    with capture_logs() as logs:
        said = await new_code(member)
        wrong = await member.ask("/claim ZZZZ-ZZZZ")
        reply = await member.ask(f"/claim {said}")
    bare = said.replace("-", "")
    for shown in (str(logs), wrong.plain(), reply.plain(), str(reply.actions)):
        assert said not in shown
        assert bare not in shown
    assert not any(said in str(entry) for entry in await member.storage.history(DEFAULT_COMMUNITY))


async def test_members_are_not_told_of_it(member: World) -> None:
    command = load().get("claim")
    assert command
    assert not command.listed
    assert "claim" not in (await member.ask("/help")).plain()
