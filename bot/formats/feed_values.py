"""Single values of feeds: lines, addresses, durations, numbers, yes and no. Whatever is none of them is absent.

Problems say what was dropped in the feed's own words; an address is never quoted, since it may hold a secret.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from bot.formats.feed_notes import plain
from bot.formats.front_matter import language as tag_of
from bot.formats.problems import Problems, shown
from bot.formats.times import sane, seconds
from bot.plain import clean, clean_line
from bot.rules.links import safe_url

#: Characters of a title or a name, of a guid, of an address.
LONGEST_LINE, LONGEST_GUID, LONGEST_ADDRESS = 1_000, 2_000, 4_000
_USUAL = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][!#-;=?-\[\]_a-z{|}~]*)?")
#: Words that need no care: printable, one blank between them, no markup.
_BARE = re.compile(r"[!-%'-;=-~]+(?: [!-%'-;=-~]+)*")
_LONGEST_WORD = 100
_BREAKS = re.compile(r"[\t\r\n]+\s*")
#: What no reader sees and no text needs: controls, direction, halves of characters; joiners are letters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_UNSEEN_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NUMBER = re.compile(r"#?\s*(\d{1,6})(?:\.0+)?", re.ASCII)
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_SPOKEN = re.compile(
    r"(?:PT?)?(?:(\d{1,4})\s*h(?:ours?|rs?)?[\s,]*)?(?:(\d{1,5})\s*m(?:in(?:ute)?s?)?[\s,]*)?"
    r"(?:(\d{1,6})(?:\.\d{1,9})?\s*s(?:ec(?:ond)?s?)?)?\.?",
    re.IGNORECASE | re.ASCII,
)
_WORD_YES, _WORD_NO = frozenset(("yes", "true", "explicit", "1")), frozenset(("no", "false", "clean", "0"))


def tidy(text: str) -> str:
    """A text of many lines without what cannot be seen; looking first is a hundred times faster than cleaning."""
    if text.isprintable():
        return text
    unseen = _UNSEEN_ASCII if text.isascii() else _UNSEEN
    return clean(text) if unseen.search(text) else text


def line(text: str | None, limit: int = LONGEST_LINE) -> str:
    """One line of words: markup, control and direction characters go, references become their characters."""
    if not text:
        return ""
    if len(text) <= limit and text.isascii() and _BARE.fullmatch(text):
        return text
    text = text[: 20 * limit]
    if "<" in text or "&" in text:
        text = plain(text)
    text = clean_line(text)
    return text if len(text) <= limit else shown(text, limit)


def word(text: str | None) -> str:
    """A media type, role or the like, of at most 100 characters in lower case: a feed has few of them, many times."""
    if not text:
        return ""
    return _word(text) if len(text) <= _LONGEST_WORD else line(text, _LONGEST_WORD).lower()


@lru_cache(maxsize=500)
def _word(text: str) -> str:
    return line(text, _LONGEST_WORD).lower()


def name(text: str | None) -> str | None:
    """A guid: as it stands, but on one line and without what cannot be seen; None when nothing is left."""
    if not text or not (text := text[: 10 * LONGEST_GUID].strip()):
        return None
    if not (text.isascii() and text.isprintable()):
        text = clean_line(text)
    return text[:LONGEST_GUID] or None


def address(text: str | None, base: str, problems: Problems | None = None, *, secret: bool = False) -> str | None:
    """An absolute http(s) address; relative ones are resolved against ``base``. All else is dropped and reported.

    ``secret`` lets a name and password before the host stay: private feeds' media have them. Nothing shows them.
    """
    if not text or not (text := text.strip()):
        return None
    if len(text) <= LONGEST_ADDRESS and _USUAL.fullmatch(text) and "&amp;" not in text:
        return text
    found = _resolved(text, base, secret) if len(text) <= 2 * LONGEST_ADDRESS else None
    if found is None and problems is not None:
        problems.add(_why(text))
    return found


def _why(text: str) -> str:
    if match := _SCHEME.match(text):
        scheme = match[0][:-1].lower()
        return f"an address that is not http was dropped ({shown(scheme, 20)}:)" if scheme not in _WEB else _CANNOT
    return "an address that is not complete was dropped"


_WEB = frozenset(("http", "https"))
_CANNOT = "an address that no browser should follow was dropped"
#: Schemes that podcast players made up for feeds.
_PLAYERS = re.compile(r"(?:feed|itpc|pcast|podcast|podto|rss)://(?:https?//|https?://)?", re.IGNORECASE)


def feed_address(text: str | None, base: str) -> str | None:
    """As ``address``, for feeds: ``feed:``, ``itpc:`` and the like are http."""
    if text and (match := _PLAYERS.match(text.strip())):
        text = "https://" + text.strip()[match.end() :]
    return address(text, base, secret=True)


def _resolved(text: str, base: str, secret: bool) -> str | None:
    text = _BREAKS.sub("", text).replace(" ", "%20").replace("&amp;", "&")
    try:
        if not _SCHEME.match(text):
            if not base:
                return None
            text = urljoin(base, text)
        parts = urlsplit(text)
        scheme = parts.scheme.lower()
        if scheme != text[: len(scheme)]:
            text = scheme + text[len(scheme) :]
        if secret and "@" in parts.netloc:
            bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
            return text if safe_url(bare) and text.isprintable() else None
    except ValueError:
        return None
    return safe_url(text) if len(text) <= LONGEST_ADDRESS else None


def duration(text: str | None, problems: Problems) -> float | None:
    """Seconds of ``3600``, ``60:00``, ``1:00:00``, ``1h``, ``PT1H``; None for nothing, zero and garbage."""
    if not text or not (text := text.strip()):
        return None
    found = seconds(text)
    if found is None and len(text) < 40 and (match := _SPOKEN.fullmatch(text)) and any(match.groups()):
        hours, minutes, rest = (int(part or 0) for part in match.groups())
        found = sane(hours * 3600 + minutes * 60 + rest)
    if found is None:
        problems.add(f"the duration “{shown(clean(text[:200]))}” was not understood")
    return found or None


def moment(text: str | None) -> float | None:
    """Seconds of a number or a clock; None for what is none or not finite."""
    return seconds(text.strip()) if text else None


def number(text: str | None) -> int | None:
    match = _NUMBER.fullmatch(text.strip()) if text and len(text) < 100 else None
    return int(match[1]) if match else None


def length(text: str | None) -> int | None:
    """Bytes as declared; None for nothing, zero and what is absurd."""
    return count(text) or None


def count(text: str | None) -> int | None:
    """As ``length``, but nothing is a number too: nobody has watched yet."""
    match = _LENGTH.fullmatch(text.strip()) if text and len(text) < 100 else None
    return int(match[0]) if match else None


def real(text: str | None) -> float | None:
    """A finite number, None for all else."""
    try:
        found = float(text) if text and len(text) < 40 else math.nan
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def flag(text: str | None) -> bool | None:
    """Yes or no; None for neither."""
    word = text.strip().lower() if text and len(text) < 50 else ""
    return True if word in _WORD_YES else False if word in _WORD_NO else None


def blocked(text: str | None) -> bool:
    """Apple blocks on ``Yes`` and says that any other value has no effect; feeds write ``yes`` as often."""
    return text in ("Yes", "yes")


def language(text: str | None) -> str | None:
    """A language tag in its own words, with the hyphen that BCP 47 wants; None for what is no tag."""
    return _language(text.strip()[:50]) if text else None


@lru_cache(maxsize=500)
def _language(text: str) -> str | None:
    found = tag_of(text)
    return found.replace("_", "-") if found else None


def words(text: str | None, most: int = 100) -> tuple[str, ...]:
    """What commas part, each once."""
    parts = (line(part, 100) for part in (text or "")[:10_000].split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:most]
