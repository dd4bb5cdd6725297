"""What a poll's judgement is made of: a verdict for every item, what to remember, and lines for the moderators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.feed_memory import FeedRole, KnownItem
from bot.feeds import FeedItem
from bot.rules.item_memory import FeedNames
from bot.rules.item_names import address, audio_address

VerdictKind = Literal["new", "same", "changed", "migrated", "republished", "duplicate", "held"]
#: Kinds whose episode is stored again.
STORED: frozenset[VerdictKind] = frozenset(("new", "changed", "migrated", "republished"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one item is. ``key`` is its episode's, empty when held; ``known`` is what is remembered of it from now on,
    None when held. ``joined``: its episode came from files before. ``maybe``: the key of an episode that may be the
    same one; a moderator can join them. ``older``: its date is older than everything that was known."""

    item: FeedItem
    kind: VerdictKind
    key: str
    reason: str
    confidence: float
    known: KnownItem | None
    joined: bool = False
    maybe: str = ""
    older: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """All that one poll means. ``verdicts`` are in feed order; ``items`` are those to store; ``withdrawn`` are keys.

    ``notices`` are one line each for the moderators and stay word for word the same while nothing changes. ``watch``:
    something is missing, so the next poll must see the whole feed again (no validators, no hash of the body).
    """

    verdicts: tuple[Verdict, ...]
    items: tuple[KnownItem, ...] = ()
    withdrawn: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    watch: bool = False
    role: FeedRole = "main"

    def of(self, *kinds: VerdictKind) -> list[Verdict]:
        """The verdicts of these kinds, in feed order."""
        return [one for one in self.verdicts if one.kind in kinds]

    @property
    def stored(self) -> list[Verdict]:
        """Those whose episodes are to be stored."""
        return [one for one in self.verdicts if one.kind in STORED]


def kind_of(before: KnownItem, item: FeedItem, print: str, reason: str) -> tuple[VerdictKind, str]:
    """What became of a remembered item, and why it is taken for that one."""
    if before.withdrawn_at is not None:
        return "republished", f"it was withdrawn and is back: {reason}"
    if before.fingerprint == print:
        return "same", reason
    if item.guid and before.guids and item.guid not in before.guids:
        return "migrated", f"{reason}, under a new guid"
    audio, link = audio_address(item), address(item.link)
    moved = (
        audio and before.enclosures and audio not in before.enclosures,
        link and before.links and link not in before.links,
    )
    if moved == (True, True) and not item.guid:
        return "migrated", f"{reason}, under new addresses"
    return "changed", f"{reason}; what it says has changed"


def shared_guids(said: FeedNames) -> list[int]:
    """How many items share each guid that several have."""
    return [count for count in said.guids.values() if count > 1]
