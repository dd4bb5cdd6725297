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
from bot.formats.chapter_lines import Mark, chapters, listed
from bot.formats.chapter_lines import read as read_chapters
from bot.formats.clock_lines import at_end, at_front
from bot.formats.front_matter import FrontMatter, made
from bot.formats.markup import markdown_words
from bot.formats.order import trusted
from bot.formats.problems import Problems, shown
from bot.formats.sections import Lines, Section, cut
from bot.formats.speakers import could_be_name
from bot.formats.stacked_lines import Front
from bot.formats.times import out_of_order
from bot.formats.turn_lines import fronts, speakers_of, turns

#: Words a second of time-stamped lines: speech is above the first, lists of chapters are below the second.
SPEECH, LIST = 1.0, 0.12
#: Between them, lines that follow each other this closely are speech.
CLOSE_S = 25.0
#: Turns of two people who take turns seldom last longer than this.
TURN_S = 75.0
#: Nor do the longest, in sentences, last longer than this one after the other; titles have fewer words than these.
SPEECH_S, SAID_WORDS = 400.0, 5
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_QUOTES = "\"“”„«»'‘’ "
_ADDRESS = re.compile(r"(?:https?://|/|www\.)\S+")
# What a transcription service signs with: "Transcribed by https://otter.ai".
_CREDIT = re.compile(
    r"[*_]{0,3}(?:transcri(?:bed|pt|ption)|captions?|subtitles)(?: \w{1,12})? (?:by|with|from|using) "
    r"(?:https?://)?[\w-]{1,40}(?:\.[\w-]{1,20})?\.(?:ai|com|io|net|org|fm|app)/?\S{0,100}[*_]{0,3}",
    re.IGNORECASE,
)
_PROSE_END = (".", "!", "?", ":", ",", ";")


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the first heading or turn."""

    title: str | None
    author: str | None
    summary: str


def parse(lines: Lines, meta: FrontMatter, problems: Problems, name: str = "") -> Parsed | None:
    """``lines`` are (number, stripped text); 0 = unknown. None when nothing in them is recognised."""
    if len(spoken_by_people := [line for line in lines if not _CREDIT.fullmatch(line[1])]) < len(lines):
        credits = " ".join(text for _, text in lines if _CREDIT.fullmatch(text))
        lines, meta = spoken_by_people, replace(meta, made=made(credits))
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
        if (section.kind == "transcript" and sure) or (spoken and _goes_on(section, spoken)):
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


def _goes_on(section: Section, spoken: Lines) -> bool:
    """A heading of unknown meaning inside a transcript: turns below it are spoken, and so is what its people say."""
    if section.kind != "other":
        return False
    items = fronts(section.lines)
    if any(item.timed and item.label for item in items):
        return True
    labels = [item.label for item in items if item.label]
    return 2 * len(labels) >= len(items) > 0 and not speakers_of(fronts(spoken), ()).isdisjoint(labels)


def _loose(sections: list[Section], name: str) -> tuple[Lines, list[Section]]:
    """A transcript without a heading: from its first turn on, everything but the sections that are something else."""
    lines = [line for section in sections if section.kind in ("head", "other", "transcript") for line in section.lines]
    items = fronts(lines)
    if not is_spoken(items, name):
        return [], sections
    speakers = speakers_of(items, ())
    spoken: Lines = []
    rest: list[Section] = []
    begins = {id(lines[item.at]) for item in items if item.timed or (item.label and item.label in speakers)}
    for section in sections:
        first = _first_turn(section, begins, begun=bool(spoken))
        spoken += section.lines[first:]
        rest.append(replace(section, lines=section.lines[:first]))
    return spoken, rest


def _first_turn(section: Section, begins: set[int], *, begun: bool) -> int:
    """``begins`` are the identities of the lines that a turn begins with: numbers are missing in web pages."""
    if section.kind not in ("head", "other", "transcript"):
        return len(section.lines)
    for n, line in enumerate(section.lines):
        if id(line) in begins:
            return n
    return len(section.lines) if not begun or section.kind == "other" else 0


def is_spoken(items: Sequence[Front], name: str) -> bool:
    """Whether lines are a transcript rather than a list of chapters: names beside times, or as fast as speech."""
    timed = [item for item in items if item.timed and item.start_s is not None]
    speakers = speakers_of(items, ())
    if not timed:
        return sum(item.label in speakers for item in items) * 3 >= max(6, len(items))
    beside = [item.label for item in timed if item.sure or item.label in speakers]
    if _talk(timed, speakers):
        return True
    if len(set(beside)) > 1 or any(item.sure for item in timed):
        repeated = 1 < len(set(beside)) < len(beside)
        return _word_rate(items, timed) >= LIST and (repeated or _words(items) >= 2 * len(timed))
    return len(timed) > 1 and _speech_rate(items, timed, name)


def _talk(timed: Sequence[Front], speakers: frozenset[str]) -> bool:
    """Names that return beside nearly all times, and sentences or times as close as turns: however slow it is, and
    whatever a wrong time says of its speed."""
    said = [item for item in timed if item.label and (item.sure or item.label in speakers)]
    names = {item.label for item in said}
    if len(said) < max(3, 0.8 * len(timed)) or 3 * len(names) > 2 * len(said) or len(names - {"Q", "A"}) < 2:
        return False
    sentences = sum(item.rest.rstrip(_QUOTES).endswith((".", "?", "!", "…", "。")) for item in said)
    gap = median(_gaps(timed))
    long = _words(said) >= SAID_WORDS * len(said)
    return gap <= TURN_S or ((gap <= SPEECH_S or long) and sentences * 2 > len(said))


def _gaps(timed: Sequence[Front]) -> list[float]:
    """Seconds between neighbouring times, without the times that contradict the others."""
    starts = _starts(timed)
    return [b - a for a, b in pairwise(starts)] or [0.0]


def _starts(timed: Sequence[Front]) -> list[float]:
    starts = [item.start_s or 0.0 for item in timed]
    odd = out_of_order(starts)
    return [start for n, start in enumerate(starts) if n not in odd]


def _words(items: Sequence[Front]) -> int:
    """Words of all lines; where letters stand without blanks between words, two are taken for one."""
    spaced = sum(item.rest.count(" ") + 1 for item in items if item.rest)
    return spaced + sum(len(_UNSPACED.findall(item.rest)) for item in items if not item.rest.isascii()) // 2


def _word_rate(items: Sequence[Front], timed: Sequence[Front]) -> float:
    """Words a second from the first time to the last."""
    starts = _starts(timed)
    return _words(items) / ((starts[-1] - starts[0]) or 1.0)


def _speech_rate(items: Sequence[Front], timed: Sequence[Front], name: str) -> bool:
    rate = _word_rate(items, timed)
    if "transcript" in name.lower():
        return rate >= LIST
    if rate >= SPEECH or rate < LIST or _words(items) < 2 * len(timed):
        return rate >= SPEECH
    return median(_gaps(timed)) <= CLOSE_S


def _head(lines: Lines, meta: FrontMatter) -> _Head:
    """Title, author and blurb. A title is one short line without a full stop; an author is a name right below it."""
    bare = listed(lines)
    in_list = sum(one is not None for one in bare) > 2
    told = [
        (n, text)
        for (n, text), one in zip(lines, bare, strict=True)
        if text and not (in_list and one) and not at_front(text) and not at_end(text) and not _ADDRESS.fullmatch(text)
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
