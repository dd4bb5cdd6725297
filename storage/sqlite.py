"""The ``Storage`` of ``bot.ports`` on SQLite: its parts put together, and nothing else."""

from __future__ import annotations

from storage.alerts import Alerts
from storage.chat_quotes import ChatQuotes
from storage.choices import Choices
from storage.episodes import Episodes
from storage.feed_leases import FeedLeases
from storage.feeds import Feeds
from storage.followers import Followers
from storage.ingest import Ingest
from storage.joinings import Joinings
from storage.lanes import Lanes
from storage.lines import Lines
from storage.links import Links
from storage.places import Places
from storage.records import Records
from storage.shelves import Shelves
from storage.troubles import Troubles


class SqliteStorage(
    Shelves,
    Episodes,
    Lines,
    Ingest,
    Feeds,
    Records,
    Joinings,
    Places,
    Alerts,
    Lanes,
    Troubles,
    Followers,
    FeedLeases,
    ChatQuotes,
    Choices,
    Links,
):
    """One open database. Each part is a room of its own; they share the database and the kept views."""

    async def close(self) -> None:
        await self._behind.settle()
        await self._db.close()
