"""Show notes: HTML or text to plain words, and the lists of times in them to chapters and highlights.

Most notes hold no time or a plain list, so quick ways come first; they answer as ``chapters_notes`` does, or not at
all. All of it takes time in proportion to the text.
"""

from __future__ import annotations

import re

from bot.domain import Chapter, Highlight
from bot.formats import feed_html, hypertext
from bot.formats.chapters_dress import dressed
from bot.formats.chapters_notes import HTML, MOMENT, of_sections, sections_of
from bot.formats.clock_lines import at_end, at_front
from bot.formats.feed_lists import plain_list
from bot.formats.markup import markdown_words
from bot.formats.problems import Problems
from bot.formats.sections import Lines

#: A clock, told by its colon first: a text is searched for one letter ten times faster than for any digit.
_CLOCK = re.compile(r":(?<=\d:)[0-5]\d")
_SPAN = re.compile(r"m(?<=\dm)(?:in)? ?\d{1,2}s")
_COLON = re.compile(r"&(?:#0*58|#x0*3a|colon);(?=[0-5]\d)", re.IGNORECASE)
#: Words of the headings below which a single time is enough.
_HEADED = re.compile(
    r"highlight|quote|moment|soundbite|chapter|time ?(?:stamp|code|line)|contents|outline|topics|in this episode",
    re.IGNORECASE,
)
_QUOTES = "\"“”„«»'‘’ "


def plain(text: str) -> str:
    """The words as paragraphs, without markup; references become their characters."""
    found = feed_html.plain(text)
    return hypertext.plain(text) if found is None else found


def read(notes: str) -> tuple[tuple[Chapter, ...], tuple[Highlight, ...]]:
    """The chapters and the highlights that a list of times in the notes gives; mostly none of both."""
    if not _may_list(notes):
        return (), ()
    lines = _quick(notes)
    if lines is not None and (found := plain_list(lines)) is not None:
        return found, ()
    sections = sections_of(notes)
    quotes = tuple(one for section in sections if section.kind == "highlights" for one in _highlights(section.lines))
    return of_sections(sections, Problems()), quotes  # no usable time in running text is no problem of anybody's


def _may_list(notes: str) -> bool:
    """Whether there are two of whatever a list could take for a time, or one and a heading for it."""
    seen = False
    for sign, pattern in ((":", _CLOCK), ("t=", MOMENT), ("m", _SPAN), ("&", _COLON)):
        if sign in notes and (first := pattern.search(notes)):
            if seen or pattern.search(notes, first.end()):
                return True
            seen = True
    return seen and _HEADED.search(notes) is not None


def _quick(notes: str) -> list[str] | None:
    """Line by line as ``chapters_notes`` sees them; None for what needs its closer look."""
    marked = "<" in notes
    if ("t=" in notes and MOMENT.search(notes)) if marked else "&lt;" in notes:
        return None
    return feed_html.lines(notes) if not marked or HTML.search(notes) else None


def _highlights(lines: Lines) -> list[Highlight]:
    """``05:30 - "words"``, ``"words" (05:30)`` or a time above its words; quotation marks are not words. Words without
    a time are no highlights here: in show notes whatever follows may stand below the heading."""
    found: list[Highlight] = []
    waiting: float | None = None
    for _, text in dressed(lines):
        clock = at_front(text) or at_end(text)
        start = clock.start_s if clock else waiting
        words = markdown_words((clock.rest if clock else text).lstrip(" \t-–—:|•·*")).strip(_QUOTES)
        if not words and not text:
            continue
        waiting = start if not words else None
        if words and start is not None:
            found.append(Highlight(words, start))
    return found
