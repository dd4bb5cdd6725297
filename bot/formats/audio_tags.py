"""Chapters in the tags of audio files, from the byte ranges at hand: which container it is, and what is still needed.

Nothing is fetched here: the caller brings the ranges that ``Needs`` names and asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats.audio_parts import Missing, Parts, TooFar
from bot.formats.chapter_marks import Mark, chapters
from bot.formats.problems import Problems

#: The second byte of an MPEG layer III or AAC frame; a text in UTF-16 begins with ``ff fe``.
_FRAMES = tuple(bytes((second,)) for second in (0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2, 0xF1, 0xF9))


@dataclass(frozen=True, slots=True)
class Needs:
    """Byte ranges (first, last; both included) without which nothing can be said; never more than 4 MiB in all,
    with what was at hand. A range that the server has not is brought as empty bytes at its offset."""

    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Tags:
    """What a container's reader found."""

    marks: Sequence[Mark] = ()
    title: str | None = None
    duration_s: float | None = None
    #: Further ranges that the marks' titles need.
    needs: tuple[tuple[int, int], ...] = ()


def is_audio(data: bytes) -> bool:
    """Whether a file begins as one of the containers that are read here."""
    return _reader(Parts({0: data[:64]}, None)) is not None


def read(parts: Mapping[int, bytes], total: int | None) -> Parsed | Needs:
    """The file's chapters (``format="audio"``, ``source="audio"``; none when it has none), or what is needed to tell.

    ``parts`` are byte ranges by offset, the head (offset 0) among them; ``total`` is the file's size, if known.
    Asking again with a ``Needs`` that was met always leads to chapters or to another, smaller need. Raises
    UnknownFormat for what is no audio file of a known kind, or is too damaged to tell.
    """
    here = Parts(parts, total)
    reader = _reader(here)
    if reader is None:
        raise UnknownFormat("the file is no audio file whose tags can be read")
    problems = Problems()
    try:
        found = reader(here, problems)
    except Missing as missing:
        return Needs(((missing.first, missing.last),))
    except TooFar:
        raise UnknownFormat("the audio file's tags are cut off, or further away than is looked for") from None
    if found.needs:
        return Needs(found.needs)
    return Parsed(
        "audio",
        title=found.title or None,
        duration_s=found.duration_s,
        chapters=chapters(found.marks, "audio", problems, found.duration_s),
        problems=problems.all(),
    )


def whole(data: bytes) -> Parsed:
    """As ``read``, of a whole file. Raises UnknownFormat when it has no chapters: nothing else in it is read."""
    found = read({0: data}, len(data))
    if isinstance(found, Needs) or not found.chapters:
        raise UnknownFormat(f"the file is {_kind(data)} without chapters in its tags")
    return found


def _kind(data: bytes) -> str:
    known = {b"OggS": "an Ogg audio file", b"fLaC": "a FLAC audio file"}
    return known.get(data[:4]) or ("an MP4 file" if data[4:8] == b"ftyp" else "an MP3 audio file")


def _reader(parts: Parts) -> Callable[[Parts, Problems], Tags] | None:
    head = parts.at_hand(0, 12)
    if head[:3] == b"ID3" and len(head) > 5 and head[3] < 0x10 and head[4] < 0xFF:
        from bot.formats.audio_id3 import tags as id3

        return id3
    if head[4:8] == b"ftyp":
        from bot.formats.audio_mp4 import tags as mp4

        return mp4
    if head[:4] in (b"OggS", b"fLaC"):
        from bot.formats.audio_comments import tags as comments

        return comments
    if head[:1] == b"\xff" and head[1:2] in _FRAMES and head[2:3] not in (b"\xff", b"\0"):
        return _bare
    return None


def _bare(parts: Parts, problems: Problems) -> Tags:
    """MPEG frames without a tag in front of them."""
    return Tags()
