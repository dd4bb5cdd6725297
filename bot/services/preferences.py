"""The settings that moderators choose, per place or for the community: which there are, what they take, what holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from bot import texts, texts_chat
from bot.domain import CommunityId, Place, Setting
from bot.errors import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.ports import Storage

SettingName = Literal["show", "answers", "timezone", "language", "moderators", "quiet", "chat_quotes"]
NAMES: tuple[SettingName, ...] = get_args(SettingName)
#: With what the command ``quiet`` alone sets: until when, as ISO time in UTC.
Stored = SettingName | Literal["quiet_until"]
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def setting_id(place: str, name: str) -> str:
    """The id of a setting's record: ``place|name``; place "" is the whole community."""
    return f"{place}|{name}"


async def preference(storage: Storage, community: CommunityId, place: Place, name: Stored) -> str | None:
    """What holds in a place: its own setting, else the community's, else None."""
    for where in (str(place), ""):
        found = await storage.record(community, "setting", setting_id(where, name))
        if isinstance(found, Setting):
            return found.value
    return None


async def place_zone(storage: Storage, community: CommunityId, place: Place | None) -> ZoneInfo:
    """The time zone of a place, else the community's, else UTC; for no place the community's."""
    from zoneinfo import ZoneInfo

    for where in (str(place), "") if place else ("",):
        found = await storage.record(community, "setting", setting_id(where, "timezone"))
        if isinstance(found, Setting):
            return ZoneInfo(found.value)
    return ZoneInfo("UTC")


def checked(name: SettingName, value: str) -> str:
    """The value as it is kept. Raises UsageError that names what it takes. The caller checks ``show`` and
    ``moderators``."""
    bare = value.strip()
    if name == "answers":
        if bare.lower() not in ("private", "public"):
            raise UsageError(texts.BAD_ANSWERS)
        return bare.lower()
    if name == "chat_quotes":
        if bare.lower() not in ("on", "off"):
            raise UsageError(texts_chat.BAD_CHAT_QUOTES)
        return bare.lower()
    if name == "timezone":
        return _timezone(bare)
    if name == "quiet":
        from bot.rules.quiet import check

        return check(bare)
    if name == "language" and not _LANGUAGE.fullmatch(bare):
        raise UsageError(texts.BAD_LANGUAGE)
    return bare


def _timezone(value: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise UsageError(texts.BAD_TIMEZONE) from err
