"""Words in chat over a real transcript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.files import collect
from bot.commands.registry import load
from bot.commands.words import Worded, dispatch_words
from bot.domain import DEFAULT_COMMUNITY
from bot.services.ingest import Importer, Wish
from storage import open_storage
from tests.commands.world import World, world_of


@pytest.fixture
async def seeded(shared: Path, tmp_path: Path) -> AsyncIterator[World]:
    storage = await open_storage("sqlite:///:memory:")
    world = await world_of(storage, tmp_path)
    sources, problems = collect([shared / "seed"])
    assert not problems
    await Importer(storage, world.index, DEFAULT_COMMUNITY).run(sources, Wish("high-agency", "High Agency"))
    yield world
    world.index.close()
    await storage.close()


async def say(world: World, text: str) -> Worded:
    return await dispatch_words(load(), replace(world.context, public=True), text)


@pytest.mark.parametrize(
    "text",
    [
        "what did raza say about product managers?",
        "Raza Habib on product managers",
        "can you tell me what raza thinks about product managers?",
        "when did raza talk about product managers in the engineer one",
    ],
)
async def test_a_speakers_line_on_a_topic_is_found(seeded: World, text: str) -> None:
    found = (await say(seeded, text)).reply
    assert found.outcome == "found"
    assert found.quotes[0].speaker == "Raza Habib"
    assert "product managers" in found.quotes[0].text


@pytest.mark.parametrize(
    "text",
    [
        "chapter on team composition",
        "chapter 4 of the engineer one",
        "which chapter is at 12:15 in the engineer one?",
        "the 4th chapter of the AI engineer episode",
    ],
)
async def test_a_chapter_is_found_as_people_ask_for_it(seeded: World, text: str) -> None:
    found = (await say(seeded, text)).reply
    assert (found.title or "").startswith("Chapter 4: Team composition for AI products")
