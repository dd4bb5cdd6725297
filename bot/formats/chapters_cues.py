"""Chapters written as WebVTT or SRT cues, and what tells them from a transcript. Transcripts do not enter here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from bot.domain import Parsed
from bot.formats.chapter_marks import Mark, address, chapters
from bot.formats.json_values import string
from bot.formats.problems import Problems, shown
from bot.formats.times import clock_s

_TIMES = re.compile(r"[ \t]*(\d[\d:.,]{2,20})[ \t]*-->[ \t]*(\d[\d:.,]{2,20})")
_TAG = re.compile(r"<[^<>]{0,500}>")
_VOICE = re.compile(r"<v[ .\t]", re.IGNORECASE)
_CHAPTER_WORD = re.compile(r"chapter|kapitel|chapitre|cap[ií]tulo", re.IGNORECASE)
_OTHER_WORD = re.compile(r"transcript|caption|subtitle|untertitel", re.IGNORECASE)
_HEADER = re.compile(r"WEBVTT[^\n]{0,200}|^kind:[^\n]{0,100}|^NOTE[^\n]{0,200}", re.IGNORECASE | re.MULTILINE)
_NAMED_ID = re.compile(
    r"^chapter[\s_-]{0,2}\d{1,5}[ \t]*\n[ \t]*\d[\d:.,]{2,20}[ \t]*-->", re.IGNORECASE | re.MULTILINE
)
#: Titles are at most so many words, and over the whole far fewer words a second than anybody speaks.
_TITLE_WORDS, _HINTED_RATE, _RATE = 40, 0.6, 0.25
#: Without a hint: a chapter lasts longer than a cue of speech.
_LONG_S, _GAP_S = 20.0, 2.0
#: A transcript has far more cues than this; whoever asks only wants to know about chapters.
_MOST_CUES = 2_000


def marks(text: str) -> list[Mark]:
    """Every cue with a usable start as a mark: its first line is the title."""
    return list(_marks(text.split("\n")))


def _marks(lines: Sequence[str]) -> Iterator[Mark]:
    mark: Mark | None = None
    words: list[str] = []
    open_ = False
    for number, line in enumerate([*lines, "0 --> 0"], 1):
        times = _TIMES.match(line) if "-->" in line else None
        if "-->" in line:
            if mark:
                yield _titled(mark, words)
            start = clock_s(times[1]) if times else None
            mark = (
                Mark(start, "", end_s=clock_s(times[2]) if times else None, line=number) if start is not None else None
            )
            words, open_ = [], True
        elif not line.strip():
            open_ = not words and open_
        elif open_:
            words.append(line)


def _titled(mark: Mark, words: Sequence[str]) -> Mark:
    text = " ".join(words).strip()
    if text.startswith("{"):
        return _from_json(mark, text)
    return replace(mark, title=" ".join(html.unescape(_TAG.sub("", text)).split()))


def _from_json(mark: Mark, text: str) -> Mark:
    """Metadata cues that hold a chapter as JSON."""
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return replace(mark, title=shown(text))
    if not isinstance(found, dict):
        return replace(mark, title=shown(text))
    image = address(found.get("img") or found.get("image"))
    return replace(mark, title=string(found.get("title")), url=address(found.get("url")), image=image)


def are_chapters(text: str, name: str = "") -> bool:
    """Whether cues are chapters: few and long, titles for words; what the file or its name says of itself helps."""
    if text.count("-->") > _MOST_CUES or _VOICE.search(text):
        return False
    found = marks(text)
    if not found or len(found) < text.count("-->"):
        return False
    says = " ".join(_HEADER.findall(text[:5_000]))
    hinted = bool(_CHAPTER_WORD.search(name) or _CHAPTER_WORD.search(says) or _NAMED_ID.search(text))
    if _OTHER_WORD.search(name) and not _CHAPTER_WORD.search(name):
        return False
    return _like_titles(found, hinted)


def _like_titles(found: Sequence[Mark], hinted: bool) -> bool:
    words = [one.title.count(" ") + 1 for one in found]
    lengths = [one.end_s - one.start_s for one in found if one.end_s is not None]
    whole = max(one.end_s or one.start_s for one in found) - min(one.start_s for one in found)
    rate = sum(words) / (whole or 1.0)
    if hinted:
        return max(words) <= _TITLE_WORDS and rate <= _HINTED_RATE
    if len(found) < 2 or max(words) > _TITLE_WORDS or rate > _RATE or not _seamless(found):
        return False
    sentences = sum(one.title.endswith((".", ",", "…")) for one in found)
    return median(lengths) >= _LONG_S and 2 * sentences <= len(found)


def _seamless(found: Sequence[Mark]) -> bool:
    """One after the other without gaps, as chapters are and speech is not."""
    if any(one.end_s is None or one.end_s <= one.start_s for one in found):
        return False
    close = sum(abs(b.start_s - (a.end_s or 0.0)) <= _GAP_S for a, b in pairwise(found))
    return 5 * close >= 4 * (len(found) - 1)


def parse(text: str, format: str, problems: Problems) -> Parsed:
    """``format`` is ``vtt-chapters`` or ``srt-chapters``."""
    return Parsed(format, chapters=chapters(marks(text), "json", problems), problems=problems.all())
