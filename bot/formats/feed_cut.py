"""A feed's bytes cut into its head and its items, so that each is parsed alone. No tag's meaning enters here.

What is wrong in one item harms no other, memory holds one item at a time, and an item without its end is known as half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bot.errors import UnknownFormat
from bot.formats.feed_names import DECLARED_ANYWAY, namespace

Kind = Literal["rss", "rdf", "atom"]

#: More items than any show has; the rest is left out, and the feed counts as cut.
MOST_ITEMS = 100_000
#: Bytes in which the root must begin, and that its start tag may take.
_ROOT_WITHIN, _LONGEST_TAG = 1 << 18, 1 << 16
#: Bytes of everything that is in no item.
_LONGEST_HEAD = 4 << 20
_OPENING = re.compile(rb"<(?:!--|!\[CDATA\[|[!?]|([A-Za-z_][\w.:-]*))")
_ROOTS: dict[bytes, Kind] = {b"rss": "rss", b"rdf": "rdf", b"feed": "atom", b"channel": "rss"}
#: Documents that are no feed, whatever stands in them.
_OTHERS = frozenset((b"html", b"opml", b"svg", b"urlset", b"sitemapindex", b"plist"))
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_XMLNS = re.compile(rb"\sxmlns(?::([A-Za-z_][\w.-]{0,60}))?\s*=\s*(?:\"([^\"<]{0,500})\"|'([^'<]{0,500})')")
_MOST_NAMESPACES = 200
_CHANNEL_TAG = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?channel(?=[\s>/])[^<>]{0,5000}", re.IGNORECASE)
_MARKUP = re.compile(
    rb"<(?:!\[CDATA\[|!--|\?|(/?)(?:([A-Za-z_][\w.-]*):)?([iI][tT][eE][mM]|[eE][nN][tT][rR][yY]|[lL]iveItem)(?=[\s/>]))"
)


class Piece(NamedTuple):
    """Where an item stands. ``tail`` closes one whose own end tag is missing though another item follows."""

    start: int
    end: int
    live: bool = False
    tail: bytes = b""


@dataclass(slots=True)
class Cut:
    """``head`` is all that is in no item; ``wrap`` goes around a piece before it is parsed. ``half`` counts items
    without an end, ``cut`` says that the feed's own end is missing."""

    data: bytes
    kind: Kind
    wrap: tuple[bytes, bytes]
    head: bytes = b""
    pieces: list[Piece] = field(default_factory=list)
    half: int = 0
    many: bool = False
    cut: bool = False

    def bytes_of(self, piece: Piece) -> bytes:
        return b"".join((self.wrap[0], self.data[piece.start : piece.end], piece.tail, self.wrap[1]))


def cut(data: bytes) -> Cut:
    """Raises UnknownFormat for what has no feed's root, and for a document type that declares entities."""
    start, end, name = _root(data)
    prefix, _, local = name.rpartition(b":")
    kind = _ROOTS[local.lower()]
    channel = _CHANNEL_TAG.search(data, start, start + _ROOT_WITHIN)
    tags = data[start:end] + (channel[0] if channel else b"")
    if kind != "atom":
        prefix = (channel[1] or b"") if channel else b""
    found = Cut(data, kind, _wrap(tags, data))
    _collect(found, start, end, _Scan(data, b"entry" if kind == "atom" else b"item", frozenset((b"", prefix))))
    return found


def _root(data: bytes) -> tuple[int, int, bytes]:
    """Where the root's start tag begins and ends, and its name as written. What stands before it is skipped."""
    position, within = 0, data[:_ROOT_WITHIN]
    while match := _OPENING.search(within, position):
        name, position = match[1], match.end()
        if name is None:
            ending = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}.get(match[0], b"<" if match[0] == b"<!" else b">")
            position = max(position, within.find(ending, position))
            continue
        local = name.rpartition(b":")[2].lower()
        if local in _OTHERS:
            break
        if local in _ROOTS:
            if _ENTITY.search(data, 0, match.start()):
                raise UnknownFormat("the feed declares entities of its own, which no feed needs")
            end = data.find(b">", position, position + _LONGEST_TAG) + 1
            if not end:
                raise UnknownFormat("the feed has a tag of absurd size, or it ends inside of its first tag")
            return match.start(), end, name
    if _ENTITY.search(within):
        raise UnknownFormat("the XML declares entities of its own, which no feed needs")
    raise UnknownFormat("the XML is no feed" if within.lstrip()[:1] == b"<" else "it is no feed")


def _wrap(tags: bytes, data: bytes) -> tuple[bytes, bytes]:
    """An element that declares what the root declares, under short names where they are known, and what feeds use
    without declaring it. The default namespace of a feed is the feed's own, whatever it is called."""
    known = {prefix: uri for prefix, uri in DECLARED_ANYWAY.items() if b"<%b:" % prefix.encode() in data}
    for match in list(_XMLNS.finditer(tags))[:_MOST_NAMESPACES]:
        uri = (match[2] if match[2] is not None else match[3]).decode("utf-8", "replace")
        if match[1]:
            known[match[1].decode("utf-8", "replace")] = namespace(uri)
    known.pop("xml", None)
    known.pop("xmlns", None)
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in known.items() if uri)
    return f"<wrap{declared}>".encode(), b"</wrap>"


def _collect(found: Cut, start: int, begin: int, scan: _Scan) -> None:
    """Sort the feed into items and its head; what the root declares stands in the wrapping element."""
    data, last = found.data, begin
    outside = [_XMLNS.sub(b"", data[start:begin])]
    for piece in scan.pieces(begin):
        if len(found.pieces) == MOST_ITEMS:
            found.many = found.cut = True
            break
        if piece.start > last and (gap := data[last : piece.start]).strip():
            outside.append(gap)
        last = piece.end
        found.pieces.append(piece)
    found.half = scan.half
    if not found.cut:
        outside.append(data[last : scan.ended if scan.ended >= last else None])
        whole = data[begin - 2 : begin] == b"/>" or _closes(outside[-1], found.kind)
        found.cut = scan.ended >= 0 or not whole
    found.head = b"".join((found.wrap[0], _CHANNEL_TAG.sub(_undeclared, b"".join(outside)[:_LONGEST_HEAD], count=1)))
    found.head += found.wrap[1]


def _undeclared(match: re.Match[bytes]) -> bytes:
    return _XMLNS.sub(b"", match[0])


def _closes(tail: bytes, kind: Kind) -> bool:
    names = rb"feed" if kind == "atom" else rb"rss|rdf|channel"
    return re.search(rb"</(?:[A-Za-z_][\w.-]*:)?(?:" + names + rb")\s*>", tail, re.IGNORECASE) is not None


@dataclass(slots=True)
class _Scan:
    """Looks for items; comments, CDATA and instructions hide tags. ``half`` counts items without their end; ``ended``
    is where the last of them begins that nothing follows, else -1."""

    data: bytes
    item: bytes
    prefixes: frozenset[bytes]
    half: int = 0
    ended: int = -1
    comments: bool = True
    #: The item that is open: where it begins, the end tag that it wants, whether it is a live one.
    opened: tuple[int, bytes, bool] | None = None

    def pieces(self, position: int) -> Iterator[Piece]:
        """Whole items in order."""
        data = self.data
        while position >= 0 and (match := _MARKUP.search(data, position)):
            if match[3] is None:
                position = self._hidden(match)
                continue
            position = match.end()
            live = match[3].lower() == b"liveitem"
            if not live and (match[3].lower() != self.item or (match[2] or b"") not in self.prefixes):
                continue
            end = data.find(b">", position) + 1
            if not end:
                break
            if match[1]:
                if self.opened and self.opened[2] == live:
                    yield Piece(self.opened[0], end, live)
                    self.opened = None
            else:
                yield from self._open(match, end, live)
            position = end
        if self.opened:
            self.half, self.ended = self.half + 1, self.opened[0]

    def _open(self, match: re.Match[bytes], end: int, live: bool) -> Iterator[Piece]:
        """An item begins; one that is still open ends here, since nothing but its end tag can be missing."""
        start, close = match.start(), b"</%b>" % match[0][1:]
        if self.opened:
            yield Piece(self.opened[0], start, self.opened[2], self.opened[1])
        self.opened = (start, close, live)
        if self.data[end - 2 : end - 1] == b"/":
            yield Piece(start, end, live)
            self.opened = None

    def _hidden(self, match: re.Match[bytes]) -> int:
        """Where to go on behind a comment or CDATA that begins here; -1 for CDATA that never ends."""
        data, position = self.data, match.end()
        if match[0] == b"<!--" and self.comments:
            end = data.find(b"-->", position)
            self.comments = end >= 0
            return max(position, end)
        if match[0] != b"<![CDATA[":
            return position
        end = data.find(b"]]>", position)
        swallowed = data.find(b"</" + self.item, position, end)
        if end >= 0 and swallowed >= 0 and data.find(b"<![CDATA[", swallowed, end) >= 0:
            # Nobody closed it, so its item is not to be told from the next.
            self.half, self.opened = self.half + bool(self.opened), None
            return swallowed
        return end
