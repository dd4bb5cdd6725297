"""What a poll's judgement tells the moderators: one line for each thing that they may want to know. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot import texts
from bot.feeds import Feed
from bot.rules.item_absence import Absence
from bot.rules.item_verdicts import Verdict

#: So many titles are named in one line.
NAMED = 5


def notices(
    feed: Feed, verdicts: Sequence[Verdict], absent: Absence, shared: Sequence[int], quiet: bool
) -> tuple[str, ...]:
    """``shared``: how many items have each shared guid; ``quiet``: held items are no news (a video channel)."""
    found: list[str] = []
    moved = [one for one in verdicts if one.kind == "migrated"]
    if len(moved) > 1 or (moved and len(moved) == len(feed.items)):
        found.append(texts.feed_moved(len(moved)))
    held = [one for one in verdicts if one.kind == "held"]
    if held and not quiet:
        found.append(texts.feed_held(len(held), [f"“{one.item.title}”: {one.reason}" for one in held[:NAMED]]))
    unsure = [one for one in verdicts if one.maybe and one.kind == "new"]
    if unsure:
        found.append(texts.feed_unsure(len(unsure), [(one.key, one.maybe) for one in unsure[:NAMED]]))
    twice = sum(one.kind == "duplicate" for one in verdicts)
    if twice:
        found.append(texts.feed_twice(twice))
    if shared:
        found.append(texts.feed_shared_guids(sum(shared)))
    if absent.emptied:
        found.append(texts.feed_emptied(absent.emptied))
    if absent.gone:
        found.append(texts.feed_shrank(absent.gone))
    if absent.withdrawn:
        found.append(gone_line([one.episode for one in absent.withdrawn]))
    back = [one.key for one in verdicts if one.kind == "republished"]
    if back:
        found.append(texts.feed_back(back[:NAMED], len(back)))
    return tuple(found)


def gone_line(keys: Sequence[str]) -> str:
    """The notice of withdrawn episodes, given all of their keys."""
    return texts.feed_withdrawn(keys[:NAMED], len(keys))
