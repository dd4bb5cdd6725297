"""Bytes to text: byte order marks, UTF-8, UTF-16 and UTF-32, then a guess. Says why bytes are not text.

Line ends come out as ``\\n``; control characters, which are never words, are dropped here once for all parsers.
"""

from __future__ import annotations

import codecs
import re

from bot.errors import UnknownFormat
from bot.formats.problems import Problems

_MAGIC = (
    (b"ID3", "an MP3 audio file"),
    (b"\xff\xfb", "an MP3 audio file"),
    (b"OggS", "an Ogg audio file"),
    (b"fLaC", "a FLAC audio file"),
    (b"RIFF", "an audio or video file"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"PK\x03\x04", "a zip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 11, 12, 13)) + b"\x7f"
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_SAMPLE = 65_536
_BEYOND_BYTES = bytes(range(128, 256))
_WESTERN = frozenset("“”„‚‘’–—…«»‹›°©®™€£¥¢§¶·•†¡¿ºª×÷±¼½¾¹²³´`¨¬\xa0\xad")
#: Bytes beyond ASCII that are too few to tell a code page: this many, or one in so many.
_FEW, _RARE = 3, 50
#: Characters without width or words, which hide names and headings from a reader's eye.
_UNSEEN = "\u200b\u200e\u2060\ufeff"


def decode(data: bytes, problems: Problems) -> str:
    """The text of a file. Raises UnknownFormat for an empty file and for one that is not text."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnknownFormat("the file is empty")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UnknownFormat(f"the file is {what}, not text")
    text = _clean(_decoded(data, problems), data)
    if not text.strip("\ufeff \t\n\f\v"):
        raise UnknownFormat("the file is empty")
    return text


def _decoded(data: bytes, problems: Problems) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding, problems)
    if 0 in data[:_SAMPLE] and (wide := _wide(data[:_SAMPLE])):
        return _lenient(data, wide, problems)
    try:
        return data.decode()
    except UnicodeDecodeError as err:
        return _not_utf8(data, err.start, problems)


def _lenient(data: bytes, encoding: str, problems: Problems) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as err:
        problems.add(f"bytes that are not {encoding} were replaced ({err.reason})")
        return data.decode(encoding, "replace")


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: where the zero bytes of mostly Latin text stand gives it away."""
    size = len(sample) - len(sample) % 4
    if size < 4:
        return None
    zeros = [sample[start:size:4].count(0) / (size / 4) for start in range(4)]
    if min(zeros[1:]) > 0.9 > zeros[0]:
        return "utf-32-le"
    if min(zeros[:3]) > 0.9 > zeros[3]:
        return "utf-32-be"
    if min(zeros[1], zeros[3]) > 0.4 > 0.1 > max(zeros[0], zeros[2]):
        return "utf-16-le"
    if min(zeros[0], zeros[2]) > 0.4 > 0.1 > max(zeros[1], zeros[3]):
        return "utf-16-be"
    return None


def _not_utf8(data: bytes, first: int, problems: Problems) -> str:
    """``first`` is where the first byte stands that is not UTF-8."""
    text = data.decode("utf-8", "replace")
    broken, whole = text.count("\ufffd"), len(_BEYOND_ASCII.findall(text))
    # Other code pages hardly ever spell as many letters that are sound UTF-8 as ones that are not.
    is_utf8 = broken <= whole or (broken == 1 and text.endswith("\ufffd"))
    encoding = None if is_utf8 else _guess(data, first)
    if encoding is None:
        many = "1 byte that is not UTF-8 was" if broken == 1 else f"{broken} bytes that are not UTF-8 were"
        problems.add(f"{many} replaced, the first on this line", data.count(b"\n", 0, first) + 1)
        return text
    problems.add(f"the file is not UTF-8; it was read as {encoding}")
    return data.decode(encoding, "replace")


def _guess(data: bytes, first: int) -> str | None:
    """The code page; None when a few odd bytes in plain ASCII are letters of none."""
    sample = data[:_SAMPLE] if first < _SAMPLE // 2 else data[first - _SAMPLE // 2 : first + _SAMPLE // 2]
    if 0 in sample:
        return "latin-1"
    if _is_western(sample.decode("cp1252", "replace")):
        return "cp1252"
    beyond = len(data) - len(data.translate(None, _BEYOND_BYTES))
    if beyond <= max(_FEW, len(data) // _RARE):
        return None  # statistics on so few bytes find Chinese in an apostrophe
    from charset_normalizer import from_bytes  # lazy: only odd files pay for it

    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"


def _is_western(text: str) -> bool:
    """Latin code pages look alike to statistics: mostly plain letters, and beyond them only what Western texts use."""
    beyond = _BEYOND_ASCII.findall(text)
    if "\ufffd" in text or len(beyond) * 2 > sum(map(str.isalpha, text)):
        return False
    return all((letter.isalpha() and letter != "ÿ") or letter in _WESTERN for letter in beyond)


def _clean(text: str, data: bytes) -> str:
    if not text.isascii() and any(letter in text for letter in _UNSEEN):
        text = text.translate(dict.fromkeys(map(ord, _UNSEEN)))
    if len(data.translate(None, _CONTROLS)) != len(data):
        text = _without_controls(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _without_controls(text: str) -> str:
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) + sample.count("\0") > max(1, len(sample) // 50):
        raise UnknownFormat("the file is binary, not text")
    return _CONTROL.sub("", text).replace("\0", "\ufffd")
