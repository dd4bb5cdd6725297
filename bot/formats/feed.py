"""A feed (RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0 and what podcasts add) from bytes to a ``Feed``: pure, bounded, linear.

Each item is parsed alone (``feed_cut``), so that damage stays where it is. Nothing but UnknownFormat is raised.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.feeds import Feed, FeedItem, LiveItem
from bot.formats.feed_bytes import utf8
from bot.formats.feed_channel import feed as channel
from bot.formats.feed_channel import head
from bot.formats.feed_cut import MOST_ITEMS, Cut, cut
from bot.formats.feed_elements import Fields, Parse, parser
from bot.formats.feed_item import is_named, item, live
from bot.formats.feed_names import Names
from bot.formats.feed_parsed import parsed
from bot.formats.problems import Problems


def parse(data: bytes, problems: Problems, url: str = "") -> Parsed:
    """``parse_feed`` as what an import takes: one ``Parsed`` with an item for each episode."""
    return parsed(parse_feed(data, url), problems)


def parse_feed(data: bytes, url: str = "", content_type: str = "") -> Feed:
    """What the feed says. ``url`` is where it came from, for relative addresses; ``content_type`` may name an encoding.

    Raises UnknownFormat for bytes that are no feed and for a document type that declares entities. ``Feed.cut`` is set
    when its end is missing; an item without an end is none.
    """
    problems = Problems()
    found = cut(utf8(data, content_type, problems))
    parse, names = parser(), Names()
    wrapper, damaged = parse(found.head)
    fields = head(wrapper, names, url)
    if fields is None:
        raise UnknownFormat("the feed cannot be read: it has no channel")
    feed = channel(fields)
    if damaged and not found.cut:
        problems.add("the feed is damaged outside of its items; what could be read was kept")
    with _uncollected():
        items, unnamed, lives = _items(found, parse, names, fields.base, problems)
    _report(found, problems)
    return replace(
        feed, format=found.kind, items=items, unnamed=unnamed, live=lives, cut=found.cut, problems=problems.all()
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Items are made by the ten thousand and none in a cycle: looking for cycles among them is a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


_Items = tuple[tuple[FeedItem, ...], tuple[FeedItem, ...], tuple[LiveItem, ...]]


def _items(found: Cut, parse: Parse, names: Names, base: str, problems: Problems) -> _Items:
    items: list[FeedItem] = []
    unnamed: list[FeedItem] = []
    lives: list[LiveItem] = []
    for n, (fields, is_live) in enumerate(_elements(found, parse, names, base, problems), 1):
        if is_live:
            lives.append(live(fields))
            continue
        one = item(fields)
        if is_named(one):
            items.append(one)
        else:
            unnamed.append(one)
            problems.add(f"item {n} has no guid, title or link and was skipped")
    return tuple(items), tuple(unnamed), tuple(lives)


def _elements(found: Cut, parse: Parse, names: Names, base: str, problems: Problems) -> Iterator[tuple[Fields, bool]]:
    """The fields of each whole item, one at a time; and whether it is a live one."""
    broken = 0
    for piece in found.pieces:
        wrapper, damaged = parse(found.bytes_of(piece))
        broken += damaged
        if wrapper is not None and len(wrapper):
            yield Fields(wrapper[0], names, base), piece.live
    if broken:
        problems.add(f"{broken} {'item is' if broken == 1 else 'items are'} damaged; what could be read was kept")


def _report(found: Cut, problems: Problems) -> None:
    if found.half:
        problems.add(f"{found.half} {'item has' if found.half == 1 else 'items have'} no end and were skipped")
    if found.many:
        problems.add(f"the feed has more than {MOST_ITEMS:,} items; the rest was left out")
    elif found.cut:
        problems.add("the feed ends too early: its last part is missing")
