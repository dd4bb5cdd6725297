"""Who may see what: private shows and feed addresses that carry credentials. Plain decisions on domain values."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from urllib.parse import parse_qsl, urlsplit

from bot.domain import Edition, Role, Show, Viewer

#: Names of query parameters that hosts of paid feeds use for the listener's secret.
_SECRET_NAMES = frozenset(
    {"auth", "token", "key", "apikey", "api_key", "access_token", "secret", "password", "passwd", "pwd", "pass"}
    | {"sig", "signature", "hash", "jwt", "uuid"}
)
_OPAQUE = re.compile(r"[A-Za-z0-9_\-]{20,}")


def may_see(show: Show, viewer: Viewer) -> bool:
    """Whether the viewer may meet this show at all: its titles, lines, completions, pictures and links.

    The operator sees every show; others see a private one in its listed places or with one of its listed platform
    roles, and never in a direct message or user install.
    """
    if not show.private or viewer.role >= Role.operator:
        return True
    if viewer.direct:
        return False
    return viewer.place in show.places or bool(viewer.roles.intersection(show.roles))


#: The media itself: whoever has such an address of a private show needs no more to hear it.
_FILES = ("audio", "video")


def told_editions(show: Show, editions: Sequence[Edition]) -> tuple[Edition, ...]:
    """The outlets that may be named and linked: of a private show its pages, never the enclosure, whatever it is
    called elsewhere. The same for everybody, the operator included: answers are read by all who are in the room."""
    if not show.private:
        return tuple(editions)
    files = files_of(editions)
    return tuple(one for one in editions if one.kind not in _FILES and told_address(one.url, files))


def files_of(editions: Sequence[Edition]) -> frozenset[str]:
    """Where the media itself is, without what changes from listener to listener."""
    return frozenset(_bare(one.url) for one in editions if one.kind in _FILES)


def told_address(url: str | None, files: Collection[str]) -> str | None:
    """An address that a private show's feed names (a page, a picture, a chapter's link), unless it is one of the media
    ``files`` or holds a secret of its listener itself."""
    return None if url is None or carries_credentials(url) or _bare(url) in files else url


def told_page(show: Show) -> str | None:
    """The show's own page, unless it is a private one's and holds a secret."""
    return told_address(show.page_url, ()) if show.private else show.page_url


def _bare(url: str) -> str:
    return re.split(r"[?#]", url, maxsplit=1)[0].partition("://")[2].lower()


def carries_credentials(url: str | None) -> bool:
    """Whether a feed address holds a secret of its listener, so that the show is private and never shared.

    A name and password before the host, a query parameter named like a secret, or a part that looks drawn at random.
    An address that cannot be read counts as secret.
    """
    if not url:
        return False
    try:
        parts = urlsplit(url)
        named = parse_qsl(parts.query, keep_blank_values=False)
    except ValueError:
        return True
    if "@" in parts.netloc:
        return True
    if any(is_secret_name(name) or looks_random(value) for name, value in named):
        return True
    return any(looks_random(piece) for piece in re.split(r"[/.]", parts.path))


def is_secret_name(name: str) -> bool:
    """Whether a query parameter of this name holds a secret, whatever its value looks like."""
    return name.lower() in _SECRET_NAMES


def looks_random(part: str) -> bool:
    """Long, letters mixed with digits or cases, and hardly a letter twice: a key rather than a title.

    Show ids in public feed addresses (UUIDs, hexadecimal) are not secrets by themselves: too many hosts use them.
    """
    if not _OPAQUE.fullmatch(part) or re.fullmatch(r"[0-9a-fA-F\-]+", part):
        return False
    kinds = sum(bool(re.search(kind, part)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    spread = Counter(part)
    entropy = -sum(n / len(part) * math.log2(n / len(part)) for n in spread.values())
    return kinds == 3 and entropy >= 3.8
