"""``**Speaker:** text`` Markdown, one paragraph a turn. The biggest corpora come in this form, so it is the fast path:
a paragraph without any special character is never looked at by a pattern.

A paragraph without a name continues the last speaker as a turn of its own. ``**Break:**``, ``**Clip:**`` and the like
are no people: their words, and unnamed paragraphs after them, have no speaker; a break's mark ends the turn before.
"""

from __future__ import annotations

import re
from collections import Counter

from bot.domain import Parsed, Turn
from bot.formats.chapter_lines import Mark, chapters
from bot.formats.chapter_lines import read as read_chapters
from bot.formats.front_matter import FrontMatter
from bot.formats.markup import MARK, markdown_words
from bot.formats.order import trusted
from bot.formats.problems import Problems, shown
from bot.formats.speakers import could_be_name, is_event, looks_full, named
from bot.formats.times import CLOCK, clock_s

#: What a front must look like to be worth reading as a label; used by the sniffer too.
LABEL = re.compile(r"\*{2,3}([^*\n]{1,80}?)\s*(?::\s*\*\*|\*\*\s*:)(?!\*)")
_FIRST_LABEL = re.compile(r"^\*{2,3}[^*\n]{1,80}?\s?(?::\s?\*\*|\*\*\s?:)", re.MULTILINE)
_CLOCK_LINE = re.compile(rf"^[^\n]{{0,12}}{CLOCK}", re.MULTILINE)
_LOOSE_LABEL = re.compile(r"\*{2,3}([^*:\n]{2,40}?)(?::\s+(?=\S)|\*\*\s)")
# ``\[01:02:03.04\]`` with the escapes as they come: missing, doubled, before a digit.
_MARK = re.compile(r"\\?\[(?=[\\ *]{0,4}\d)([\d:.\\ *]{4,28})\](?:\([^()\s]{0,500}\))?")
_NOISE = str.maketrans("", "", "\\* ")
_TEXT = re.compile(r"[^\W_]")
_TIMED_LABEL = re.compile(
    rf"([^\d\[\](][^\[\](]{{0,60}}?)[ \t,–—-]*\\?[\[( ]({CLOCK})\\?[\])]?"
    rf"|\\?[\[(]?({CLOCK})\\?[\])]?[ \t–—-]+([^\d\[\](][^\[\](]{{0,60}})"
)
# Labels of what an editor put between the turns: nobody says them.
_ASIDES = frozenset(
    ("note", "notes", "editor's note", "editor’s note", "warning", "disclaimer", "correction", "update")
)
_ROUND = re.compile(rf"\s*[*_]{{0,2}}\(({CLOCK})\)[*_]{{0,2}}(?=\s|$)")
_INLINE = re.compile(r"(?<=[\s\]])\*\*([^*:\n]{2,60}):\*\*\s")


def parse(text: str, meta: FrontMatter, problems: Problems, first_line: int = 1) -> Parsed:
    """``text`` is what follows the front matter; ``first_line`` is its line number in the file."""
    line = first_line
    above, marks = _show_notes(text, first_line, problems)
    if marks:  # nobody reads that list aloud
        line += above.count("\n")
        text = text[len(above) :]
    reader = _Reader(problems, _labels(text))
    for paragraph in text.split("\n\n"):
        if paragraph:
            reader.paragraph(paragraph, line)
        line += paragraph.count("\n") + 2
    turns = trusted(reader.turns, reader.lines, problems, meta.duration_s)
    listed = chapters(marks, "page", problems, meta.duration_s)
    return Parsed("speaker-markdown", turns=turns, chapters=listed, problems=problems.all(), **meta.parts())


def _show_notes(text: str, first_line: int, problems: Problems) -> tuple[str, list[Mark]]:
    """What stands above the first label, and the chapters that are listed there."""
    spoken = _FIRST_LABEL.search(text)
    above = text[: spoken.start()] if spoken else ""
    if ":" not in above or not _CLOCK_LINE.search(above):
        return above, []
    lines = [(number, line.strip()) for number, line in enumerate(above.split("\n"), first_line)]
    return above, read_chapters(lines, problems)


def _labels(text: str) -> frozenset[str]:
    """Labels that stand at the start of a line with the colon inside the bold, or twice with it outside."""
    inside: set[str] = set()
    outside: Counter[str] = Counter()
    position = text.find("**")
    while position >= 0:
        end = text.find("**", position + 2)
        if end < 0:
            break
        if (not position or text[position - 1] == "\n") and end - position < 84:
            if text[end - 1] == ":":
                inside.add(text[position + 2 : end - 1].strip())
            elif text[end + 2 : end + 3] == ":":
                outside[text[position + 2 : end].strip()] += 1
        position = text.find("\n**", end)
        position += position >= 0
    told = {label for label, count in outside.items() if count > 1}
    if told and not inside:  # the file's own way to write names: those that speak once are names too
        told.update(label for label in outside if could_be_name(label))
    return frozenset(inside | told)


def is_speaker(label: str) -> bool:
    """Whether a bold label could be a person or a part of the programme, not "Note" or "Warning"."""
    plain = markdown_words(_timed(label)[0])
    return could_be_name(plain) or is_event(plain)


def _timed(label: str) -> tuple[str, str]:
    """``Ann`` and ``00:12`` of a label ``Ann (00:12)`` or ``[00:12] Ann``; no time in most."""
    if ":" in label and (match := _TIMED_LABEL.fullmatch(label)):
        return (match[1] or match[4]).strip(), match[2] or match[3]
    return label, ""


def _name(label: str) -> bool:
    return looks_full(label) and could_be_name(label)


class _Reader:
    """Turns in the making: the speaker so far, and each turn's line for problems."""

    def __init__(self, problems: Problems, labels: frozenset[str]) -> None:
        self.turns: list[Turn] = []
        self.lines: list[int] = []
        self._labels = labels
        self._problems = problems
        self._speaker: str | None = None
        self._names: dict[str, tuple[str | None, bool]] = {}
        self._resumes: float | None = None

    def paragraph(self, text: str, line: int) -> None:
        if text.startswith("#"):
            self._heading(text, line)
        elif "\n" not in text:
            self._line(text, line)
        elif "\n**" not in text and "\n#" not in text:
            self._line(text.strip("\n"), line + (len(text) - len(text.lstrip("\n"))))
        else:
            self._lines(text, line)

    def _lines(self, text: str, line: int) -> None:
        """A paragraph in which a line begins a turn of its own."""
        held: list[str] = []
        for offset, one in enumerate(text.split("\n")):
            if one.startswith(("**", "#")) and held:
                self._line("\n".join(held), line + offset - len(held))
                held = []
            if one.startswith("#"):
                self._heading(one, line + offset)
            elif one:
                held.append(one)
        if held:
            self._line("\n".join(held), line + text.count("\n") - len(held) + 1)

    def _heading(self, text: str, line: int) -> None:
        first, _, rest = text.partition("\n")
        label = first.lstrip("# ")
        if label.startswith("**") and _MARK.search(label):  # "# **Break:** \[25:59\]"
            self._line(label, line)
        if rest:
            self.paragraph(rest, line + 1)

    def _line(self, text: str, line: int) -> None:
        if text.startswith("**"):
            end = text.find(":**", 2, 84)
            if end > 0 and "*" not in text[2:end]:
                label, text = text[2:end], text[end + 3 :]
                self._turn(label, text, line)
                return
            if found := self._odd_label(text):
                self._turn(*found, line)
                return
        self._say(text, line)

    def _odd_label(self, text: str) -> tuple[str, str] | None:
        """Label and words where the label is written oddly: colon outside the bold or missing, or the bold too long."""
        match = LABEL.match(text)
        if match and (match[0].endswith("**") or self._known(match[1]) or is_event(match[1]) or _name(match[1])):
            return match[1], text[match.end() :].removesuffix("*" * text.startswith("***"))
        loose = _LOOSE_LABEL.match(text)
        if loose and (self._known(loose[1]) or is_event(loose[1])):
            return loose[1], text[loose.end() :].replace("**", "", not loose[0].endswith("** "))
        return None

    def _known(self, label: str) -> bool:
        return label.strip() in self._labels

    def _turn(self, label: str, text: str, line: int) -> None:
        if ":" in label:
            label, time = _timed(label)
            text = f"[{time}] {text}" if time else text
        if "(" in text[:8] and (time_in_front := _ROUND.match(text)):
            text = f"[{time_in_front[1]}]{text[time_in_front.end() :]}"
        if label not in self._names:
            self._names[label] = (named(markdown_words(label)), is_event(markdown_words(label)))
        if label.lower().rstrip(" .") in _ASIDES:
            before, self._speaker = self._speaker, None
            self._say(f"{label}: {text}", line)
            self._speaker = before
            return
        self._speaker, event = self._names[label]
        if event and "[" in text:
            self._event(text, line)
        elif text and not text.isspace():
            self._say(text, line)

    def _event(self, text: str, line: int) -> None:
        """``**Break:** [25:59] to [27:11]``: no words, but it says when the turn before ended and the next begins."""
        times = [clock_s(mark[1].translate(_NOISE)) for mark in _MARK.finditer(text)]
        rest = markdown_words(_MARK.sub(" ", text)).strip("-–— .")
        if rest and rest.lower() not in ("to", "a"):
            self._say(text, line)
            return
        if times and times[0] is not None and self.turns and self.turns[-1].end_s is None:
            last = self.turns[-1]
            self.turns[-1] = Turn(last.text, last.speaker, last.start_s, times[0], last.marks)
        self._resumes = times[1] if len(times) == 2 else None

    def _say(self, text: str, line: int) -> None:
        """One turn of the speaker so far; a known name in bold inside it begins another."""
        if "**" in text and (inner := self._inline(text)):
            self._say(text[: inner.start()], line)
            self._turn(inner[1], text[inner.end() :], line)
            return
        marks: list[float] = []
        if "[" in text:
            text = _MARK.sub(lambda mark: self._mark(mark, marks, line), text.replace(MARK, " "))
        spoken = markdown_words(text)
        if marks:
            self._marked(spoken, marks, line)
        elif spoken:
            self.turns.append(Turn(spoken, self._speaker, self._resumes))
            self.lines.append(line)
            self._resumes = None

    def _inline(self, text: str) -> re.Match[str] | None:
        return next((match for match in _INLINE.finditer(text) if self._known(match[1])), None)

    def _mark(self, mark: re.Match[str], marks: list[float], line: int) -> str:
        bare = mark[1].translate(_NOISE)
        if ":" not in bare:
            return mark[0]
        seconds = clock_s(bare)
        if seconds is None:
            self._problems.add(f"“{shown(mark[0])}” is no usable time", line)
            return mark[0] if not bare.replace(":", "").replace(".", "").isdigit() else " "
        marks.append(seconds)
        return f" {MARK}{len(marks) - 1} "

    def _marked(self, spoken: str, marks: list[float], line: int) -> None:
        words: list[str] = []
        placed: list[tuple[int, float]] = []
        for word in spoken.split(" "):
            if word[:1] == MARK:
                placed.append((len(words), marks[int(word[1:])]))
            elif word:
                words.append(word)
        if not _TEXT.search(" ".join(words)):
            return
        start = placed[0][1] if placed and placed[0][0] == 0 else self._resumes
        inner = tuple(mark for mark in placed if 0 < mark[0] < len(words))
        end = placed[-1][1] if placed and placed[-1][0] == len(words) else None
        self.turns.append(Turn(" ".join(words), self._speaker, start, end, inner))
        self.lines.append(line)
        self._resumes = None
