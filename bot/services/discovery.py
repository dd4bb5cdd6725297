"""From what somebody typed to a feed that was really read: pages that name one, Apple's numbers, apps' schemes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot import texts_shows as texts
from bot.errors import Ambiguous, UserError, WorkFailed
from bot.feed_ports import CHAPTERS_LIMIT, Fetched, Fetcher, Request
from bot.rules.feed_addresses import Address, address_of
from bot.rules.masking import masked
from bot.services.readers import FEED_S, NoFeed, read_feed

if TYPE_CHECKING:
    from bot.feeds import Feed
    from bot.ports import Offload

#: What feeds are served as; pages too, since one may stand where a feed is looked for.
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, "
    "text/html;q=0.3, */*;q=0.1"
)
#: page → feed, or Apple → feed; one more is a trick.
STEPS = 4


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed as it was just read, and the address to look at from now on."""

    url: str
    fetched: Fetched
    feed: Feed


class Discovery:
    """Finds the one feed that is meant. Everything it raises is a UserError with a clear reason."""

    def __init__(self, fetcher: Fetcher, offload: Offload, limit: int) -> None:
        self._fetcher = fetcher
        self._offload = offload
        self._limit = limit

    async def find(self, words: str) -> FoundFeed:
        """The feed at an address, or the one that the page there names. Raises Ambiguous when it names several."""
        address = asked(words)
        for _ in range(STEPS):
            fetched = await self._fetched(address)
            if address.kind == "apple":
                address = Address(await self._of_apple(fetched.body))
                continue
            read = await self._read(fetched)
            if not isinstance(read, NoFeed):
                return FoundFeed(_kept(address, fetched), fetched, read)
            address = Address(_linked(address.url, read))
        raise UserError(texts.page_without_feed(masked(address.url)))

    async def _fetched(self, address: Address) -> Fetched:
        fetched = await self._fetch(address.url)
        if fetched.status in ("failed", "timeout") and address.guessed and address.url.startswith("https://"):
            # No scheme was given: some old hosts speak only http.
            again = await self._fetch("http://" + address.url.removeprefix("https://"))
            fetched = again if again.status == "ok" else fetched
        if fetched.status != "ok":
            told = masked(address.url)
            raise UserError(texts.fetch_failed(told, fetched.status, masked(fetched.reason), fetched.code))
        return fetched

    async def _fetch(self, url: str) -> Fetched:
        return await self._fetcher.fetch(Request(url, self._limit, accept=ACCEPT))

    async def _read(self, fetched: Fetched) -> Feed | NoFeed:
        try:
            return await self._offload.run(read_feed, fetched.body, fetched.url, fetched.content_type, seconds=FEED_S)
        except WorkFailed as err:
            return NoFeed(str(err))

    async def _of_apple(self, body: bytes) -> str:
        from bot.services.readers import PAGE_S, read_apple

        try:
            url = await self._offload.run(read_apple, body[:CHAPTERS_LIMIT], seconds=PAGE_S)
        except WorkFailed:
            url = None
        if url is None:
            raise UserError(texts.apple_without_feed())
        return url


def asked(words: str) -> Address:
    """The address that was typed. Raises UserError for what is none."""
    address = address_of(words)
    if address is None:
        raise UserError(texts.NOT_AN_ADDRESS)
    if (urlsplit(address.url).hostname or "").lower() in ("open.spotify.com", "spotify.com", "podcasters.spotify.com"):
        raise UserError(texts.spotify())
    return address


def _kept(address: Address, fetched: Fetched) -> str:
    """The address as it was given; only a guessed scheme is replaced by the one that answered."""
    if address.guessed and fetched.url.startswith("http://"):
        return "http://" + address.url.partition("://")[2]
    return address.url


def _linked(url: str, read: NoFeed) -> str:
    """The one feed that a page names."""
    told = masked(url)
    if not read.page:
        raise UserError(texts.not_a_feed(told, masked(read.why)))
    if not read.links:
        raise UserError(texts.page_without_feed(told))
    main = [one.url for one in read.links if "comment" not in f"{one.url} {one.title}".lower()] or [read.links[0].url]
    if len(main) > 1:
        raise Ambiguous(texts.SEVERAL_FEEDS, main[:10], "url")
    return main[0]
