"""Words in chat: a mention's or a direct message's text to a command and its answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import texts, texts_chat
from bot.commands.registry import load
from bot.commands.words import Worded, dispatch_words
from bot.domain import Role
from bot.services.linking import unlinked
from tests.commands.world import STAFF, World


async def say(world: World, text: str) -> Worded:
    return await dispatch_words(load(), world.context, text)


def publicly(world: World) -> World:
    return replace(world, context=replace(world.context, public=True))


def name(worded: Worded) -> str:
    return worded.command.name if worded.command else ""


@pytest.mark.parametrize(
    ("text", "command", "shown"),
    [
        ("what did Bo say about the barometer?", "quote", "The barometer dropped so quickly"),
        ("who said the lamp went out?", "quote", "The lamp went out on the third night."),
        ("find nine winters please", "quote", "I once kept a lighthouse for nine winters."),
        ("/quote nine winters", "quote", "I once kept a lighthouse for nine winters."),
        ("pullquote quote nine winters", "quote", "I once kept a lighthouse for nine winters."),
        ("Pullquote, who said the lamp went out?", "quote", "The lamp went out on the third night."),
        ("nine winters show:harbour", "quote", "I once kept a lighthouse for nine winters."),
        ("who said nine winters show:harbour", "quote", "I once kept a lighthouse for nine winters."),
        ("what is said at 0:08 in lamps and lighthouses", "quote", "I once kept a lighthouse"),
        ("chapters of the lighthouses one", "chapters", "Lamps and lighthouses"),
        ("the latest episode of harbour", "episode", "Harbour"),
        ("/chapters of lamps and lighthouses", "chapters", "Lamps and lighthouses"),
        ("/chapter on the lamp", "chapter", "Lamps and lighthouses"),
        ("/episode the latest episode of harbour", "episode", "Harbour"),
        ("is there an episode about the barometer?", "quote", "The barometer dropped"),
        ("what's new", "episodes", "Lamps and lighthouses"),
        ("which shows are there?", "shows", "Harbour"),
        ("help", "help", "/quote"),
        ("help quote", "help", "/quote"),
        ("privacy", "privacy", ""),
        ("quotes list", "quotes list", texts.NONE_SAVED),
    ],
)
async def test_words_become_a_command_and_its_answer(member: World, text: str, command: str, shown: str) -> None:
    found = await say(member, text)
    assert (name(found), found.reply.outcome in ("found", "listed", "done")) == (command, True), found.reply
    assert shown in found.reply.plain()


@pytest.mark.parametrize(
    "line",
    [
        "What did you do then? Did you call the coast guard?",
        "what did you do then?",
        "Were any ships lost in those years?",
        "Nobody would believe such a story today.",
        "“The lamp went out on the third night.”",
        "We had no radio at all.",
    ],
)
async def test_a_line_that_was_said_is_found_though_it_sounds_like_a_question(member: World, line: str) -> None:
    found = await say(member, line)
    assert name(found) == "quote"
    assert found.reply.outcome == "found"
    assert found.reply.quotes[0].text.split("?")[0].lower()[:12] in line.lower()


async def test_words_that_are_nowhere_fit_nothing(member: World) -> None:
    found = await say(member, "colourless green ideas sleep furiously")
    assert (name(found), found.reply.outcome) == ("quote", "nothing_fits")


async def test_a_name_that_is_no_speakers_is_told_and_filters_nothing(member: World) -> None:
    found = await say(member, "what did Zacharias say about the barometer?")
    assert found.reply.text.startswith(texts_chat.nobody_called("Zacharias"))
    assert found.reply.quotes[0].speaker == "Bo"


async def test_a_speakers_name_narrows_what_is_found(member: World) -> None:
    for text, speaker in (("what did Ann say about lighthouses", "Ann"), ("Bo on lighthouses", "Bo")):
        found = await say(member, text)
        assert found.reply.quotes[0].speaker == speaker


async def test_no_words_are_told_how_to_ask(member: World) -> None:
    found = await say(member, "   ")
    assert (found.command, found.reply.outcome) == (None, "usage")
    assert found.reply.text == texts_chat.HOW_TO_ASK
    assert [action.command for action in found.reply.actions] == ["help", "shows"]


async def test_the_last_chapter_is_counted(member: World) -> None:
    found = await say(member, "the last chapter of lamps and lighthouses")
    assert name(found) == "chapter"
    chapters = await member.ask("/chapters lamps and lighthouses")
    assert (found.reply.title or "").startswith(f"Chapter {len(chapters.fields)}")


async def test_the_episode_at_hand_is_meant_by_its_second_chapter(member: World) -> None:
    episode = (await member.services.episodes.resolve(member.context, "lighthouses")).id
    about = replace(member, context=replace(member.context, episode=episode))
    found = await say(about, "2nd chapter")
    assert "Lamps and lighthouses" in found.reply.plain()


async def test_it_is_told_whether_something_was_surely_asked(member: World) -> None:
    told = {
        text: await say(member, text) for text in ("thanks!", "help", "who said nine winters", "nine winters", "/help")
    }
    assert [text for text, found in told.items() if found.small_talk] == ["thanks!"]
    assert [text for text, found in told.items() if not found.asked] == ["nine winters"]


async def test_a_pasted_page_is_looked_for_by_its_beginning(member: World) -> None:
    page = "I once kept a lighthouse for nine winters. The lamp went out on the third night. " + "and so on " * 60
    found = await say(member, page)
    assert (name(found), bool(found.reply.quotes)) == ("quote", True)
    assert (await say(member, "x " * 6000)).reply.outcome == "usage"


# --- moderators' commands -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["/pullquote history", "pullquote history", "history", "/history"])
async def test_a_moderators_command_is_run_for_who_may(member: World, editor: World, text: str) -> None:
    assert (name(await say(editor, text)), (await say(editor, text)).reply.outcome) == ("history", "listed")
    assert (await say(member, text)).reply.outcome == "not_allowed"


@pytest.mark.parametrize("text", ["why would nobody believe such a story", "history is written by keepers of lamps"])
async def test_a_sentence_that_begins_with_a_commands_name_is_a_quotes_words(editor: World, text: str) -> None:
    assert name(await say(editor, text)) == "quote"


async def test_a_wrong_option_of_a_plain_command_is_explained(editor: World) -> None:
    found = await say(editor, "/pullquote history page:soon")
    assert (name(found), found.reply.outcome) == ("history", "usage")
    assert (await say(editor, "/nothing like it")).command is None


async def test_a_moderators_answer_in_public_words_shows_no_private_show(member: World) -> None:
    """It goes to the person's direct messages."""
    staff = publicly(member.as_("ed", Role.editor, STAFF))
    found = await say(staff, "pullquote why merger")
    assert found.command
    assert found.command.moderator
    assert "merger" not in (found.reply.title or "").lower()


async def test_public_words_show_what_everybody_here_may_see(member: World) -> None:
    boss = publicly(member.as_("op", Role.operator))
    assert "canning" not in (await say(boss, "the merger with the canning factory")).reply.plain()
    hers = member.as_("op", Role.operator)
    assert "canning" in (await say(hers, "the merger with the canning factory")).reply.plain()


async def test_a_server_that_is_not_linked_gets_one_answer(member: World) -> None:
    stray = replace(member, context=replace(member.context, community=unlinked(member.context.place)))
    for text in ("nine winters", "help", "/pullquote history"):
        found = await say(stray, text)
        assert (found.reply.outcome, found.reply.text) == ("not_allowed", texts_chat.NOT_LINKED)
