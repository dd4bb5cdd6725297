"""Links to a moment: which outlet or template, and how its host writes a time. Nothing is fetched here."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from bot.domain import Edition, EditionKind, Episode
from bot.rules.stamps import stamp

#: Page or video first: they open in a browser at the moment; then players, raw audio last.
_BEST: tuple[EditionKind, ...] = (
    "youtube", "video", "page", "overcast", "pocketcasts", "spotify", "other", "audio", "apple",
)  # fmt: skip
_ORDER = {kind: n for n, kind in enumerate(_BEST)}
#: Outlets that play the enclosure itself, with whatever ads its host puts in.
_SAME_AUDIO: frozenset[EditionKind] = frozenset(("audio", "overcast", "pocketcasts", "apple"))
#: How hosts write a moment (what their own share buttons make); all else takes a media fragment, ``#t=``.
#: https://www.w3.org/TR/media-frags/
_DIALECTS = (
    ("youtube.com", "t"),
    ("youtu.be", "t"),
    ("youtube-nocookie.com", "start"),
    ("spotify.com", "t"),
    ("overcast.fm", "path"),
    ("pca.st", "t"),
    ("pocketcasts.com", "t"),
    ("podcasts.apple.com", "t"),
    ("twitch.tv", "t"),
    ("dailymotion.com", "start"),
    ("odysee.com", "t"),
)
_STAMPED_PATH = re.compile(r"/(?:\d{1,3}:)?\d{1,2}:\d\d$|/$")
_NUMBER = r"(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})"
#: ``1h2m3s`` and any part of it; a bare number is seconds.
_SPAN = re.compile(rf"(?:{_NUMBER}h)?(?:{_NUMBER}m)?(?:{_NUMBER}s?)?", re.ASCII)


def safe_url(url: str | None) -> str | None:
    """The address if it is http(s) with a host and no credentials, else None: nothing else may become a link.

    Blanks and what cannot be seen (controls, text direction, halves of characters) are in no address.
    """
    if not url or " " in url or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return url


@dataclass(frozen=True, slots=True)
class MomentLink:
    """A link to a moment; not ``exact`` where the outlet's own offset is only supposed.

    ``kind`` is the outlet's, "" for a show's own template; not ``timed`` where it leads to no moment (a premiere)."""

    url: str
    exact: bool = True
    kind: EditionKind | Literal[""] = ""
    timed: bool = True


def moment_link(episode: Episode, start_s: float | None) -> MomentLink | None:
    """The best link to a moment of the episode: by the show's own template, else in the best outlet that can be played.

    Outlets whose offset is known come before those where it is supposed. None when there is no outlet or no time.
    """
    if start_s is None or not math.isfinite(start_s):
        return None
    if episode.link_template and (url := _templated(episode.link_template, episode, start_s)):
        return MomentLink(url, not episode.offset_s)
    for edition in sorted(episode.editions, key=lambda one: (one.premiere, not one.exact, _ORDER[one.kind])):
        if safe_url(edition.url):
            return _in_edition(edition, start_s, shift_s(episode, edition))
    return None


def shift_s(episode: Episode, edition: Edition) -> float:
    """What the show's own offset (inserted ads) adds in this outlet, in seconds."""
    return episode.offset_s if edition.kind in _SAME_AUDIO else 0.0


def _in_edition(edition: Edition, start_s: float, shift: float) -> MomentLink:
    if edition.premiere:
        return MomentLink(edition.url, exact=False, kind=edition.kind, timed=False)
    shifted = replace(edition, offset_s=edition.offset_s + shift)
    # Ads are inserted for each listener anew: an offset for them is a guess.
    return MomentLink(at_moment(shifted, start_s), edition.exact and not shift, edition.kind)


def listen_link(episode: Episode, start_s: float | None, app: str | None = None) -> MomentLink | None:
    """Where a person hears the moment: in their own ``app`` (an edition's kind) where the episode can be played there,
    else as ``moment_link``, but the audio file itself only where nothing else leads anywhere."""
    if start_s is None or not math.isfinite(start_s):
        return None
    usable = [one for one in episode.editions if safe_url(one.url)]
    mine = [one for one in usable if one.kind == app and not one.premiere]
    if mine:
        best = min(mine, key=lambda one: not one.exact)
        return _in_edition(best, start_s, shift_s(episode, best))
    pages = tuple(one for one in usable if one.kind != "audio" and not one.premiere)
    return moment_link(replace(episode, editions=pages) if pages else episode, start_s)


def moment_url(episode: Episode, start_s: float | None) -> str | None:
    """As ``moment_link``, the address alone."""
    found = moment_link(episode, start_s)
    return found.url if found else None


def episode_url(editions: Sequence[Edition]) -> str | None:
    """Where the episode is: its page if there is one, else the best edition."""
    usable = [edition for edition in editions if safe_url(edition.url)]
    pages = [edition for edition in usable if edition.kind == "page"]
    best = pages or sorted(usable, key=lambda one: _ORDER[one.kind])
    return best[0].url if best else None


# --- a show's own template --------------------------------------------------------------------------------------

#: What a template may name; everything is percent-encoded, but the page's own address at the very beginning.
TEMPLATE_FIELDS = ("seconds", "stamp", "key", "number", "guid", "url")
_FIELD = re.compile(r"\{([^{}]*)\}")


def template_problem(template: str) -> str | None:
    """Why this cannot be a show's link template, in one line; None when it can."""
    named = _FIELD.findall(template)
    unknown = [name for name in named if name not in TEMPLATE_FIELDS]
    if unknown or set(_FIELD.sub("", template)) & set("{}"):
        return f"a link template may name {', '.join(f'{{{name}}}' for name in TEMPLATE_FIELDS)}"
    if "seconds" not in named and "stamp" not in named:
        return "a link template needs {seconds} or {stamp}, or it leads to no moment"
    tried = _filled(template, dict.fromkeys(TEMPLATE_FIELDS, "1") | {"url": "https://example.org/"})
    host = template.split("//", 1)[-1].split("/", 1)[0]
    if safe_url(tried) is None or (not template.startswith("{url}") and "{" in host):
        return "a link template must be an http(s) address, or begin with {url}"
    return None


def _templated(template: str, episode: Episode, start_s: float) -> str | None:
    """None where the episode lacks what the template names."""
    seconds = max(0, int(start_s + episode.offset_s))
    values = {
        "seconds": str(seconds),
        "stamp": stamp(seconds),
        "key": episode.key,
        "number": "" if episode.number is None else str(episode.number),
        "guid": episode.guid or "",
        "url": next((one.url for one in episode.editions if one.kind == "page" and safe_url(one.url)), ""),
    }
    if template_problem(template) or any(not values[name] for name in _FIELD.findall(template)):
        return None
    return safe_url(_filled(template, values))


def _filled(template: str, values: Mapping[str, str]) -> str:
    first = template.startswith("{url}")
    rest = template.removeprefix("{url}") if first else template
    body = _FIELD.sub(lambda found: quote(values[found[1]], safe=":" if found[1] == "stamp" else ""), rest)
    return values["url"] + body if first else body


# --- an outlet's own way to write a moment ----------------------------------------------------------------------


def at_moment(edition: Edition, start_s: float) -> str:
    """The edition's address at a transcript time, in whole seconds, as its host writes it; else with ``#t=``."""
    seconds = max(0, int(start_s + edition.offset_s))
    parts = urlsplit(edition.url)
    name = _query_name(edition.kind, (parts.hostname or "").lower())
    if name == "path":
        return urlunsplit(parts._replace(path=f"{_STAMPED_PATH.sub('', parts.path)}/{stamp(seconds)}", fragment=""))
    if name:
        query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ("t", name)]
        return urlunsplit(parts._replace(query=urlencode([*query, (name, str(seconds))])))
    return urlunsplit(parts._replace(fragment=f"t={seconds}"))


def _query_name(kind: EditionKind, host: str) -> str:
    """The query parameter that holds seconds; ``path`` for Overcast's ``/12:34``; empty for a media fragment."""
    for known, name in _DIALECTS:
        if host == known or host.endswith("." + known):
            return name
    return {"youtube": "t", "spotify": "t", "overcast": "path", "pocketcasts": "t"}.get(kind, "")


def moment_in_link(url: str) -> tuple[str, float | None]:
    """A pasted link as (address without its time, seconds or None): ``t=1668``, ``t=27m48s``, ``#t=27:48``."""
    try:
        parts = urlsplit(url)
        url.encode("utf-8")
    except ValueError:  # an address that no host can have, or half a character
        return url, None
    found: str | None = None
    kept = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name in ("t", "start"):
            found = value
        else:
            kept.append((name, value))
    fragment, path = parts.fragment, parts.path
    if fragment.startswith("t="):
        found, fragment = fragment[2:].split(",")[0], ""
    if (parts.hostname or "").endswith("overcast.fm") and (stamped := _STAMPED_PATH.search(path)):
        found, path = found or stamped[0].strip("/"), path[: stamped.start()]
    return urlunsplit(parts._replace(path=path, query=urlencode(kept), fragment=fragment)), _seconds(found)


def _seconds(value: str | None) -> float | None:
    from bot.rules.stamps import parse_stamp

    if not value or not value.isascii():
        return None
    if ":" in value:
        return parse_stamp(value)
    match = _SPAN.fullmatch(value.lower())
    if not match:
        return None
    hours, minutes, seconds = (float(part) if part else 0.0 for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
