"""Fetching over HTTP for feeds and what they point to: the way in. aiohttp is loaded with the first request only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.addresses import AllowList, read_allow_list

if TYPE_CHECKING:
    from adapters.fetch.client import HttpFetcher
    from bot.feed_ports import Fetched, Fetcher, Request

#: A host name in, its numeric addresses out; OSError when there are none.
Resolver = Callable[[str], Awaitable[Sequence[str]]]

#: Where people read what this bot is, when its operator names no page.
HOME = "https://github.com/pullquote/pullquote"


def user_agent(version: str, contact_url: str = "") -> str:
    """``Pullquote/VERSION (+URL)``: hosts answer 403 to bots that do not say who they are."""
    url = contact_url if contact_url.isascii() and contact_url.isprintable() and "(" not in contact_url else ""
    return f"Pullquote/{version} (+{url or HOME})"


@dataclass(frozen=True, slots=True)
class Manners:
    """How hard the fetcher leans on servers: requests at once in all and to one host, redirects to follow,
    seconds that an idle connection is kept, and that an answer of the name server is."""

    total: int = 64
    per_host: int = 4
    redirects: int = 10
    idle_s: float = 5.0
    names_s: int = 10


class LazyFetcher:
    """A ``Fetcher`` that builds itself with its first request, so that whoever never fetches pays nothing."""

    def __init__(self, build: Callable[[], HttpFetcher]) -> None:
        self._build = build
        self._inner: HttpFetcher | None = None

    async def fetch(self, request: Request) -> Fetched:
        if self._inner is None:
            self._inner = self._build()
        return await self._inner.fetch(request)

    async def close(self) -> None:
        inner, self._inner = self._inner, None
        if inner is not None:
            await inner.close()


def open_fetcher(
    user_agent: str,
    allow_hosts: str | AllowList = "",
    *,
    resolver: Resolver | None = None,
    manners: Manners = Manners(),
) -> Fetcher:
    """A fetcher that reaches public addresses and what ``allow_hosts`` opens (``PULLQUOTE_ALLOW_HOSTS``).

    Needs no running loop; close it when done. Raises SettingsError for an entry that cannot be read.
    """
    allowed = read_allow_list(allow_hosts) if isinstance(allow_hosts, str) else allow_hosts

    def build() -> HttpFetcher:
        from adapters.fetch.client import HttpFetcher

        return HttpFetcher(user_agent, allowed, resolver, manners)

    return LazyFetcher(build)
