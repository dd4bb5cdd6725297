"""Who wants to be told what and where, across communities, and the one-time code of the first admin."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from bot.domain import CommunityId, Person, ShowId, Subscription
from bot.errors import NotFound
from storage.alert_rows import to_person
from storage.rows import instant, to_record
from storage.shelves import known
from storage.view import Room

#: A code holds a day, and so many wrong tries of all; so many of one person, who then rests for an hour.
CODE_AGE = timedelta(days=1)
WRONG_TRIES, TRIES_EACH = 100, 5
REST = timedelta(hours=1)


class Followers(Room):
    """The part of ``AlertStore`` about subscriptions, wishes and codes."""

    async def communities_of(self, show: ShowId) -> list[CommunityId]:
        async with self._db.reading() as t:
            return [CommunityId(row["community"]) for row in await t.rows("communities_of", {"show": show})]

    async def subscriptions_to(self, show: ShowId) -> list[tuple[CommunityId, Subscription]]:
        async with self._db.reading() as t:
            rows = await t.rows("subscriptions_to", {"show": show})
        found = [(CommunityId(row["community"]), to_record("subscription", row)) for row in rows]
        return [(community, one) for community, one in found if isinstance(one, Subscription)]

    async def subscription(self, community: CommunityId, id: str) -> Subscription | None:
        async with self._db.reading() as t:
            row = await t.one("subscription", {"community": community, "id": id})
        one = to_record("subscription", row) if row else None
        return one if isinstance(one, Subscription) else None

    async def finding(self, show: ShowId, key: str) -> tuple[datetime, str] | None:
        async with self._db.reading() as t:
            row = await t.one("finding", {"show": show, "key": key})
        return (datetime.fromisoformat(row["at"]), row["reason"]) if row else None

    async def wish(self, alert: str, person: Person) -> bool:
        of = {"alert": alert, "platform": person.platform, "person": person.id, "name": person.name}
        async with self._db.writing() as t:
            if await t.one("alert", {"id": alert}) is None:
                raise NotFound(f"there is no alert {alert}")
            return bool(await t.rows("add_wish", of))

    async def wishes(self, alert: str) -> list[Person]:
        async with self._db.reading() as t:
            return [to_person(row) for row in await t.rows("wishes", {"alert": alert})]

    async def make_code(self, community: CommunityId, digest: str, now: datetime) -> None:
        async with self._db.writing() as t:
            await known(t, community)
            await t.run("drop_code", {"community": community})
            await t.run("put_code", {"community": community, "digest": digest, "now": instant(now)})

    async def use_code(self, community: CommunityId, person: Person, digest: str, now: datetime) -> bool:
        of = {"community": community}
        who = {**of, "platform": person.platform, "person": person.id, "since": instant(now - REST)}
        async with self._db.writing() as t:
            row, tried = await t.one("code", of), await t.one("wrong_tries", who)
            if row is None or (tried and tried["wrong"] >= TRIES_EACH):
                return False
            young = now - datetime.fromisoformat(row["made_at"]) < CODE_AGE
            right = young and hmac.compare_digest(row["digest"].encode(), digest.encode())
            spent = right or not young or row["wrong"] + 1 >= WRONG_TRIES
            await t.run("drop_code" if spent else "count_wrong_code", of)
            if not spent:
                await t.run("count_wrong_try", {**who, "now": instant(now)})
        return right
