"""The first admin of a community: a one-time code that whoever runs the bot reads, and a member types in chat.

Kept as a hash only, valid for a day, with bounded tries (``AlertStore.use_code``); never written to a log.
"""

from __future__ import annotations

import re
import secrets
from hashlib import blake2b
from typing import TYPE_CHECKING

from bot.domain import CommunityId, Grant, Person, Role

if TYPE_CHECKING:
    from bot.ports import Clock, Storage

#: Letters and digits that nobody mistakes for another one: 40 bits in eight of them.
_READABLE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 8


async def code(storage: Storage, community: CommunityId, clock: Clock) -> str | None:
    """A new code ``ABCD-EFGH``, the only one that is valid from now on; None when there is an admin already."""
    if await has_admin(storage, community):
        return None
    fresh = new_code()
    await storage.make_code(community, _digest(community, fresh), clock.now())
    return shown_code(fresh)


async def has_admin(storage: Storage, community: CommunityId) -> bool:
    """Whether somebody was made an admin here."""
    grants = await storage.records(community, "grant")
    return any(isinstance(one, Grant) and one.role >= Role.admin for one in grants)


async def matches(storage: Storage, community: CommunityId, person: Person, words: str, clock: Clock) -> bool:
    """Whether this is the valid code, which is used up then. What cannot be one is no try; who tried too many wrong
    ones is refused for a while, so that nobody uses up the code of others."""
    bare = bare_code(words)
    return bool(bare) and await storage.use_code(community, person, _digest(community, bare), clock.now())


def new_code() -> str:
    """Eight fresh letters and digits."""
    return "".join(secrets.choice(_READABLE) for _ in range(_LENGTH))


def shown_code(bare: str) -> str:
    """As people read it: ``ABCD-EFGH``."""
    return f"{bare[:4]}-{bare[4:]}"


def bare_code(words: str) -> str:
    """The code's letters, however they were typed; empty for what cannot be one."""
    bare = re.sub(r"[\s\-–—_]", "", words).upper()
    return bare if len(bare) == _LENGTH and set(bare) <= set(_READABLE) else ""


def _digest(community: CommunityId, bare: str) -> str:
    return blake2b(f"{community}\n{bare}".encode(), digest_size=32, person=b"pullquote-claim").hexdigest()
