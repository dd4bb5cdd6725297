"""Actions as at most 90 ASCII characters and back: ``v1|quote|words=move+fast``, or ``v1|#ID`` for stored state.

What a button carries outlives a deployment, so it says its version, and what cannot be read is a kind NotFound.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote_plus, unquote_plus

from bot import texts
from bot.domain import CommunityId
from bot.errors import NotFound
from bot.reply import Action

VERSION = "v1"
#: Discord's ``custom_id`` takes 100 characters (docs, 2025-01); the rest is the surfaces' own.
LENGTH = 90

_STORED = "#"


class States(Protocol):
    """The part of Storage that keeps the state of buttons."""

    async def save_state(self, community: CommunityId, body: str) -> str: ...

    async def state(self, community: CommunityId, id: str) -> str | None: ...


async def encode(action: Action, states: States, community: CommunityId) -> str:
    """The action's command and arguments; its label and style are not kept."""
    body = write(action.command, action.args)
    if len(body) <= LENGTH:
        return body
    return f"{VERSION}|{_STORED}{await states.save_state(community, body)}"


async def decode(code: str, states: States, community: CommunityId) -> Action:
    """The action that ``encode`` wrote in this community. Raises NotFound for anything else."""
    id = _stored_id(code)
    if id is None:
        return read(code)
    body = await states.state(community, id)
    if body is None:
        raise too_old()
    return read(body)


def write(command: str, args: Mapping[str, str]) -> str:
    """The whole action in one line of ASCII, of any length."""
    pairs = (f"{_escaped(name)}={_escaped(value)}" for name, value in args.items())
    return "|".join([VERSION, _escaped(command), *pairs])


def read(body: str) -> Action:
    """What ``write`` wrote. Raises NotFound for another version or damage."""
    version, _, rest = body.partition("|")
    command, *pairs = rest.split("|")
    if version != VERSION or not command:
        raise too_old()
    args: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise too_old(_unescaped(command))
        args[_unescaped(name)] = _unescaped(value)
    return Action("", _unescaped(command), args)


def too_old(call: str = "") -> NotFound:
    """The answer to a button whose state cannot be read."""
    return NotFound(texts.button_too_old(call))


def _stored_id(code: str) -> str | None:
    head = f"{VERSION}|{_STORED}"
    return code[len(head) :] if code.startswith(head) else None


def _escaped(text: str) -> str:
    return _known(text) if len(text) <= LENGTH else _quoted(text)


def _quoted(text: str) -> str:
    # Feeds can hold lone surrogates; they must survive, not raise.
    return quote_plus(text, errors="surrogatepass")


#: The same names and slugs stand behind nearly every button.
_known = lru_cache(maxsize=4096)(_quoted)


def _unescaped(text: str) -> str:
    try:
        return unquote_plus(text, errors="surrogatepass")
    except UnicodeDecodeError:
        raise too_old() from None
