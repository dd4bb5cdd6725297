"""What is written behind an answer's back: it counts at once, is on disk after closing, and harms nobody when lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain import DEFAULT_COMMUNITY, EpisodeId, Person, Place, Role, Show, ShowId, Viewer
from bot.ports import Storage
from bot.rules.ids import new_id
from storage import open_storage
from tests.storage.build import episode_import

HALL = Place("console", "local", "hall")
MIA = Viewer(DEFAULT_COMMUNITY, Role.member, HALL, Person("console", "mia"))
BEN = Viewer(DEFAULT_COMMUNITY, Role.member, HALL, Person("console", "ben"))
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(hours=24)


async def two(storage: Storage) -> tuple[EpisodeId, EpisodeId]:
    show = await storage.put_show(DEFAULT_COMMUNITY, Show(ShowId(new_id()), "kites", "Kites"))
    saved = [
        await storage.save_episode(DEFAULT_COMMUNITY, show.id, episode_import(key, (("Ann", "Kites fly best."),)))
        for key in ("one", "two")
    ]
    return saved[0].episode, saved[1].episode


async def test_what_was_shown_last_counts_at_once_and_after_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'behind.db'}"
    storage = await open_storage(url)
    one, other = await two(storage)
    for n in range(50):
        await storage.set_focus(MIA, other if n % 2 else one, NOON)
        assert await storage.focus(MIA, NOON - DAY) == (other if n % 2 else one)
    assert await storage.focus(BEN, NOON - DAY) is None
    await storage.close()
    again = await open_storage(url)
    assert await again.focus(MIA, NOON - DAY) == other
    assert await again.focus(MIA, NOON + DAY) is None
    await again.close()


async def test_what_is_too_old_does_not_count_before_it_is_stored_either(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path / 'behind.db'}")
    one, _ = await two(storage)
    await storage.set_focus(MIA, one, NOON - 2 * DAY)
    assert await storage.focus(MIA, NOON - DAY) is None
    await storage.close()


async def test_an_unshelved_show_is_nobodys_focus_whether_stored_or_not(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path / 'behind.db'}")
    one, _ = await two(storage)
    [show] = await storage.shows(MIA)
    await storage.set_focus(MIA, one, NOON)
    await storage.unshelve(DEFAULT_COMMUNITY, show.id)
    assert await storage.focus(MIA, NOON - DAY) is None
    await storage.set_focus(MIA, one, NOON)
    assert await storage.focus(MIA, NOON - DAY) is None
    await storage.close()
