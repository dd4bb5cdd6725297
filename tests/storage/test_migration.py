"""A database of the first schema, with everything in it, read by the present one."""

# ruff: noqa: ASYNC240 - these tests are about files, and nothing else runs in their loop
from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, Chapter, CommunityId, Edition, Fix, Highlight, Viewer
from bot.ports import LineRange, Storage
from storage import open_storage
from storage.opening import APPLICATION_ID, migrations, statements
from tests.storage.alerting import NOON, alert
from tests.storage.build import OPERATOR, lines_of

FIRST = """
INSERT INTO communities VALUES ('other');
INSERT INTO shows VALUES (1, 'showaaaaaaaa', 'Harbour', 'https://f.example/', NULL, 'en');
INSERT INTO shelves VALUES ('default', 1, 'harbour', 1), ('other', 1, 'theirs', 0);
INSERT INTO private_places VALUES ('default', 1, 0, 'discord', 'guild', 'hall');
INSERT INTO episodes VALUES
    (1, 'epaaaaaaaaaa', 1, 'one', 'One', 1, NULL, 'g', '2024-05-01T12:00:00+00:00', 60.5, 'Short.'),
    (2, 'epbbbbbbbbbb', 1, 'two', 'Two', NULL, NULL, NULL, NULL, NULL, '');
INSERT INTO people VALUES (1, 0, 'Ann');
INSERT INTO editions VALUES (1, 0, 'page', 'https://e.example/1', 0), (1, 1, 'youtube', 'https://y.example/1', -2.5);
INSERT INTO chapters VALUES (1, 1, 0, 5, 'Start', NULL, 'notes');
INSERT INTO highlights VALUES (1, 0, 'The lamp went out.', 11.5, 3, 3);
INSERT INTO transcripts VALUES (1, 'hash', 'publisher', 'en', 8);
INSERT INTO history VALUES (1, 'h1', 'default', '2024-05-01T12:00:00+00:00', 'a', 'setting', '|a', NULL, NULL, 0, NULL);
UPDATE counter SET n = 2;
INSERT INTO changes VALUES (1, 'overlay', NULL), (2, 'transcript', 'epaaaaaaaaaa');
"""


def lines_and_voices(raw: sqlite3.Connection) -> None:
    lines = lines_of()
    voices = {name: n for n, name in enumerate(dict.fromkeys(line.speaker for line in lines))}
    for name, n in voices.items():
        said = [line for line in lines if line.speaker == name]
        turns = len({line.turn for line in said})
        raw.execute(
            "INSERT INTO voices VALUES (1, ?, ?, ?, ?, ?)",
            (n, name, turns, len(said), sum(line.words for line in said)),
        )
    for line in lines:
        start, end = round((line.start_s or 0) * 1000), round((line.end_s or 0) * 1000)
        raw.execute(
            "INSERT INTO lines VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (line.n, line.turn, voices[line.speaker], start, end, line.exact, line.first_word, line.words, line.text),
        )


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A database that only knows the first migration."""
    path = tmp_path / "first.db"
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode = WAL")
    for script in (migrations()[0].script, FIRST):
        for statement in statements(script):
            raw.execute(statement)
    lines_and_voices(raw)
    raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    raw.execute("PRAGMA user_version = 1")
    raw.commit()
    raw.close()
    return path


async def test_everything_is_there_after_the_migration(first: Path) -> None:
    storage = await open_storage(f"sqlite:///{first}")
    [show] = await storage.shows(OPERATOR)
    assert (show.slug, show.private, show.places[0].channel) == ("harbour", True, "hall")
    assert (show.author, show.summary, show.image, show.offset_s, show.link_template) == ("", "", None, 0.0, None)
    viewer = Viewer(CommunityId("other"))
    one, two = await storage.episodes(viewer)
    assert (one.key, one.duration_s, one.people, one.lines) == ("one", 60.5, ("Ann",), 8)
    assert one.editions == (Edition("page", "https://e.example/1"), Edition("youtube", "https://y.example/1", -2.5))
    assert (one.kind, one.explicit, one.image, one.withdrawn) == ("full", None, None, None)
    assert (two.key, two.lines) == ("two", 0)
    assert await storage.lines(viewer, one.id) == list(lines_of())
    assert await storage.chapters(viewer, one.id, hidden=True) == [Chapter(1, 0.0, 5.0, "Start")]
    assert await storage.highlights(viewer, one.id) == [Highlight("The lamp went out.", 11.5, 3, 3)]
    assert await storage.last_change() == 2
    assert (await storage.feeds(), await storage.known_items(show.id), await storage.resources(show.id)) == ([], [], [])
    await works(storage)
    await storage.close()


async def works(storage: Storage) -> None:
    viewer = Viewer(CommunityId("other"))
    [one, two] = await storage.episodes(viewer)
    anchor = await storage.anchor(viewer, LineRange(one.id, 3, 3))
    assert anchor is not None
    await storage.put(CommunityId("other"), Fix("f1", anchor, "speaker", "Dee"), "zed")
    await storage.join_episodes(DEFAULT_COMMUNITY, two.id, one.id, "mod")
    assert (await storage.lines(viewer, one.id))[3].speaker == "Dee"
    await storage.undo(DEFAULT_COMMUNITY, None, "mod")
    assert [each.id for each in await storage.episodes(viewer)] == [one.id, two.id]


SECOND = """
INSERT INTO feeds VALUES (
    1, 'main', 'https://f.example/', '"1"', NULL, NULL, '2024-05-01T12:00:00+00:00', NULL, NULL,
    '2024-05-01T13:00:00+00:00', '2024-05-01T12:00:00+00:00', 2, 'slow', '', NULL, 0, 7
);
INSERT INTO subscriptions (community, id, show, place, options)
VALUES ('default', 'u1', 'showaaaaaaaa', 'discord/guild/hall', '{}');
INSERT INTO settings (community, id, name, value, place) VALUES ('default', '|quiet', 'quiet', '22:00-07:00', '');
"""


async def test_feeds_and_subscriptions_of_the_second_schema_are_there(first: Path) -> None:
    raw = sqlite3.connect(first)
    for script in (migrations()[1].script, SECOND):
        for statement in statements(script):
            raw.execute(statement)
    raw.execute("PRAGMA user_version = 2")
    raw.commit()
    raw.close()
    storage = await open_storage(f"sqlite:///{first}")
    [state] = await storage.claim_feeds("run", NOON, 60, 9)
    assert (state.url, state.etag, state.failures, state.version) == ("https://f.example/", '"1"', 2, 7)
    assert (state.rhythm, state.hub, state.topic) == ("", "", "")
    [(community, one)] = await storage.subscriptions_to(state.show)
    assert (community, one.id) == (DEFAULT_COMMUNITY, "u1")
    assert (await storage.lanes(DEFAULT_COMMUNITY), await storage.alerts(DEFAULT_COMMUNITY)) == ([], [])
    waits = alert(show=state.show)
    await storage.add_alerts([waits], NOON)
    [lane] = await storage.claim_lanes("run", NOON, 60, 9, ["discord"])
    assert (lane.place, lane.quiet_hours) == (waits.place, "22:00-07:00")
    await storage.close()


async def test_a_joining_of_the_second_schema_can_be_taken_back(first: Path) -> None:
    """What was written of it then names no alerts."""
    storage = await open_storage(f"sqlite:///{first}")
    viewer = Viewer(CommunityId("other"))
    one, two = await storage.episodes(viewer)
    entry = await storage.join_episodes(DEFAULT_COMMUNITY, two.id, one.id, "mod")
    await storage.close()
    raw = sqlite3.connect(first)
    raw.execute("UPDATE joining_logs SET body = json_remove(body, '$.alerts', '$.doubles')")
    raw.commit()
    raw.close()
    storage = await open_storage(f"sqlite:///{first}")
    await storage.undo(DEFAULT_COMMUNITY, entry.id, "mod")
    assert [each.id for each in await storage.episodes(viewer)] == [one.id, two.id]
    await storage.close()


async def test_the_lines_are_not_rewritten(first: Path) -> None:
    """1.5 million of them: the migration adds columns that take no room, and touches no row."""
    before = rows(first, "SELECT * FROM lines ORDER BY episode, n")
    size = first.stat().st_size
    await (await open_storage(f"sqlite:///{first}")).close()
    assert rows(first, "SELECT * FROM lines ORDER BY episode, n") == before
    assert first.stat().st_size - size < 300_000, "a page for each new table and index, and no more"
    assert rows(first, "PRAGMA user_version") == [(len(migrations()),)]
    assert rows(first, "PRAGMA foreign_key_check") == rows(first, "SELECT 1 WHERE 0")


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    raw = sqlite3.connect(path)
    try:
        return raw.execute(query).fetchall()
    finally:
        raw.close()
