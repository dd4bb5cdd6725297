"""Which community a workspace of a platform belongs to, and when one joins by itself. No platform is known here by its
name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.domain import DEFAULT_COMMUNITY, CommunityId

if TYPE_CHECKING:
    from bot.ports import Storage

#: A person's own workspace (direct messages, an app installed for oneself) begins so; what follows is their id. Alone
#: it is linked at a platform's first start, and is how every later start knows that it is none.
DIRECT = "@"


async def community_at(storage: Storage, platform: str, workspace: str) -> CommunityId | None:
    """The community of a workspace; a person's own belongs to the default one. None where it is linked to none."""
    if workspace.startswith(DIRECT):
        return DEFAULT_COMMUNITY
    return await storage.community_of(platform, workspace)


async def first_start(storage: Storage, platform: str, workspaces: Iterable[str]) -> bool:
    """At the platform's first start of all, let the workspaces that the bot is in join; whether this was it."""
    if await storage.community_of(platform, DIRECT) is not None:
        return False
    for workspace in workspaces:
        await join(storage, platform, workspace, trusted=True)
    await storage.link_workspace(DEFAULT_COMMUNITY, platform, DIRECT)
    return True


async def join(storage: Storage, platform: str, workspace: str, *, trusted: bool) -> CommunityId | None:
    """The community of a workspace that the bot was added to: where it is linked to none, the default one if only
    people who may speak for the bot could have added it (``trusted``), else None until a code links it."""
    known = await community_at(storage, platform, workspace)
    if known is None and trusted:
        await storage.link_workspace(DEFAULT_COMMUNITY, platform, workspace)
        return DEFAULT_COMMUNITY
    return known
