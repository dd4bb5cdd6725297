"""Which episode a message is about: what "it" means in a reply to the bot or in a post's thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.commands.codec import decode
from bot.domain import EpisodeId
from bot.errors import NotFound
from bot.rules.alert_keys import key_in
from bot.rules.references import ID_MARK, parse_anchor_ref

if TYPE_CHECKING:
    from bot.domain import CommunityId, Place
    from bot.services import Services

#: A message has at most so many buttons and menu entries that are looked at.
MOST_CODES = 50
#: What a platform puts before a button's code: its answer takes the place of the message.
_TURN = "~"


async def episode_of(
    services: Services,
    community: CommunityId,
    place: Place,
    *,
    codes: Sequence[str] = (),
    message: str = "",
    thread: str = "",
) -> EpisodeId | None:
    """The episode of a message of ours, by the codes of its buttons, else by the post that it is or that the thread
    belongs to. ``message`` and ``thread`` are the platform's ids in ``place``'s workspace.

    The id may be of an episode that the person may not see: whoever reads it asks storage with a Viewer.
    """
    for code in codes[:MOST_CODES]:
        if found := await _of_code(services, community, code.removeprefix(_TURN)):
            return found
    for id in filter(None, (message, thread)):
        alert = await services.storage.alert_of_message(community, place.platform, place.workspace, id)
        if alert is not None and alert.episode:
            return alert.episode
    return None


async def _of_code(services: Services, community: CommunityId, code: str) -> EpisodeId | None:
    if post := key_in(code):
        alert = await services.storage.alert(post[0])
        return alert.episode if alert is not None and alert.community == community else None
    try:
        action = await decode(code, services.storage, community)
    except NotFound:
        return None
    return next(filter(None, (_named(value) for value in action.args.values())), None)


def _named(value: str) -> EpisodeId | None:
    """The episode that a button's argument holds: by its id or in an anchor."""
    if value.startswith(ID_MARK):
        return EpisodeId(value.removeprefix(ID_MARK))
    anchor = parse_anchor_ref(value)
    return anchor.episode if anchor else None
