"""A place's own words for a post: text with placeholders in braces, filled in one pass. Pure; nothing is evaluated.

What a feed says is put in as it is: braces in it mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot import texts_news as texts
from bot.errors import UsageError

#: What a template may name, and what each is.
FIELDS: Mapping[str, str] = texts.TEMPLATE_FIELDS
#: The longest template, in characters.
LONGEST = 1000

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]|[^{}]+")
#: Inside of a line that is being tidied: where a value will stand, and where one is empty. Taken out of the template.
_VALUE, _NOTHING = "\x01", "\x00"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufff9-\ufffc]")
_BLANKS = re.compile(r"[^\S\n]+")
#: What an empty value takes along: brackets around it, a number sign, a dot, dash or comma, a colon behind it.
_BARE = re.compile(
    rf"[(\[]\s*{_NOTHING}\s*[)\]]|^#?{_NOTHING}\s*[:,](?=\s)|#{_NOTHING}|\s*,\s*{_NOTHING}(?=\s*(?:,|$))"
    rf"|\s*(?:[·•|–—]|\s-)\s*{_NOTHING}|{_NOTHING}\s*[·•|–—-](?=\s)"
)
_GAP = re.compile(rf"\s*{_NOTHING}+(?=[:,])|{_NOTHING}")


def check(text: str) -> str:
    """The template as it is kept: one kind of line break (``\\n`` written out is one too), no control characters.

    Raises UsageError for an unknown placeholder, a brace without its other half, and more than 1,000 characters.
    """
    kept = _CONTROLS.sub("", re.sub(r"\r\n?|\\n|[\v\f\x85\u2028\u2029]", "\n", text)).strip()
    if len(kept) > LONGEST:
        raise UsageError(texts.template_too_long(LONGEST, len(kept)))
    for piece in _PIECE.finditer(kept):
        if piece[1] is not None and _name(piece[1]) not in FIELDS:
            raise UsageError(texts.no_placeholder(piece[1].strip(), tuple(FIELDS)))
        if piece[0] in ("{", "}"):
            raise UsageError(texts.lonely_brace(piece[0], tuple(FIELDS)))
    return kept


def fill(text: str, values: Mapping[str, str]) -> str:
    """The template with its values; one that is missing or blank is empty.

    A line whose placeholders are all empty disappears. What ``check`` would refuse stands as it was written.
    """
    lines: list[str] = []
    for one in text.splitlines():
        line = _line(one, values)
        if line or (line is not None and lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).rstrip("\n")


def _line(line: str, values: Mapping[str, str]) -> str | None:
    """None when all that was to be filled in is empty."""
    said: list[str] = []
    pieces = [_piece(one, values, said) for one in _PIECE.finditer(_CONTROLS.sub("", line))]
    if _NOTHING in pieces and not said:
        return None
    shape = _BARE.sub(_NOTHING, _BLANKS.sub(" ", "".join(pieces)))
    tidy = _BLANKS.sub(" ", _GAP.sub("", shape)).strip()
    return "".join(_woven(tidy.split(_VALUE), said))


def _piece(found: re.Match[str], values: Mapping[str, str], said: list[str]) -> str:
    """One piece of a line; values are kept apart until the rest is tidy, so that nothing is done to them."""
    if found[0] in ("{{", "}}"):
        return found[0][0]
    name = _name(found[1] or "")
    if name not in FIELDS:
        return found[0]
    value = values.get(name, "").strip()
    if value:
        said.append(value)
    return _VALUE if value else _NOTHING


def _woven(texts: list[str], values: list[str]) -> Iterator[str]:
    yield texts[0]
    for value, text in zip(values, texts[1:], strict=True):
        yield value + text


def _name(written: str) -> str:
    return written.strip().lower()
