"""What is remembered of a show's items, found by any of their names, and how a feed's item compares with one. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.feed_memory import KnownItem
from bot.feeds import Feed, FeedItem
from bot.rules.item_evidence import Evidence, alike, dates_of, lengths_agree, same_file
from bot.rules.item_names import Names, address, audio_address, names_of, title_name

T = TypeVar("T")

#: So many names of one kind are kept for an item, the latest first.
KEPT = 8
#: A name that so many items have says nothing about any of them.
CROWD = 8


class Memory:
    """Items by their names. Look-ups cost the same however many there are; crowded names find nothing."""

    def __init__(self, known: Iterable[KnownItem] = ()) -> None:
        self.items: list[KnownItem] = []
        self._by: dict[tuple[object, ...], list[int]] = {}
        for one in known:
            self.add(one)

    def add(self, known: KnownItem) -> int:
        at = len(self.items)
        self.items.append(known)
        for pair in _places(known):
            row = self._by.setdefault(pair, [])
            if len(row) <= CROWD:
                row.append(at)
        return at

    def near(self, names: Names) -> list[int]:
        """The items that share a name with this one, in the order of their adding; crowded names left out."""
        wanted: list[tuple[object, ...]] = [("guid", names.guid), ("link", names.link), ("audio", names.audio)]
        wanted += [("title", names.title), ("date", names.published)]
        found = {at for pair in wanted if pair[1] and len(row := self._by.get(pair, [])) <= CROWD for at in row}
        for day in _days(names.published):
            row = self._by.get(("day", names.title, day), [])
            if len(row) <= CROWD:
                found.update(row)
        if names.guid:
            for pair in (("guid+title", names.guid, names.title), ("guid+audio", names.guid, names.audio)):
                found.update(self._by.get(pair, []))
        return sorted(found)

    def specific(self, names: Names) -> Names:
        """The names without a guid that several items have had, and without addresses that more than two have had."""
        guid = names.guid if len(self._by.get(("guid", names.guid), [])) <= 1 else None
        link = names.link if len(self._by.get(("link", names.link), [])) <= 2 else None
        audio = names.audio if len(self._by.get(("audio", names.audio), [])) <= 2 else None
        if (guid, link, audio) == (names.guid, names.link, names.audio):
            return names
        return replace(names, guid=guid, link=link, audio=audio)


def _places(known: KnownItem) -> set[tuple[object, ...]]:
    titles = {title_name(one) for one in known.titles}
    found: set[tuple[object, ...]] = {("guid", one) for one in known.guids}
    found.update(("link", one) for one in known.links)
    found.update(("audio", one) for one in known.enclosures)
    found.update(("title", one) for one in titles)
    if known.published:
        found.add(("date", known.published))
        found.update(("day", one, known.published.date()) for one in titles)
    found.update(("guid+title", guid, title) for guid in known.guids[:1] for title in titles)
    found.update(("guid+audio", guid, audio) for guid in known.guids[:1] for audio in known.enclosures)
    return found


def _days(when: datetime | None) -> list[date]:
    return [(when + timedelta(days=shift)).date() for shift in (-1, 0, 1)] if when else []


class FeedNames:
    """The names of a feed's items; those that say nothing there (shared, or the show's own page) are left out."""

    def __init__(self, feed: Feed, now: datetime) -> None:
        self._feed = feed
        self._now = now
        self.guids = Counter(item.guid for item in feed.items if item.guid)
        own = (feed.link, feed.self_url, feed.new_url)
        self.show_pages = frozenset(found for url in own if url and (found := address(url) or url))
        self._counts: tuple[Counter[str], Counter[str]] | None = None

    def shared(self, guid: str | None) -> bool:
        """Whether a guid names no single item here: several have it, or it is the show's own address."""
        return guid is not None and (self.guids[guid] > 1 or (address(guid) or guid) in self.show_pages)

    def of(self, item: FeedItem) -> Names:
        links, audio = self._counted()
        names = names_of(item, self._now)
        link = names.link if links[names.link or ""] <= 1 and names.link not in self.show_pages else None
        return replace(names, link=link, audio=names.audio if audio[names.audio or ""] <= 2 else None)

    def _counted(self) -> tuple[Counter[str], Counter[str]]:
        if self._counts is None:
            links = Counter(found for item in self._feed.items if (found := address(item.link)))
            audio = Counter(found for item in self._feed.items if (found := audio_address(item)))
            self._counts = links, audio
        return self._counts


def compare(names: Names, known: KnownItem) -> Evidence:
    """A feed's item against all names that a remembered one ever had."""
    titles = [title_name(one) for one in known.titles]
    titled = _agree(names.title or None, titles)
    return Evidence(
        guid=_agree(names.guid, known.guids),
        link=_agree(names.link, known.links),
        audio=_agree(names.audio, known.enclosures),
        file=any(same_file(names.audio, one) for one in known.enclosures),
        title=titled,
        alike=1.0 if titled else max((alike(names.title, one) for one in titles), default=0.0),
        dates=dates_of(names.published, known.published),
        length=lengths_agree(names.duration_s, known.duration_s),
    )


def _agree(name: str | None, names: Sequence[str]) -> bool | None:
    return name in names if name and names else None


def remembered(known: KnownItem, item: FeedItem, names: Names, print: str, now: datetime) -> KnownItem:
    """The item with what it says now in front of what it said before; present, and not withdrawn."""
    return replace(
        known,
        last_seen=now,
        guids=_front(names.guid, known.guids),
        links=_front(address(item.link), known.links),
        enclosures=_front(audio_address(item), known.enclosures),
        titles=_front(item.title or None, known.titles),
        published=names.published or known.published,
        duration_s=names.duration_s or known.duration_s,
        fingerprint=print,
        missing=0,
        withdrawn_at=None,
    )


def learnt(known: KnownItem, item: FeedItem, names: Names) -> KnownItem:
    """The item with the names of a second entry for it behind its own; itself when they are all known."""
    found = replace(
        known,
        guids=_behind(names.guid, known.guids),
        links=_behind(address(item.link), known.links),
        enclosures=_behind(audio_address(item), known.enclosures),
        titles=_behind(item.title or None, known.titles),
    )
    return known if found == known else found


def _front(name: T | None, names: tuple[T, ...]) -> tuple[T, ...]:
    if name is None or (names and names[0] == name):
        return names
    return (name, *(one for one in names if one != name))[:KEPT]


def _behind(name: T | None, names: tuple[T, ...]) -> tuple[T, ...]:
    return names if name is None or name in names or len(names) >= KEPT else (*names, name)
