"""While another process writes: answers come at once, and only their memory is dropped."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, Person, Place, Role, Show, ShowId, Viewer
from bot.errors import StorageLocked
from bot.rules.ids import new_id
from storage import open_storage
from tests.storage.build import episode_import

HALL = Place("console", "local", "hall")
VIEWER = Viewer(DEFAULT_COMMUNITY, Role.member, HALL, Person("console", "mia"))


async def test_what_an_answer_remembers_is_dropped_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    storage = await open_storage(f"sqlite:///{path}", busy_s=0.2)
    show = await storage.put_show(DEFAULT_COMMUNITY, Show(ShowId(new_id()), "kites", "Kites"))
    saved = await storage.save_episode(
        DEFAULT_COMMUNITY, show.id, episode_import("one", (("Ann", "Kites fly best in March."),))
    )
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    now = datetime(2024, 6, 1, tzinfo=UTC)
    try:
        await storage.set_focus(VIEWER, saved.episode, now)
        await storage.cache("summary", "[]")
        await storage.choose(DEFAULT_COMMUNITY, Person("console", "mia"), "app", "page", patient=False)
        with pytest.raises(StorageLocked):
            await storage.put_show(DEFAULT_COMMUNITY, Show(ShowId(new_id()), "other", "Other"))
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert await storage.focus(VIEWER, datetime(2024, 5, 31, tzinfo=UTC)) is None
    assert await storage.cached("summary") is None
    assert await storage.member_choices(DEFAULT_COMMUNITY, Person("console", "mia")) == {}
    await storage.set_focus(VIEWER, saved.episode, now)
    assert await storage.focus(VIEWER, datetime(2024, 5, 31, tzinfo=UTC)) == saved.episode, "patience is back"
    await storage.close()
