"""Fixtures for commands: a small world over a real database and a real index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain import Role
from tests.commands.world import World, world_of


@pytest.fixture
async def member(tmp_path: Path) -> AsyncIterator[World]:
    """The world as a member in the hall sees it."""
    from storage import open_storage

    storage = await open_storage("sqlite:///:memory:")
    world = await world_of(storage, tmp_path)
    yield world
    world.index.close()
    await storage.close()


@pytest.fixture
def editor(member: World) -> World:
    return member.as_("ed", Role.editor)


@pytest.fixture
def admin(member: World) -> World:
    return member.as_("ada", Role.admin)
