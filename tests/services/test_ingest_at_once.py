"""Files that are imported while others bring episodes: nothing is doubled, and nothing is told twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.domain import DEFAULT_COMMUNITY, Edition, Episode, EpisodeImport, Role, Show, ShowId, Viewer
from bot.services.ingest import Importer, Wish
from bot.services.sources import Source
from storage.index import open_index
from storage.opening import open_database
from storage.sqlite import SqliteStorage

OPERATOR = Viewer(DEFAULT_COMMUNITY, Role.operator)
TALK = "WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n<v Ann Lee>{words} on every single morning of that winter.\n"
TITLES = {"12": "The lighthouse", "13": "The harbour bell"}


def source(number: str, words: str) -> Source:
    data = TALK.format(words=words).encode()
    name = f"{number} - {TITLES[number]}.vtt"
    return Source(name, name.removesuffix(".vtt"), "harbour", lambda: data, len(data))


class Busy(SqliteStorage):
    """Beside whoever imports, a poll stores episodes: one more each time the importer has read what there is."""

    coming: list[EpisodeImport]

    async def episodes(self, viewer: Viewer, show: ShowId | None = None, **how: int | None) -> list[Episode]:
        found = await super().episodes(viewer, show, **how)  # type: ignore[arg-type]
        if show and self.coming:
            await super().save_episode(DEFAULT_COMMUNITY, show, self.coming.pop(0))
        return found


async def busy(folder: Path, coming: Sequence[EpisodeImport]) -> Busy:
    storage = Busy(await open_database(f"sqlite:///{folder / 'busy.db'}"))
    storage.coming = list(coming)
    return storage


def item(number: str) -> EpisodeImport:
    page = Edition("page", f"https://harbour.example/{number}")
    return EpisodeImport(f"from-the-feed-{number}", TITLES[number], int(number), guid=f"g-{number}", editions=(page,))


async def test_an_episode_that_a_poll_brings_meanwhile_is_met_not_doubled(tmp_path: Path) -> None:
    storage, index = await busy(tmp_path, [item("12"), item("13")]), open_index(tmp_path / "index")
    await storage.put_show(DEFAULT_COMMUNITY, Show(ShowId("s"), "harbour", "Harbour"))
    report = await Importer(storage, index, DEFAULT_COMMUNITY).run(
        [source("12", "It shone"), source("13", "It rang")], Wish()
    )
    assert report.problems == []
    assert sorted(one.episode for one in report.episodes) == ["from-the-feed-12", "from-the-feed-13"]
    found = await storage.episodes(OPERATOR)
    assert sorted((one.key, one.lines) for one in found) == [("from-the-feed-12", 1), ("from-the-feed-13", 1)]
    index.close()
    await storage.close()


async def test_two_imports_of_the_same_files_at_once_store_each_episode_once(tmp_path: Path) -> None:
    storage, index = await busy(tmp_path, []), open_index(tmp_path / "index")
    await storage.put_show(DEFAULT_COMMUNITY, Show(ShowId("s"), "harbour", "Harbour"))
    files = [source("12", "It shone"), source("13", "It rang")]
    work = [Importer(storage, index, DEFAULT_COMMUNITY).run(files, Wish()) for _ in range(2)]
    reports = await asyncio.gather(*work)
    assert len(await storage.episodes(OPERATOR)) == 2
    assert [len(report.episodes) for report in reports] == [2, 2]
    index.close()
    await storage.close()
