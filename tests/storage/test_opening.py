"""Opening what cannot be opened: one clear error for each kind, and nothing changed on disk."""

# ruff: noqa: ASYNC240 - these tests are about files, and nothing else runs in their loop
from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, Setting
from bot.errors import (
    SettingsError,
    StorageCorrupt,
    StorageError,
    StorageFull,
    StorageLocked,
    StorageNewer,
    StorageReadOnly,
)
from storage import open_storage, opening
from storage.opening import Migration, migrations, statements
from storage.queries import queries
from storage.sqlite import SqliteStorage
from tests.storage.build import MEMBER, episode_import, shelved, stored


def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    """A database with an episode, closed again."""
    path = tmp_path / "kept.db"
    storage = await open_storage(url(path))
    await stored(storage)
    await storage.close()
    return path


async def refused(path: Path, kind: type[StorageError], busy_s: float = 0.1) -> None:
    """Opening fails with this error, in one line that names the file, and leaves the folder as it was."""
    before = contents(path.parent)
    with pytest.raises(StorageError) as caught:
        await open_storage(url(path), busy_s=busy_s)
    assert type(caught.value) is kind
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert contents(path.parent) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


async def test_what_was_stored_is_there_after_opening_again(kept: Path) -> None:
    storage = await open_storage(url(kept))
    [episode] = await storage.episodes(MEMBER)
    assert len(await storage.lines(MEMBER, episode.id)) == 8
    await storage.close()
    assert [path.name for path in kept.parent.iterdir()] == ["kept.db"]


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    storage = await open_storage(url(tmp_path / "a" / "b" / "new.db"))
    await storage.close()
    assert (tmp_path / "a" / "b" / "new.db").exists()


@pytest.mark.parametrize("address", ["postgresql://x/y", "sqlite:", "/tmp/x.db", "sqlite:///", ""])
async def test_another_kind_of_address_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_DATABASE_URL"):
        await open_storage(address)


async def test_a_newer_database_is_left_alone(kept: Path) -> None:
    raw = sqlite3.connect(kept)
    raw.execute("PRAGMA user_version = 999")
    raw.commit()
    raw.close()
    await refused(kept, StorageNewer)


async def test_a_newer_database_with_an_unfinished_log_is_left_alone(kept: Path) -> None:
    raw = sqlite3.connect(kept)
    raw.execute("PRAGMA user_version = 999")
    raw.commit()
    with pytest.raises(StorageNewer, match="999"):
        await open_storage(url(kept))
    raw.close()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"not a database at all\n" * 50, id="text"),
        pytest.param(b"\x00", id="one byte"),
        pytest.param(b"SQLite format 3\x00", id="only the magic"),
        pytest.param(b"SQLite format 3\x00" + b"\xff" * 4096, id="rubbish after the magic"),
    ],
)
async def test_what_is_no_database_is_left_alone(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(body)
    await refused(path, StorageCorrupt)


async def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE theirs (x)")
    raw.commit()
    raw.close()
    await refused(path, StorageCorrupt)


async def test_a_database_cut_off_is_left_alone(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-5000])
    await refused(kept, StorageCorrupt)


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").mkdir()
    await refused(tmp_path / "x.db", StorageReadOnly)


async def test_damage_found_later_is_named_too(kept: Path) -> None:
    body = bytearray(kept.read_bytes())
    for page in range(2, len(body) // 4096):
        body[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    kept.write_bytes(bytes(body))
    with pytest.raises(StorageCorrupt, match="restore a backup"):
        await open_and_read(kept)


async def open_and_read(path: Path) -> None:
    storage = await open_storage(url(path))
    try:
        await storage.episodes(MEMBER)
    finally:
        await storage.close()


async def test_a_locked_database_says_so(kept: Path) -> None:
    raw = sqlite3.connect(kept, isolation_level=None)
    raw.execute("PRAGMA locking_mode = EXCLUSIVE")
    raw.execute("BEGIN EXCLUSIVE")
    raw.execute("UPDATE counter SET n = n")
    try:
        before = kept.read_bytes()
        with pytest.raises(StorageLocked, match="another process") as caught:
            await open_storage(url(kept), busy_s=0.1)
        assert str(kept) in str(caught.value)
        assert kept.read_bytes() == before
    finally:
        raw.close()


async def test_a_write_that_meets_another_process_writing_says_so_and_reads_go_on(kept: Path) -> None:
    storage = await open_storage(url(kept), busy_s=0.1)
    raw = sqlite3.connect(kept, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StorageLocked):
            await storage.put(DEFAULT_COMMUNITY, Setting("|a", "a", "1"), "ann")
        assert len(await storage.episodes(MEMBER)) == 1
        raw.execute("ROLLBACK")
        await storage.put(DEFAULT_COMMUNITY, Setting("|a", "a", "1"), "ann")
    finally:
        raw.close()
        await storage.close()


async def test_reads_do_not_wait_for_a_writer(kept: Path) -> None:
    storage = await open_storage(url(kept))
    assert isinstance(storage, SqliteStorage)
    async with storage._db.writing() as t:
        await t.run("move_counter", {"count": 1})
        assert len(await asyncio.wait_for(storage.episodes(MEMBER), 5)) == 1
    await storage.close()


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder, and a process that is not root: root may write everywhere."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def acting_as_nobody() -> bool:
    if os.geteuid() == 0:
        os.seteuid(65534)
        return True
    return False


async def refused_to_nobody(path: Path) -> None:
    before = contents(path.parent)
    switched = acting_as_nobody()
    try:
        with pytest.raises(StorageReadOnly, match="cannot be written"):
            await open_storage(url(path))
    finally:
        if switched:
            os.seteuid(0)
    assert contents(path.parent) == before


async def test_a_read_only_file_says_so(kept: Path, nobody: Path) -> None:
    path = nobody / "kept.db"
    path.write_bytes(kept.read_bytes())
    path.chmod(0o444)
    nobody.chmod(0o777)
    await refused_to_nobody(path)


async def test_a_read_only_folder_says_so(kept: Path, nobody: Path) -> None:
    path = nobody / "kept.db"
    path.write_bytes(kept.read_bytes())
    path.chmod(0o666)
    nobody.chmod(0o555)
    await refused_to_nobody(path)
    await refused_to_nobody(nobody / "new.db")


async def test_a_full_disk_says_so_and_keeps_the_old(kept: Path) -> None:
    storage = await open_storage(url(kept))
    assert isinstance(storage, SqliteStorage)
    [row] = await storage._db.writer.execute_fetchall("PRAGMA page_count")
    await storage._db.writer.execute_fetchall(f"PRAGMA max_page_count = {row[0]}")
    [show] = await storage.shows(MEMBER)
    n = await storage.last_change()
    long = episode_import(turns=[("Ann", f"Sentence number {n} of a very long talk.") for n in range(500)])
    with pytest.raises(StorageFull, match="disk"):
        await storage.save_episode(DEFAULT_COMMUNITY, show.id, long)
    [episode] = await storage.episodes(MEMBER)
    assert len(await storage.lines(MEMBER, episode.id)) == 8
    assert await storage.last_change() == n
    await storage._db.writer.execute_fetchall("PRAGMA max_page_count = 1000000")
    assert (await storage.save_episode(DEFAULT_COMMUNITY, show.id, long)).outcome == "changed"
    await storage.close()


async def test_a_failed_first_opening_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = [*migrations()[:1]]
    broken[0] = type(broken[0])(1, broken[0].script + "\nINSERT INTO nothing VALUES (1);\n")
    monkeypatch.setattr("storage.opening.migrations", lambda: broken)
    with pytest.raises(sqlite3.OperationalError):
        await open_storage(url(tmp_path / "new.db"))
    assert list(tmp_path.iterdir()) == []


async def test_a_migration_is_all_or_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = migrations()
    new = len(steps) + 1
    script = "CREATE TABLE extra (x);\nINSERT INTO extra VALUES ('a;b');\nINSERT INTO nothing VALUES (1);\n"
    monkeypatch.setattr("storage.opening.migrations", lambda: [*steps, Migration(new, script)])
    with pytest.raises(sqlite3.OperationalError):
        await open_storage(url(kept))
    whole = script.rpartition("INSERT")[0]
    monkeypatch.setattr("storage.opening.migrations", lambda: [*steps, Migration(new, whole)])
    storage = await open_storage(url(kept))
    assert len(await storage.episodes(MEMBER)) == 1
    await storage.close()
    raw = sqlite3.connect(kept)
    assert raw.execute("PRAGMA user_version").fetchone() == (new,)
    assert raw.execute("SELECT x FROM extra").fetchall() == [("a;b",)]
    raw.close()


async def test_a_migration_that_breaks_references_is_refused(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = migrations()
    broken = Migration(len(steps) + 1, "DELETE FROM shows;\n")
    monkeypatch.setattr("storage.opening.migrations", lambda: [*steps, broken])
    with pytest.raises(StorageError, match="references"):
        await open_storage(url(kept))
    monkeypatch.undo()
    storage = await open_storage(url(kept))
    assert len(await storage.episodes(MEMBER)) == 1
    await storage.close()


def test_migrations_are_numbered_from_one_without_gaps() -> None:
    assert [each.number for each in migrations()] == list(range(1, len(migrations()) + 1))
    assert all(statements(each.script) for each in migrations())


def test_every_query_is_used() -> None:
    room = Path(__file__).resolve().parents[2] / "storage"
    code = "".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    by_kind = ("put_", "drop_", "list_")
    unused = [name for name in queries() if f'"{name}"' not in code and not name.startswith(by_kind)]
    assert unused == []


async def test_opening_twice_at_once_migrates_once(tmp_path: Path) -> None:
    opened = await asyncio.gather(*(open_storage(url(tmp_path / "new.db")) for _ in range(4)))
    await shelved(opened[0])
    assert [len(await each.shows(MEMBER)) for each in opened] == [1, 1, 1, 1]
    for each in opened:
        await each.close()


OPENS = """
    import asyncio, sys
    from storage import open_storage

    async def main():
        await (await open_storage("sqlite:///" + sys.argv[1])).close()

    asyncio.run(main())
"""


def test_processes_that_open_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    for turn in range(3):
        arguments = [sys.executable, "-c", textwrap.dedent(OPENS), str(tmp_path / f"{turn}.db")]
        running = [subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) for _ in range(4)]
        assert [each.communicate()[1] for each in running] == [""] * 4


async def test_the_switch_to_a_log_waits_for_who_holds_the_file(tmp_path: Path) -> None:
    """SQLite itself does not wait here, whatever its timeout."""
    path = tmp_path / "new.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    task = asyncio.create_task(open_storage(url(path), busy_s=20))
    await asyncio.sleep(0.3)
    assert not task.done()
    holder.execute("COMMIT")
    await (await task).close()
    holder.close()


@pytest.mark.parametrize(
    "ending", [StorageError("the disk is full"), asyncio.CancelledError()], ids=["error", "Ctrl-C"]
)
async def test_a_file_that_another_process_made_meanwhile_is_never_removed(
    tmp_path: Path, ending: BaseException
) -> None:
    """Whatever ends the opening of a file that was not there before."""
    path = tmp_path / "new.db"

    async def overtaken(*given: object, **named: object) -> None:
        other = SqliteStorage(await opened(*given, **named))  # type: ignore[arg-type]
        await shelved(other)
        await other.close()
        raise ending

    opened = opening._opened
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_opened", overtaken)
        with pytest.raises(type(ending)):
            await open_storage(url(path))
    storage = await open_storage(url(path))
    assert len(await storage.shows(MEMBER)) == 1
    await storage.close()


async def test_a_locked_file_that_is_being_made_stays(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    holder: list[sqlite3.Connection] = []

    def after_the_look(path: Path, where: str) -> bool:
        new = ready(path, where)
        holder.append(sqlite3.connect(path, isolation_level=None))
        holder[0].execute("BEGIN EXCLUSIVE")
        return new

    ready = opening._make_ready
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_make_ready", after_the_look)
        with pytest.raises(StorageLocked):
            await open_storage(url(path), busy_s=0.1)
    assert path.exists()
    holder[0].close()


KILLED = """
    import asyncio, sys
    from storage import open_storage
    from tests.storage.build import MEMBER, episode_import, stored

    async def main():
        storage = await open_storage("sqlite:///" + sys.argv[1])
        print("ready", flush=True)
        for n in range(10**6):
            talk = [("Ann", f"Version {n} says sentence {i}.") for i in range(400)]
            await stored(storage, episode_import("one", talk))

    asyncio.run(main())
"""


def test_a_kill_in_the_middle_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    for delay_s in (0.3, 0.42, 0.55):
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), str(path)],
            cwd=Path(__file__).resolve().parents[2],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(delay_s)
        child.kill()
        child.wait()
        child.stdout.close()
        asyncio.run(whole(path))


async def whole(path: Path) -> None:
    storage = await open_storage(url(path))
    [episode] = await storage.episodes(MEMBER)
    lines = await storage.lines(MEMBER, episode.id)
    assert len(lines) == 400
    assert len({line.text.split()[1] for line in lines}) == 1
    changes = await storage.changes_since(0, limit=10**6)
    assert [each.n for each in changes] == list(range(1, len(changes) + 1))
    await storage.close()
