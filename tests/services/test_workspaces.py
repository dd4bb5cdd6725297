"""Which community a workspace belongs to, and which ones join by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain import DEFAULT_COMMUNITY, CommunityId
from bot.ports import Storage
from bot.services.workspaces import community_at, first_start, join
from storage import open_storage

OTHER = CommunityId("other")


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    opened = await open_storage("sqlite:///:memory:")
    yield opened
    await opened.close()


async def test_a_workspace_belongs_to_what_it_was_linked_to(storage: Storage) -> None:
    await storage.link_workspace(OTHER, "discord", "1")
    assert await community_at(storage, "discord", "1") == OTHER
    assert await community_at(storage, "discord", "2") is None
    assert await community_at(storage, "slack", "1") is None


async def test_a_persons_own_workspace_belongs_to_the_default_community(storage: Storage) -> None:
    assert await community_at(storage, "discord", "@77") == DEFAULT_COMMUNITY


async def test_at_the_first_start_of_all_the_workspaces_join(storage: Storage) -> None:
    await storage.link_workspace(OTHER, "discord", "2")
    assert await first_start(storage, "discord", ["1", "2"])
    assert await community_at(storage, "discord", "1") == DEFAULT_COMMUNITY
    assert await community_at(storage, "discord", "2") == OTHER


async def test_at_a_later_start_none_joins(storage: Storage) -> None:
    """Also when the first one met no workspace at all: whoever adds the bot meanwhile may be anybody."""
    assert await first_start(storage, "discord", [])
    assert not await first_start(storage, "discord", ["1"])
    assert await community_at(storage, "discord", "1") is None


async def test_every_platform_has_a_first_start_of_its_own(storage: Storage) -> None:
    await first_start(storage, "discord", [])
    assert await first_start(storage, "slack", ["T1"])
    assert await community_at(storage, "slack", "T1") == DEFAULT_COMMUNITY


async def test_only_a_trusted_workspace_joins_by_itself(storage: Storage) -> None:
    assert await join(storage, "discord", "1", trusted=False) is None
    assert await join(storage, "discord", "1", trusted=True) == DEFAULT_COMMUNITY
    assert await community_at(storage, "discord", "1") == DEFAULT_COMMUNITY


async def test_a_linked_workspace_stays_where_it_is(storage: Storage) -> None:
    await storage.link_workspace(OTHER, "discord", "1")
    assert await join(storage, "discord", "1", trusted=True) == OTHER
