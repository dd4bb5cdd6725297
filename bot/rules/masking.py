"""What of an address may be written down: secrets of private feeds are blanked. Plain text in, plain text out."""

from __future__ import annotations

import re
from urllib.parse import unquote

from bot.rules.access import is_secret_name, looks_random

MASK = "•••"

#: An address inside any text: a scheme, then everything up to a blank, quote or bracket that is in no address.
_ADDRESS = re.compile(r"(?<![A-Za-z0-9+.\-])([A-Za-z][A-Za-z0-9+.\-]{0,19}://)([^\s<>\"'`{}|\\^\x00-\x1f]+)")
#: The same, encoded as a value inside another address.
_NESTED = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,19}://")
_BROKEN_LOGIN = re.compile(r"^[^/?#@\[\]:]*:(?!\d{0,5}(?:[/?#]|$))[^@\s]*[/?#].*@")
_PIECE = re.compile(r"[A-Za-z0-9_%~\-]+")


def masked(text: str) -> str:
    """``text`` with the secrets of every address in it replaced: name and password before the host, values of query
    parameters (and of a fragment's) that are named or look like a secret, parts of the path that look drawn at random.

    What ``bot.rules.access.carries_credentials`` finds in an address is found here too.
    """
    if "://" not in text:
        return text
    return _ADDRESS.sub(lambda found: found[1] + _masked_rest(found[2]), text)


def holds_secrets(line: str) -> bool:
    """Whether a line that was typed names an address with a secret, with its scheme or without."""
    return any("/" in word and _is_secret_address(word) for word in line.split())


def _is_secret_address(word: str) -> bool:
    address = f"https://{word.partition('://')[2] or word}"
    return masked(address) != address


def feed_address(url: str, *, private: bool) -> str:
    """A feed's address as it is told: of a private show the host alone, since whatever follows it may be the secret."""
    told = masked(url)
    if not private:
        return told
    scheme, _, rest = told.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return told if rest in (host, f"{host}/") else f"{scheme}://{host}/{MASK}"


def _masked_rest(rest: str) -> str:
    # A password with a slash in it ends the host too early; what stands there is no port then.
    rest = _BROKEN_LOGIN.sub(f"{MASK}@", rest)
    cut = re.search(r"[/?#]", rest)
    host, tail = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    if "@" in host:
        host = f"{MASK}@{host.rpartition('@')[2]}"
    path, mark, query = _parted(tail)
    return host + _PIECE.sub(_masked_piece, path) + mark + _masked_query(query)


def _parted(tail: str) -> tuple[str, str, str]:
    cut = re.search(r"[?#]", tail)
    return (tail[: cut.start()], cut[0], tail[cut.end() :]) if cut else (tail, "", "")


def _masked_piece(found: re.Match[str]) -> str:
    return MASK if looks_random(unquote(found[0])) else found[0]


def _masked_query(query: str) -> str:
    """Each ``name=value``; a value without a name is judged by its looks."""
    parts = re.split(r"([&;?#])", query)
    return "".join(_masked_pair(part) for part in parts)


def _masked_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return _PIECE.sub(_masked_piece, pair)
    if value and (is_secret_name(unquote(name)) or _is_secret_value(unquote(value))):
        return f"{name}={MASK}"
    return pair


def _is_secret_value(value: str) -> bool:
    if _NESTED.search(value):
        return masked(value) != value
    return any(looks_random(piece) for piece in _PIECE.findall(value))
