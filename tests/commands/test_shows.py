"""``/shows``, help, about, privacy: what is here and how to use it."""

from __future__ import annotations

import pytest

from bot import texts
from bot.commands.registry import load
from tests.commands.world import OTHER, STAFF, World


async def test_shows_say_what_is_here_and_who_speaks(member: World) -> None:
    reply = await member.ask("/shows")
    assert [row.label for row in reply.fields] == ["Harbour Tales", "Kitchen Talk"]
    assert "2 episodes" in reply.fields[0].value
    assert "Bo" in reply.fields[0].value
    assert reply.choices
    assert (await member.press(reply.choices.options[0].action)).title == "Episodes of Harbour Tales"


async def test_private_and_foreign_shows_are_not_listed(member: World) -> None:
    assert "The Vault" in (await member.as_(place=STAFF).ask("/shows")).plain()
    assert "The Vault" not in (await member.ask("/shows")).plain()
    assert "Orchard" not in (await member.ask("/shows")).plain()
    assert [row.label for row in (await member.as_(community=OTHER).ask("/shows")).fields] == ["Orchard Hour"]


@pytest.mark.parametrize("label", [texts.HELP, texts.ABOUT_LABEL, texts.PRIVACY_LABEL])
async def test_help_about_and_privacy_are_buttons_and_words(member: World, label: str) -> None:
    pressed = await member.press_label(await member.ask("/shows"), label)
    assert pressed.outcome == "listed"
    assert (await member.ask(f"/{label.lower()}")).plain() == pressed.plain()


async def test_help_lists_what_this_person_may_use(member: World, admin: World) -> None:
    own, all_ = (await member.ask("/help")).plain(), (await admin.ask("/help")).plain()
    for command in load().members():
        assert command.call in own
    for command in load().moderators():
        assert command.call not in own
        assert command.call in all_


async def test_help_tells_about_one_command(member: World, admin: World) -> None:
    reply = await member.ask("/help quote")
    assert "/quote" in reply.text
    assert "speaker" in [row.label for row in reply.fields]
    assert (await member.ask("/help withhold")).outcome == "not_found"
    assert (await admin.ask("/help /pullquote withhold")).outcome == "listed"


def test_members_see_six_commands() -> None:
    first_words = {command.words[0] for command in load().members()}
    assert first_words == {"quote", "chapters", "chapter", "episode", "quotes", "shows"}


def test_what_moderators_have_is_what_the_design_lists() -> None:
    assert {command.name for command in load().moderators()} >= {
        "speakers name", "speakers alias", "speakers undo", "fix", "withhold", "roles", "settings", "history", "undo",
        "status",
    }  # fmt: skip


async def test_every_command_answers_anything_without_failing(member: World, admin: World) -> None:
    for command in load().all():
        for words in ("", "x", "1", "0:01", "https://x.example/?t=1", '"', "a" * 300):
            for world in (member, admin):
                reply = await world.ask(f"{command.call} {words}")
                assert reply.outcome != "failed", (command.call, words, reply.text)
                assert reply.plain().strip() or reply.form or reply.quotes


async def test_an_empty_shelf_says_what_to_do(member: World) -> None:
    from bot.domain import CommunityId

    empty = member.as_(community=CommunityId("empty"))
    await member.storage.link_workspace(CommunityId("empty"), "console", "nowhere")
    for line in ("/quote", "/quote words", "/episode", "/chapters", "/chapter 3", "/shows", "/quote 0:01"):
        reply = await empty.ask(line)
        assert reply.plain().strip(), line
        assert reply.outcome != "failed"
