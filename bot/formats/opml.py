"""OPML in and out: lists of feeds as podcast apps exchange them. Values only; hostile files are bounded here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from bot.domain import Problem
from bot.errors import UnknownFormat
from bot.formats.feed_bytes import utf8
from bot.formats.feed_repair import with_characters
from bot.formats.problems import Problems
from bot.plain import clean_line

#: A list of 10,000 feeds with long titles is under 4 MiB.
LARGEST = 10 * 2**20
MOST = 20_000
LONGEST_URL, LONGEST_TITLE = 4_000, 500
_ENTITY = re.compile(rb"<!\s*E\s*N\s*T\s*I\s*T\s*Y", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list; ``url`` is as written, and nothing has looked at it yet."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Opml:
    """The feeds of a file in its order, each once; ``problems`` name entries that have no feed."""

    outlines: tuple[Outline, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_opml(data: bytes) -> Opml:
    """The feeds of an OPML file, however deep they are nested. Raises UnknownFormat for anything else."""
    if len(data) > LARGEST:
        raise UnknownFormat(f"the list is over {LARGEST // 2**20} MiB")
    if _ENTITY.search(data.replace(b"\0", b"")):
        raise UnknownFormat("the list declares entities of its own, which no list of feeds needs")
    rows = _rows(data)
    if rows is None:
        raise UnknownFormat("this is no OPML file: it has no <opml> with <outline> entries")
    return _opml(rows)


def _rows(data: bytes) -> list[tuple[dict[str, str], int | None]] | None:
    """Every outline's attributes (lower-case names) with its line; None when the root is something else."""
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(with_characters(utf8(data, "", Problems()).strip()), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or _local(root.tag) != "opml":
        return None
    found = (one for one in root.iter() if _local(one.tag) == "outline")
    return [(_named(one.attrib.items()), _line(one.sourceline)) for one in found]


def _local(tag: object) -> str:
    """A tag's name without its namespace, as damaged as it is; empty for comments and the like."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _line(number: object) -> int | None:
    return number if isinstance(number, int) else None


def _named(attributes: Iterable[tuple[object, object]]) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in attributes}


def _opml(rows: list[tuple[dict[str, str], int | None]]) -> Opml:
    found: dict[str, Outline] = {}
    problems: list[Problem] = []
    for attributes, line in rows:
        url = (attributes.get("xmlurl") or attributes.get("feedurl") or "").strip()
        title = clean_line(attributes.get("title") or attributes.get("text") or "")[:LONGEST_TITLE]
        if not url and attributes.get("type", "").lower() in ("rss", "atom", "link", "podcast", "include"):
            problems.append(Problem(f"“{title or 'an entry'}” has no feed address (xmlUrl)", line))
        elif len(url) > LONGEST_URL:
            problems.append(Problem(f"“{title or 'an entry'}” has an address of {len(url):,} characters", line))
        elif url and len(found) >= MOST:
            problems.append(Problem(f"only the first {MOST:,} feeds are read", line))
            break
        elif url:
            found.setdefault(url, Outline(url, title))
    return Opml(tuple(found.values()), tuple(problems))


def write_opml(outlines: Iterable[Outline], *, title: str, made: datetime) -> bytes:
    """An OPML 2.0 file, UTF-8, in the order given."""
    rows = "".join(
        f'    <outline type="rss" text={_attribute(one.title)} title={_attribute(one.title)} '
        f"xmlUrl={_attribute(one.url)}/>\n"
        for one in outlines
    )
    head = f"    <title>{_text(title)}</title>\n    <dateCreated>{format_datetime(made)}</dateCreated>\n"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<opml version="2.0">\n  <head>\n{head}  </head>\n  <body>\n{rows}  </body>\n</opml>\n'
    ).encode("utf-8", "replace")


def _attribute(value: str) -> str:
    return quoteattr(clean_line(value))


def _text(value: str) -> str:
    return clean_line(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
