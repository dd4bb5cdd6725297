"""Captions in XML: TTML and DFXP (``<p begin=… end=…>``) and YouTube's (``<text start=… dur=…>``, ``<p t=… d=…>``).

Read tag by tag in one linear pass, without an XML library: nothing is expanded, nothing nested costs more, and what is
broken ends where it breaks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from bot.domain import Parsed
from bot.formats.cues import turns_of
from bot.formats.front_matter import language
from bot.formats.problems import Problems, shown
from bot.formats.rolling import Cue
from bot.formats.times import clock_s, seconds
from bot.rules.labels import is_generic

_ROOT = re.compile(r"<(?:\w{1,20}:)?(tt|transcript|timedtext)[\s>]")
_PIECE = re.compile(r"<(/?)(?:[A-Za-z][\w.-]{0,30}:)?([A-Za-z][\w.-]{0,30})([^<>]{0,4000})>")
_ATTRIBUTE = re.compile(r"(?:[\w.-]{1,30}:)?([\w.-]{1,30})\s*=\s*(?:\"([^\"]{0,1000})\"|'([^']{0,1000})')")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_FRAMES = re.compile(r"(\d{1,4}:\d{2}:\d{2}):(\d{1,3})")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def is_one(text: str) -> bool:
    """Whether the first elements are those of captions, with a cue below them."""
    return _ROOT.search(text[:4000]) is not None and re.search(r"<(?:\w{1,20}:)?(?:p|text)[\s>]", text) is not None


def parse(text: str, problems: Problems) -> Parsed:
    reader = _Reader(text, problems)
    cues = list(reader.cues())
    turns = turns_of(cues, problems)
    if not turns:
        problems.add("no cue could be read")
    return Parsed("vtt", turns=turns, language=language(reader.language), problems=problems.all())


class _Reader:
    """One pass over the tags: the cue that is open, the people named on top, the rates of frames and ticks."""

    def __init__(self, text: str, problems: Problems) -> None:
        self.language: str | None = None
        self._text = text
        self._problems = problems
        self._rates = {"f": 30.0, "t": 1.0}
        self._agents: dict[str, str] = {}
        self._agent = ""
        #: The spans of the open cue that have times: (pieces of text before it, start, end).
        self._spans: list[tuple[int, float, float | None]] = []

    def cues(self) -> Iterator[Cue]:
        words: list[str] | None = None
        open: Mapping[str, str] = {}
        line = position = 0
        for piece in _PIECE.finditer(self._text):
            before = self._text[position : piece.start()]
            closing, name = bool(piece[1]), piece[2].lower()
            if words is not None:
                words.append(before)
            elif name == "name" and closing and self._agent:
                self._agents[self._agent] = " ".join(html.unescape(before).split())
            line += self._text.count("\n", position, piece.end())
            position = piece.end()
            if name in ("p", "text"):
                if words is not None:
                    yield self._cue(open, words, line)
                words = None if closing or piece[3].endswith("/") else []
                self._spans = []
                open = {} if closing else _attributes(piece[3])
            elif name == "br" and words is not None:
                words.append(" ")
            elif name == "span" and words is not None and not closing:
                self._span(words, _attributes(piece[3]), line)
            elif not closing:
                self._remember(name, _attributes(piece[3]))
        if words is not None:
            self._problems.add("the file ends within a cue; it was kept", line + 1)
            yield self._cue(open, [*words, self._text[position:]], line)

    def _span(self, words: list[str], own: Mapping[str, str], line: int) -> None:
        """Spans of words and sentences have no blanks between them: a span with a time or a unit begins a word."""
        if "unit" not in own and "begin" not in own:
            return
        words.append(" ")
        start = self._time(own.get("begin"), line)
        if start is not None:
            self._spans.append((len(words), start, self._time(own.get("end"), line)))

    def _remember(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "tt":
            self.language = attributes.get("lang")
            for unit, key in (("f", "frameRate"), ("t", "tickRate")):
                if (rate := seconds(attributes.get(key))) or (rate := _whole(attributes.get(key))):
                    self._rates[unit] = rate
        elif name == "agent":
            self._agent = attributes.get("id", "")

    def _cue(self, at: Mapping[str, str], words: list[str], line: int) -> Cue:
        text = " ".join(html.unescape(html.unescape("".join(words))).split())
        if "t" in at:  # YouTube's third format counts milliseconds
            start, length = _milliseconds(at.get("t")), _milliseconds(at.get("d"))
            return Cue(text, start, None if start is None or length is None else start + length, line + 1)
        start = self._time(at.get("begin", at.get("start")), line)
        end = self._time(at.get("end"), line)
        lasts = self._time(at.get("dur"), line)
        if end is None and start is not None and lasts is not None:
            end = start + lasts
        marks = self._marks(words)
        if start is None and marks and marks[0][0] == 0:
            start = marks[0][1]
            end = end if end is not None else self._spans[-1][2]
        agent = at.get("agent", "")
        speaker = self._agents.get(agent) or (agent if is_generic(agent) else None) or None
        inner = tuple(mark for mark in marks if mark[0])
        return Cue(text, start, end, line + 1, speaker, inner)

    def _marks(self, words: list[str]) -> list[tuple[int, float]]:
        """(Word, seconds) of the timed spans; of several at one word the innermost."""
        found: dict[int, float] = {}
        at = count = 0
        for pieces, start, _ in self._spans:
            count += len(html.unescape(html.unescape("".join(words[at:pieces]))).split())
            at = pieces
            found[count] = start
        whole = count + len("".join(words[at:]).split())
        return [(word, start) for word, start in found.items() if word < whole]

    def _time(self, value: str | None, line: int) -> float | None:
        if value is None:
            return None
        found = self._seconds(value.strip())
        if found is None:
            self._problems.add(f"the time “{shown(value)}” cannot be used; the words are kept", line + 1)
        return found

    def _seconds(self, value: str) -> float | None:
        if offset := _OFFSET.fullmatch(value):
            rate = _UNITS.get(offset[2]) or 1.0 / self._rates[offset[2]]
            return seconds(float(offset[1]) * rate)
        if frames := _FRAMES.fullmatch(value):
            whole = clock_s(frames[1])
            return None if whole is None else whole + int(frames[2]) / self._rates["f"]
        return clock_s(value) if ":" in value else seconds(value)


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(text)}


def _milliseconds(value: str | None) -> float | None:
    whole = _whole(value)
    return None if whole is None else seconds(whole / 1000)


def _whole(value: str | None) -> float | None:
    return float(value) if value and value.isdecimal() and len(value) < 13 else None
