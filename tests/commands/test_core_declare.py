"""Declarations: what a signature becomes, and what is refused at import."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Annotated, Literal, cast

import pytest

from bot.commands.declare import Arg, Command, command
from bot.commands.registry import Registry, declared_in, load
from bot.context import Context
from bot.domain import Level, Role
from bot.errors import DeclarationError
from bot.reply import Reply


class Mood(Enum):
    calm = 1
    cross = 2


@command("find it", "Find something", example="the mop story")
async def find_it(
    ctx: Context,
    words: Annotated[str, Arg("Words", length=(1, 20), rest=True)],
    count: Annotated[int, Arg("How many", range=(1, 9))] = 3,
    pace: Annotated[float | None, Arg("How fast")] = None,
    sure: Annotated[bool, Arg("Really")] = False,
    how: Annotated[Literal["near", "far"], Arg("Where")] = "near",
    level: Annotated[Level | None, Arg("How far")] = None,
    mood: Annotated[Mood, Arg("Mood")] = Mood.calm,
) -> Reply:
    return Reply(words)


async def plain(ctx: Context) -> Reply:
    return Reply("plain")


async def no_arg(ctx: Context, words: str) -> Reply:
    return Reply()


async def no_context(words: Annotated[str, Arg("Words")]) -> Reply:
    return Reply()


async def odd_type(ctx: Context, words: Annotated[list[str], Arg("Words")]) -> Reply:
    return Reply()


async def two_types(ctx: Context, words: Annotated[str | int, Arg("Words")]) -> Reply:
    return Reply()


async def number_literal(ctx: Context, n: Annotated[Literal[1, 2], Arg("One or two")]) -> Reply:
    return Reply()


async def no_help(ctx: Context, words: Annotated[str, Arg(" ")]) -> Reply:
    return Reply()


async def long_help(ctx: Context, words: Annotated[str, Arg("x" * 101)]) -> Reply:
    return Reply()


async def upper(ctx: Context, Words: Annotated[str, Arg("Words")]) -> Reply:
    return Reply()


async def stars(ctx: Context, *words: Annotated[str, Arg("Words")]) -> Reply:
    return Reply()


async def none_needed(ctx: Context, words: Annotated[str | None, Arg("Words")]) -> Reply:
    return Reply()


async def bad_default(ctx: Context, n: Annotated[int, Arg("Number")] = cast(int, "3")) -> Reply:
    return Reply()


async def none_default(ctx: Context, n: Annotated[int, Arg("Number")] = cast(int, None)) -> Reply:
    return Reply()


async def not_a_choice(ctx: Context, how: Annotated[str, Arg("How", choices=("a", "b"))] = "c") -> Reply:
    return Reply()


async def length_of_number(ctx: Context, n: Annotated[int, Arg("Number", length=(1, 2))]) -> Reply:
    return Reply()


async def range_of_text(ctx: Context, n: Annotated[str, Arg("Number", range=(1, 2))]) -> Reply:
    return Reply()


async def turned_range(ctx: Context, n: Annotated[int, Arg("Number", range=(2, 1))]) -> Reply:
    return Reply()


async def many_choices(
    ctx: Context, n: Annotated[str, Arg("One", choices=tuple("abcdefghijklmnopqrstuvwxyz"))]
) -> Reply:
    return Reply()


async def two_rests(
    ctx: Context, a: Annotated[str, Arg("A", rest=True)], b: Annotated[str, Arg("B", rest=True)]
) -> Reply:
    return Reply()


async def needed_last(ctx: Context, *, a: Annotated[int, Arg("A")] = 1, b: Annotated[int, Arg("B")]) -> Reply:
    return Reply()


def synchronous(ctx: Context) -> Awaitable[Reply]:
    return plain(ctx)


REFUSED = [
    no_arg, no_context, odd_type, two_types, number_literal, no_help, long_help, upper, stars, none_needed,
    bad_default, none_default, not_a_choice, length_of_number, range_of_text, turned_range, many_choices, two_rests,
    needed_last, synchronous,
]  # fmt: skip


def declared(name: str, role: Role = Role.member) -> Command:
    return command(name, "Help", role)(plain)


def test_a_signature_becomes_plain_data() -> None:
    names = [(one.name, one.type, one.required, one.default) for one in find_it.params]
    assert names == [
        ("words", str, True, None), ("count", int, False, 3), ("pace", float, False, None),
        ("sure", bool, False, False), ("how", str, False, "near"), ("level", Level, False, None),
        ("mood", Mood, False, Mood.calm),
    ]  # fmt: skip


def test_literals_and_enums_become_choices() -> None:
    choices = {one.name: one.choices for one in find_it.params if one.choices}
    assert choices == {
        "how": ("near", "far"), "level": ("not_featured", "hidden", "erased"), "mood": ("calm", "cross"),
    }  # fmt: skip


@pytest.mark.parametrize("run", [pytest.param(run, id=run.__name__) for run in REFUSED])
def test_what_no_surface_can_show_is_refused(run: Callable[..., Awaitable[Reply]]) -> None:
    with pytest.raises(DeclarationError, match="command 'odd'"):
        command("odd", "Help")(run)


@pytest.mark.parametrize(
    "name", ["", "Quote", "two words more", "1st", "a" * 33, "quote ", "é", "pullquote", "pullquote x", "a/b"]
)
def test_a_name_that_no_surface_can_show_is_refused(name: str) -> None:
    with pytest.raises(DeclarationError):
        declared(name)


@pytest.mark.parametrize("help", ["", "  ", "x" * 101, "two\nlines"])
def test_help_is_one_line_that_fits(help: str) -> None:
    with pytest.raises(DeclarationError):
        command("quote", help)(plain)


def test_a_word_that_starts_two_word_names_is_no_command() -> None:
    with pytest.raises(DeclarationError, match="first word"):
        Registry([declared("quotes list"), declared("quotes")])


def test_a_name_is_declared_once() -> None:
    with pytest.raises(DeclarationError, match="twice"):
        Registry([declared("quote"), declared("quote")])


def test_more_subcommands_than_a_platform_takes_are_refused() -> None:
    with pytest.raises(DeclarationError, match="more than 25"):
        Registry([declared(f"quotes a{n}") for n in range(26)])


def test_moderators_live_under_pullquote_and_members_do_not() -> None:
    registry = Registry([declared("quote"), declared("fix", Role.editor), declared("speakers name", Role.admin)])
    assert [one.call for one in registry.members()] == ["/quote"]
    assert [one.call for one in registry.moderators()] == ["/pullquote fix", "/pullquote speakers name"]
    with pytest.raises(DeclarationError, match="members"):
        command("quote", "Help", moderator=True)(plain)


def test_what_is_behind_a_button_is_there_but_not_listed() -> None:
    hidden = command("more", "More", listed=False)(plain)
    registry = Registry([hidden])
    assert registry.get("more") is hidden
    assert registry.members() == []


def test_every_command_of_the_program_can_be_shown() -> None:
    assert load() is load()


def test_a_module_gives_only_the_commands_that_it_declares() -> None:
    import sys

    assert find_it in list(declared_in(sys.modules[__name__]))
