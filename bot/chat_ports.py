"""What chat asks of storage: words that members said there, codes between workspaces, posts by their message. Protocols
only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.alerts import Alert
    from bot.domain import ChatQuote, CommunityId, Person, Place


class ChatStore(Protocol):
    """As for ``Storage``: aware UTC, one transaction a write, ``StorageError``."""

    # -- words said in chat: no records, in no history; what is dropped is gone for good
    async def keep_chat_quote(self, community: CommunityId, quote: ChatQuote) -> bool:
        """False when that message is kept already."""
        ...

    async def offer_chat_quote(self, community: CommunityId, quote: ChatQuote, now: datetime, until: datetime) -> None:
        """Remember words that somebody may keep until then; offers whose time is over go."""
        ...

    async def chat_offer(self, community: CommunityId, id: str, now: datetime) -> ChatQuote | None: ...

    async def chat_quotes(
        self, community: CommunityId, *, place: Place | None = None, limit: int = 20, offset: int = 0
    ) -> list[ChatQuote]:
        """Those kept, newest first; of one place, or of all."""
        ...

    async def chat_quote(self, community: CommunityId, id: str) -> ChatQuote | None: ...

    async def drop_chat_quotes(
        self, community: CommunityId | None, *, id: str | None = None, author: str | None = None
    ) -> int:
        """Delete one, all of an author's (``platform:id``), or one if it is that author's; None = in every community,
        which is for authors alone. How many were kept; offers go too. They are overwritten in the file, and no copy
        is kept. ValueError for neither."""
        ...

    # -- codes between workspaces, posts by their message
    async def make_link_code(self, community: CommunityId, digest: str, now: datetime) -> None:
        """The one code of this community that links another workspace from now on; earlier ones do not."""
        ...

    async def use_link_code(self, person: Person, digest: str, now: datetime) -> CommunityId | None:
        """Whose code it is, once and within a day; bounds as for ``AlertStore.use_code``, over all communities."""
        ...

    async def alert_of_message(self, community: CommunityId, platform: str, workspace: str, id: str) -> Alert | None:
        """The alert that was posted as this message of the workspace, or in whose thread this is (its channel's id);
        one about an episode before any other."""
        ...
