"""Show notes as a feed has them, HTML or text, to the chapters that they list. Pages and transcripts do not enter."""

from __future__ import annotations

import html
import re

from bot.domain import Chapter
from bot.formats.chapter_lines import read
from bot.formats.chapter_marks import chapters
from bot.formats.hypertext import lines as html_lines
from bot.formats.problems import Problems
from bot.formats.sections import cut

#: Show notes of feeds are read up to here: the longest real ones have a tenth of it.
LONGEST = 400_000
_LINK = re.compile(
    r"<a\b[^<>]{0,1000}?\bhref\s{0,3}=\s{0,3}(?:\"([^\"<>]{1,2000})\"|'([^'<>]{1,2000})')[^<>]{0,1000}>", re.IGNORECASE
)
_LINKED = re.compile(rf"(?:{_LINK.pattern})([^<>\[\]]{{1,500}})</a\s{{0,3}}>", re.IGNORECASE)
#: Markdown may name tags too (``<template>``); only these make it HTML.
_HTML = re.compile(
    r"<(?:p|br|li|ul|ol|div|a|h[1-6]|table|tr|td|dl|strong|span|blockquote)\b[^<>]{0,2000}>", re.IGNORECASE
)
_MOMENT = re.compile(r"[?&#;]t=|[?&]start=")


def of_notes(notes: str, problems: Problems, duration_s: float | None = None) -> tuple[Chapter, ...]:
    """The chapters (``source="notes"``) of show notes: those under a heading for chapters, else any list of times that
    stands under none for quotes or people."""
    lines = [(0, line.strip()) for line in lines_of(notes[:LONGEST])]
    sections = cut(lines)
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
    if _HTML.search(notes):
        return html_lines(_LINKED.sub(lambda match: _markdown(match[1] or match[2], match[3]), notes))
    return (html.unescape(notes) if "&" in notes else notes).split("\n")


def with_moments(page: str) -> str:
    """A page's HTML with the links to moments as Markdown, for lists whose times stand only in their links."""
    if "t=" not in page:
        return page
    return _LINKED.sub(
        lambda match: _markdown(match[1] or match[2], match[3]) if _MOMENT.search(match[1] or match[2]) else match[0],
        page,
    )


def _markdown(address: str, words: str) -> str:
    address = html.unescape(address).strip()
    return f"[{words.strip()}]({address})" if not re.search(r"[\s()<>]", address) and words.strip() else words
