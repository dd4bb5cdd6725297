"""JSON that speech recognisers and editors write, each in its own shape, to flat segments with known keys.

A segment is ``{"text", "start", "end", "speaker"}``, times in seconds; ``words`` says that each is one word. What is
in no shape known here is left to ``json_transcript``, which reads plain lists. Sources: the services' API references.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.formats.json_values import Json, first, mappings, string
from bot.formats.times import seconds

Segment = dict[str, object]
Item = Mapping[str, object]

#: What wraps the transcript in some answers; looked into this deep.
_WRAPS, _DEPTH = ("transcript", "transcription", "data", "result", "response", "body", "output"), 3
#: Units to a second.
_MS, _TICKS = 1_000, 10_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What was recognised. ``words``: each segment is one word; ``machine``: only recognisers write this shape."""

    segments: list[Segment]
    words: bool = False
    machine: bool = True
    language: object = None


def recognised(value: Json) -> Kind | None:
    """The segments of a JSON in one of the services' shapes; None for all other JSON."""
    for _ in range(_DEPTH):
        if not isinstance(value, Mapping):
            return None
        for shape in _SHAPES:
            kind = shape(value)
            if kind and kind.segments:
                return kind
        inner = next((value[key] for key in _WRAPS if isinstance(value.get(key), Mapping)), None)
        if not isinstance(inner, Mapping):
            return None
        value = inner
    return None


def who(value: object) -> str | None:
    """A speaker as a label: services number their speakers or call them "A"; such a label names nobody."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"Speaker {value}"
    if isinstance(value, Mapping):
        return who(first(value, "name", "label", "display_name", "id"))
    label = string(value)
    return f"Speaker {label}" if label.isdecimal() or (len(label) == 1 and label.isalpha()) else label or None


def _segment(text: object, start: object, end: object, speaker: object = None, unit: int = 1) -> Segment:
    return {"text": string(text), "start": _scaled(start, unit), "end": _scaled(end, unit), "speaker": who(speaker)}


def _scaled(value: object, unit: int) -> object:
    """In seconds when it is a number; others are left for the reader of times, which tells what is wrong."""
    if isinstance(value, str) and value.endswith("s"):  # Google: "1.200s"
        value = value[:-1]
    if isinstance(value, Mapping):  # Google's older clients: seconds and nanos
        return _number(value.get("seconds")) + _number(value.get("nanos")) * 1e-9
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value / unit if abs(value) < 1e15 else value
    return value


def _number(value: object) -> float:
    found = seconds(value)
    return found if found is not None else float(value) if isinstance(value, int) and abs(value) < 1e12 else 0.0


def _spelt(
    items: Sequence[Item], text: Callable[[Item], object], glue: Callable[[Item], bool]
) -> list[tuple[Item, str]]:
    """Words with the punctuation marks that services write as items of their own put behind them."""
    found: list[tuple[Item, str]] = []
    for item in items:
        said = string(text(item))
        if said and glue(item) and found:
            found[-1] = (found[-1][0], found[-1][1] + said)
        elif said and not glue(item):
            found.append((item, said))
    return found


# --- the shapes --------------------------------------------------------------------------------------------


def _deepgram(value: Item) -> Kind | None:
    results = value.get("results")
    if not isinstance(results, Mapping):
        return None
    if said := mappings(results.get("utterances")):
        return Kind(
            [_segment(one.get("transcript"), one.get("start"), one.get("end"), one.get("speaker")) for one in said]
        )
    channels = mappings(results.get("channels"))
    best = [found[0] for one in channels if (found := mappings(one.get("alternatives")))]
    if not best:
        return None
    if sentences := [segment for one in best for segment in _paragraphs(one.get("paragraphs"))]:
        return Kind(sentences)
    words = [
        _segment(first(word, "punctuated_word", "word"), word.get("start"), word.get("end"), word.get("speaker"))
        for one in best
        for word in mappings(one.get("words"))
    ]
    return Kind(words, words=True)


def _paragraphs(value: object) -> Iterator[Segment]:
    for paragraph in mappings(value.get("paragraphs")) if isinstance(value, Mapping) else ():
        for sentence in mappings(paragraph.get("sentences")):
            yield _segment(sentence.get("text"), sentence.get("start"), sentence.get("end"), paragraph.get("speaker"))


def _assemblyai(value: Item) -> Kind | None:
    """Times are whole milliseconds throughout."""
    if "audio_duration" not in value and "acoustic_model" not in value and "utterances" not in value:
        return None
    unit = _MS
    language = value.get("language_code")
    if said := mappings(value.get("utterances")):
        whole = all(isinstance(first(one, "start") or 0, int) for one in said)
        unit = unit if whole else 1
        return Kind(
            [
                _segment(first(one, "text", "transcript"), one.get("start"), one.get("end"), one.get("speaker"), unit)
                for one in said
            ],
            language=language,
        )
    words = mappings(value.get("words"))
    return Kind(
        [_segment(one.get("text"), one.get("start"), one.get("end"), one.get("speaker"), unit) for one in words],
        words=True,
        language=language,
    )


def _rev(value: Item) -> Kind | None:
    """Monologues of elements: words with times, and punctuation that brings its own blanks."""
    monologues = mappings(value.get("monologues"))
    if not monologues:
        return None
    names = {one.get("id"): one.get("name") for one in mappings(value.get("speakers")) if _plain(one.get("id"))}
    found = []
    for one in monologues:
        elements = mappings(one.get("elements"))
        text = "".join(str(part.get("value")) for part in elements if isinstance(part.get("value"), str))
        number = one.get("speaker")
        speaker = first(one, "speaker_name") or (names.get(number) if _plain(number) else None) or number
        starts = [part["ts"] for part in elements if part.get("ts") is not None]
        ends = [part["end_ts"] for part in elements if part.get("end_ts") is not None]
        found.append(_segment(text, starts[0] if starts else None, ends[-1] if ends else None, speaker))
    sure = any(part.get("confidence") is not None for one in monologues for part in mappings(one.get("elements"))[:5])
    return Kind(found, machine=sure)


def _plain(value: object) -> bool:
    return isinstance(value, str | int)


def _amazon(value: Item) -> Kind | None:
    results = value.get("results")
    items = mappings(results.get("items")) if isinstance(results, Mapping) else mappings(results)
    if isinstance(results, Mapping) and (parts := mappings(results.get("audio_segments"))):
        return Kind(
            [
                _segment(p.get("transcript"), p.get("start_time"), p.get("end_time"), p.get("speaker_label"))
                for p in parts
            ]
        )
    if not items or "type" not in items[0] or "alternatives" not in items[0]:
        return None
    labels = _amazon_labels(results) if isinstance(results, Mapping) else {}
    spelt = _spelt(items, lambda item: _best(item).get("content"), lambda item: item.get("type") == "punctuation")
    return Kind(
        [
            _segment(text, item.get("start_time"), item.get("end_time"), _amazon_speaker(item, labels))
            for item, text in spelt
        ],
        words=True,
        language=first(value, "language_code", "language"),
    )


def _best(item: Item) -> Item:
    return next(iter(mappings(item.get("alternatives"))), {})


def _amazon_labels(results: Item) -> dict[str, object]:
    """Who speaks the word that starts at a time, as written."""
    labels = results.get("speaker_labels")
    stretches = mappings(labels.get("segments")) if isinstance(labels, Mapping) else []
    return {
        str(item.get("start_time")): first(item, "speaker_label") or stretch.get("speaker_label")
        for stretch in stretches
        for item in mappings(stretch.get("items"))
    }


def _amazon_speaker(item: Item, labels: Mapping[str, object]) -> object:
    return first(item, "speaker_label") or first(_best(item), "speaker") or labels.get(str(item.get("start_time")))


def _google(value: Item) -> Kind | None:
    results = mappings(value.get("results"))
    best = [_best(one) for one in results if "alternatives" in one]
    if not best:
        return None
    timed = [words for one in best if (words := mappings(one.get("words")))]
    if not timed:
        return Kind([_segment(one.get("transcript"), None, None) for one in best])
    # With speakers told apart, the last result repeats all words with their speakers.
    tagged = first(timed[-1][0], "speakerTag", "speaker_tag", "speakerLabel")
    chosen = [timed[-1]] if tagged is not None and len(timed[-1]) >= sum(map(len, timed[:-1])) else timed
    return Kind(
        [
            _segment(
                word.get("word"),
                first(word, "startTime", "start_time", "startOffset"),
                first(word, "endTime", "end_time", "endOffset"),
                first(word, "speakerTag", "speaker_tag", "speakerLabel"),
            )
            for words in chosen
            for word in words
        ],
        words=True,
        language=results[0].get("languageCode"),
    )


def _youtube(value: Item) -> Kind | None:
    """``json3``: events of pieces in milliseconds. An event that only breaks a line has no words."""
    found = []
    for event in mappings(value.get("events")):
        text = "".join(str(piece.get("utf8")) for piece in mappings(event.get("segs")) if piece.get("utf8"))
        start, length = event.get("tStartMs"), event.get("dDurationMs")
        if text.strip():
            found.append(_segment(text, start, _sum(start, length), None, _MS))
    heard = any("acAsrConf" in piece for e in mappings(value.get("events"))[:50] for piece in mappings(e.get("segs")))
    return Kind(found, machine=heard) if found else None


def _sum(start: object, length: object) -> object:
    both = isinstance(start, int | float) and isinstance(length, int | float)
    return start + length if both else None  # type: ignore[operator]


def _azure(value: Item) -> Kind | None:
    found = []
    for one in mappings(value.get("recognizedPhrases")):
        best = next(iter(mappings(one.get("nBest"))), None)
        start, length = one.get("offsetInTicks"), one.get("durationInTicks")
        if best:
            found.append(_segment(best.get("display"), start, _sum(start, length), one.get("speaker"), _TICKS))
    return Kind(found) if found else None


def _whisper_cpp(value: Item) -> Kind | None:
    parts = [one for one in mappings(value.get("transcription")) if isinstance(one.get("offsets"), Mapping)]
    return Kind([_offsets(one) for one in parts]) if parts else None


def _offsets(item: Item) -> Segment:
    offsets = item.get("offsets")
    at: Item = offsets if isinstance(offsets, Mapping) else {}
    return _segment(item.get("text"), at.get("from"), at.get("to"), item.get("speaker"), _MS)


def _chunks(value: Item) -> Kind | None:
    """The ``chunks`` of Hugging Face's pipelines: ``timestamp`` is a pair."""
    found = []
    for one in mappings(value.get("chunks")):
        pair = one.get("timestamp")
        if isinstance(pair, list) and len(pair) == 2:
            found.append(_segment(one.get("text"), pair[0], pair[1], one.get("speaker")))
    return Kind(found) if found else None


_SHAPES: tuple[Callable[[Item], Kind | None], ...] = (
    *(_deepgram, _assemblyai, _rev, _amazon, _google, _youtube, _azure, _whisper_cpp, _chunks),
)
