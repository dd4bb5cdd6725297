"""A transcript as lines to turns: ``[00:12] Ann: …``, ``Ann (00:12):`` above its words, ``Ann: …`` or ``00:12 …``.

A line without name and time goes on with the turn above it; a time without a name begins a new turn of the same
speaker. ``[00:12]`` inside a turn is a mark; ``[inaudible 00:12]`` is words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.domain import Turn
from bot.formats.chapter_lines import listed
from bot.formats.clock_lines import at_front
from bot.formats.markup import MARK, markdown_words
from bot.formats.problems import Problems, shown
from bot.formats.speakers import could_be_name, evident, full_names, named, split_label
from bot.formats.stacked_lines import Front, joined
from bot.formats.times import CLOCK, clock_s

_MARK = re.compile(rf"\\?\[\\?({CLOCK})\\?\](?:\([^()\s]{{0,500}}\))?")
_ROUND = re.compile(rf"[*_]{{0,2}}\(({CLOCK})\)[*_]{{0,2}}[ \t]*:?[ \t]*")
_NAMED = re.compile(
    rf"[*_]{{0,3}}([^\W\d_][^:\n\[\]()<>\"“”?!;=/\\|*]{{0,59}}?)[*_]{{0,3}}[ \t]*(?:\([^()\d]{{0,40}}\)[ \t]*)?"
    rf"[*_]{{0,2}}(?:[\[(]({CLOCK})[\])]|[-–—|,•·]?[ \t]+({CLOCK})(?=[ \t]*:?[*_]{{0,3}}[ \t]*$))"
    r"[*_]{0,3}[ \t]*:?[*_]{0,3}(?=\s|$)"
)


@dataclass(slots=True)
class _Draft:
    """A turn in the making."""

    line: int
    speaker: str | None
    start_s: float | None
    parts: list[str] = field(default_factory=list)


def front(line: int, text: str) -> Front:
    """The front of one line. Labels in running text are candidates until the whole file has been seen."""
    if clock := at_front(text):
        rest = clock.rest.lstrip(":").strip() if clock.bracketed or clock.rest[:1] == ":" else clock.rest
        start = None if clock.minus else clock.start_s
        if label := split_label(rest.removeprefix("- ").removeprefix("– ")):
            return Front(line, label[1], True, start, label[0])
        name, tab, said = rest.partition("\t")
        if tab and said.strip() and len(name) <= 60 and could_be_name(name):
            return Front(line, said.strip(), True, start, " ".join(name.split()), joint=" ")
        return Front(line, rest, True, start)
    head = text[:160]
    if ":" in head and (match := _NAMED.match(head)) and could_be_name(match[1]):
        return Front(
            line, text[match.end() :].strip(), True, clock_s(match[2] or match[3]), " ".join(match[1].split()), True
        )
    label = split_label(text)
    if label is None:
        return Front(line, text)
    if label[1][:1] == "(" and (moment := _ROUND.match(label[1])):
        return Front(line, label[1][moment.end() :], True, clock_s(moment[1]), label[0])
    return Front(line, label[1], label=label[0])


def fronts(lines: Sequence[tuple[int, str]], people: Collection[str] = ()) -> list[Front]:
    """The fronts of all lines that are not blank, with names and times of lines of their own put in their places."""
    found: list[Front] = []
    for at, ((number, text), title) in enumerate(zip(lines, listed(lines), strict=True)):
        if text:
            item = front(number, text)
            # "Goodbye 02:00" below "Hello 01:00" is no name above its words.
            found.append(Front(number, text) if title and item.sure and not item.rest else item)
            found[-1].at = at
    return joined(found, people)


def speakers_of(items: Sequence[Front], people: Collection[str]) -> frozenset[str]:
    """Which labels are people (or events), from how they repeat in these lines."""
    labels = [item.label for item in items if item.label]
    timed = sum(item.timed for item in items)
    bare = sum(not item.rest for item in items)
    sure = {item.label for item in items if item.label and item.sure}
    first_names = {word for name in people for word in (name.split()[0], name.split()[-1])}
    return evident(labels, timed or max(1, len(items) - bare), {*people, *first_names, *sure}, must_repeat=not timed)


def turns(
    lines: Sequence[tuple[int, str]], people: Collection[str], problems: Problems
) -> tuple[list[Turn], list[int]]:
    """The turns and their line numbers. ``people`` are known from elsewhere on the page; short names become theirs."""
    items = fronts(lines, people)
    speakers = speakers_of(items, people)
    full = full_names(speakers, people)
    drafts: list[_Draft] = []
    speaker: str | None = None
    for item in items:
        if item.label in speakers and item.label is not None:
            speaker = named(full.get(item.label, item.label))
        elif not item.timed and drafts:
            drafts[-1].parts.append(_whole(item))
            continue
        if item.timed and item.start_s is None:
            problems.add("the time at the front cannot be used; the words are kept", item.line)
        said = item.rest if item.label in speakers else _whole(item)
        drafts.append(_Draft(item.line, speaker, item.start_s, [said]))
    cue = not speakers and all(item.timed for item in items)
    made = [(_turn(draft, cue, problems), draft.line) for draft in drafts]
    return [turn for turn, _ in made if turn], [line for turn, line in made if turn]


def _whole(item: Front) -> str:
    """The words of a line whose label turned out to be none."""
    return f"{item.label}{item.joint}{item.rest}" if item.label else item.rest


def _turn(draft: _Draft, cue: bool, problems: Problems) -> Turn | None:
    text = "\n".join(draft.parts)
    if "[" not in text:
        spoken = markdown_words(text)
        return Turn(spoken, draft.speaker, draft.start_s, cue=cue) if spoken else None
    times: list[float | None] = []

    def mark(match: re.Match[str]) -> str:
        times.append(clock_s(match[1]))
        return f" {MARK}{len(times) - 1} "

    spoken = markdown_words(_MARK.sub(mark, text.replace(MARK, " ")))
    words: list[str] = []
    marks: list[tuple[int, float]] = []
    for word in spoken.split():
        if word[0] != MARK:
            words.append(word)
        elif (seconds := times[int(word[1:])]) is not None:
            marks.append((len(words), seconds))
        else:
            problems.add(f"a time in “{shown(text)}” cannot be used; the words are kept", draft.line)
    return _with_marks(words, marks, draft, cue)


def _with_marks(words: list[str], marks: list[tuple[int, float]], draft: _Draft, cue: bool) -> Turn | None:
    start = draft.start_s
    if start is None and marks and marks[0][0] == 0:
        start = marks[0][1]
    end = marks[-1][1] if marks and marks[-1][0] == len(words) else None
    inner = tuple(mark for mark in marks if 0 < mark[0] < len(words))
    return Turn(" ".join(words), draft.speaker, start, end, inner, cue) if words else None
