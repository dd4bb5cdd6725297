"""What a person meets at first: the sample show, the line above the welcome, and the code of the first admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import texts, texts_alerts, texts_discord
from bot.domain import DEFAULT_COMMUNITY, Role, Viewer

if TYPE_CHECKING:
    from bot.ports import Storage
    from bot.services import Services


async def is_empty(storage: Storage) -> bool:
    return not await storage.shows(Viewer(DEFAULT_COMMUNITY, Role.operator))


async def import_sample(services: Services) -> None:
    from bot import sample
    from bot.services.ingest import Importer, Wish
    from bot.services.sources import Source

    sources = [
        Source(name, name.rpartition(".")[0], sample.SHOW_SLUG, lambda data=data: data)  # type: ignore[misc]
        for name, data in sample.files()
    ]
    importer = Importer(services.storage, services.index, DEFAULT_COMMUNITY)
    await importer.run(sources, Wish(sample.SHOW_SLUG, sample.SHOW_TITLE))


async def welcome(services: Services) -> tuple[str, str]:
    """The line above the console's welcome, and a command that works with what is there."""
    from bot import sample

    shows = await services.storage.shows(Viewer(DEFAULT_COMMUNITY, Role.operator))
    if [show.slug for show in shows] == [sample.SHOW_SLUG]:
        return texts.SAMPLE_NOTICE, texts.SAMPLE_EXAMPLE
    return "", "/quote"


async def serving(services: Services) -> str:
    """What a program that answers nobody does, for whoever started it."""
    shows = await services.storage.shows(Viewer(DEFAULT_COMMUNITY, Role.operator))
    return texts_alerts.serving(len(shows), sorted(services.alerts.messengers))


async def first_code(services: Services, *, discord: bool = False) -> str:
    """While nobody is admin: the words that make somebody one, with their one-time code, and how they are said on
    Discord; else empty."""
    from bot.services.first_admin import code

    fresh = await code(services.storage, DEFAULT_COMMUNITY, services.clock)
    if not fresh:
        return ""
    said = f"{texts_alerts.CODE_LEADS} /pullquote claim {fresh}"
    return f"{said}\n{texts_discord.claim(fresh)}" if discord else said
