"""Chapters in Vorbis comments (``CHAPTER001=…``) of Ogg Vorbis, Opus, Ogg FLAC and FLAC files, wherever they stand.

https://wiki.xiph.org/Chapter_Extension; the comments themselves are read by mutagen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.formats.audio_parts import Parts, TooFar
from bot.formats.audio_tags import Tags
from bot.formats.chapter_marks import MOST
from bot.formats.chapters_text import ogm_marks
from bot.formats.json_values import string
from bot.formats.problems import Problems

_OPENINGS = (b"\x03vorbis", b"OpusTags")
#: FLAC: a comment block, inside Ogg behind its four-byte block head.
_FLAC_COMMENT = 4
_MOST_PAGES, _MOST_BLOCKS = 2_000, 200


def tags(parts: Parts, problems: Problems) -> Tags:
    """What the comments say; none when the file has no comments."""
    try:
        packet = _of_flac(parts) if parts.at_hand(0, 4) == b"fLaC" else _of_ogg(parts)
    except TooFar:
        problems.add("the audio file's comments are cut off or too large")
        packet = None
    return _read(packet, problems) if packet else Tags()


def _of_flac(parts: Parts) -> bytes | None:
    at = 4
    for _ in range(_MOST_BLOCKS):
        head = parts.read(at, 4)
        size = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == _FLAC_COMMENT:
            return parts.read(at + 4, size)
        if head[0] & 0x80:
            return None
        at += 4 + size
    return None


def _of_ogg(parts: Parts) -> bytes | None:
    """The comments' packet, put together from the pages of its own stream."""
    open_packets: dict[bytes, bytearray] = {}
    for serial, piece, ends in _pieces(parts):
        packet = open_packets.setdefault(serial, bytearray())
        packet += piece
        if not ends:
            continue
        for opening in _OPENINGS:
            if packet.startswith(opening):
                return bytes(packet[len(opening) :])
        if packet and packet[0] & 0x7F == _FLAC_COMMENT and int.from_bytes(packet[1:4], "big") == len(packet) - 4:
            return bytes(packet[4:])
        packet.clear()
    return None


def _pieces(parts: Parts) -> Iterator[tuple[bytes, bytes, bool]]:
    """(stream, bytes, whether a packet ends with them) of the first pages."""
    at = 0
    for _ in range(_MOST_PAGES):
        head = parts.read(at, 27)
        if head[:4] != b"OggS":
            return
        laces = parts.read(at + 27, head[26])
        body = parts.read(at + 27 + len(laces), sum(laces))
        begin = end = 0
        for n, lace in enumerate(laces):
            end += lace
            if lace < 255 or n == len(laces) - 1:
                yield head[14:18], body[begin:end], lace < 255
                begin = end
        at += 27 + len(laces) + len(body)


def _read(packet: bytes, problems: Problems) -> Tags:
    import mutagen.flac  # lazy: only audio pays for it

    library: Any = mutagen.flac
    try:
        comments = library.VCFLACDict(packet, errors="replace")
    except Exception as err:  # whatever damaged comments make of mutagen
        problems.add(f"the audio file's comments cannot be read ({type(err).__name__})")
        return Tags()
    pairs = [(str(key), str(value)) for key, value in comments]
    title = next((string(value) for key, value in pairs if key.lower() == "title"), None)
    told = [pair for pair in pairs if pair[0].lower().startswith("chapter")][: 3 * MOST]
    return Tags(list(ogm_marks(told, problems)), title or None)
