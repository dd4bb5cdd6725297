"""Episodes that are stored and indexed, for tests that search them."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import Edition, EpisodeId
from bot.ports import QuoteIndex, Storage
from tests.storage.build import TURNS, Turns, episode_import, stored

PAGE = (Edition("page", "https://harbour.example/one"),)


async def follow(storage: Storage, index: QuoteIndex) -> None:
    """Index everything that is stored."""
    writer = index.writer()
    for one in await storage.indexed_episodes():
        raw = await storage.indexed_episode(one)
        assert raw is not None
        writer.replace(raw)
    writer.commit(await storage.last_change())
    writer.close()


async def add(
    storage: Storage, index: QuoteIndex, key: str = "one", turns: Turns = TURNS, slug: str = "harbour"
) -> EpisodeId:
    made = replace(episode_import(key, turns), editions=PAGE)
    one = await stored(storage, made, slug)
    await follow(storage, index)
    return one
