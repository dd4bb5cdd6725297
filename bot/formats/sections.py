"""A page's text cut at its headings: what stands before any, chapters, highlights, transcript, and the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from bot.formats.clock_lines import at_front
from bot.formats.speakers import split_label

Kind = Literal["head", "chapters", "highlights", "transcript", "about", "other"]
Lines = list[tuple[int, str]]

# One name a phrase between the bars.
_KINDS: dict[Kind, str] = {
    "chapters": "chapters|timestamps|time stamps|timeline|timecodes|time codes|table of contents|outline"
    "|episode outline|in this episode|topics|topics covered|chapter markers|chapter list",
    "highlights": "highlights|key highlights|episode highlights|quotes|key quotes|best quotes|notable quotes|top quotes"
    "|quotes from the episode|memorable quotes|best moments|key moments|soundbites",
    "transcript": "transcript|full transcript|episode transcript|podcast transcript|transcription|intro|introduction"
    "|podcast|the podcast|interview|the interview|conversation|the conversation|full conversation|outro|cold open"
    "|teaser|preview|episode|full episode|closing|q&a",
    "about": "about the author|about the authors|about the host|about the hosts|about the guest|about the guests|about"
    "|about us|about the show|about the podcast|about this episode|author",
    "other": "show notes|shownotes|notes|links|resources|references|sponsors|credits|mentioned|links mentioned"
    "|mentioned in this episode|further reading|subscribe|follow us|related|related posts|related episodes|share"
    "|comments|tags|sick picks|summary|key takeaways|takeaways|footnotes|where to find us|connect with us|socials",
}
_NAMES: dict[str, Kind] = {name: kind for kind, names in _KINDS.items() for name in names.split("|")}
_WITHIN: tuple[tuple[str, Kind], ...] = (
    ("transcript", "transcript"),
    ("chapter", "chapters"),
    ("timestamp", "chapters"),
    ("highlight", "highlights"),
    ("quotes", "highlights"),
    ("about the", "about"),
)
_DECORATION = re.compile(r"[^\w&]+$|^[^\w]+")


@dataclass(slots=True)
class Section:
    """A heading's kind and the lines below it, blank ones as empty text. ``title`` is the heading as written."""

    kind: Kind
    line: int = 0
    title: str = ""
    lines: Lines = field(default_factory=list)


def cut(lines: Lines) -> list[Section]:
    """The sections in order; the first is always ``head``."""
    sections = [Section("head")]
    for number, text in lines:
        kind = heading(text)
        if kind is None and sections[-1].kind == "chapters" and _speaks(sections[-1], text):
            sections.append(Section("other"))
        if kind is None:
            sections[-1].lines.append((number, text))
        else:
            sections.append(Section(kind, number, _DECORATION.sub("", text)))
    return sections


def _speaks(chapters: Section, text: str) -> bool:
    """Whether a line below a list of chapters is somebody speaking: a name, and a time in another dress if any."""
    first = next((clock for _, line in chapters.lines[:5] if (clock := at_front(line))), None)
    if first is None:
        return False
    clock = at_front(text)
    if clock is None:
        return split_label(text) is not None
    return clock.bracketed and not first.bracketed and split_label(clock.rest.lstrip(": ")) is not None


def heading(text: str) -> Kind | None:
    """What a line opens when it is a heading: any Markdown heading, or a bare line of a known name."""
    if not text or len(text) > 200:
        return None
    marked = text.startswith("#") and text.lstrip("#")[:1] in (" ", "\t")
    if not marked and len(text) > 45:
        return None
    name = _DECORATION.sub("", _DECORATION.sub("", text)).lower()
    if name in _NAMES:
        return _NAMES[name]
    if not marked or at_front(text):
        return None
    return next((kind for word, kind in _WITHIN if word in name), "other")
