"""Show notes as a feed has them, HTML or text, to the chapters that they list. Pages and transcripts do not enter."""

from __future__ import annotations

import html
import re

from bot.domain import Chapter
from bot.formats.chapter_lines import read
from bot.formats.chapter_marks import chapters
from bot.formats.hypertext import lines as html_lines
from bot.formats.problems import Problems
from bot.formats.sections import Section, cut

#: Show notes of feeds are read up to here: the longest real ones have a tenth of it.
LONGEST = 400_000
_LINK = re.compile(
    r"<a\b[^<>]{0,1000}?\bhref\s{0,3}=\s{0,3}(?:\"([^\"<>]{1,2000})\"|'([^'<>]{1,2000})')[^<>]{0,1000}>", re.IGNORECASE
)
_LINKED = re.compile(rf"(?:{_LINK.pattern})([^<>\[\]]{{1,500}})</a\s{{0,3}}>", re.IGNORECASE)
#: Markdown may name tags too (``<template>``); only these make it HTML.
HTML = re.compile(
    r"<(?:p|br|li|ul|ol|div|a|h[1-6]|table|tr|td|d[ldt]|pre|strong|em|span|section|article|blockquote)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
#: An address with a moment in it; ``&amp;`` may stand for ``&``.
MOMENT = re.compile(r"[?&#;]t=|[?&;]start=")
#: Tags that somebody escaped once too often; a single ``&lt;div&gt;`` is a word of the notes.
_ESCAPED = re.compile(r"&lt;(?:/(?:p|li|ul|ol|d[ldt]|div|a|h[1-6]|t[dr]|table|pre)&gt;|br ?/?&gt;)", re.IGNORECASE)
#: Tags that are words: they stay escaped until a title's Markdown is read.
_ESCAPED_TAG = re.compile(r"&lt;(?=/?[A-Za-z])", re.IGNORECASE)
_SPOKEN_TAG = re.compile(r"<(?=/?[A-Za-z])")


def of_notes(notes: str, problems: Problems, duration_s: float | None = None) -> tuple[Chapter, ...]:
    """The chapters (``source="notes"``) of show notes: those under a heading for chapters, else any list of times that
    stands under none for quotes or people."""
    return of_sections(sections_of(notes), problems, duration_s)


def sections_of(notes: str) -> list[Section]:
    return cut([(0, line.strip()) for line in lines_of(notes[:LONGEST])])


def of_sections(sections: list[Section], problems: Problems, duration_s: float | None = None) -> tuple[Chapter, ...]:
    """As ``of_notes``, for notes that are cut already."""
    named = [line for section in sections if section.kind == "chapters" for line in section.lines]
    marks = read(named, problems, at_least=1) if named else []
    if not marks:
        rest = [
            line
            for section in sections
            if section.kind not in ("highlights", "about")
            for line in ((0, f"# {section.title}"), *section.lines)
        ]
        marks = read(rest, problems)
    return chapters(marks, "notes", problems, duration_s)


def lines_of(notes: str) -> list[str]:
    """The lines of show notes; links stay as Markdown, since a chapter keeps its link."""
    if not HTML.search(notes):
        if "&" not in notes:
            return notes.split("\n")
        escaped = _ESCAPED.search(notes)
        if not escaped:
            return html.unescape(_ESCAPED_TAG.sub("&amp;lt;", notes)).split("\n")
        notes = html.unescape(notes)
    text = _LINKED.sub(lambda match: _markdown(match[1] or match[2], match[3]), notes)
    return [_SPOKEN_TAG.sub("&lt;", line) for line in html_lines(text)]


def with_moments(page: str) -> str:
    """A page's HTML with the links to moments as Markdown, for lists whose times stand only in their links."""
    if "t=" not in page:
        return page
    return _LINKED.sub(
        lambda match: _markdown(match[1] or match[2], match[3]) if MOMENT.search(match[1] or match[2]) else match[0],
        page,
    )


def _markdown(address: str, words: str) -> str:
    address = html.unescape(address).strip()
    return f"[{words.strip()}]({address})" if not re.search(r"[\s()<>]", address) and words.strip() else words
