"""Audio files made by hand, small: ID3 tags, Ogg and FLAC with comments, MP4 with chapters; and a fetcher of ranges."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import mutagen.id3

from bot.domain import Parsed
from bot.formats.audio_tags import read

MOST = 4 * 1024 * 1024
id3: Any = mutagen.id3


def fetched(data: bytes, head: int = 1024, *, rounds: int = 40) -> tuple[Parsed, int]:
    """As a fetcher does it: the head first, then what is needed. Also how many bytes were asked for."""
    parts = {0: data[:head]}
    for _ in range(rounds):
        found = read(parts, len(data))
        if isinstance(found, Parsed):
            return found, sum(map(len, parts.values()))
        for first, last in found.spans:
            assert 0 <= first <= last < len(data)
            assert data[first : last + 1] != parts.get(first), "asked twice"
            parts[first] = data[first : last + 1]
        assert sum(map(len, parts.values())) <= MOST
    raise AssertionError("never satisfied")


def told(parsed: Parsed) -> list[tuple[float, str]]:
    return [(one.start_s, one.title) for one in parsed.chapters]


# --- ID3


def tag(*frames: object, version: int = 4) -> bytes:
    made: Any = id3.ID3()
    for frame in frames:
        made.add(frame)
    out = BytesIO()
    made.save(out, v2_version=version, padding=lambda info: 100)
    return out.getvalue()


def chap(name: str, start_s: float, title: str = "", *more: object, end_s: float | None = None) -> object:
    inner = [id3.TIT2(encoding=3, text=[title])] if title else []
    return id3.CHAP(
        element_id=name,
        start_time=int(start_s * 1000),
        end_time=0xFFFFFFFF if end_s is None else int(end_s * 1000),
        start_offset=0xFFFFFFFF,
        end_offset=0xFFFFFFFF,
        sub_frames=[*inner, *more],
    )


def ctoc(name: str, *children: str, flags: int = 3) -> object:
    return id3.CTOC(element_id=name, flags=flags, child_element_ids=list(children), sub_frames=[])


def synchsafe(size: int) -> bytes:
    return bytes((size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127))


FRAMES = (chap("a", 0, "Intro"), chap("b", 90.5, "Größe ❤"), chap("c", 3723, "End", end_s=4000))
WANT = [(0.0, "Intro"), (90.5, "Größe ❤"), (3723.0, "End")]
AUDIO = b"\xff\xfb\x90\x64" + b"\0" * 5_000


# --- Vorbis comments


def comments(*pairs: str) -> bytes:
    vendor = b"us"
    body = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(pairs))
    for pair in pairs:
        body += struct.pack("<I", len(pair.encode())) + pair.encode()
    return body


PAIRS = (
    "TITLE=The episode",
    "CHAPTER002=00:01:30.500",
    "CHAPTER002NAME=Größe ❤",
    "CHAPTER001=00:00:00.000",
    "CHAPTER001NAME=Intro",
    "chapter003=01:02:03",
    "chapter003name=End",
    "CHAPTER003URL=https://a.example/",
    "CHAPTER004=99:99:99",
)


def ogg(*packets: bytes, serial: int = 7) -> bytes:
    out = b""
    for number, packet in enumerate(packets):
        laces = [255] * (len(packet) // 255) + [len(packet) % 255]
        at = 0
        for begin in range(0, len(laces), 200):
            part = laces[begin : begin + 200]
            body = packet[at : at + sum(part)]
            at += len(body)
            head = struct.pack("<4sBBqIIIB", b"OggS", 0, 1 if begin else 0, 0, serial, number, 0, len(part))
            out += head + bytes(part) + body
    return out


def flac(*blocks: tuple[int, bytes]) -> bytes:
    out = b"fLaC"
    for n, (kind, body) in enumerate(blocks, 1):
        out += bytes([kind | (0x80 if n == len(blocks) else 0)]) + len(body).to_bytes(3, "big") + body
    return out


# --- MP4


def atom(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def u32(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def chpl(*chapters: tuple[float, str]) -> bytes:
    body = b"".join(
        struct.pack(">QB", int(start * 1e7), len(title.encode())) + title.encode() for start, title in chapters
    )
    return atom(b"chpl", u32(0x01000000, 0), bytes([len(chapters)]), body)


MVHD = atom(b"mvhd", u32(0, 0, 0, 1000, 4_000_000), b"\0" * 80)
FTYP = atom(b"ftyp", b"M4A \0\0\0\0")


def tkhd(number: int) -> bytes:
    return atom(b"tkhd", u32(0, 0, 0, number), b"\0" * 68)


def text_track(offsets: Sequence[int], sizes: Sequence[int], lengths: Sequence[int], *, per_chunk: int = 1) -> bytes:
    stbl = atom(
        b"stbl",
        atom(b"stts", u32(0, len(lengths)), *(u32(1, length) for length in lengths)),
        atom(b"stsz", u32(0, 0, len(sizes)), u32(*sizes)),
        atom(b"stsc", u32(0, 1), u32(1, per_chunk, 1)),
        atom(b"stco", u32(0, len(offsets)), u32(*offsets)),
    )
    mdia = atom(
        b"mdia",
        atom(b"mdhd", u32(0, 0, 0, 1000, 4_000_000), b"\0" * 4),
        atom(b"hdlr", u32(0, 0), b"text", b"\0" * 12),
        atom(b"minf", stbl),
    )
    return atom(b"trak", tkhd(2), mdia)


SOUND = atom(b"trak", tkhd(1), atom(b"tref", atom(b"chap", u32(2))), atom(b"stsz", b"\0" * 600_000))


def sample(title: str, encoding: str = "utf-8") -> bytes:
    words = title.encode(encoding)
    return struct.pack(">H", len(words)) + words + atom(b"encd", u32(0x100))


SAMPLES = (sample("Intro"), sample("Größe ❤", "utf-16"), sample("End"))
LENGTHS = (90_500, 3_632_500, 277_000)


def quicktime(*, moov_first: bool, spread: int = 0) -> bytes:
    """A file whose titles lie in ``mdat``, ``spread`` bytes of sound between them."""

    def media(base: int) -> tuple[bytes, list[int]]:
        body, offsets = b"", []
        for one in SAMPLES:
            body += b"\x55" * spread
            offsets.append(base + len(body))
            body += one
        return body, offsets

    def moov(offsets: Sequence[int]) -> bytes:
        return atom(b"moov", MVHD, SOUND, text_track(offsets, [len(one) for one in SAMPLES], LENGTHS))

    base = len(FTYP) + 8 + (len(moov([0, 0, 0])) if moov_first else 0)
    body, offsets = media(base)
    return FTYP + (moov(offsets) if moov_first else b"") + atom(b"mdat", body) + (b"" if moov_first else moov(offsets))


WHOLE = (
    tag(*FRAMES, ctoc("toc", "a", "b")),
    tag(*FRAMES, version=3),
    ogg(b"OpusHead" + b"\0" * 11, b"OpusTags" + comments(*PAIRS)),
    flac((0, b"\0" * 34), (4, comments(*PAIRS))),
    FTYP + atom(b"moov", MVHD, atom(b"udta", chpl(*WANT))),
    FTYP + atom(b"moov", MVHD, SOUND.replace(b"\0" * 600_000, b""), text_track([40], [9], [1000])) + b"\0" * 60,
)
