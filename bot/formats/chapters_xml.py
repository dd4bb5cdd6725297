"""Chapters as XML documents: Podlove simple chapters (psc), Matroska, Apple's text stream. Feeds do not enter here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats.chapter_marks import Mark, address, chapters
from bot.formats.feed_repair import with_characters
from bot.formats.problems import Problems, shown
from bot.formats.times import clock_s, sane, seconds

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,20}:)?([A-Za-z_][\w.-]{0,40})([^<>]{0,2000})>")
_PROLOG = re.compile(r"<\?[^<>]{0,2000}\?>|<!--.{0,5000}?-->|<!DOCTYPE[^<>\[]{0,2000}>", re.DOTALL | re.IGNORECASE)
_DECLARED = re.compile(r"<!(?:ENTITY|DOCTYPE[^<>\[]{0,2000}\[)", re.IGNORECASE)
_NANOS = re.compile(r"\d{1,18}(?:\.\d{1,9})?")
_SHORT_FIELD = re.compile(r":\d(?!\d)")
_SPECIAL_TIME = re.compile(r"(?:\d{1,3}:){1,2}\d{1,2}(?:[.,]\d{1,9})?")


def family(text: str) -> str | None:
    """``psc``, ``matroska-chapters`` or ``apple-chapters`` by the root of an XML document, None for all else."""
    head = _PROLOG.sub("", text[:20_000]).lstrip()
    match = _ROOT.match(head)
    if not match:
        return None
    name = match[1]
    if name == "TextStream":
        return "apple-chapters"
    if name == "Session" and re.search(r"<Marker[\s>]", text):
        return "hindenburg-chapters"
    if name.lower() != "chapters":
        return None
    if "simple-chapters" in match[2] or re.search(r"<(?:psc:)?chapter[\s/>]", head):
        return "psc"
    return "matroska-chapters" if re.search(r"<(?:EditionEntry|ChapterAtom)[\s>]", head) else "psc"


def parse(text: str, format: str, problems: Problems, name: str = "") -> Parsed:
    """``name`` is the file's address, for relative links. Raises UnknownFormat for XML that declares entities."""
    read = _READERS[format]
    marks = list(read(_root(text, problems), problems, name))
    if not marks:
        problems.add("no chapter could be read")
    source = "psc" if format == "psc" else "json"
    return Parsed(format, chapters=chapters(marks, source, problems), problems=problems.all())


def _root(text: str, problems: Problems) -> _Element:
    if _DECLARED.search(text):
        raise UnknownFormat("the XML declares entities of its own, which chapters never need")
    from lxml import etree  # lazy: only XML pays for it

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    body = _PROLOG.sub("", text, count=20) if text.lstrip()[:2] in ("<?", "<!") else text
    try:
        root = etree.fromstring(with_characters(body.strip().encode("utf-8", "replace")), parser)
    except (etree.XMLSyntaxError, ValueError) as err:
        raise UnknownFormat(f"the XML cannot be read: {shown(str(err), 120)}") from None
    if root is None:
        raise UnknownFormat("the XML cannot be read")
    if len(parser.error_log):
        problems.add("the XML is damaged; what could be read was kept", parser.error_log[0].line)
    return root


def _local(element: _Element) -> str:
    """The tag without its namespace, declared or not; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _of(root: _Element, name: str) -> Iterator[_Element]:
    return (element for element in root.iter() if _local(element) == name)


def _own(element: _Element) -> dict[str, str]:
    """Its attributes by their names in lower case, without namespaces."""
    return {str(key).rpartition("}")[2].lower(): str(value) for key, value in element.attrib.items()}


def _where(element: _Element) -> int | None:
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def _text(element: _Element | None) -> str:
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def _start(text: str) -> float | None:
    """Seconds of a start as Normal Play Time has it: a number, or a clock whose fields have two digits."""
    return None if _SHORT_FIELD.search(text) else seconds(text)


def _psc(root: _Element, problems: Problems, name: str) -> Iterator[Mark]:
    for n, element in enumerate(_of(root, "chapter"), 1):
        own = _own(element)
        title = own.get("title") or _text(element)
        start = _start(own.get("start", ""))
        if start is None:
            problems.add(f"chapter {n} (“{shown(title)}”) has no usable start and was skipped", _where(element))
            continue
        link, image = address(own.get("href"), name), address(own.get("image"), name)
        yield Mark(start, title, link, line=_where(element), image=image, hidden=own.get("toc") == "false")


def _matroska(root: _Element, problems: Problems, name: str) -> Iterator[Mark]:
    """Atoms of the edition that is shown: the default one, else the first; inner atoms are chapters too."""
    editions = list(_of(root, "EditionEntry"))
    marked = [one for one in editions if _flag(one, "EditionFlagDefault") and not _flag(one, "EditionFlagHidden")]
    chosen = next(iter([*marked, *editions]), root)
    for n, atom in enumerate(_of(chosen, "ChapterAtom"), 1):
        title = _display(atom)
        start = _matroska_s(_child(atom, "ChapterTimeStart"))
        if start is None:
            problems.add(f"chapter {n} (“{shown(title)}”) has no usable start and was skipped", _where(atom))
            continue
        hidden = _flag(atom, "ChapterFlagHidden") or _child(atom, "ChapterFlagEnabled") == "0"
        end = _matroska_s(_child(atom, "ChapterTimeEnd"))
        yield Mark(start, title, end_s=end, line=_where(atom), hidden=hidden)


def _child(element: _Element, name: str) -> str:
    return next((_text(child) for child in element if _local(child) == name), "")


def _flag(element: _Element, name: str) -> bool:
    return _child(element, name) == "1"


def _display(atom: _Element) -> str:
    """The first title; ``ChapString`` is the element's name inside Matroska, which some writers use in XML too."""
    for display in atom:
        if _local(display) == "ChapterDisplay":
            title = _child(display, "ChapterString") or _child(display, "ChapString")
            if title:
                return title
    return ""


def _matroska_s(text: str) -> float | None:
    """Seconds of ``00:02:11.761000000``, or of nanoseconds as a whole number."""
    if _NANOS.fullmatch(text):
        return sane(float(text) / 1e9)
    return clock_s(text) if _SPECIAL_TIME.fullmatch(text) else None


def _apple(root: _Element, problems: Problems, name: str) -> Iterator[Mark]:
    for n, sample in enumerate(_of(root, "TextSample"), 1):
        own = _own(sample)
        title = own.get("text") or _text(sample)
        start = _start(own.get("sampletime", ""))
        if start is None:
            problems.add(f"chapter {n} (“{shown(title)}”) has no usable start and was skipped", _where(sample))
            continue
        yield Mark(start, title, address(own.get("href"), name), line=_where(sample))


def _hindenburg(root: _Element, problems: Problems, name: str) -> Iterator[Mark]:
    for n, marker in enumerate(_of(root, "Marker"), 1):
        own = _own(marker)
        title = own.get("name") or _text(marker)
        start = seconds(own.get("time"))
        if start is None:
            problems.add(f"chapter {n} (“{shown(title)}”) has no usable start and was skipped", _where(marker))
            continue
        yield Mark(start, title, address(own.get("url"), name), line=_where(marker))


_READERS: dict[str, Callable[[_Element, Problems, str], Iterator[Mark]]]
_READERS = {
    "psc": _psc,
    "matroska-chapters": _matroska,
    "apple-chapters": _apple,
    "hindenburg-chapters": _hindenburg,
}
