"""The commands as Discord is sent them: kinds, bounds, places, permissions, sizes."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest

from adapters.discord.sync import payload_of
from adapters.discord.translation import Translations
from bot.commands import registry
from bot.commands.declare import Arg, command
from bot.commands.registry import CHARACTERS, SUBCOMMANDS, Registry, load, sizes
from bot.context import Context
from bot.domain import Role
from bot.errors import DeclarationError
from bot.files import Upload
from bot.locales import Locale
from bot.reply import Reply
from tests.adapters.discord.tree_build import characters, tree_of

GOLDEN = Path(__file__).parents[2] / "golden" / "discord" / "commands.json"

MANAGE_SERVER = 1 << 5
SERVER, BOT_DM, PRIVATE = 0, 1, 2
GUILD_INSTALL, USER_INSTALL = 0, 1
TEXT, WHOLE, YES_NO, NUMBER, FILE = 3, 4, 5, 10, 11


class Mood(Enum):
    calm = "calm"
    cross = "cross"


async def names(ctx: Context, typed: str) -> list[str]:
    return []


@command("find", "Find something", menu="Find it")
async def find(
    ctx: Context,
    words: Annotated[str, Arg("Words", length=(1, 20), rest=True)],
    show: Annotated[str | None, Arg("Show", complete=names)] = None,
    count: Annotated[int, Arg("How many", range=(1, 9))] = 3,
    pace: Annotated[float | None, Arg("How fast", range=(0, 2))] = None,
    sure: Annotated[bool, Arg("Really")] = False,
    how: Annotated[Literal["near", "far"], Arg("Where")] = "near",
    mood: Annotated[Mood | None, Arg("Mood")] = None,
    file: Annotated[Upload | None, Arg("A file")] = None,
) -> Reply:
    return Reply(words)


@command("lists show", "Show a list")
async def lists_show(ctx: Context) -> Reply:
    return Reply()


@command("fix", "Correct something", Role.editor)
async def fix(ctx: Context) -> Reply:
    return Reply()


@command("posts stop", "Stop posts", Role.admin)
async def posts_stop(ctx: Context) -> Reply:
    return Reply()


@command("behind", "Behind a button", listed=False)
async def behind(ctx: Context) -> Reply:
    return Reply()


async def sent(*commands: Any) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in await payload_of(tree_of(*commands))}


async def test_the_payload_is_what_was_reviewed() -> None:
    """After a change that is meant: ``python -m tests.adapters.discord.golden_commands``, and read the diff."""
    made = await payload_of(tree_of(*load().all()))
    assert json.loads(GOLDEN.read_text()) == json.loads(json.dumps(made))


async def test_options_have_the_kinds_and_bounds_of_the_declaration() -> None:
    options = {one["name"]: one for one in (await sent(find))["find"]["options"]}
    assert {name: one["type"] for name, one in options.items()} == {
        "words": TEXT, "show": TEXT, "count": WHOLE, "pace": NUMBER, "sure": YES_NO, "how": TEXT, "mood": TEXT,
        "file": FILE,
    }  # fmt: skip
    assert [name for name, one in options.items() if one["required"]] == ["words"]
    assert (options["words"]["min_length"], options["words"]["max_length"]) == (1, 20)
    assert (options["count"]["min_value"], options["count"]["max_value"]) == (1, 9)
    assert (options["pace"]["min_value"], options["pace"]["max_value"]) == (0, 2)
    assert [one["value"] for one in options["mood"]["choices"]] == ["calm", "cross"]
    assert [one["name"] for one in options["how"]["choices"]] == ["near", "far"]
    assert [name for name, one in options.items() if one.get("autocomplete")] == ["show"]
    assert options["words"]["description"] == "Words"


async def test_members_commands_are_everywhere_and_seen_by_everybody() -> None:
    made = await sent(find, lists_show, fix)
    for name in ("find", "lists", "Find it"):
        assert sorted(made[name]["contexts"]) == [SERVER, BOT_DM, PRIVATE]
        assert sorted(made[name]["integration_types"]) == [GUILD_INSTALL, USER_INSTALL]
        assert made[name]["default_member_permissions"] is None


@pytest.mark.parametrize(
    ("config", "installs"),
    [
        (None, [GUILD_INSTALL, USER_INSTALL]),
        ({"0": {}, "1": {}}, [GUILD_INSTALL, USER_INSTALL]),
        ({"0": {}}, [GUILD_INSTALL]),
        ({"0": {}, "1": None}, [GUILD_INSTALL]),
    ],
)
async def test_there_is_no_user_install_where_the_operator_switched_it_off(
    config: dict[str, Any] | None, installs: list[int]
) -> None:
    for one in await payload_of(tree_of(find, lists_show, installs=config)):
        assert sorted(one["integration_types"]) == installs


async def test_moderators_commands_are_in_servers_and_seen_by_who_manages_one() -> None:
    made = (await sent(find, fix, posts_stop))["pullquote"]
    assert made["contexts"] == [SERVER]
    assert made["integration_types"] == [GUILD_INSTALL]
    assert made["default_member_permissions"] == MANAGE_SERVER
    assert {one["name"]: [sub["name"] for sub in one["options"]] for one in made["options"]} == {
        "fix": [], "posts": ["stop"],
    }  # fmt: skip


async def test_what_stands_behind_a_button_is_not_listed() -> None:
    assert set(await sent(find, behind)) == {"find", "Find it"}


async def test_the_six_of_the_members_stand_at_the_top() -> None:
    made = await sent(*load().all())
    slash = {name for name, one in made.items() if one["type"] == 1}
    assert slash >= {"quote", "chapters", "chapter", "episode", "quotes", "shows", "pullquote"}


async def test_sizes_are_counted_as_discord_counts_what_is_sent() -> None:
    made = await payload_of(tree_of(*load().all()))
    assert sizes(load().all()) == {one["name"]: characters(one) for one in made if one["type"] == 1}


async def test_every_command_is_within_discords_limits() -> None:
    for one in await payload_of(tree_of(*load().all())):
        assert characters(one) <= CHARACTERS
        for each in _all_below(one):
            assert len(each.get("options") or []) <= SUBCOMMANDS
            assert len(each.get("choices") or []) <= 25
            assert len(each.get("description", "")) <= 100


def _all_below(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [payload, *(each for one in payload.get("options") or [] for each in _all_below(one))]


@pytest.mark.parametrize("name", ["quotes", "pullquote", "alerts", "show", "speakers"])
def test_every_group_says_what_it_is_for(name: str) -> None:
    from bot.texts_commands import group_help

    assert not group_help(name).startswith("All about")


@command("other", "Something else", menu="Find it")
async def other(ctx: Context, words: Annotated[str, Arg("Words", rest=True)]) -> Reply:
    return Reply(words)


def test_menus_of_a_message_have_names_of_their_own_and_are_five_at_most() -> None:
    with pytest.raises(DeclarationError, match="menus"):
        Registry([find, other])
    six = [replace(other, name=f"other{n}", menu=f"Find it {n}") for n in range(6)]
    with pytest.raises(DeclarationError, match="at most 5"):
        Registry(six)
    assert Registry(six[:5]).get("other4")


async def test_of_a_text_and_its_translations_the_longest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "de": Locale({"find": "finden-und-zeigen"}, {"Words": "W" * 60, "near": "nah" * 9, "Find something": "x"}),
        "fr": Locale({"find": "trouver"}, {"Words": "W" * 70}),
    }
    monkeypatch.setattr(registry, "LOCALES", table)
    tree = tree_of(find, posts_stop)
    await tree.set_translator(Translations(table))
    made = await payload_of(tree)
    assert sizes([find, posts_stop]) == {one["name"]: characters(one) for one in made if one["type"] == 1}
    assert sizes([find])["find"] > 150
