"""Completion: values of a parameter, and what could stand at the end of a line."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Literal, cast

import pytest
from structlog.testing import capture_logs

from bot.commands.completion import complete, complete_line
from bot.commands.declare import Arg, command
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY, Person, Place, Role
from bot.reply import Reply

if TYPE_CHECKING:
    from bot.services import Services

SHOWS = ["High Agency", "Acme", 'The "Best" Show']


async def show_names(ctx: Context, typed: str) -> list[str]:
    return [name for name in SHOWS if name.lower().startswith(typed.lower())]


async def many(ctx: Context, typed: str) -> list[str]:
    return [f"{n} {'x' * 200}" for n in range(40)]


async def broken(ctx: Context, typed: str) -> list[str]:
    raise ZeroDivisionError


@command("quote", "Find a line")
async def quote(
    ctx: Context,
    words: Annotated[str | None, Arg("Words", rest=True)] = None,
    show: Annotated[str | None, Arg("Only this show", complete=show_names)] = None,
    speaker: Annotated[str | None, Arg("Only this speaker", complete=broken)] = None,
    much: Annotated[str | None, Arg("Much", complete=many)] = None,
    how: Annotated[Literal["near", "far"], Arg("How")] = "near",
    yes: Annotated[bool, Arg("Do it")] = False,
) -> Reply:
    return Reply()


@command("episode", "An episode")
async def episode(
    ctx: Context, episode: Annotated[str | None, Arg("Which", rest=True, complete=show_names)] = None
) -> Reply:
    return Reply()


@command("quotes list", "Saved quotes")
async def quotes_list(ctx: Context) -> Reply:
    return Reply()


@command("fix", "Correct a line", Role.editor)
async def fix(ctx: Context, show: Annotated[str, Arg("Show", complete=show_names)]) -> Reply:
    return Reply()


REGISTRY = Registry([quote, episode, quotes_list, fix])


def context(role: Role = Role.member) -> Context:
    services = cast("Services", SimpleNamespace())
    return Context(services, Person("test", "1"), role, DEFAULT_COMMUNITY, Place("test", "home", "general"), "req-1")


async def lines(typed: str, role: Role = Role.member) -> list[str]:
    """What the whole line becomes by each completion."""
    return [typed[: one.start] + one.text for one in await complete_line(REGISTRY, context(role), typed)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ["/episode ", "/quote ", "/quotes list "]),
        ("/", ["/episode ", "/quote ", "/quotes list "]),
        ("/qu", ["/quote ", "/quotes list "]),
        ("qu", ["/quote ", "/quotes list "]),
        ("/quotes l", ["/quotes list "]),
        ("/quotes ", ["/quotes list "]),
        ("/pullquote qu", ["/quote ", "/quotes list "]),
        ("/quote move sh", ["/quote move show:"]),
        ("/quote move ", [f"/quote move {name}:" for name in ("show", "speaker", "much", "how", "yes")]),
        ("/quote move show:hi", ['/quote move show:"High Agency" ']),
        ('/quote move show:"high a', ['/quote move show:"High Agency" ']),
        ("/quote move show:the", [r'/quote move show:"The \"Best\" Show" ']),
        ("/quote show:", ['/quote show:"High Agency" ', "/quote show:Acme ", r'/quote show:"The \"Best\" Show" ']),
        ("/quote how:f", ["/quote how:far "]),
        ("/quote yes:", ["/quote yes:yes ", "/quote yes:no "]),
        ("/quote show:Acme mu", ["/quote show:Acme much:"]),
        ("/episode hi", ["/episode High Agency "]),
        ("/pullquote fix show:", []),
    ],
)
async def test_a_line_is_completed(typed: str, expected: list[str]) -> None:
    assert await lines(typed) == expected


async def test_moderators_are_offered_theirs() -> None:
    assert await lines("/pullquote f", Role.editor) == ["/pullquote fix "]
    assert await lines("/fi", Role.editor) == ["/pullquote fix "]
    assert await lines("/pullquote fix show:a", Role.editor) == ["/pullquote fix show:Acme "]


async def test_at_most_25_values_of_100_characters() -> None:
    param = quote.param("much")
    assert param
    found = await complete(quote, param, context(), "")
    assert (len(found), max(map(len, found))) == (25, 100)


async def test_a_broken_completer_offers_nothing() -> None:
    param = quote.param("speaker")
    assert param
    with capture_logs() as logs:
        assert await complete(quote, param, context(), "x") == []
    assert [row["event"] for row in logs] == ["completion failed"]
