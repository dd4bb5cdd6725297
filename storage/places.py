"""What a place and a person saw, state behind buttons, derived texts. Nothing follows these: no change is numbered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from bot.domain import Anchor, CommunityId, EpisodeId, Place, Viewer
from bot.errors import StorageLocked
from bot.logs import get_logger
from bot.rules.ids import new_id
from storage.behind import Behind
from storage.database import Database, Transaction
from storage.reading import Reading
from storage.rows import instant
from storage.shelves import known

log = get_logger(__name__)

#: So many shown moments are remembered for each place.
KEPT_SHOWN = 50


class Places(Reading):
    """The part of ``Storage`` that remembers for a place."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self._behind = Behind(db)

    async def note_shown(self, community: CommunityId, place: Place, anchor: Anchor) -> None:
        of = _of(community, place)
        with spared("note_shown"):
            async with self._db.writing(patient=False) as t:
                episode = await _here(t, community, anchor.episode)
                if episode is None:
                    return
                spot = {"first_word": anchor.first_word, "words": anchor.words, "hash": anchor.hash}
                await t.run("note_shown", {**of, **spot, "episode": episode, "start_s": anchor.start_s})
                await t.run("forget_shown", {**of, "keep": KEPT_SHOWN})

    async def recently_shown(self, community: CommunityId, place: Place) -> list[Anchor]:
        """Newest first, without their words: those are read again, through the overlays."""
        async with self._db.reading() as t:
            rows = await t.rows("recently_shown", _of(community, place))
        return [
            Anchor(row["episode"], row["first_word"], row["words"], row["hash"], start_s=row["start_s"]) for row in rows
        ]

    async def set_focus(self, viewer: Viewer, episode: EpisodeId, at: datetime) -> None:
        of = _of_person(viewer)
        if of is None:
            return
        async with self._db.reading() as t:
            here = await _here(t, viewer.community, episode)
        if here is not None:
            self._behind.write(_key(of), "set_focus", {**of, "episode": here, "at": instant(at)})

    async def focus(self, viewer: Viewer, since: datetime) -> EpisodeId | None:
        of = _of_person(viewer)
        if of is None:
            return None
        async with self._db.reading() as t:
            waiting = self._behind.known(_key(of))
            row = waiting or await t.one("focus", {**of, "since": instant(since)})
            late = waiting is not None and str(waiting["at"]) < str(instant(since))
            seen = await self._located(t, viewer, EpisodeId(str(row["episode"]))) if row and not late else None
        return seen.id if seen else None

    async def save_state(self, community: CommunityId, body: str) -> str:
        key = {"community": community, "hash": hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()}
        async with self._db.reading() as t:  # most buttons show what was shown before: no write, no waiting
            row = await t.one("state_id", key)
        if row is not None:
            return str(row["id"])
        async with self._db.writing() as t:
            await known(t, community)
            row = await t.one("state_id", key)
            id = str(row["id"]) if row else new_id()
            if row is None:
                await t.run("add_state", {**key, "id": id, "body": body})
        return id

    async def state(self, community: CommunityId, id: str) -> str | None:
        async with self._db.reading() as t:
            row = await t.one("state", {"community": community, "id": id})
        return row["body"] if row else None

    async def cached(self, key: str) -> str | None:
        async with self._db.reading() as t:
            row = await t.one("cached", {"key": key})
        return row["body"] if row else None

    async def cache(self, key: str, body: str) -> None:
        with spared("cache"):
            async with self._db.writing(patient=False) as t:
                await t.run("cache", {"key": key, "body": body})


@contextmanager
def spared(what: str) -> Iterator[None]:
    """An answer is worth more than the memory of it: while another process writes, this is not remembered."""
    try:
        yield
    except StorageLocked as error:
        log.info("not remembered", what=what, reason=str(error))


async def _here(t: Transaction, community: CommunityId, episode: EpisodeId) -> EpisodeId | None:
    """The episode on this community's shelf, or the one that it was joined into."""
    row = await t.one("shelved_episode", {"community": community, "episode": episode})
    return EpisodeId(row["id"]) if row else None


def _of(community: CommunityId, place: Place) -> dict[str, object]:
    return {
        "community": community,
        "platform": place.platform,
        "workspace": place.workspace,
        "channel": place.channel,
    }


def _key(of: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(each) for each in of.values())


def _of_person(viewer: Viewer) -> dict[str, object] | None:
    if viewer.place is None or viewer.person is None:
        return None
    return {**_of(viewer.community, viewer.place), "person": str(viewer.person)}
