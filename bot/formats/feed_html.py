"""HTML of show notes to lines, the quick way: cut at every ``<`` and each tag looked up once.

It answers as ``hypertext`` does, or not at all; what may be hidden from readers, and tags without an end, it leaves
to that. No time and no meaning of words enters.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from bot.formats.hypertext import BREAKS, SILENT

#: Where a link begins or ends, in ``lines``.
LINK = "\0"
_HEADING, _HEADINGS = "\n# ", frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: Tags inside of a paragraph that a page may use as columns of a list, and that summaries read on over.
_INLINE = frozenset(("cite", "time"))
_CELLS = frozenset(("td", "th"))
_MOST, _LONGEST = 500, 20


class _Signs(dict[str, str | None]):
    """What stands in the text for a tag as written; None for one that needs the slower reader."""

    def __init__(self, signs: Mapping[str, str]) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, tag: str) -> str | None:
        if not (tag[:1].isalpha() or tag[:1] == "/"):
            return None
        name = (tag[:39].lower().split() or [""])[0].rstrip("/")
        bare = name.lstrip("/")
        if bare in SILENT or bare == "title":
            return None
        sign = self._signs.get(name, self._signs.get(bare, ""))
        if len(tag) <= _LONGEST and len(self) < _MOST:
            self[tag] = sign
        return sign


_LINES = _Signs({**dict.fromkeys(BREAKS, "\n"), **dict.fromkeys(_HEADINGS, _HEADING), "a": LINK}
                | {f"/{name}": "\n" for name in _HEADINGS})  # fmt: skip
_PLAIN = _Signs({**dict.fromkeys(BREAKS - _INLINE, "\n"), **dict.fromkeys(_CELLS, " ")})


def lines(text: str) -> list[str] | None:
    """The words line by line as a reader sees them; headings keep a ``#``, links leave ``LINK`` at both of their
    ends. None for what the slower reader has to say."""
    shown = _shown(text, _LINES)
    return None if shown is None else _tidied(shown)


def plain(text: str) -> str | None:
    """The words as paragraphs; None for what the slower reader has to say."""
    shown = _shown(text, _PLAIN)
    return None if shown is None else "\n".join(_tidied(shown))


def _shown(text: str, signs: _Signs) -> str | None:
    if "<" in text:
        first, *pieces = text.split("<")
        out, headed = [first], False
        for piece in pieces:
            tag, end, words = piece.partition(">")
            sign = signs[tag]
            if sign is None or not end:
                return None
            if sign[:1] == "\n":
                headed = sign == _HEADING
            out += sign, words.replace("\n", _HEADING) if headed else words
        text = "".join(out)
    return html.unescape(text) if "&" in text else text


def _tidied(text: str) -> list[str]:
    """Line by line without blank ones, each run of white space one blank."""
    told: Iterable[str] = map(" ".join, map(str.split, text.split("\n")))
    return [line for line in told if line and line != "#"]
