"""ID3v2 chapters (CHAP, CTOC): the frames are found here, wherever pictures push them, and read by mutagen.

https://id3.org/id3v2-chapters-1.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.formats.audio_parts import MOST_BYTES, Parts, TooFar
from bot.formats.audio_tags import Tags
from bot.formats.chapter_marks import MOST, Mark, address
from bot.formats.json_values import string
from bot.formats.problems import Problems
from bot.formats.times import sane

_HEAD = 10
_WANTED = (b"CHAP", b"CTOC", b"TIT2", b"TLEN")
_FRAME_ID = re.compile(rb"[A-Z][A-Z0-9]{3}")
#: Tags that follow each other at the front of a file, frames of one, and bytes of one frame that is kept.
_MOST_TAGS, _MOST_FRAMES, _LARGEST = 5, 50_000, 1024 * 1024
_NO_TIME = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Tag:
    version: int
    flags: int
    size: int


def tags(parts: Parts, problems: Problems) -> Tags:
    """Of all tags at the front, the first that has chapters; else the first one's title and length."""
    found: list[Tags] = []
    at = 0
    while len(found) < _MOST_TAGS and (tag := _tag(parts, at, first=at == 0)):
        found.append(_read(_frames(parts, at, tag, problems), problems))
        if found[-1].marks:
            return found[-1]
        at += _HEAD + tag.size + (_HEAD if tag.flags & 0x10 else 0)
    return found[0] if found else Tags()


def _tag(parts: Parts, at: int, *, first: bool) -> _Tag | None:
    if not first and not parts.has(at, _HEAD) and (at > MOST_BYTES or parts.end is None or parts.left < _HEAD):
        return None  # behind a huge first tag nothing is looked for
    try:
        head = parts.read(at, _HEAD)
    except TooFar:
        return None
    if head[:3] != b"ID3" or head[3] not in (3, 4):
        return None
    return _Tag(head[3], head[5], _synchsafe(head[6:10]))


def _synchsafe(four: bytes) -> int:
    return (four[0] & 127) << 21 | (four[1] & 127) << 14 | (four[2] & 127) << 7 | (four[3] & 127)


def _frames(parts: Parts, at: int, tag: _Tag, problems: Problems) -> bytes:
    """The wanted frames as one small tag. Frames that cannot be reached are left out with a problem."""
    wanted: list[bytes] = []
    try:
        if tag.flags & 0x80 and tag.version == 3:  # unsynchronised as a whole: sizes are those of the text behind it
            body = parts.read(at + _HEAD, min(tag.size, _room(parts, at))).replace(b"\xff\x00", b"\xff")
            inner = Parts({0: body}, len(body))
            wanted.extend(_walk(inner, _after_extended(inner, 0, tag), len(body), tag))
        else:
            begin = at + _HEAD
            wanted.extend(_walk(parts, _after_extended(parts, begin, tag), begin + tag.size, tag))
    except _Cut as cut:
        wanted = cut.frames
        problems.add("the audio file's tag is cut off or too large; chapters behind that are not read")
    except TooFar:
        problems.add("the audio file's tag is cut off")
    body = b"".join(wanted)
    flags = tag.flags & 0x80 if tag.version == 4 else 0
    return b"ID3" + bytes((tag.version, 0, flags)) + _four(len(body)) + body


def _room(parts: Parts, at: int) -> int:
    return max(0, (parts.end if parts.end is not None else MOST_BYTES) - at - _HEAD)


class _Cut(Exception):
    """The tag goes on where nothing can be read; the frames before that are these."""

    def __init__(self, frames: list[bytes]) -> None:
        super().__init__("cut")
        self.frames = frames


def _four(size: int) -> bytes:
    return bytes((size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127))


def _after_extended(parts: Parts, at: int, tag: _Tag) -> int:
    if not tag.flags & 0x40:
        return at
    four = parts.read(at, 4)
    return at + (_synchsafe(four) if tag.version == 4 else 4 + int.from_bytes(four, "big"))


def _walk(parts: Parts, at: int, end: int, tag: _Tag) -> list[bytes]:
    kept: list[bytes] = []
    room = MOST_BYTES
    try:
        for _ in range(_MOST_FRAMES):
            if at + _HEAD > end or not _FRAME_ID.match(head := parts.read(at, _HEAD)):
                return kept
            size = _size(parts, at, end, tag.version)
            if at + _HEAD + size > end or size < 0:
                return kept
            if head[:4] in _WANTED and size <= min(_LARGEST, room) and len(kept) <= MOST:
                length = _four(size) if tag.version == 4 else head[4:8]
                kept.append(head[:4] + length + head[8:10] + parts.read(at + _HEAD, size))
                room -= size
            at += _HEAD + size
    except TooFar:
        raise _Cut(kept) from None
    return kept


def _size(parts: Parts, at: int, end: int, version: int) -> int:
    """A frame's size. Some writers of 2.4 forgot that it has seven bits a byte: what stands behind decides."""
    four = parts.read(at, _HEAD)[4:8]
    plain, safe = int.from_bytes(four, "big"), _synchsafe(four)
    if version == 3 or plain == safe:
        return plain
    follows = _next(parts, at + _HEAD + safe, end)
    return plain if not follows and _next(parts, at + _HEAD + plain, end) else safe


def _next(parts: Parts, at: int, end: int) -> bool:
    if at == end:
        return True
    four = parts.at_hand(at, 4) if at + 4 <= end else b""
    return bool(_FRAME_ID.match(four)) or four == b"\0\0\0\0"


class _File:
    """Bytes in the dress of a file, as mutagen takes them."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def read(self, size: int = -1) -> bytes:
        found = self._data[self._at : None if size < 0 else self._at + size]
        self._at += len(found)
        return found

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, len(self._data))[whence])
        return self._at

    def tell(self) -> int:
        return self._at


def _read(data: bytes, problems: Problems) -> Tags:
    import mutagen.id3  # lazy: only audio pays for it

    library: Any = mutagen.id3
    try:
        tag = library.ID3(_File(data))
        title = string(str(tag["TIT2"])) if "TIT2" in tag else None
        length = sane(float(str(tag["TLEN"])) / 1000) if "TLEN" in tag else None
        marks = list(_marks(tag, problems))
    except Exception as err:  # whatever a damaged tag makes of mutagen
        problems.add(f"the audio file's tag cannot be read ({type(err).__name__})")
        return Tags()
    return Tags(marks, title, length or None)


def _marks(tag: Any, problems: Problems) -> Iterator[Mark]:
    listed = _listed(tag)
    pictures = 0
    for frame in tag.getall("CHAP")[: MOST + 1]:
        inner = frame.sub_frames
        pictures += bool(inner.getall("APIC"))
        title = next(
            (string(" ".join(map(str, one.text))) for key in ("TIT2", "TIT3") for one in inner.getall(key)), ""
        )
        start = sane(frame.start_time / 1000) if frame.start_time != _NO_TIME else None
        if start is None:
            problems.add(f"a chapter (“{title[:60]}”) has no usable start and was skipped")
            continue
        end = sane(frame.end_time / 1000) if frame.end_time != _NO_TIME else None
        link = next((found for one in inner.getall("WXXX") if (found := address(one.url))), None)
        yield Mark(start, title, link, end, hidden=bool(listed) and frame.element_id not in listed)
    if pictures:
        problems.add(f"{pictures} chapters have a picture inside the audio file, which is not kept")


def _listed(tag: Any) -> frozenset[str]:
    """The elements that the table of contents shows: of the top-level one and of those inside it. Empty = all."""
    tables = {one.element_id: one for one in tag.getall("CTOC")[:1000]}
    waiting = [one for one in tables.values() if int(one.flags) & 2][:1] or list(tables.values())[:1]
    seen: set[str] = set()
    while waiting:
        for child in waiting.pop().child_element_ids[:MOST]:
            if child in tables and child not in seen:
                waiting.append(tables[child])
            seen.add(child)
    known = {one.element_id for one in tag.getall("CHAP")}
    return frozenset(seen & known)
