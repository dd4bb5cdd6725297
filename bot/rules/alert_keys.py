"""What an alert is known by: the identity of what it tells, its own key, and that key inside a post's buttons. Pure.

All of it is made of what the feed says and where it is told, never of rows or random ids, so that a restored or copied
database derives the same.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Collection
from hashlib import blake2b
from itertools import islice, product
from typing import TYPE_CHECKING

from bot.rules.words import collapse

if TYPE_CHECKING:
    from datetime import datetime

    from bot.alerts import AlertKind
    from bot.domain import Place, ShowId
    from bot.feed_memory import KnownItem
    from bot.feeds import FeedItem

#: Discord's nonce takes 25 characters; 24 of base32 are 120 bits.
LENGTH = 24
#: The command behind every button of a post.
COMMAND = "post"
#: Ways to put an item's names together.
_REMEMBERED = 256
_KEY = re.compile(r"v1\|post\|key=([a-z2-7]{24})\|kind=([a-z]{1,16})(?:\||\Z)")


def identity(item: FeedItem, shared_guids: Collection[str] = ()) -> str:
    """What stays when everything else of ours is lost: the guid verbatim where it is the item's alone, else all that
    the item says of itself together."""
    if item.guid and item.guid not in shared_guids:
        return f"guid:{item.guid}"
    # Late: whoever only decides or reads buttons does not load what reading a feed needs.
    from bot.rules.item_names import address, audio_address

    return _of_all(item.guid, address(item.link), audio_address(item), item.title, item.published)


def remembered(item: KnownItem) -> set[str]:
    """What may have been the identity of an item that is known: by each guid, and by all that it said together, now or
    with one of its older names."""
    every = [names or ("",) for names in (item.guids, item.links, item.enclosures, item.titles)]
    # The latest names first, and no more than so many: an item seldom ever had two of a kind.
    said = islice(product(*every), _REMEMBERED)
    hashed = {_of_all(guid, link, audio, title, item.published) for guid, link, audio, title in said}
    return {f"guid:{guid}" for guid in item.guids if guid} | hashed


def _of_all(guid: str | None, link: str | None, audio: str | None, title: str, published: datetime | None) -> str:
    # A moment, not a way to write it: the same date may come back from storage in another zone.
    date = str(int(published.timestamp())) if published else ""
    return f"item:{_hash(guid or '', link or '', audio or '', collapse(title), date)}"


def alert_id(place: Place, show: ShowId | None, subject: str, kind: AlertKind) -> str:
    """24 base32 characters: the same for the same thing told in the same place, after a restore or in a copy too."""
    return _hash(place.platform, place.workspace, place.channel, show or "", subject, kind)


def subscription_id(show: ShowId, place: Place) -> str:
    """One subscription for a show in a place, however often it is asked for."""
    return _hash(show, place.platform, place.workspace, place.channel)


def post_args(key: str, kind: str, do: str) -> dict[str, str]:
    """Arguments of a post's button, in the order in which ``key_in`` finds them."""
    return {"key": key, "kind": kind, "do": do}


def key_in(custom_id: str) -> tuple[str, str] | None:
    """The alert's key and kind in a button's id, as ``bot.commands.codec`` wrote it; None when it is no post's."""
    found = _KEY.match(custom_id)
    return (found[1], found[2]) if found else None


def _hash(*parts: str) -> str:
    digest = blake2b(digest_size=15)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return b32encode(digest.digest()).decode().lower()
