"""What moderators should know, told once when it opens and once when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b

from bot.alerts import TROUBLE_AGE, Alert, AlertKind, Trouble
from bot.domain import CommunityId, EpisodeId, Place, ShowId
from bot.rules.ids import from_int
from storage.alert_rows import to_place, to_trouble
from storage.alert_writing import add
from storage.database import Transaction
from storage.rows import instant
from storage.shelves import known
from storage.view import Room

#: Where moderators are told who named no place.
CONSOLE = Place("console", "local", "console")


@dataclass(frozen=True, slots=True)
class _Told:
    """What is being told of one source: the alerts and the troubles that opened."""

    source: str
    now: datetime
    show: ShowId | None
    episode: EpisodeId | None
    alerts: list[Alert] = field(default_factory=list)
    opened: list[Trouble] = field(default_factory=list)

    def add(self, community: CommunityId, place: Place, kind: AlertKind, id: str, text: str) -> None:
        from bot.rules.alert_keys import alert_id  # knows feeds: only when there is something to tell

        key, now = alert_id(place, self.show, id, kind), self.now
        until = now + TROUBLE_AGE
        alert = Alert(key, community, place, kind, id, "waiting", text, now, now, now, until, text=text)
        self.alerts.append(replace(alert, show=self.show, episode=self.episode))


class Troubles(Room):
    """The part of ``AlertStore`` about troubles."""

    async def set_troubles(
        self, source: str, lines: Sequence[str], communities: Sequence[CommunityId], now: datetime, over: str = ""
    ) -> list[Trouble]:
        async with self._db.reading() as t:  # most polls change nothing here: no write, no waiting
            open_now = [await _open(t, source, each) for each in communities]
        if all(each == set(lines) for each in open_now):
            return []
        async with self._db.writing() as t:
            told = await _about(t, source, now)
            for community in dict.fromkeys(communities):
                await _set(t, told, community, list(dict.fromkeys(lines)), over)
            await add(t, told.alerts, now)
        return told.opened

    async def troubles(self, community: CommunityId) -> list[Trouble]:
        async with self._db.reading() as t:
            return [to_trouble(row) for row in await t.rows("troubles", {"community": community})]


async def _open(t: Transaction, source: str, community: CommunityId) -> set[str]:
    rows = await t.rows("troubles_from", {"source": source, "community": community})
    return {row["what"] for row in rows if row["over_at"] is None}


async def _set(t: Transaction, told: _Told, community: CommunityId, lines: Sequence[str], over: str) -> None:
    await known(t, community)
    place = await _moderators(t, community)
    of = {"source": told.source, "community": community}
    before = {row["what"]: row for row in await t.rows("troubles_from", of)}
    for what, row in before.items():
        if row["over_at"] is None and what not in lines:
            await t.run("end_trouble", {"id": row["id"], "now": instant(told.now)})
            if over:
                told.add(community, place, "over", row["id"], over)
    for what in lines:
        if what not in before or before[what]["over_at"] is not None:
            times = before[what]["times"] + 1 if what in before else 1
            trouble = Trouble(_id(community, told.source, what, times), community, told.source, what, told.now)
            now = {"id": trouble.id, "what": what, "times": times, "now": instant(told.now)}
            await t.run("open_trouble", {**of, **now})
            told.opened.append(trouble)
            told.add(community, place, "trouble", trouble.id, what)


async def _about(t: Transaction, source: str, now: datetime) -> _Told:
    """A source names a show or an episode, whose story the alert belongs to as well."""
    kind, _, rest = source.partition(":")
    if kind == "report":
        rest = rest.partition(":")[2]
    if kind in ("withdrawn", "report"):
        row = await t.one("withdrawn_from", {"episode": rest})
        return _Told(source, now, ShowId(row["show"]), EpisodeId(row["id"])) if row else _Told(source, now, None, None)
    show = rest.partition(":")[0] if kind in ("feed", "notice") else ""
    return _Told(source, now, ShowId(show) if show else None, None)


async def _moderators(t: Transaction, community: CommunityId) -> Place:
    row = await t.one("moderator_place", {"community": community})
    return (to_place(row["value"]) if row else None) or CONSOLE


def _id(community: CommunityId, source: str, what: str, times: int) -> str:
    """The same for the same trouble at the same turn, so that a restored database does not tell it twice."""
    digest = blake2b(digest_size=8)
    for part in (community, source, what, str(times)):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return from_int(int.from_bytes(digest.digest(), "big") >> 4)
