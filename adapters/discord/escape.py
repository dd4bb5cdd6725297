"""Text of others made harmless for Discord: mark-up, mentions, invites, addresses and characters that nobody sees.

Two kinds of places: those that read Markdown (``marked``: content, embed titles, descriptions and fields, text
displays) and those that do not (``bare``: footers, authors, buttons, options, forms, alt texts). What is harmless as it
stands stays as it is: ``C++ * 2_000``. How Discord reads Markdown: simple-markdown's rules with its own additions
(docs "Message Formatting", support article "Markdown Text 101").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit

from adapters.discord.limits import URL
from bot.plain import clean
from bot.rules.links import safe_url
from bot.rules.words import collapse

#: Stands after "@" in front of "everyone" and "here", which ping wherever they are read raw (as discord.py's own
#: ``escape_mentions`` does).
_BREAK = "\u200b"
#: Marks above and below one letter; Vietnamese needs two, Hebrew and Thai three.
_MARKS = 4

# --- what nobody sees
#: Whether there can be anything of that at all: beyond Latin, punctuation and symbols.
_ODD = re.compile(r"[\u00ad\u0300-\u036f]|[^\x00-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u27ff]")
#: Joiners outside of emoji and the scripts that need them, soft hyphens, letters that are blank, variation selectors
#: of ideographs.
_UNSEEN = re.compile(
    "(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff\u2000-\u206f])"
    "|[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc]|[\U000e0100-\U000e01ef]"
)
_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+\n")

# --- Markdown
_ANYWHERE = re.compile(
    r"[\\`]"
    # Emphasis; a star between blanks and a line inside a word begin and end none.
    r"|(?<!\s)\*|\*(?!\s)|_(?!(?<=[A-Za-z0-9]_)[A-Za-z0-9])"
    r"|~(?=~)|(?<=~)~|\|(?=\|)|(?<=\|)\|"
    # Mentions, emoji, times, commands, addresses in brackets.
    r"|<(?=[@#:/+A-Za-z])|(?<=<)[@#:/]|:(?=[0-9_+\-]*[A-Za-z][\w+\-]*:)"
    # Addresses, masked links, invites.
    r"|:(?=//)|(?<=\])\(|(?<=discord)\.|(?<=discordapp)\.",
    re.IGNORECASE,
)
_AT_START = re.compile(r"^([^\S\n]*)(#{1,3}(?=\s|$)|-#|>|[-*+](?=\s|$))", re.MULTILINE)
_NUMBERED = re.compile(r"^([^\S\n]*\d+)([.)])(?=\s|$)", re.MULTILINE)
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
#: Names of shows, episodes, people and buttons come again and again; what is no longer than this is remembered.
_NAME = 120
_BRACKETS = str.maketrans("[]", "［］")

# --- addresses
_PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?(?::\d{1,5})?(?:[/?#][a-z0-9\-._~:/?#@!$&'*+,;=%]*)?", re.IGNORECASE
)
_SAFE = "-._~:/?#@!$&'*+,;=%"
_INVITE = re.compile(r"https?://(?:[a-z0-9-]+\.)*(?:discord\.gg|discord(?:app)?\.com/+invite)", re.IGNORECASE)


def bare(text: str) -> str:
    """For places without Markdown: nothing invisible, no direction characters, no mass mention; line breaks stay."""
    return _EVERYONE.sub(f"@{_BREAK}", _seen(text))


def bare_line(text: str) -> str:
    """As ``bare``, on one line."""
    return _known_line(text) if len(text) <= _NAME else collapse(bare(text))


def marked(text: str) -> str:
    """For places with Markdown: it looks like itself and does nothing."""
    return _escaped(bare(text))


def marked_line(text: str) -> str:
    """As ``marked``, on one line."""
    return _escaped(bare_line(text))


def inner(text: str) -> str:
    """As ``marked_line``, where something stands before it on its line: no list or heading can begin there."""
    return _known_inner(text) if len(text) <= _NAME else _ANYWHERE.sub(r"\\\g<0>", bare_line(text))


def label(text: str) -> str:
    """As ``inner``, for inside a masked link, where brackets cannot be escaped: they are wide there."""
    return inner(text.translate(_BRACKETS))


def linked(text: str, url: str | None) -> str:
    """A masked link, or the text alone where nothing may be linked or an invite would unfold; ``text`` as it comes."""
    found = address(url)
    return f"[{label(text)}]({found})" if found and not _INVITE.match(found) else marked_line(text)


def address(url: str | None, most: int = URL) -> str | None:
    """The address as Discord takes it (http or https, ASCII, no brackets), at most ``most`` characters; else None."""
    found = safe_url(url)
    if found is None:
        return None
    scheme, mark, rest = found.partition("://")
    found = f"{scheme.lower()}{mark}{rest}"
    if not _PLAIN_ADDRESS.fullmatch(found):
        found = _ascii(found)
    fits = found is not None and len(found) <= most and _PLAIN_ADDRESS.fullmatch(found) and _has_port(found)
    return found if fits else None


def silent(url: str | None) -> str | None:
    """The address for content, shown without a preview; None for what previews whatever one does: an invite."""
    found = address(url)
    return f"<{found}>" if found and not _INVITE.match(found) else None


def _has_port(url: str) -> bool:
    """Whether its port, where it names one, is one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _ascii(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port is not None else ""
        rest = quote(url.split("://", 1)[1][len(parts.netloc) :], safe=_SAFE)
    except (ValueError, UnicodeError):
        return None
    return f"{parts.scheme}://{host}{port}{rest}"


@lru_cache(maxsize=4096)
def _known_line(text: str) -> str:
    return collapse(bare(text))


@lru_cache(maxsize=4096)
def _known_inner(text: str) -> str:
    return _ANYWHERE.sub(r"\\\g<0>", bare_line(text))


def _seen(text: str) -> str:
    text = clean(text)
    if _ODD.search(text):
        text = _UNSEEN.sub("", text).replace("\u2800", " ")
        text = _bounded(text)
    return _LINES.sub("\n\n", text) if "\n" in text else text


def _bounded(text: str) -> str:
    """No more than a few marks on one letter."""
    kept, run = [], 0
    for letter in text:
        run = run + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if run <= _MARKS:
            kept.append(letter)
    return "".join(kept)


def _escaped(text: str) -> str:
    text = _ANYWHERE.sub(r"\\\g<0>", text)
    text = _AT_START.sub(r"\1\\\2", text)
    return _NUMBERED.sub(r"\1\\\2", text)
