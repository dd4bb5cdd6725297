"""Pieces of a feed to elements, and what elements say. The one place of feeds that knows lxml; no tag's meaning.

A piece is parsed strictly first; only a damaged one is repaired (``feed_repair``) and parsed as far as it goes.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Set
from typing import TYPE_CHECKING

from bot.formats.feed_names import Names
from bot.formats.feed_repair import balanced, shortened, with_characters

if TYPE_CHECKING:
    from lxml.etree import _Element

    Element = _Element
else:
    Element = object

#: Tags of one piece that are read; what follows in it is left out.
MOST_TAGS = 50_000
#: Characters of one field.
LONGEST_TEXT = 1_000_000
_XML = "{http://www.w3.org/XML/1998/namespace}"
#: Attributes that words with markup keep.
_KEPT = ("href", "src")

Parse = Callable[[bytes], "tuple[Element | None, bool]"]


def parser() -> Parse:
    """A function from one wrapped piece to its element and whether it was damaged. Nothing is fetched or expanded."""
    from lxml import etree  # lazy: only feeds need it

    strict, tolerant = (
        etree.XMLParser(
            recover=recover, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True, collect_ids=False,
        )
        for recover in (False, True)
    )  # fmt: skip

    def parse(piece: bytes) -> tuple[Element | None, bool]:
        piece, whole = _bounded(piece)
        try:
            return etree.fromstring(piece, strict), not whole
        except (etree.XMLSyntaxError, ValueError):
            pass
        try:
            return etree.fromstring(balanced(piece), tolerant), True
        except (etree.XMLSyntaxError, ValueError):
            return None, True

    return parse


def _bounded(piece: bytes) -> tuple[bytes, bool]:
    """With every reference resolved, and without what goes beyond the limits; that comes first, for memory's sake."""
    whole = piece.count(b"<") <= 2 * MOST_TAGS
    if not whole:
        end = -1
        for _ in range(2 * MOST_TAGS):
            end = piece.find(b"<", end + 1)
        piece = piece[:end]
    return with_characters(shortened(piece)), whole


def text_of(element: Element | None) -> str:
    """What stands in an element; markup in it that nobody escaped comes as HTML."""
    if element is None:
        return ""
    if not len(element):
        return (element.text or "")[:LONGEST_TEXT]
    return "".join(_markup(element))[:LONGEST_TEXT]


def _markup(element: Element) -> Iterator[str]:
    """Depth is bounded by the parser."""
    yield html.escape(element.text or "", quote=False)
    for child in element:
        tag = str(child.tag).rpartition("}")[2]
        kept = "".join(f' {key}="{html.escape(child.get(key, ""))}"' for key in _KEPT if child.get(key))
        yield f"<{tag}{kept}>"
        yield from _markup(child)
        yield f"</{tag}>{html.escape(child.tail or '', quote=False)}"


class Fields:
    """The children of an element by their short names (``feed_names``), in their order."""

    __slots__ = ("base", "element", "found", "names", "told")

    def __init__(self, element: Element, names: Names, base: str) -> None:
        self.element, self.names = element, names
        self.base = based(element, base) if len(element.attrib) else base
        self.found: dict[str, list[Element]] = {}
        self.merge(element)

    def merge(self, element: Element) -> None:
        """What another element holds counts as this one's, behind what it says itself."""
        found, names = self.found, self.names
        for child in element:
            if name := names[child.tag]:
                if name in found:
                    found[name].append(child)
                else:
                    found[name] = [child]
        #: All names in one text, to see at once which prefixes are there.
        self.told = " ".join(found)

    def any(self, names: Set[str]) -> bool:
        """Whether one of these is there."""
        return not self.found.keys().isdisjoint(names)

    def all(self, *names: str, most: int = 1_000) -> list[Element]:
        """The elements of the first of these names that is there."""
        for name in names:
            if elements := self.found.get(name):
                return elements[:most]
        return []

    def one(self, *names: str) -> str:
        """The first text of these names that is not blank, in the order of the names."""
        for name in names:
            if name in self.found:
                for element in self.found[name]:
                    text = element.text if not len(element) else text_of(element)
                    if text and not text.isspace():
                        return text[:LONGEST_TEXT]
        return ""

    def within(self, element: Element) -> Fields:
        return Fields(element, self.names, self.base)


def attribute(element: Element, *names: str) -> str:
    """The first of these attributes that says something."""
    for name in names:
        if (value := element.get(name)) and not value.isspace():
            return value.strip()
    return ""


def based(element: Element, base: str) -> str:
    """The address that relative ones inside of an element are meant against (XML Base)."""
    own = element.get(_XML + "base") if len(element.attrib) else None
    if not own:
        return base
    from bot.formats.feed_values import address

    return address(own, base) or base


def language_of(element: Element) -> str:
    return element.get(_XML + "lang") or ""
