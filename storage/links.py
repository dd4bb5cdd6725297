"""Workspaces that a code links to a community, the codes as digests with bounded tries, and posts by their message."""

from __future__ import annotations

from datetime import datetime

from bot.alerts import Alert
from bot.domain import CommunityId, Person, Record, Setting
from storage.alert_rows import to_alert
from storage.database import Transaction
from storage.followers import CODE_AGE, REST, TRIES_EACH, WRONG_TRIES
from storage.rows import instant
from storage.shelves import known
from storage.view import Room

#: The setting that remembers a link, so that it is in the history and can be taken back.
LINKED = "linked"


async def link(t: Transaction, community: CommunityId, record: Record) -> None:
    """What a link's record says is so, in its own transaction."""
    if (of := _workspace(record)) is not None:
        await t.run("link_workspace", {**of, "community": community})


async def unlink(t: Transaction, community: CommunityId, record: Record | None) -> None:
    if (of := _workspace(record)) is not None:
        await t.run("unlink_workspace", {**of, "community": community})


def _workspace(record: Record | None) -> dict[str, object] | None:
    if not isinstance(record, Setting) or record.name != LINKED:
        return None
    platform, _, workspace = record.value.partition("/")
    return {"platform": platform, "workspace": workspace}


class Links(Room):
    """The part of ``ChatStore`` about what comes from elsewhere: another workspace, a message of a platform."""

    async def alert_of_message(self, community: CommunityId, platform: str, workspace: str, id: str) -> Alert | None:
        of = {"community": community, "platform": platform, "workspace": workspace, "id": id}
        async with self._db.reading() as t:
            row = await t.one("alert_of_message", of)
        return to_alert(row) if row else None

    async def make_link_code(self, community: CommunityId, digest: str, now: datetime) -> None:
        async with self._db.writing() as t:
            await known(t, community)
            await t.run("put_link_code", {"community": community, "digest": digest, "now": instant(now)})

    async def use_link_code(self, person: Person, digest: str, now: datetime) -> CommunityId | None:
        who = {"platform": person.platform, "person": person.id, "since": instant(now - REST)}
        age = {"since": instant(now - CODE_AGE)}
        async with self._db.writing() as t:
            tried = await t.one("wrong_link_tries", who)
            if tried and tried["wrong"] >= TRIES_EACH:
                return None
            row = await t.one("link_code", {**age, "digest": digest})
            if row is not None:
                await t.run("drop_link_code", {"community": row["community"]})
                return CommunityId(row["community"])
            await t.run("count_wrong_link")
            await t.run("drop_spent_link_codes", {**age, "wrong": WRONG_TRIES})
            await t.run("count_wrong_link_try", {**who, "now": instant(now)})
        return None
