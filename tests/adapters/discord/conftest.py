"""Fixtures for Discord: a server in memory with our client in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import simcord

from tests.adapters.discord.room import Room, furnished
from tests.commands.world import World, world_of


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The small world of shows, over a real database and a real index."""
    from storage import open_storage

    storage = await open_storage("sqlite:///:memory:")
    world = await world_of(storage, tmp_path)
    yield world
    world.index.close()
    await storage.close()


@pytest.fixture
async def unopened(world: World, request: pytest.FixtureRequest) -> Room:
    """The room before our client is in it. ``@pytest.mark.simcord(settle_timeout=20)`` gives options to simcord."""
    marker = request.node.get_closest_marker("simcord")
    return await furnished(world, **(marker.kwargs if marker else {}))


@pytest.fixture
async def simcord_env(unopened: Room) -> AsyncIterator[simcord.Env]:
    """The running environment. simcord's pytest plugin looks for a fixture that is one: it sets the clock that the test
    reads and shows what happened when a test fails."""
    await unopened.env.start()
    yield unopened.env
    await unopened.env.shutdown()
    unopened.env._raise_errors_since(unopened.env._errors_acknowledged)


@pytest.fixture
def room(unopened: Room, simcord_env: simcord.Env) -> Room:
    """A running Discord with our client in it: one linked server with members, to ask in as a person does.

    An error in our client that the test did not look at (``room.env.errors``) fails it.
    """
    return unopened
