"""Damaged markup made well-formed before it is parsed: references, unclosed and stray tags, attributes, depth.

Works on UTF-8 bytes, in linear time, and knows no tag by name. What stands in CDATA is never touched.
"""

from __future__ import annotations

import html.entities
import re
from functools import lru_cache

#: Deeper elements lose their tags, not their words: the parser would stop there.
DEEPEST = 100
#: Bytes of one run of text, and of one tag, that are kept of a piece that is larger than ``LARGE``.
LONGEST, LARGE = 1 << 20, 4 << 20

_ODD = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCE = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos);)(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?"
)
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_ESCAPED = {"&": b"&amp;", "<": b"&lt;", ">": b"&gt;", '"': b"&quot;", "'": b"&apos;"}
_PIECE = re.compile(
    rb"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<[?!][^>]*>?"
    rb"|<(?P<close>/?)(?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)(?P<rest>[^<>]*)(?:>|(?=<)|\Z)|<|\]\]>|[^<\]]+|\]",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    rb"([A-Za-z_][\w.-]{0,100}(?::[A-Za-z_][\w.-]{0,100})?)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=]+))"
)
_MOST_ATTRIBUTES, _LONGEST_TAG = 200, 65_536


def with_characters(piece: bytes) -> bytes:
    """Every reference but XML's own five becomes its character; a bare ampersand is escaped."""
    if b"&" not in piece or not _ODD.search(piece):
        return piece
    first, *others = piece.split(_CDATA)
    parts = [_REFERENCE.sub(_character, first)]
    for other in others:
        hidden, end, shown = other.partition(_CDATA_END)
        parts += _CDATA, hidden, end, _REFERENCE.sub(_character, shown)
    return b"".join(parts)


def _character(match: re.Match[bytes]) -> bytes:
    return _spelled(match[1]) if match[1] else b"&amp;"


@lru_cache(maxsize=1000)
def _spelled(name: bytes) -> bytes:
    text = name.decode("ascii")
    if text[0] == "#":
        found = _numbered(text[1:-1])
    else:
        found = html.entities.html5.get(text, "")
        if not found:
            return b"&amp;" + name
    return b"".join(_ESCAPED.get(letter) or letter.encode() for letter in found)


def _numbered(digits: str) -> str:
    """As HTML reads numbers: 128-159 are those of Windows-1252, and what is no character is one that says so."""
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "replace")
    if code in (9, 10, 13):
        return chr(code)
    if code < 32 or code == 127:
        return ""
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or code in (0xFFFE, 0xFFFF):
        return "\ufffd"
    return chr(code)


def balanced(piece: bytes) -> bytes:
    """Well-formed but for prefixes that are not declared: what is open is closed by what encloses it, what closes
    nothing is dropped, as are comments, declarations and tags below ``DEEPEST``."""
    out: list[bytes] = []
    opened: list[bytes] = []
    for match in _PIECE.finditer(piece):
        name = match["name"]
        if name is not None:
            _tag(out, opened, match, name)
        elif match["cdata"] is not None:
            out.append(b"<![CDATA[" + match["cdata"] + b"]]>")
        elif match[0] == b"<":
            out.append(b"&lt;")
        elif match[0] == b"]]>":
            out.append(b"]]&gt;")
        elif match[0][:1] != b"<":
            out.append(match[0])
    out.extend(b"</%b>" % name for name in reversed(opened))
    return b"".join(out)


def _tag(out: list[bytes], opened: list[bytes], match: re.Match[bytes], name: bytes) -> None:
    rest = match["rest"]
    if not match["close"]:
        if rest.endswith(b"/"):
            out.append(b"<%b%b/>" % (name, _attributes(rest[:-1])))
        elif len(opened) < DEEPEST:
            out.append(b"<%b%b>" % (name, _attributes(rest)))
            opened.append(name)
    elif name in opened:
        while (last := opened.pop()) != name:
            out.append(b"</%b>" % last)
        out.append(b"</%b>" % name)


def _attributes(text: bytes) -> bytes:
    if b"=" not in text:
        return b""
    kept: dict[bytes, bytes] = {}
    for match in _ATTRIBUTE.finditer(text, 0, _LONGEST_TAG):
        if len(kept) == _MOST_ATTRIBUTES:
            break
        value = match[2] if match[2] is not None else match[3] if match[3] is not None else match[4]
        kept.setdefault(match[1], value.replace(b'"', b"&quot;"))
    return b"".join(b' %b="%b"' % pair for pair in kept.items())


_LONG = re.compile(
    rb"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>?|[^<]+",
    re.DOTALL,
)


def shortened(piece: bytes) -> bytes:
    """A piece of absurd size with its longest texts cut, so that the parser's own limits are never met."""
    if len(piece) <= LARGE:
        return piece
    return _LONG.sub(_cut, piece)


def _cut(match: re.Match[bytes]) -> bytes:
    if len(match[0]) <= LONGEST:
        return match[0]
    if match["cdata"] is not None:
        return b"<![CDATA[" + _whole(match["cdata"][:LONGEST]) + b"]]>"
    if match[0].startswith(b"<"):
        return b""
    text = match[0][:LONGEST]
    half = text.rfind(b"&", LONGEST - 40)
    return _whole(text[:half] if half >= 0 else text)


def _whole(text: bytes) -> bytes:
    """Without a half character at the end."""
    return text.decode("utf-8", "ignore").encode()
