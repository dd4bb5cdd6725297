"""Markup to words: Markdown and HTML as DESIGN's first promise has it (marks, tags and escapes are not words).

Everything here takes time in proportion to the text, whatever is written in it: patterns are bounded or cannot
run past the next character of their own kind.
"""

from __future__ import annotations

import html
import re

#: Stands for a time mark while the text around it is cleaned: a character of no script, followed by the mark's number,
#: so that a mark that goes with a tag or a link takes no other mark's place.
MARK = "\uf8ff"

_SPECIAL = re.compile(r"[\\*_`\[<>&!]")
_CODE = re.compile(r"(?<!`)`{1,3}([^`]+)`{1,3}(?!`)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~“”])")
_IMAGE = re.compile(r"!\[[^\[\]]{0,1000}\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_ADDRESS = r"https?://[^()<>\n\"]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,2000})?|[^()\s<>]{0,2000}"
_LINK = re.compile(rf"\[([^\[\]]{{0,1000}})\]\(<?({_ADDRESS})>?(?:\s*\"[^\"]{{0,500}}\")?\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]*)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_RUN = re.compile(r"\*+|_+")
_BLOCK = re.compile(r"^[ \t]*(?:>[ \t]?){1,9}|^[ \t]*[-*+][ \t]+", re.MULTILINE)

# While emphasis is resolved, characters that are meant literally hide in the private use area.
_HIDE = {code: chr(0xE000 + code) for code in range(33, 127)}
_SHOW = {0xE000 + code: chr(code) for code in range(33, 127)}


def words(text: str) -> str:
    """Plain text with white space collapsed."""
    return " ".join(text.split())


def markdown_words(text: str) -> str:
    """The words of one Markdown paragraph, white space collapsed."""
    if not _SPECIAL.search(text) and text[:3].lstrip()[:1] not in ("-", "+"):
        return " ".join(text.split())
    text = _BLOCK.sub("", text)
    text = _CODE.sub(lambda m: m[1].translate(_HIDE), text)
    text = _ESCAPE.sub(lambda m: m[1].translate(_HIDE), text)
    if "](" in text:
        text = unlinked(text)
    if "<" in text:
        text = _TAG.sub(_untagged, _AUTOLINK.sub(lambda m: m[1].translate(_HIDE), text))
    if "*" in text or "_" in text:
        text = _unstarred(text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join((text if text.isascii() else text.translate(_SHOW)).split())


def unlinked(text: str) -> str:
    """Links as their words; pictures are no words."""
    return _LINK.sub(lambda m: m[1], _IMAGE.sub("", text))


def first_link(text: str) -> str | None:
    """The address of the first Markdown link."""
    match = _LINK.search(_IMAGE.sub("", text)) if "](" in text else None
    return match[2] if match else None


def _untagged(match: re.Match[str]) -> str:
    return " " if match[0][1:].lstrip("/")[:2].lower() in ("br", "p>", "li", "pr", "di") else ""


def _unstarred(text: str) -> str:
    """Without the ``*`` and ``_`` that open and close emphasis; those that do neither are words."""
    openers: dict[str, list[list[int]]] = {"*": [], "_": []}
    cut: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        opens, closes = _flanks(text, run)
        start, left = run.start(), run.end() - run.start()
        stack = openers[text[start]]
        while closes and left and stack:
            opener = stack[-1]
            taken = min(left, opener[1])
            cut.append((opener[0] + opener[1] - taken, opener[0] + opener[1]))
            cut.append((start, start + taken))
            start, left, opener[1] = start + taken, left - taken, opener[1] - taken
            if not opener[1]:
                stack.pop()
        if opens and left:
            stack.append([start, left])
    return _without(text, sorted(cut))


def _flanks(text: str, run: re.Match[str]) -> tuple[bool, bool]:
    """Whether a run may open and may close emphasis (CommonMark 0.31, left- and right-flanking)."""
    before = text[run.start() - 1] if run.start() else " "
    after = text[run.end()] if run.end() < len(text) else " "
    space_before, space_after = before.isspace() or before == MARK, after.isspace() or after == MARK
    word_before, word_after = before.isalnum(), after.isalnum()
    left = not space_after and (word_after or not word_before)
    right = not space_before and (word_before or not word_after)
    if text[run.start()] == "_":
        return left and not word_before, right and not word_after
    return left, right


def _without(text: str, cut: list[tuple[int, int]]) -> str:
    kept, position = [], 0
    for start, end in cut:
        kept.append(text[position:start])
        position = max(position, end)
    kept.append(text[position:])
    return "".join(kept)
