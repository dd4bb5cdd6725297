"""HTML to lines of words and to its few tags that mean something, in one linear pass; scripts and styles are no words.

The standard library's parser is not used: several of its patterns are quadratic in hostile input.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

BREAKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br cite dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li main nav "
        "ol p pre section table td th time title tr ul",
    )
)
SILENT = frozenset(("script", "style", "template", "noscript", "svg"))


def events(text: str) -> Iterator[tuple[str, str]]:
    """``(tag, "")`` for each tag (closing ones with ``/``) and ``("", words)`` for text, entities decoded."""
    position, size, closable = 0, len(text), True
    while position < size:
        start = text.find("<", position)
        if start < 0 or not closable:
            yield "", html.unescape(text[position:])
            return
        if start > position:
            yield "", html.unescape(text[position:start])
        if not text[start + 1 : start + 2].isalpha() and text[start + 1 : start + 2] not in ("/", "!", "?"):
            yield "", "<"
            position = start + 1
            continue
        end, name = _tag(text, start)
        closable = end >= 0
        position = end if closable else start + 1
        if closable and name:
            yield name, ""
            if name in SILENT:
                position = _after(text, name, position)


def _tag(text: str, start: int) -> tuple[int, str]:
    """Where the tag at ``start`` ends (-1: never) and its name in lower case; comments have no name."""
    if text.startswith("<!--", start):
        end = text.find("-->", start + 4)
        return (end + 3 if end >= 0 else -1), ""
    end = text.find(">", start)
    if end < 0:
        return -1, ""
    inner = text[start + 1 : min(end, start + 40)].lower().split()
    return end + 1, inner[0].rstrip("/") if inner else ""


def _after(text: str, name: str, position: int) -> int:
    """Behind the closing tag of an element whose content is never shown; the end when there is none."""
    closing = re.compile(f"</{name}", re.IGNORECASE).search(text, position)
    end = text.find(">", closing.end()) if closing else -1
    return end + 1 if end >= 0 else len(text)


def lines(text: str) -> list[str]:
    """The words line by line, as a reader would see them; headings keep a ``#`` so that they stay headings."""
    kept: list[str] = []
    part: list[str] = []
    prefix = ""
    silent = "title" if "<h1" in text.lower() else ""  # both say the same
    for tag, word in events(text):
        name = tag.lstrip("/")
        if name in BREAKS:
            _flush(kept, [] if silent and tag == "/title" else part, prefix)
            part.clear()
            prefix = "# " if tag in ("h1", "h2", "h3", "h4", "h5", "h6", "title") else ""
        elif not tag:
            part.append(word)
    _flush(kept, part, prefix)
    return kept


def _flush(kept: list[str], part: list[str], prefix: str) -> None:
    for line in "".join(part).split("\n"):
        if words := " ".join(line.split()):
            kept.append(prefix + words)
    part.clear()


def plain(text: str) -> str:
    """The words of a fragment as paragraphs, without markup of any kind."""
    if "<" not in text and "&" not in text:
        return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
    return "\n".join(line.removeprefix("# ") for line in lines(text))
