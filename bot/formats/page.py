"""Text with a life around its times: an episode page with its transcript, show notes, or bare time-stamped lines.

``page`` is a transcript with something about it (title, chapters, highlights), ``timed-text`` a transcript alone,
``notes`` everything without one. Nothing is recognised in text that has no times, names or front matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from bot.domain import Highlight, Parsed
from bot.formats.chapter_lines import Mark, chapters
from bot.formats.chapter_lines import read as read_chapters
from bot.formats.clock_lines import at_end, at_front
from bot.formats.front_matter import FrontMatter
from bot.formats.markup import markdown_words
from bot.formats.order import trusted
from bot.formats.problems import Problems, shown
from bot.formats.sections import Lines, Section, cut
from bot.formats.speakers import could_be_name
from bot.formats.turn_lines import Front, front, fronts, speakers_of, turns

#: Words a second of time-stamped lines: speech is above the first, lists of chapters are below the second.
SPEECH, LIST = 1.0, 0.12
#: Between them, lines that follow each other this closely are speech.
CLOSE_S = 25.0
_QUOTES = "\"“”„«»'‘’ "
_ADDRESS = re.compile(r"(?:https?://|/|www\.)\S+")
_PROSE_END = (".", "!", "?", ":", ",", ";")


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the first heading or turn."""

    title: str | None
    author: str | None
    summary: str


def parse(lines: Lines, meta: FrontMatter, problems: Problems, name: str = "") -> Parsed | None:
    """``lines`` are (number, stripped text); 0 = unknown. None when nothing in them is recognised."""
    sections = _titled(cut(lines))
    spoken, rest = _transcript(sections, name)
    head = _head(rest[0].lines if rest and rest[0].kind == "head" else [], meta)
    people = _people(head, meta, rest)
    found, numbers = turns(spoken, people, problems) if spoken else ([], [])
    marks = _chapters(rest, problems)
    parsed = Parsed(
        "notes",
        summary=head.summary,
        chapters=chapters(marks, "page" if found else "notes", problems, meta.duration_s),
        highlights=tuple(
            h for section in rest if section.kind == "highlights" for h in _highlights(section.lines, problems)
        ),
        turns=trusted(found, numbers, problems, meta.duration_s),
        **replace(meta, title=head.title, author=head.author, people=people).parts(),
    )
    if not (parsed.turns or parsed.chapters or parsed.highlights or meta.lines):
        return None
    return replace(parsed, format=_format(parsed), problems=problems.all())


def _format(parsed: Parsed) -> str:
    if not parsed.turns:
        return "notes"
    return "page" if parsed.title or parsed.chapters or parsed.highlights else "timed-text"


def _titled(sections: list[Section]) -> list[Section]:
    """A first heading of unknown meaning is the title: its line and text belong to the head."""
    head = sections[0]
    if len(sections) > 1 and sections[1].kind == "other" and not any(text for _, text in head.lines):
        second = sections[1]
        lines = [(second.line, second.title), (0, ""), *second.lines]
        return [Section("head", second.line, "", lines), *sections[2:]]
    return sections


def _transcript(sections: Sequence[Section], name: str) -> tuple[Lines, list[Section]]:
    """The transcript's lines and the sections around it."""
    spoken: Lines = []
    rest: list[Section] = []
    sure = _is_transcript([section for section in sections if section.kind == "transcript"], name)
    for section in sections:
        if (section.kind == "transcript" and sure) or (spoken and _goes_on(section)):
            spoken += section.lines
        else:
            rest.append(section)
    return (spoken, rest) if spoken else _loose(rest, name)


def _is_transcript(sections: Sequence[Section], name: str) -> bool:
    """A heading that says "transcript" needs times or names below it; "Intro" and the like need them to be spoken."""
    items = fronts([line for section in sections for line in section.lines])
    if any("transcript" in section.title.lower() for section in sections):
        return any(item.timed for item in items) or bool(speakers_of(items, ()))
    return bool(items) and is_spoken(items, name)


def _goes_on(section: Section) -> bool:
    """A heading of unknown meaning inside a transcript: turns below it are spoken."""
    return section.kind == "other" and any(item.timed and item.label for item in fronts(section.lines))


def _loose(sections: list[Section], name: str) -> tuple[Lines, list[Section]]:
    """A transcript without a heading: from its first turn on, everything but the sections that are something else."""
    lines = [line for section in sections if section.kind in ("head", "other", "transcript") for line in section.lines]
    items = fronts(lines)
    if not is_spoken(items, name):
        return [], sections
    speakers = speakers_of(items, ())
    spoken: Lines = []
    rest: list[Section] = []
    for section in sections:
        first = _first_turn(section, speakers, begun=bool(spoken))
        spoken += section.lines[first:]
        rest.append(replace(section, lines=section.lines[:first]))
    return spoken, rest


def _first_turn(section: Section, speakers: frozenset[str], *, begun: bool) -> int:
    if section.kind not in ("head", "other", "transcript"):
        return len(section.lines)
    for n, (number, text) in enumerate(section.lines):
        item = front(number, text)
        if item.timed or (item.label is not None and item.label in speakers):
            return n
    return len(section.lines) if not begun or section.kind == "other" else 0


def is_spoken(items: Sequence[Front], name: str) -> bool:
    """Whether lines are a transcript rather than a list of chapters: names beside times, or as fast as speech."""
    timed = [item for item in items if item.timed and item.start_s is not None]
    speakers = speakers_of(items, ())
    if not timed:
        return sum(item.label in speakers for item in items) * 3 >= max(6, len(items))
    beside = [item.label for item in timed if item.sure or item.label in speakers]
    if len(set(beside)) > 1 or any(item.sure for item in timed):
        repeated = 1 < len(set(beside)) < len(beside)
        return _word_rate(items, timed) >= LIST and (repeated or _words(items) >= 2 * len(timed))
    return len(timed) > 1 and _speech_rate(items, timed, name)


def _words(items: Sequence[Front]) -> int:
    return sum(item.rest.count(" ") + 1 for item in items if item.rest)


def _word_rate(items: Sequence[Front], timed: Sequence[Front]) -> float:
    """Words a second from the first time to the last."""
    starts = [item.start_s or 0.0 for item in timed]
    return _words(items) / ((max(starts) - min(starts)) or 1.0)


def _speech_rate(items: Sequence[Front], timed: Sequence[Front], name: str) -> bool:
    rate = _word_rate(items, timed)
    if "transcript" in name.lower():
        return rate >= LIST
    if rate >= SPEECH or rate < LIST or _words(items) < 2 * len(timed):
        return rate >= SPEECH
    starts = [item.start_s or 0.0 for item in timed]
    return median(abs(b - a) for a, b in pairwise(starts)) <= CLOSE_S


def _head(lines: Lines, meta: FrontMatter) -> _Head:
    """Title, author and blurb. A title is one short line without a full stop; an author is a name right below it."""
    told = [
        (n, text)
        for n, text in lines
        if text and not at_front(text) and not at_end(text) and not _ADDRESS.fullmatch(text)
    ]
    title, author = meta.title, meta.author
    if title is None and told and _is_title(told[0][1], len(told)):
        title, told = markdown_words(told[0][1].lstrip("# ")), told[1:]
        if author is None and told and (author := _author(told[0][1])):
            told = told[1:]
    paragraphs = [markdown_words(text.lstrip("# ")) for _, text in told]
    return _Head(title, author, meta.summary or "\n\n".join(filter(None, paragraphs)))


def _is_title(text: str, lines: int) -> bool:
    return len(text) <= 200 and not (lines == 1 and text.endswith((".", ","))) and text[:1] not in "-*>|"


def _author(text: str) -> str | None:
    name = re.sub(r"^(?:by|written by|hosted by|author:|host:)\s+", "", markdown_words(text), flags=re.IGNORECASE)
    parts = name.split()
    fits = (
        2 <= len(parts) <= 5
        and len(name) <= 60
        and not name.endswith(_PROSE_END)
        and all(p[0].isupper() for p in parts)
    )
    return name if fits and could_be_name(name) and not any(c.isdigit() for c in name) else None


def _people(head: _Head, meta: FrontMatter, sections: Sequence[Section]) -> tuple[str, ...]:
    """The author, those of the front matter, and names that about blocks give below a line "Name"."""
    names = [head.author] if head.author else []
    names += meta.people
    for section in sections:
        if section.kind == "about":
            told = [text for _, text in section.lines if text]
            names += [b for a, b in pairwise(told) if a.lower().rstrip(":") == "name" and len(b) <= 60]
    return tuple(dict.fromkeys(names))


def _chapters(sections: Sequence[Section], problems: Problems) -> list[Mark]:
    """From the list under a heading for chapters, else from any time-stamped list of the notes."""
    named = [line for section in sections if section.kind == "chapters" for line in section.lines]
    if marks := read_chapters(named, problems, at_least=1):
        return marks
    lines: Lines = []
    for section in sections:
        if section.kind in ("head", "other", "transcript", "chapters"):
            lines += [(section.line, f"# {section.title}"), *section.lines]
    return read_chapters(lines, problems)


def _highlights(lines: Lines, problems: Problems) -> list[Highlight]:
    """``05:30 - "words"``, ``"words" (05:30)`` or a time above its words; quotation marks are not words."""
    found: list[Highlight] = []
    waiting: float | None = None
    for number, text in lines:
        clock = at_front(text) or at_end(text)
        if clock and clock.start_s is None:
            problems.add(f"“{shown(clock.clock)}” is no usable time; the highlight is kept without it", number or None)
        start = clock.start_s if clock else waiting
        words = markdown_words((clock.rest if clock else text).lstrip(" \t-–—:|•·*")).strip(_QUOTES)
        waiting = start if not words else None
        if words:
            found.append(Highlight(words, start))
    return found
