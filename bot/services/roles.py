"""Who may do what here: grants raise what the platform says, and which role a change needs to be taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import texts
from bot.domain import CommunityId, Grant, Person, RecordKind, Role
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.ports import Storage

#: Whoever could not make such a change may not take it back either.
_ADMINS: frozenset[RecordKind] = frozenset(("setting", "grant", "joining", "subscription", "ruling"))
_MENTION = re.compile(r"<@[!&]?([A-Za-z0-9]{1,40})(?:\|[^<>]{0,100})?>")
_SUBJECT = re.compile(r"([a-z][a-z0-9_-]{0,20}):([A-Za-z0-9][A-Za-z0-9_.\-]{0,63})")


def needed_for(kind: RecordKind) -> Role:
    """The role that changing a record of this kind takes."""
    return Role.admin if kind in _ADMINS else Role.editor


async def role_of(
    storage: Storage, community: CommunityId, person: Person, platform_roles: frozenset[str], given: Role
) -> Role:
    """The role of a person: what the platform's rights give, raised by grants to them or to one of their roles.

    Surfaces ask this when they build a ``Context``. ``platform_roles`` are bare ids of the person's platform.
    """
    subjects = {str(person), *(f"{person.platform}:{role}" for role in platform_roles)}
    grants = await storage.records(community, "grant")
    granted = [one.role for one in grants if isinstance(one, Grant) and one.subject in subjects]
    return max([given, *granted])


def subject_of(words: str, platform: str) -> str:
    """``platform:id`` of a mention (``<@123>``), a bare id or ``platform:id``. Raises UsageError for anything else."""
    bare = words.strip()
    mention = _MENTION.fullmatch(bare)
    if mention:
        return f"{platform}:{mention[1]}"
    named = bare if ":" in bare else f"{platform}:{bare}"
    if not _SUBJECT.fullmatch(named):
        raise UsageError(texts.BAD_SUBJECT)
    return named
