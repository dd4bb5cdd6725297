"""Bytes of a feed to clean UTF-8, whatever its declaration claims; and the repairs that make any tag soup well-formed.

What is done here takes time in proportion to the bytes. No meaning of a tag is known here.
"""

from __future__ import annotations

import codecs
import re

from bot.errors import UnknownFormat
from bot.formats.decoding import decode
from bot.formats.problems import Problems

_MARK = codecs.BOM_UTF8
_CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 13)) + b"\x7f"
_NEVER = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][\w.:-]{1,40})[\"']", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z][\w.:-]{1,40})", re.IGNORECASE)
_SAMPLE, _CHUNK = 65_536, 1 << 20
#: Names that mean more than they say (https://encoding.spec.whatwg.org/#names-and-labels).
_WIDER = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
#: Encodings that look like plain ASCII until they are decoded.
_SEVEN_BITS = frozenset(("iso2022_jp", "iso2022_kr", "hz"))
_NOT_TRUSTED = ("utf-8", "utf-16", "utf-32", "utf-7", "utf_7", "utf_8", "utf_16", "utf_32")


def utf8(data: bytes, content_type: str, problems: Problems) -> bytes:
    """Valid UTF-8 without byte order marks and characters that no XML may hold. Raises UnknownFormat for no text.

    What the bytes are comes before what the XML declaration says, and that before the server's word.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnknownFormat("the file is empty")
    body = data.lstrip(b" \t\r\n")
    while body.startswith(_MARK):
        body = body[len(_MARK) :].lstrip(b" \t\r\n")
    # UTF-16 and UTF-32 are told by their marks and many zeros.
    sample = data[:_SAMPLE]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or sample.count(0) * 10 > len(sample):
        return _clean(_encoded(decode(data, problems)))
    declared = _declared(body, content_type)
    if _is_utf8(body) and not any(name in _SEVEN_BITS for name in declared):
        return _clean(body)
    for name in declared:
        if (text := _read_as(body, name)) is not None:
            return _clean(_encoded(text))
    return _clean(_encoded(decode(body, problems)))


def _declared(body: bytes, content_type: str) -> list[str]:
    """Names of encodings that Python knows, the XML's own first; Unicode's are judged by the bytes alone."""
    names = [match[1].decode("ascii") for match in [_DECLARED.search(body[:1000])] if match]
    names += _CHARSET.findall(content_type[:1000])
    known: list[str] = []
    for name in names:
        try:
            found = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if found._is_text_encoding and not found.name.startswith(_NOT_TRUSTED):
            known.append(found.name)
    return known


def _read_as(body: bytes, name: str) -> str | None:
    """The text, or None when the bytes contradict the name: more than one in two hundred is none of its letters."""
    try:
        text = body.decode(_WIDER.get(name, name), "replace")
    except (LookupError, ValueError, UnicodeError):
        return None
    return text if text.count("\ufffd") * 200 <= len(text) else None


def _is_utf8(body: bytes) -> bool:
    """Checked piece by piece: the text of a large feed may take four times its bytes."""
    if body.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(body), _CHUNK):
            decoder.decode(body[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _encoded(text: str) -> bytes:
    return text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace")


def _clean(body: bytes) -> bytes:
    kept = body.translate(None, _CONTROLS)
    if (len(body) - len(kept)) * 50 > max(len(body), 1000):
        raise UnknownFormat("the file is binary, not text")
    for never in _NEVER:
        if never in kept:
            kept = kept.replace(never, b"\xef\xbf\xbd")
    return kept
