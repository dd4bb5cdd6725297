"""Linking another workspace to a community: by a one-time code that an admin of the community makes.

Kept as a hash only, valid for a day, with bounded tries (``ChatStore.use_link_code``); never written to a log. Until
it is linked, a workspace has a community of its own that is empty and in which nothing is stored.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from bot.domain import CommunityId
from bot.services.first_admin import bare_code, new_code, shown_code

if TYPE_CHECKING:
    from bot.domain import Person, Place
    from bot.ports import Clock, Storage

#: The one command that is answered in a workspace that is linked to no community.
LINK = "link"
_UNLINKED = "unlinked:"


def unlinked(place: Place) -> CommunityId:
    """The empty community of a workspace that is linked to none."""
    return CommunityId(f"{_UNLINKED}{place.platform}/{place.workspace}")


def is_unlinked(community: CommunityId) -> bool:
    return community.startswith(_UNLINKED)


async def link_code(storage: Storage, community: CommunityId, clock: Clock) -> str:
    """A new code ``ABCD-EFGH``, the only one of this community that is valid from now on."""
    fresh = new_code()
    await storage.make_link_code(community, _digest(fresh), clock.now())
    return shown_code(fresh)


async def linked_by(storage: Storage, person: Person, words: str, clock: Clock) -> CommunityId | None:
    """The community whose valid code this is; the code is used up then. What cannot be one is no try."""
    bare = bare_code(words)
    return await storage.use_link_code(person, _digest(bare), clock.now()) if bare else None


def _digest(bare: str) -> str:
    # Without the community, which whoever types the code does not know.
    return blake2b(bare.encode(), digest_size=32, person=b"pullquote-link").hexdigest()
