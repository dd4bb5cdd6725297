"""Show notes: HTML or text to plain words, and the lists of times in them to chapters and highlights.

Most notes hold no time, so a cheap look comes first; all of it takes time in proportion to the text.
"""

from __future__ import annotations

import html
import re

from bot.domain import Chapter, Highlight
from bot.formats import hypertext
from bot.formats.chapter_lines import read as read_chapters
from bot.formats.chapter_marks import chapters
from bot.formats.clock_lines import at_end, at_front
from bot.formats.feed_lists import plain_list
from bot.formats.markup import markdown_words
from bot.formats.problems import Problems
from bot.formats.sections import Lines, Section, cut

#: What may be hidden from readers needs the slower reader, which knows where it ends.
_HIDING = re.compile(r"<(?:[sS][cCtTvV]|[tT][eE][mM]|[nN][oO][sS]|!--)")
_BREAK = re.compile(
    r"</?(?:[pP]|[bB][rR]|[dD][iI][vV]|[lL][iI]|[uUoO][lL]|[hH][1-6rR]|[tT][rR]|[dD][dDtTlL]|[pP][rR][eE]"
    r"|table|TABLE|blockquote|BLOCKQUOTE|section|article|header|footer)(?:[\s/][^<>]{0,5000})?>\s*"
)
_HEADING = re.compile(r"<[hH][1-6](?:\s[^<>]{0,5000})?>\s*")
#: Words of headings that part a list from the rest of the notes.
_HEADED = (
    "highlight", "quotes", "moments", "soundbites", "chapter", "timestamp", "time stamp", "timeline", "timecode",
    "time code", "contents", "outline", "topics", "in this episode",
)  # fmt: skip
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,5000}>")
_RUN = re.compile(r"[ \t\r\f\v\xa0]+")
_LINES = re.compile(r" ?\n[ \n]*")
_TIME = re.compile(r"\d:[0-5]\d")
_QUOTES = "\"“”„«»'‘’ "
#: Characters of notes that are read for times; lists stand in far shorter ones.
_READ = 200_000


def plain(text: str) -> str:
    """The words as paragraphs, without markup; references become their characters."""
    if "<" in text:
        if _HIDING.search(text):
            return hypertext.plain(text)
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    return _LINES.sub("\n", _RUN.sub(" ", text)).strip()


def read(notes: str) -> tuple[tuple[Chapter, ...], tuple[Highlight, ...]]:
    """The chapters and the highlights that a list of times in the notes gives; mostly none of both."""
    first = _TIME.search(notes)
    if first is None or not _TIME.search(notes, first.end()):
        return (), ()
    notes = notes[:_READ]
    low, text = notes.lower(), _shown(notes)
    headed = any(word in low for word in _HEADED)
    if not headed and (found := plain_list(text)) is not None:
        return found, ()
    lines = [(0, line.strip()) for line in text.split("\n")]
    if sum(_TIME.search(line) is not None for _, line in lines) < 2:
        return (), ()
    problems = Problems()  # what is no usable time in running text is no problem of anybody's
    if not headed:
        return chapters(read_chapters(lines, problems), "notes", problems), ()
    return _headed(cut(lines), problems)


def _headed(sections: list[Section], problems: Problems) -> tuple[tuple[Chapter, ...], tuple[Highlight, ...]]:
    quotes = tuple(one for section in sections if section.kind == "highlights" for one in _highlights(section.lines))
    named = [line for section in sections if section.kind == "chapters" for line in section.lines]
    marks = read_chapters(named, problems, at_least=1) if named else []
    if not marks:
        marks = read_chapters(_others(sections), problems)
    return chapters(marks, "notes", problems), quotes


def _shown(notes: str) -> str:
    """Line by line as a reader sees them; headings keep a ``#`` so that they stay headings."""
    if "<" in notes and _HIDING.search(notes):
        return "\n".join(hypertext.lines(notes))
    if "<h" in notes or "<H" in notes:
        notes = _HEADING.sub("\n# ", notes)
    return plain(notes)


def _others(sections: list[Section]) -> Lines:
    lines: Lines = []
    for section in sections:
        if section.kind != "highlights":
            lines += [(0, f"# {section.title}"), *section.lines] if section.title else section.lines
    return lines


def _highlights(lines: Lines) -> list[Highlight]:
    """``05:30 - "words"``, ``"words" (05:30)`` or a time above its words; quotation marks are not words. Words without
    a time are no highlights here: in show notes whatever follows may stand below the heading."""
    found: list[Highlight] = []
    waiting: float | None = None
    for _, text in lines:
        clock = at_front(text) or at_end(text)
        start = clock.start_s if clock else waiting
        words = markdown_words((clock.rest if clock else text).lstrip(" \t-–—:|•·*")).strip(_QUOTES)
        waiting = start if not words else None
        if words and start is not None:
            found.append(Highlight(words, start))
    return found
