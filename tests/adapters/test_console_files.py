"""A path typed at the console is read there, for the operator alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.console.session import Progress, Session
from adapters.files import upload
from bot import texts_chat as said
from bot.commands.registry import load
from bot.context import Context
from bot.domain import Role
from bot.files import LARGEST
from storage import open_storage
from tests.commands.test_quotes import NINE
from tests.commands.world import World, world_of


@pytest.fixture
async def member(tmp_path: Path) -> AsyncIterator[World]:
    storage = await open_storage("sqlite:///:memory:")
    world = await world_of(storage, tmp_path)
    yield world
    world.index.close()
    await storage.close()


def session(world: World, role: Role) -> Session:
    def context_of(progress: Progress) -> Context:
        return replace(world.context, role=role, progress=progress)

    return Session(load(), context_of)


async def silent(text: str) -> None:
    pass


@pytest.fixture
def quotes(tmp_path: Path) -> Path:
    path = tmp_path / "my quotes.csv"
    path.write_text(f"text,episode\n{NINE},lighthouses\n", encoding="utf-8")
    return path


async def test_the_operators_path_is_read(member: World, quotes: Path) -> None:
    reply = await session(member, Role.operator).answer(f'/quotes import file:"{quotes}"', silent)
    assert (reply.outcome, reply.text) == ("done", said.imported(1, 0, 0))


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
async def test_a_path_that_cannot_be_read_is_named(member: World, quotes: Path, name: str) -> None:
    path = quotes.parent / name
    reply = await session(member, Role.operator).answer(f'/quotes import file:"{path}"', silent)
    assert reply.outcome == "usage"
    assert str(path) in reply.text


async def test_nobody_else_has_a_file_read(member: World, quotes: Path) -> None:
    reply = await session(member, Role.admin).answer(f'/quotes import file:"{quotes}"', silent)
    assert (reply.outcome, said.no_file("file") in reply.text) == ("usage", True)


async def test_other_lines_are_answered_as_ever(member: World) -> None:
    for line, outcome in ((f"/quote {NINE}", "found"), ("/nothing", "not_found"), ("/quotes import", "usage")):
        assert (await session(member, Role.operator).answer(line, silent)).outcome == outcome


def test_a_file_is_never_larger_than_a_command_takes(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b" " * LARGEST)
    assert len(upload(path).data) == LARGEST
    path.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(OSError, match="larger than 8 MiB"):
        upload(path)
