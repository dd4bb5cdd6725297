"""What members said in chat and others kept: rows that go for good, and nothing of them in any history."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.domain import ChatQuote, CommunityId, Place
from storage.alert_rows import place_params
from storage.database import Database
from storage.rows import instant
from storage.shelves import known
from storage.view import Room

_ANYWHERE = {"platform": None, "workspace": None, "channel": None}


class ChatQuotes(Room):
    """The part of ``ChatStore`` about words said in chat."""

    async def keep_chat_quote(self, community: CommunityId, quote: ChatQuote) -> bool:
        await _overwrite(self._db)
        async with self._db.writing() as t:
            await known(t, community)
            await t.run("drop_chat_offers", {"now": instant(quote.kept_at)})
            return bool(await t.rows("add_chat_quote", _params(community, quote, None)))

    async def offer_chat_quote(self, community: CommunityId, quote: ChatQuote, now: datetime, until: datetime) -> None:
        await _overwrite(self._db)
        async with self._db.writing() as t:
            await known(t, community)
            await t.run("drop_chat_offers", {"now": instant(now)})
            await t.run("add_chat_quote", _params(community, quote, until))

    async def chat_offer(self, community: CommunityId, id: str, now: datetime) -> ChatQuote | None:
        async with self._db.reading() as t:
            row = await t.one("chat_offer", {"community": community, "id": id, "now": instant(now)})
        return to_chat_quote(row) if row else None

    async def chat_quotes(
        self, community: CommunityId, *, place: Place | None = None, limit: int = 20, offset: int = 0
    ) -> list[ChatQuote]:
        where = place_params(place) if place else _ANYWHERE
        page = {**where, "community": community, "limit": max(0, limit), "offset": max(0, offset)}
        async with self._db.reading() as t:
            return [to_chat_quote(row) for row in await t.rows("chat_quotes", page)]

    async def chat_quote(self, community: CommunityId, id: str) -> ChatQuote | None:
        async with self._db.reading() as t:
            row = await t.one("chat_quote", {"community": community, "id": id})
        return to_chat_quote(row) if row else None

    async def drop_chat_quotes(
        self, community: CommunityId | None, *, id: str | None = None, author: str | None = None
    ) -> int:
        if id is None and author is None:
            raise ValueError("which ones: an id or an author")
        await _overwrite(self._db)
        async with self._db.writing() as t:
            gone = await t.rows("drop_chat_quotes", {"community": community, "id": id, "author": author})
        if gone:
            await _forget_log(self._db)
        return sum(row["offered_until"] is None for row in gone)


async def _overwrite(db: Database) -> None:
    """What is deleted from here on is overwritten with zeros, so that no later reader of the file finds it."""
    await db.writer.execute_fetchall("PRAGMA secure_delete = ON")


async def _forget_log(db: Database) -> None:
    """The write-ahead log keeps old pages until it is written back: as soon as no other process reads."""
    await db.writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")


def _params(community: CommunityId, quote: ChatQuote, until: datetime | None) -> dict[str, object]:
    return {
        **place_params(quote.place),
        "community": community,
        "id": quote.id,
        "author": quote.author,
        "author_name": quote.author_name,
        "keeper": quote.keeper,
        "text": quote.text,
        "said_at": instant(quote.said_at),
        "kept_at": instant(quote.kept_at),
        "url": quote.url,
        "message": quote.message,
        "offered_until": instant(until),
    }


def to_chat_quote(row: sqlite3.Row) -> ChatQuote:
    return ChatQuote(
        row["id"],
        Place(row["platform"], row["workspace"], row["channel"]),
        row["author"],
        row["author_name"],
        row["keeper"],
        row["text"],
        datetime.fromisoformat(row["said_at"]),
        datetime.fromisoformat(row["kept_at"]),
        row["url"],
        row["message"],
    )
