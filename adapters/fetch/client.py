"""The fetcher itself: hops, deadlines and what an answer amounts to. What a feed says is none of its business."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from adapters.fetch import Manners, Resolver, headers
from adapters.fetch.body import BodyError, TooLarge, read_body
from adapters.fetch.connect import AddressRefused, Judge, open_session
from adapters.fetch.turns import Turns
from adapters.fetch.warm import Warm
from bot import texts, texts_web
from bot.feed_ports import Fetched, FetchStatus, Request, Room
from bot.logs import get_logger
from bot.rules.addresses import AllowList
from bot.rules.masking import masked

log = get_logger(__name__)

_REDIRECTS, _PERMANENT, _SAME_REQUEST = (301, 302, 303, 307, 308), (301, 308), (307, 308)
_STATUS: Mapping[int, FetchStatus] = {
    410: "gone", 404: "missing", 401: "denied", 403: "denied", 429: "busy", 503: "busy",
}  # fmt: skip
_CODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
#: The longest wait for room that the deadline is put off by, in seconds: whoever waits holds a connection.
PATIENCE_S = 60.0
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Stop(Exception):
    """The end of a fetch that brought nothing; the message is the reason."""

    def __init__(self, status: FetchStatus, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.status: FetchStatus = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Login:
    """A name and password for HTTP Basic (RFC 7617); ``password`` is None where the address has none."""

    name: str
    password: str | None

    @property
    def header(self) -> str:
        pair = f"{self.name}:{self.password or ''}"
        return "Basic " + base64.b64encode(pair.encode("utf-8", "surrogateescape")).decode("ascii")


@dataclass(frozen=True, slots=True)
class Hop:
    """Where to go next: an address without credentials, those that belong to ``home``, and the origin asked first."""

    url: URL
    first: URL
    home: URL
    login: Login | None = None
    permanent: bool = True

    @property
    def auth(self) -> Login | None:
        """The credentials, toward their own origin only."""
        return self.login if self.login and _same_party(self.home, self.url.origin()) else None

    @property
    def told(self) -> str:
        """The whole address, as it would be stored."""
        bare = self.url.with_fragment(None)
        if not self.auth:
            return str(bare)
        return str(bare.with_user(self.auth.name).with_password(self.auth.password))


class HttpFetcher:
    """``bot.feed_ports.Fetcher`` over one aiohttp session. Made inside a running loop."""

    def __init__(self, user_agent: str, allowed: AllowList, resolver: Resolver | None, manners: Manners) -> None:
        self._judge = Judge(allowed)
        self._manners = manners
        self._session, self._names = open_session(user_agent, self._judge, resolver, manners)
        self._turns = Turns(manners.total, manners.per_host)
        self._warm = Warm(manners.idle_s)

    async def close(self) -> None:
        await self._session.close()
        await self._names.close()

    async def fetch(self, request: Request) -> Fetched:
        try:
            return await self._follow(request)
        except Stop as stop:
            return Fetched(stop.status, request.url, masked(str(stop)), stop.code)
        except TimeoutError:
            return Fetched("timeout", request.url, texts.fetch_timeout(request.deadline_s))
        except Exception:
            # The contract: trouble is an answer. What is no trouble of the network is a bug of ours, so it is told.
            log.exception("fetch failed", url=request.url)
            return Fetched("failed", request.url, texts.fetch_failed_here())

    async def _follow(self, request: Request) -> Fetched:
        hop, moved, left = _first(request.url), None, request.deadline_s
        for _ in range(self._manners.redirects + 1):
            self._check(hop.url)
            async with self._turns.turn(hop.url.raw_host or ""):
                began = time.monotonic()
                # The wait for a turn is ours, not the server's: it does not count.
                async with asyncio.timeout(max(left, 0)) as clock:
                    answer = await self._ask(hop, _patiently(request, clock))
                left -= time.monotonic() - began
            if isinstance(answer, Fetched):
                return replace(answer, moved_to=moved)
            hop = answer
            moved = hop.told if hop.permanent else moved
        raise Stop("failed", texts.fetch_too_many_redirects(self._manners.redirects))

    def _check(self, url: URL) -> None:
        """Refuse numbers at once; the addresses of names are judged when they are looked up."""
        host = url.raw_host or ""
        if self._judge.refuses_literal(host, url.port or 0):
            raise Stop("refused", texts.fetch_refused(host))

    async def _ask(self, hop: Hop, request: Request) -> Fetched | Hop:
        """One request. Whatever the network does becomes a Stop."""
        host = hop.url.raw_host or ""
        try:
            sent = _headers(hop, request, keep=self._warm.keeps(hop.url.raw_authority))
            method, form = ("GET", None) if request.form is None else ("POST", urlencode(request.form).encode())
            async with self._session.request(
                method, hop.url, headers=sent, data=form, allow_redirects=False
            ) as response:
                if response.status in _REDIRECTS:
                    return _next(hop, response, form is not None)
                return await _answer(response, hop, request)
        except AddressRefused as error:
            raise Stop("refused", texts.fetch_refused(host)) from error
        except aiohttp.InvalidURL as error:
            raise Stop("refused", texts.fetch_bad_address()) from error
        except aiohttp.ClientConnectorDNSError as error:
            raise Stop("failed", texts.fetch_unknown_host(host)) from error
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError) as error:
            raise Stop("failed", texts.fetch_bad_certificate(host)) from error
        except aiohttp.ClientConnectorError as error:
            raise Stop("failed", texts.fetch_unreachable(host)) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise Stop("failed", texts.fetch_broken(host)) from error


class _Patient:
    """A ``Room``; the wait for it is ours, not the server's: the deadline moves by it, within reason."""

    def __init__(self, room: Room, clock: asyncio.Timeout) -> None:
        self._room = room
        self._clock = clock

    async def wanted(self) -> None:
        began, due = asyncio.get_running_loop().time(), self._clock.when()
        self._clock.reschedule(None if due is None else due + PATIENCE_S)
        await self._room.wanted()
        self._clock.reschedule(None if due is None else due + asyncio.get_running_loop().time() - began)


def _patiently(request: Request, clock: asyncio.Timeout) -> Request:
    return replace(request, room=_Patient(request.room, clock)) if request.room else request


def _first(text: str) -> Hop:
    try:
        url = _usable(URL(text.strip()))
    except ValueError as error:
        raise Stop("refused", texts.fetch_bad_address()) from error
    if url is None:
        raise Stop("refused", texts.fetch_bad_address())
    bare, login = _parted(url)
    return Hop(bare, bare.origin(), bare.origin(), login)


def _usable(url: URL) -> URL | None:
    host = url.raw_host or ""
    plain = bool(host) and host.isascii() and host.isprintable() and " " not in host
    return url if url.scheme in _DEFAULT_PORTS and plain and url.port else None


def _parted(url: URL) -> tuple[URL, Login | None]:
    """The address without its credentials, and those. Colons are in no name (RFC 7617 §2)."""
    if url.user is None and url.password is None:
        return url, None
    return url.with_user(None), Login((url.user or "").replace(":", ""), url.password)


def _same_party(home: URL, here: URL) -> bool:
    """The same origin, or the same host's step up from plain http to https on the usual ports."""
    if home == here:
        return True
    upgrade = home.scheme == "http" and here.scheme == "https" and home.raw_host == here.raw_host
    return upgrade and home.port == 80 and here.port == 443


def _next(hop: Hop, response: aiohttp.ClientResponse, posting: bool) -> Hop:
    """Where a redirect leads. A form goes on only where the server asks for the same request (RFC 9110 §15.4), and
    never in the open: it may hold a secret."""
    code = response.status
    if posting and code not in _SAME_REQUEST:
        raise Stop("failed", texts.fetch_code(code), code)
    place = response.headers.get("Location", "").strip()
    if not place:
        raise Stop("failed", texts.fetch_redirect_nowhere(code), code)
    try:
        target = hop.url.join(URL(place))
        if _usable(target) is None:
            raise Stop("refused", texts.fetch_refused_scheme(), code)
        if posting and target.scheme == "http" and target.origin() != hop.url.origin():
            raise Stop("refused", texts_web.FORM_IN_THE_OPEN, code)
    except ValueError as error:
        raise Stop("failed", texts.fetch_redirect_nowhere(code), code) from error
    bare, login = _parted(target)
    permanent = hop.permanent and code in _PERMANENT
    if login:
        return Hop(bare, hop.first, bare.origin(), login, permanent)
    return replace(hop, url=bare, permanent=permanent)


def _headers(hop: Hop, request: Request, keep: bool) -> dict[str, str]:
    sent = {"Accept": request.accept, "Accept-Encoding": "identity" if request.span else "gzip, deflate"}
    if request.span:
        sent["Range"] = f"bytes={request.span[0]}-{request.span[1]}"
    if _same_party(hop.first, hop.url.origin()):
        for name, value in (("If-None-Match", request.etag), ("If-Modified-Since", request.modified)):
            if headers.validator(value):
                sent[name] = value or ""
    if request.form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    if hop.auth:
        sent["Authorization"] = hop.auth.header
    if not keep:
        sent["Connection"] = "close"
    return sent


async def _answer(response: aiohttp.ClientResponse, hop: Hop, request: Request) -> Fetched:
    """What the last answer amounts to; its body is read only when it is one to use."""
    now, got, code = datetime.now(UTC), response.headers, response.status
    said = Fetched(
        status="unchanged" if code == 304 else _STATUS.get(code, "failed"),
        url=hop.told,
        code=code,
        content_type=headers.validator(got.get("Content-Type")) or "",
        etag=headers.validator(got.get("ETag")),
        modified=headers.validator(got.get("Last-Modified")),
        retry_after_s=headers.retry_after_s(got, now),
        max_age_s=headers.max_age_s(got, now),
        links=headers.links(got.getall("Link", ())),
    )
    if code == 304:
        return said
    if not _is_answer(code, request):
        total = headers.content_range(got)[1] if code == 416 else None
        return replace(said, reason=texts.fetch_code(code), total=total)
    try:
        return await _with_body(response, said, request)
    except TooLarge:
        return replace(said, status="too_large", reason=texts.fetch_too_large(request.limit))
    except BodyError as error:
        return replace(said, reason=texts.fetch_bad_body(str(error)))
    except aiohttp.ClientPayloadError:
        return replace(said, reason=texts.fetch_bad_body("ends in the middle"))


def _is_answer(code: int, request: Request) -> bool:
    """Whether the body is what was asked for; a form may also be taken without any (202, 204)."""
    if request.form is not None:
        return 200 <= code < 300
    return code == 200 or (code == 206 and request.span is not None)


async def _with_body(response: aiohttp.ClientResponse, said: Fetched, request: Request) -> Fetched:
    packed = headers.codings(response.headers)
    coding = _CODINGS.get(packed[0], "") if len(packed) == 1 else ""
    if packed and (not coding or request.span):
        name = ", ".join(packed) if all(one.isalnum() for one in packed) else "something odd"
        return replace(said, reason=texts.fetch_coding(name[:40]))
    if request.span:
        return await _part(response, said, request, request.span)
    body = await read_body(response.content, coding, request.limit, request.room)
    return replace(said, status="ok", body=body, total=len(body))


async def _part(response: aiohttp.ClientResponse, said: Fetched, request: Request, span: tuple[int, int]) -> Fetched:
    """A part of a file; a server that sends the whole instead is read up to the limit, from 0."""
    first, total = headers.content_range(response.headers)
    if said.code == 200:
        first, total = 0, headers.content_length(response.headers)
        if span[0] >= request.limit:
            return replace(said, reason=texts.fetch_no_ranges(), total=total)
    elif first != span[0]:
        return replace(said, reason=texts.fetch_wrong_range(), total=total)
    wanted = min(request.limit, request.limit if said.code == 200 else span[1] - span[0] + 1)
    try:
        body = await read_body(response.content, "", wanted, request.room)
    except TooLarge as more:
        body = bytes(more.head)
    else:
        total = first + len(body) if said.code == 200 else total
    return replace(said, status="ok", body=body, total=total, offset=first)
