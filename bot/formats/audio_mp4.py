"""Chapters of MP4, M4A and M4B: Nero's list (``chpl``) and QuickTime's text track, of which mutagen knows only the
first. A small reader of atoms, bounded in number and depth, that asks for what lies elsewhere in the file.

ISO/IEC 14496-12; QuickTime File Format, "Chapter lists".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.formats.audio_parts import PIECE, Parts, TooFar
from bot.formats.audio_tags import Tags
from bot.formats.chapter_marks import Mark
from bot.formats.json_values import string
from bot.formats.problems import Problems, shown
from bot.formats.times import sane

_MOST_ATOMS, _MOST_TRACKS = 5_000, 64
#: Chapters of a text track: each title may cost a request of its own.
_MOST_SAMPLES, _MOST_SPANS = 2_000, 200
#: Titles that stand this close together are asked for at once; more of a title than this is not read.
_CLOSE, _LONGEST = 16 * 1024, 4 * 1024
_TABLE = 1024 * 1024
#: How much of ``moov`` is asked for at once.
_AHEAD = 1024 * 1024
#: Nero's list holds no more than this.
_NERO_FULL = 255


@dataclass(frozen=True, slots=True)
class _Atom:
    kind: bytes
    #: Where its content begins and ends in the file.
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sample:
    start_s: float
    at: int
    size: int


def tags(parts: Parts, problems: Problems) -> Tags:
    """Nero's list where it is whole, else the text track's."""
    moov = _moov(parts)
    if moov is None:
        raise TooFar
    movie = {atom.kind: atom for atom in _inside(parts, moov)}
    duration = _clock(parts, movie.get(b"mvhd"))[1]
    nero = _nero(parts, movie.get(b"udta"), problems)
    if nero and len(nero) < _NERO_FULL:
        return Tags(nero, duration_s=duration)
    samples = _samples(parts, moov, problems)
    needs = _needs(parts, samples, problems)
    if needs:
        return Tags(needs=needs)
    told = [mark for sample in samples if (mark := _mark(parts, sample))]
    return Tags(told if len(told) > len(nero) else nero, duration_s=duration)


# --- atoms ------------------------------------------------------------------------------------------------------


def _moov(parts: Parts) -> _Atom | None:
    return next((atom for atom in _walk(parts, 0, parts.end, PIECE) if atom.kind == b"moov"), None)


def _inside(parts: Parts, atom: _Atom, ahead: int = _AHEAD) -> Iterator[_Atom]:
    return _walk(parts, atom.begin, atom.end, ahead)


def _walk(parts: Parts, at: int, end: int | None, ahead: int) -> Iterator[_Atom]:
    """Atoms one after the other; size 0 reaches to the end, size 1 has 64 bits, a smaller one than its head ends it."""
    for _ in range(_MOST_ATOMS):
        if end is not None and at + 8 > end:
            return
        try:
            size, kind = struct.unpack(">I4s", parts.read(at, 8, ahead if end is None else min(ahead, end - at)))
            begin = at + 8
            if size == 1:
                size, begin = int.from_bytes(parts.read(at + 8, 8), "big"), at + 16
        except TooFar:
            return
        stop = end if size == 0 else at + size
        if stop is None or stop < begin:
            return
        yield _Atom(kind, begin, stop if end is None else min(stop, end))
        at = stop


def _at(parts: Parts, atom: _Atom, *path: bytes) -> _Atom | None:
    """The atom at the end of the path inside ``atom``."""
    found: _Atom | None = atom
    for kind in path:
        found = next((one for one in _inside(parts, found) if one.kind == kind), None) if found else None
    return found


def _content(parts: Parts, atom: _Atom | None, most: int = _TABLE) -> bytes:
    """What the atom holds, at most ``most`` bytes; empty when it is none or cannot be reached."""
    if atom is None:
        return b""
    try:
        return parts.read(atom.begin, min(atom.end - atom.begin, most), 0)
    except TooFar:
        return b""


def _number(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _clock(parts: Parts, atom: _Atom | None) -> tuple[int, float | None]:
    """(ticks a second, seconds in all) of ``mvhd`` or ``mdhd``."""
    data = _content(parts, atom, 64)
    wide = data[:1] == b"\x01"
    scale, length = (_number(data, 20), _number(data, 24, 8)) if wide else (_number(data, 12), _number(data, 16))
    unknown = not scale or length in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
    return scale, None if unknown else sane(length / scale) or None


# --- Nero -------------------------------------------------------------------------------------------------------


def _nero(parts: Parts, udta: _Atom | None, problems: Problems) -> list[Mark]:
    """``chpl``: starts in tenths of a microsecond, titles with a byte for their length."""
    data = _content(parts, _at(parts, udta, b"chpl")) if udta else b""
    at = 9 if data[:1] == b"\x01" else 5
    if len(data) < at:
        return []
    marks: list[Mark] = []
    for _ in range(data[at - 1]):
        if at + 9 > len(data):
            problems.add("the audio file's list of chapters is cut off")
            break
        start, size = sane(_number(data, at, 8) / 1e7), data[at + 8]
        title = _words(data[at + 9 : at + 9 + size])
        at += 9 + size
        if start is None:
            problems.add(f"a chapter (“{shown(title)}”) has no usable start and was skipped")
        else:
            marks.append(Mark(start, title))
    return marks


def _words(data: bytes) -> str:
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return string(data.decode("utf-16", "replace"))
    return string(data.decode("utf-8", "replace"))


# --- QuickTime --------------------------------------------------------------------------------------------------


def _samples(parts: Parts, moov: _Atom, problems: Problems) -> list[_Sample]:
    """The text samples of the track that another track names as its chapters."""
    tracks = [atom for atom in _inside(parts, moov) if atom.kind == b"trak"][:_MOST_TRACKS]
    named = {number for track in tracks for number in _chapter_ids(parts, track)}
    for track in tracks:
        if named and _track_id(parts, track) in named and _is_text(parts, track):
            return _sampled(parts, track, problems)
    return []


def _chapter_ids(parts: Parts, track: _Atom) -> list[int]:
    data = _content(parts, _at(parts, track, b"tref", b"chap"), 256)
    return [_number(data, at) for at in range(0, len(data) - 3, 4)]


def _track_id(parts: Parts, track: _Atom) -> int:
    data = _content(parts, _at(parts, track, b"tkhd"), 64)
    return _number(data, 20 if data[:1] == b"\x01" else 12)


def _is_text(parts: Parts, track: _Atom) -> bool:
    return _content(parts, _at(parts, track, b"mdia", b"hdlr"), 64)[8:12] in (b"text", b"sbtl", b"subt")


def _sampled(parts: Parts, track: _Atom, problems: Problems) -> list[_Sample]:
    scale, _ = _clock(parts, _at(parts, track, b"mdia", b"mdhd"))
    table = _at(parts, track, b"mdia", b"minf", b"stbl")
    if table is None or not scale:
        return []
    atoms = {atom.kind: atom for atom in _inside(parts, table)}
    starts = _starts(_content(parts, atoms.get(b"stts")), scale)
    sizes = _sizes(_content(parts, atoms.get(b"stsz")))
    wide = b"co64" in atoms
    chunks = _offsets(_content(parts, atoms.get(b"co64" if wide else b"stco")), 8 if wide else 4)
    places = _places(chunks, _content(parts, atoms.get(b"stsc")), sizes)
    found = [_Sample(start, at, size) for start, (at, size) in zip(starts, places, strict=False)]
    if len(found) == _MOST_SAMPLES:
        problems.add(f"only the first {_MOST_SAMPLES:,} chapters of the audio file are read")
    return found


def _starts(stts: bytes, scale: int) -> list[float]:
    starts: list[float] = []
    ticks = 0
    for at in range(8, len(stts) - 7, 8):
        length = _number(stts, at + 4)
        for _ in range(min(_number(stts, at), _MOST_SAMPLES - len(starts))):
            starts.append(ticks / scale)
            ticks += length
    return starts


def _sizes(stsz: bytes) -> list[int]:
    same, count = _number(stsz, 4), min(_number(stsz, 8), _MOST_SAMPLES)
    if same:
        return [same] * count
    return [_number(stsz, 12 + 4 * n) for n in range(min(count, max(0, (len(stsz) - 12) // 4)))]


def _offsets(stco: bytes, width: int) -> list[int]:
    count = min(_number(stco, 4), _MOST_SAMPLES, max(0, (len(stco) - 8) // width))
    return [_number(stco, 8 + width * n, width) for n in range(count)]


def _places(chunks: Sequence[int], stsc: bytes, sizes: Sequence[int]) -> list[tuple[int, int]]:
    """(offset, size) of each sample: chunks in order, each with as many samples as ``stsc`` says from there on."""
    runs = [
        (_number(stsc, at), _number(stsc, at + 4)) for at in range(8, min(len(stsc), 8 + 12 * _MOST_SAMPLES) - 11, 12)
    ]
    places: list[tuple[int, int]] = []
    run = 0
    for number, at in enumerate(chunks, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        for size in sizes[len(places) : len(places) + (runs[run][1] if runs else 1)]:
            places.append((at, size))
            at += size
    return places


def _needs(parts: Parts, samples: Sequence[_Sample], problems: Problems) -> tuple[tuple[int, int], ...]:
    """The ranges of the titles that are not at hand, neighbours together, as far as the allowance goes."""
    spans: list[tuple[int, int]] = []
    end = parts.end
    for sample in sorted(samples, key=lambda one: one.at):
        first, last = sample.at, sample.at + min(sample.size, _LONGEST) - 1
        if sample.size < 2 or parts.has(first, last - first + 1) or (end is not None and last >= end):
            continue
        if spans and 0 <= first - spans[-1][1] <= _CLOSE:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return _within(spans, parts.left, problems)


def _within(spans: Sequence[tuple[int, int]], left: int, problems: Problems) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for first, last in spans[:_MOST_SPANS]:
        left -= last - first + 1
        if left < 0:
            break
        kept.append((first, last))
    return tuple(kept)


def _mark(parts: Parts, sample: _Sample) -> Mark | None:
    """Two bytes of length, then the title (UTF-8, or UTF-16 with its mark). An empty sample is a gap, no chapter."""
    start = sane(sample.start_s)
    if start is None or sample.size < 2:
        return None
    data = parts.at_hand(sample.at, min(sample.size, _LONGEST))
    size = _number(data, 0, 2) if len(data) > 1 else 0
    return Mark(start, _words(data[2 : 2 + size])) if size or not data else None
