"""JSON transcripts: Podcasting 2.0 (``segments`` of speaker, startTime, endTime, body), Podlove lists, and what
speech recognisers write (``segments`` of start, end, text). Only known keys are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain import Parsed
from bot.formats.cues import turns_of
from bot.formats.front_matter import language
from bot.formats.json_values import Json, first, string
from bot.formats.problems import Problems, shown
from bot.formats.rolling import Cue
from bot.formats.times import MAX_S, seconds

LISTS = ("segments", "transcript", "transcripts", "cues")
_BODY = ("body", "text", "content")
_START = ("startTime", "start", "start_time", "begin")
_END = ("endTime", "end", "end_time")
#: Keys that only a recogniser writes: how sure it was.
_UNSURE = ("avg_logprob", "no_speech_prob", "confidence", "compression_ratio")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def segments_of(value: Json) -> Sequence[object] | None:
    """The list of segments of a JSON transcript, or None when it is none."""
    found = next((value[key] for key in LISTS if key in value), None) if isinstance(value, Mapping) else value
    if not isinstance(found, list):
        return None
    sample: list[dict[str, object]] = [item for item in found[:20] if isinstance(item, dict)]
    return found if any(first(item, *_BODY) is not None for item in sample) else None


def parse(value: Json, segments: Sequence[object], problems: Problems) -> Parsed:
    head = value if isinstance(value, Mapping) else {}
    items = [usable for n, item in enumerate(segments, 1) if (usable := _usable(n, item, problems))]
    unit = 0.001 if _in_milliseconds(items) else 1.0
    length = seconds(first(head, "duration", "audio_duration"))
    cues = [_cue(n, item, unit, length, problems) for n, item in enumerate(items, 1)]
    machine = any(first(item, *_UNSURE) is not None for item in items[:50])
    return Parsed(
        "json-transcript",
        title=string(head.get("title")) or None,
        turns=turns_of(cues, problems),
        duration_s=length or None,
        language=language(head.get("language")),
        made="machine" if machine else "publisher",
        problems=problems.all(),
    )


def _usable(n: int, item: object, problems: Problems) -> Mapping[str, object] | None:
    if isinstance(item, dict) and isinstance(first(item, *_BODY), str):
        return item
    problems.add(f"segment {n} has no text and was skipped")
    return None


def _in_milliseconds(items: Sequence[Mapping[str, object]]) -> bool:
    """Whole numbers that would make an episode of days are milliseconds."""
    starts = [first(item, *_START) for item in items]
    whole = [start for start in starts if isinstance(start, int) and not isinstance(start, bool)]
    return bool(whole) and len(whole) == len(starts) and MAX_S < max(whole) < MAX_S * 1000


def _cue(n: int, item: Mapping[str, object], unit: float, length: float | None, problems: Problems) -> Cue:
    start, end = (_time(n, first(item, *keys), unit, length, problems) for keys in (_START, _END))
    speaker = first(item, "speaker", "speaker_name", "voice")
    body = string(first(item, *_BODY))
    return Cue(_TAG.sub("", body).strip() if "<" in body else body, start, end, None, string(speaker) or None)


def _time(n: int, value: object, unit: float, length: float | None, problems: Problems) -> float | None:
    if value is None:
        return None
    scaled = value * unit if unit != 1.0 and isinstance(value, int) and abs(value) < 1e12 else value
    found = seconds(scaled)
    if found is None or (length and found > length + 1):
        problems.add(f"segment {n}: the time “{shown(str(value)[:40])}” cannot be used; the words are kept")
        return None
    return found
