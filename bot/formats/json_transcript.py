"""JSON transcripts as lists of segments: Podcasting 2.0 (speaker, startTime, endTime, body), Podlove, and what speech
recognisers write (start, end, text). Services with shapes of their own are read by ``json_kinds``. Only known keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain import Parsed
from bot.formats.cues import turns_of
from bot.formats.front_matter import language
from bot.formats.json_kinds import recognised, who
from bot.formats.json_values import Json, first, mappings, string
from bot.formats.problems import Problems, shown
from bot.formats.rolling import Cue
from bot.formats.times import MAX_S, seconds

LISTS = (
    "segments",
    "transcript",
    "transcripts",
    "cues",
    "utterances",
    "captions",
    "subtitles",
    "monologues",
    "words",
    "paragraphs",
)
_LATER_LISTS = ("sentences", "result", "results", "items")
_WRAPS = ("data", "result", "response", "transcript", "transcription", "output")
_BODY = ("body", "text", "content", "transcript", "punctuated_word", "word", "value", "utterance", "sentence", "line")
_START = (
    *("startTime", "start", "start_time", "begin", "startSeconds", "start_seconds", "offset", "from", "ts", "time"),
    *("timestamp", "timecode", "time_start", "start_sec", "startSec", "begin_time", "in"),
)
_END = ("endTime", "end", "end_time", "endSeconds", "end_seconds", "to", "stop", "end_ts", "time_end", "out")
_LENGTH = ("duration", "dur")
#: The same in milliseconds, as their names say.
_START_MS, _END_MS = ("start_ms", "startMs", "begin_ms", "offset_ms"), ("end_ms", "endMs", "stop_ms")
_SPEAKER = ("speaker", "speaker_name", "speakerName", "voice", "speaker_label", "speakerLabel", "speaker_id", "name")
#: Keys that only a recogniser writes: how sure it was.
_UNSURE = ("avg_logprob", "no_speech_prob", "confidence", "compression_ratio")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
#: People say between these many words a second; whole numbers that fit only as milliseconds are milliseconds.
_SLOWEST, _FASTEST = 0.05, 12.0


def read(value: Json, problems: Problems) -> Parsed | None:
    """The transcript that a JSON holds; None when it holds none."""
    if kind := recognised(value):
        head = value if isinstance(value, Mapping) else {}
        cues = [_cue(n, item, 1, None, problems) for n, item in enumerate(kind.segments, 1)]
        return Parsed(
            "json-transcript",
            title=string(head.get("title")) or None,
            turns=turns_of(cues, problems, one_word=kind.words),
            language=language(kind.language or first(head, "language", "language_code")),
            made="machine" if kind.machine else "publisher",
            problems=problems.all(),
        )
    segments = segments_of(value)
    return None if segments is None else parse(value, segments, problems)


def segments_of(value: Json) -> Sequence[object] | None:
    """The list of segments of a JSON transcript, or None when it is none."""
    if not isinstance(value, Mapping):
        return _speaks(value)
    for key in (*LISTS, *_LATER_LISTS):
        if (found := _speaks(value.get(key))) is not None:
            return found
    inner = (value[key] for key in _WRAPS if isinstance(value.get(key), Mapping))
    for one in inner:
        for key in LISTS:
            if isinstance(one, Mapping) and (found := _speaks(one.get(key))) is not None:
                return found
    return None


def _speaks(found: object) -> Sequence[object] | None:
    """A list in which segments have words; chapters, which have titles, have none."""
    if not isinstance(found, list):
        return None
    return found if any(_body(item) is not None for item in mappings(found[:20])) else None


def _body(item: Mapping[str, object]) -> str | None:
    """The words of a segment: its text, or else those of its words."""
    found = first(item, *_BODY)
    if isinstance(found, str):
        return found
    words = [str(word) for one in mappings(item.get("words")) if isinstance(word := first(one, *_BODY), str)]
    return (" " if not any(word[:1] == " " for word in words[1:]) else "").join(words) if words else None


def parse(value: Json, segments: Sequence[object], problems: Problems) -> Parsed:
    head = value if isinstance(value, Mapping) else {}
    items = [usable for n, item in enumerate(segments, 1) if (usable := _usable(n, item, problems))]
    unit = 1000 if _in_milliseconds(items) else 1
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
    if isinstance(item, dict) and _body(item) is not None:
        return item
    problems.add(f"segment {n} has no text and was skipped")
    return None


def _in_milliseconds(items: Sequence[Mapping[str, object]]) -> bool:
    """Whole numbers that would make an episode of days, or people speak a word a minute, are milliseconds."""
    starts = [first(item, *_START) for item in items]
    whole = [start for start in starts if isinstance(start, int) and not isinstance(start, bool)]
    if not whole or len(whole) != len(starts) or max(whole) >= MAX_S * 1000:
        return False
    if max(whole) > MAX_S:
        return True
    words = sum((_body(item) or "").count(" ") + 1 for item in items[:-1])
    rate = words / max(1, whole[-1] - whole[0])
    return len(whole) > 2 and rate < _SLOWEST and rate * 1000 < _FASTEST


def _cue(n: int, item: Mapping[str, object], unit: int, length: float | None, problems: Problems) -> Cue:
    start = _time(n, item, _START, _START_MS, unit, length, problems)
    end = _time(n, item, _END, _END_MS, unit, length, problems)
    if end is None and start is not None and (lasts := seconds(_in_unit(first(item, *_LENGTH), unit))):
        end = start + lasts
    body = string(_body(item))
    return Cue(_TAG.sub("", body).strip() if "<" in body else body, start, end, None, _speaker(item))


def _speaker(item: Mapping[str, object]) -> str | None:
    """The name as written; Podlove's ``speaker`` may be a number that its ``voice`` names."""
    found = first(item, *_SPEAKER)
    if isinstance(found, str):
        return string(item.get("voice")) or found if found.strip().isdecimal() else string(found) or None
    return who(found)


def _time(
    n: int,
    item: Mapping[str, object],
    keys: tuple[str, ...],
    in_ms: tuple[str, ...],
    unit: int,
    length: float | None,
    problems: Problems,
) -> float | None:
    value, scale = first(item, *keys), unit
    if value is None:
        value, scale = first(item, *in_ms), 1000
    if value is None:
        return None
    found = seconds(_in_unit(value, scale))
    if found is None or (length and found > length + 1):
        problems.add(f"segment {n}: the time “{shown(str(value)[:40])}” cannot be used; the words are kept")
        return None
    return found


def _in_unit(value: object, unit: int) -> object:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value / unit if unit != 1 and number and abs(value) < 1e12 else value  # type: ignore[arg-type,operator]
