"""WebVTT and SRT: blocks of a timing line and words, told apart line by line.

Our own reader, because the libraries lose data without a word: srt 3.5.3 drops cues on mixed line ends and raises
OverflowError on long fractions; webvtt-py drops cues timed in seconds alone (real podcast hosts write them) and says
of no skipped cue where it was. Tests hold this reader against webvtt-py on sound files.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain import Parsed
from bot.formats.cues import turns_of
from bot.formats.front_matter import language, made
from bot.formats.problems import Problems, shown
from bot.formats.rolling import Cue
from bot.formats.times import clock_s, seconds

#: A timing line anywhere in a text: what makes it subtitles.
TIMING = re.compile(r"^[ \t]*[\d:.,]{3,40}[ \t]*-->[ \t]*[\d:.,]{3,40}", re.MULTILINE)
# How nearly every timing is written: one pattern decides and reads it.
_PLAIN = re.compile(r"(\d\d):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d\d):([0-5]\d):([0-5]\d)\.(\d{3})(?![\d:.,x])")
_PAIR = re.compile(r"[ \t\f]*([\d:.,]{1,40})[ \t\f]*-->[ \t\f]*([\d:.,]{1,40})(?![\dx])")
_CLOCKS = r"(\d{1,4}:[\d:]{1,9}[.,]?\d{0,9})[ \t]*(?:-{0,3}>|[=~]>|→|,)[ \t]*(\d{1,4}:[\d:]{1,9}[.,]?\d{0,9})[ \t]*"
_OTHER_TIMING = re.compile(rf"^[ \t]*{_CLOCKS}$", re.MULTILINE)
_OTHER_FIRST = re.compile(rf"\s{{0,50}}(?:\d{{1,9}}[ \t]*\n[ \t]*)?{_CLOCKS}\n")
_BOTH = r"[\[(](\d{1,4}:[\d:]{1,9}[.,]?\d{0,9})[ \t]*-->[ \t]*(\d{1,4}:[\d:]{1,9}[.,]?\d{0,9})[\])]"
_RANGE = re.compile(rf"^[ \t]*{_BOTH}[ \t]*(.*)$", re.MULTILINE)
_RANGE_FIRST = re.compile(rf"\s{{0,50}}{_BOTH}[ \t]*\S")
# The number and the time of a cue that is cut off in the middle.
_STUMP = re.compile(r"\s*\d{1,4}:[\d:]{0,9}(?:[.,]\d{0,9})?[ \t]*(?:-{1,2}|-->[\d:., \t]*)?\s*")
_STRICT = re.compile(r"(?:\d{2,}|\d):\d{2}:\d{2}\.\d{3}|\d{2}:\d{2}\.\d{3}")
_LOOSE = re.compile(r"(?:\d+:)?\d{1,2}:\d{1,2}(?:[.,:]\d{1,3})?|\d{1,6}[.,]\d{1,3}")
# A tool that writes ``9.500`` and ``9:59.320`` instead of ``00:09.500``: forgiven in the whole file.
_UNPADDED = re.compile(r"^\d{1,2}\.\d{3} --> \d", re.MULTILINE)
# "5 < 6 and 7 > 3" has none.
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|\s*[\d:.]*|/)>")
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
# Recognisers time every word.
_WORD_TIMES = re.compile(r"<\d\d:\d\d:\d\d\.\d{3}><c>")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:[ \t]+([^<>]*))?>", re.IGNORECASE)
_HEADER = re.compile(r"\s*(language|kind)\s*:\s*(.+)", re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    """A cue being read."""

    line: int
    start_s: float | None
    end_s: float | None
    text: list[str] = field(default_factory=list)
    blank: bool = False


def parse_webvtt(text: str, problems: Problems) -> Parsed:
    """WebVTT after https://www.w3.org/TR/webvtt1/, more lenient where all times of a line share one other form."""
    lines = text.split("\n")
    notes: list[str] = []
    blocks = list(_webvtt_blocks(lines, notes, bool(_UNPADDED.search(text)), problems))
    head = [match for line in lines[1:12] if (match := _HEADER.fullmatch(line))]
    spoken = next((language(match[2]) for match in head if match[1].lower() == "language"), None)
    origin = made("\n".join([lines[0], *notes]))
    cues = [cue for block in blocks for cue in _voices(block)]
    machine = origin == "machine" or _WORD_TIMES.search(text[:20_000]) is not None
    return _parsed("vtt", cues, problems, spoken, machine)


def parse_srt(text: str, problems: Problems) -> Parsed:
    """SRT and its many variants; blank lines inside a cue belong to it. With voices it is WebVTT without its header."""
    blocks = list(_srt_blocks(text.split("\n"), problems))
    if blocks:
        _drop_stump(blocks, problems)
    cues = [cue for block in blocks for cue in _voices(block)]
    return _parsed("vtt" if _VOICE.search(text) else "srt", cues, problems, None, False)


def dressed(text: str) -> str | None:
    """The text with ``-->`` between its times, when its first cue is timed ``0:00:00.000,0:00:05.000`` (SBV) or with
    another arrow, or ``[00:00.000 --> 00:05.000] words``, which Whisper prints; None for all other text."""
    if _RANGE_FIRST.match(text):
        return _RANGE.sub(r"\1 --> \2\n\3\n", text)
    return _OTHER_TIMING.sub(r"\1 --> \2", text) if _OTHER_FIRST.match(text) else None


def _parsed(format: str, cues: list[Cue], problems: Problems, spoken: str | None, machine: bool) -> Parsed:
    turns = turns_of(cues, problems)
    if not turns:
        problems.add("no cue could be read")
    return Parsed(
        format, turns=turns, language=spoken, made="machine" if machine else "publisher", problems=problems.all()
    )


def _webvtt_blocks(lines: list[str], notes: list[str], unpadded: bool, problems: Problems) -> Iterator[_Block]:
    block: _Block | None = None
    silent = True  # the header, and NOTE, STYLE and REGION blocks, up to the next blank line
    for number, line in enumerate(lines, 1):
        if "-->" in line:
            if block:
                yield block
            block, silent = _webvtt_timing(line, number, unpadded, problems), False
            silent = block is None
        elif not line.strip():
            silent = False
            if block:
                block.blank = True
        elif silent or _starts_silence(line):
            silent = True
            notes.append(line[:500]) if len(notes) < 50 else None
        elif block and (not block.blank or not block.text):
            block.text.append(line)
        elif "-->" not in (lines[number] if number < len(lines) else ""):
            problems.add(f"“{shown(line)}” stands outside a cue", number)
    if block:
        yield block


def _starts_silence(line: str) -> bool:
    return line.startswith(("NOTE", "STYLE", "REGION")) and line.split(None, 1)[0].rstrip(":") in (
        "NOTE",
        "STYLE",
        "REGION",
    )


def _webvtt_timing(line: str, number: int, unpadded: bool, problems: Problems) -> _Block | None:
    if plain := _PLAIN.match(line):
        hour, minute, second, part, end_hour, end_minute, end_second, end_part = plain.groups()
        start_s = int(hour) * 3600 + int(minute) * 60 + int(second) + float("0." + part)
        end_s = int(end_hour) * 3600 + int(end_minute) * 60 + int(end_second) + float("0." + end_part)
        return _Block(number, start_s, end_s)
    pair = _PAIR.match(line)
    if pair and (
        _same_form(pair[1], pair[2]) or (unpadded and _LOOSE.fullmatch(pair[1]) and _LOOSE.fullmatch(pair[2]))
    ):
        return _Block(number, _time(pair[1], number, problems), _time(pair[2], number, problems))
    problems.add(f"“{shown(line)}” is no WebVTT timing; the cue was skipped", number)
    return None


def _same_form(start: str, end: str) -> bool:
    """Both as the standard has it, or both in one of the forms that careless tools write."""
    strict = bool(_STRICT.fullmatch(start)), bool(_STRICT.fullmatch(end))
    if any(strict):
        return all(strict) and not any(_over(time) for time in (start, end))
    return bool(_LOOSE.fullmatch(start) and _LOOSE.fullmatch(end))


def _over(time: str) -> bool:
    return any(int(part) > 59 for part in time.split(".")[0].split(":")[-2:])


def _srt_blocks(lines: list[str], problems: Problems) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(lines, 1):
        pair = _PAIR.match(line) if "-->" in line else None
        if pair and any(letter.isdigit() for letter in pair[1]):
            if block:
                _drop_index(block)
                yield block
            block = _Block(number, _time(pair[1], number, problems), _time(pair[2], number, problems))
        elif block and line.strip():
            block.text.append(line)
        elif line.strip() and not line.strip().isdigit():
            problems.add(f"“{shown(line)}” stands before the first cue", number)
    if block:
        yield block


def _drop_index(block: _Block) -> None:
    """The number of the next cue was read as this one's last words."""
    if block.text and block.text[-1].strip().isdigit():
        block.text.pop()


def _drop_stump(blocks: list[_Block], problems: Problems) -> None:
    """A file cut off before the words of its last cue leaves that cue's number and time behind."""
    last = blocks[-1]
    if len(last.text) > 1 and _STUMP.fullmatch(last.text[-1]):
        problems.add(f"“{shown(last.text.pop())}” is a cue cut off at the end of the file")
        _drop_index(last)
    elif len(last.text) > 1 and last.text[-1].strip() == str(len(blocks) + 1):
        last.text.pop()


def _time(text: str, number: int, problems: Problems) -> float | None:
    found = clock_s(text) if ":" in text else seconds(text)
    if found is None:
        problems.add(f"the time “{shown(text)}” cannot be used; the words are kept", number)
    return found


def _voices(block: _Block) -> Iterator[Cue]:
    """One cue for each voice tag of a cue; words before the first have no speaker."""
    text = "\n".join(block.text)
    if "<v" not in text and "<V" not in text:
        yield Cue(_words(block.text), block.start_s, block.end_s, block.line)
        return
    parts = _VOICE.split(text)
    before = _words([parts[0]])
    if before:
        yield Cue(before, block.start_s, block.end_s, block.line)
    for name, spoken in zip(parts[1::2], parts[2::2], strict=True):
        speaker = " ".join(html.unescape(name or "").split()) or None
        yield Cue(_words([spoken]), block.start_s, block.end_s, block.line, speaker)


def _words(lines: list[str]) -> str:
    """The words of each row, white space collapsed, one row a line."""
    text = "\n".join(lines)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "{\\" in text:
        text = _OVERRIDE.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    if "\n" not in text:
        return " ".join(text.split())
    return "\n".join(row for line in text.split("\n") if (row := " ".join(line.split())))
