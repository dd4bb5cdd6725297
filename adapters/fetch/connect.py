"""Where sockets may go: names are looked up here and every address is judged before a socket exists for it.

aiohttp asks no resolver about hosts that are numbers, so the last gate is where it makes its sockets: nothing that is
not permitted gets one, whichever way it came.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.fetch import Manners, Resolver
from bot.rules.addresses import AllowList, is_public, literal

#: Look-ups at once: a dead name server holds each for many seconds.
_LOOKUPS = 16


class AddressRefused(Exception):
    """The host leads to no address that may be reached."""


class Judge:
    """Which addresses may be connected to; remembers those that a name was opened for."""

    def __init__(self, allowed: AllowList) -> None:
        self._allowed = allowed
        self._opened: set[tuple[str, int]] = set()

    def refuses_literal(self, host: str, port: int) -> bool:
        """Whether the host is a number, in any spelling, that may not be reached."""
        address = literal(host)
        return address is not None and not self._allowed.permits(host, address, port)

    def permitted(self, host: str, found: Sequence[str], port: int) -> list[str]:
        """The addresses found for a name that may be reached. Raises AddressRefused when none may."""
        good = [text for text in found if self._allowed.permits(host, ip_address(text), port)]
        if not good:
            raise AddressRefused(host)
        self._opened.update((text, port) for text in good if self._allowed.opens_name(host, port))
        return good

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for the address that aiohttp is about to connect to. Raises AddressRefused."""
        family, kind, protocol, _, target = info
        host, port = str(target[0]), int(target[1])
        address = literal(host)
        may = address is not None and (is_public(address) or self._allowed.opens(address, port))
        if not may and (host, port) not in self._opened:
            raise AddressRefused(host)
        return socket.socket(family, kind, protocol)


class _Names(AbstractResolver):
    """aiohttp's resolver: ours or the system's, each answer judged."""

    def __init__(self, judge: Judge, resolver: Resolver | None) -> None:
        self._judge = judge
        self._threads = ThreadPoolExecutor(_LOOKUPS, "lookup") if resolver is None else None
        self._resolver = resolver or self._look_up

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver(host)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in self._judge.permitted(host, found, port)
        ]

    async def _look_up(self, host: str) -> list[str]:
        loop = asyncio.get_running_loop()
        rows = await loop.run_in_executor(self._threads, _addresses, host)
        return list(dict.fromkeys(rows))

    async def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)


def _addresses(host: str) -> list[str]:
    try:
        return [str(row[4][0]) for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except UnicodeError as error:  # a label that is empty or too long for the name system
        raise socket.gaierror(socket.EAI_NONAME, "no such name") from error


def open_session(
    user_agent: str, judge: Judge, resolver: Resolver | None, manners: Manners
) -> tuple[aiohttp.ClientSession, AbstractResolver]:
    """One session for everything: no cookies, no proxies from the environment, nothing unpacked behind our back."""
    names = _Names(judge, resolver)
    connector = aiohttp.TCPConnector(
        limit=0,  # turns are taken before, outside the deadline
        resolver=names,
        socket_factory=judge.socket,
        keepalive_timeout=manners.idle_s,
        use_dns_cache=manners.names_s > 0,
        ttl_dns_cache=manners.names_s,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        headers={"User-Agent": user_agent},
        auto_decompress=False,
        trust_env=False,
    )
    return session, names
