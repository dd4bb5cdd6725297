"""The console as a platform to post on: posts are lines of JSON in a file, which can be read back and edited. No
terminal enters here; whoever shows posts as they come is called.

One line is one write to a file opened for appending, so several processes may post at once. Each record begins with a
line break of its own: what a crash left half written ends there and is skipped. Limits: none of the console's; the file
and the one before it are kept, some MiB each.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.alert_ports import Check, Found, Outcome, Page, Refused, Sent, Unclear
from bot.alerts import Limits
from bot.domain import Place
from bot.logs import get_logger
from bot.posts import Post, Thread
from bot.rules.ids import new_id

log = get_logger(__name__)

#: Shows a post that was just made; the second says whether it was there already and was edited.
Show = Callable[[Post, bool], None]

FILE = "console_posts.jsonl"
#: A file that is larger is put aside, under its own name with a time; so many that were put aside are kept.
LARGEST, ASIDE = 4 * 2**20, 1
#: Posts on one page of history.
PAGE = 100
#: When everything that there ever was has been looked at.
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class ConsoleMessenger:
    """A ``bot.alert_ports.Messenger`` over ``folder``, which is made when it is missing."""

    platform = "console"
    limits = Limits(per_s=1000.0, place_per_s=1000.0, place_burst=100, publish_per_hour=3600, settle_s=1.0)

    def __init__(self, folder: Path, show: Show | None = None, now: Callable[[], datetime] | None = None) -> None:
        self._folder = folder
        self._now = now or _utc
        self.show = show
        self._watchers: list[Callable[[Place, Found], None]] = []

    async def send(self, place: Place, post: Post) -> Outcome:
        message, at = new_id(), self._now()
        thread = message if post.thread and post.thread.forum else ""
        record = {"do": "post", "message": message, "place": str(place), "key": post.key, "kind": post.kind}
        told = {"mention": post.mention, "people": post.people, "quiet": post.quiet}
        failed = await self._write({**record, "thread": thread, **told, "text": post.plain()}, at)
        if failed:
            return failed
        for seen in self._watchers:
            seen(place, Found(message, post.key, post.kind, at, thread))
        self._tell(post, edited=False)
        return Sent(message, at, thread)

    async def edit(self, place: Place, message: str, thread: str, post: Post) -> Outcome:
        record = {"do": "edit", "message": message, "place": str(place), "text": post.plain()}
        outcome = await self._to(place, message, {**record, "title": post.thread.title if post.thread else ""}, thread)
        if isinstance(outcome, Sent):
            self._tell(post, edited=True)
        return outcome

    async def open_thread(self, place: Place, message: str, thread: Thread) -> Outcome:
        record = {"do": "thread", "message": message, "place": str(place), "thread": message, "title": thread.title}
        return await self._to(place, message, record, message)

    async def publish(self, place: Place, message: str) -> Outcome:
        return await self._to(place, message, {"do": "publish", "message": message, "place": str(place)})

    async def history(self, place: Place, before: str = "") -> Page | Refused | Unclear:
        try:
            posts = await asyncio.to_thread(self._posts, place)
        except OSError as err:
            return Unclear(f"{self._file} cannot be read ({err.strerror}).")
        at = next((n for n, one in enumerate(posts) if one.message == before), len(posts)) if before else len(posts)
        first = max(0, at - PAGE)
        page = tuple(reversed(posts[first:at]))
        if first == 0:
            return Page(page, _EVER)
        return Page(page, page[-1].at, page[-1].message)

    async def check(
        self,
        place: Place,
        *,
        thread: str = "none",
        mention: bool = False,
        publish: bool = False,
        role: str = "",
        tag: str | None = None,
    ) -> Check:
        return Check("console", (), "the console")

    def watch(self, seen: Callable[[Place, Found], None]) -> None:
        self._watchers.append(seen)

    async def close(self) -> None:
        """Nothing is held open."""

    # -- the file

    @property
    def _file(self) -> Path:
        return self._folder / FILE

    async def _to(self, place: Place, message: str, record: Mapping[str, object], thread: str = "") -> Outcome:
        """Add a record about a post that is there."""
        try:
            there = any(one.message == message for one in await asyncio.to_thread(self._posts, place))
        except OSError as err:
            return Unclear(f"{self._file} cannot be read ({err.strerror}).")
        if not there:
            return Refused("deleted", f"There is no post {message} in {self._file}.")
        at = self._now()
        return await self._write(record, at) or Sent(message, at, thread)

    async def _write(self, record: Mapping[str, object], at: datetime) -> Outcome | None:
        """None when the record stands in the file; a record that is not whole stands nowhere."""
        line = json.dumps({**record, "at": at.isoformat()}, ensure_ascii=True)
        try:
            return await asyncio.to_thread(self._append, f"\n{line}\n".encode("ascii"))
        except OSError as err:
            return Refused("down", f"{self._file} cannot be written ({err.strerror}).", everywhere=True)

    def _append(self, raw: bytes) -> Outcome | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._put_aside()
        file = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(file, raw) < len(raw):
                return Refused("down", f"{self._file} could not be written whole: the disk is full.", everywhere=True)
            try:
                os.fsync(file)
            except OSError as err:
                return Unclear(f"{self._file} may not be on the disk ({err.strerror}).")
        finally:
            os.close(file)
        return None

    def _put_aside(self) -> None:
        """Begin a new file when this one is large. Two processes at once put two files aside: nothing is lost."""
        try:
            if self._file.stat().st_size < LARGEST:
                return
        except FileNotFoundError:
            return
        # Only that one is renamed that was seen to be large; what is put aside is in the order of its names.
        self._file.rename(self._folder / f"{FILE}.{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        old = self._aside()
        while len(old) > ASIDE and sum(one.stat().st_size for one in old[1:]) >= LARGEST:
            old.pop(0).unlink(missing_ok=True)

    def _aside(self) -> list[Path]:
        return sorted(self._folder.glob(f"{FILE}.*"))

    def _posts(self, place: Place) -> list[Found]:
        """What was posted in a place, oldest first, as it stands now."""
        found: dict[str, Found] = {}
        for record in self._records():
            message = str(record.get("message"))
            if record.get("place") != str(place):
                continue
            if record.get("do") == "post" and (post := _found(record)):
                found[message] = post
            elif record.get("do") == "thread" and message in found:
                one = found[message]
                found[message] = Found(one.message, one.key, one.kind, one.at, message)
        return list(found.values())

    def _records(self) -> Iterator[dict[str, Any]]:
        for path in (*self._aside(), self._file):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue
            with file:
                for line in file:
                    if record := _read(line):
                        yield record

    def _tell(self, post: Post, *, edited: bool) -> None:
        """The post is there, whatever becomes of showing it."""
        try:
            if self.show is not None:
                self.show(post, edited)
        except Exception as error:
            log.error("post not shown", exc_info=error)


def _utc() -> datetime:
    return datetime.now(UTC)


def _read(line: bytes) -> dict[str, Any] | None:
    """A record; None for a blank line and for what a crash left of one."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _found(record: Mapping[str, Any]) -> Found | None:
    try:
        at = datetime.fromisoformat(str(record["at"]))
        return Found(str(record["message"]), str(record["key"]), str(record["kind"]), at, str(record["thread"]))
    except (KeyError, ValueError):
        return None
