"""A web that holds what a test puts there: a ``Fetcher`` that answers as servers do, without any network."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.feed_ports import Fetched, FetchStatus, Request


@dataclass(frozen=True, slots=True)
class Page:
    """What one address answers."""

    body: bytes = b""
    status: FetchStatus = "ok"
    etag: str | None = None
    content_type: str = ""
    code: int = 200
    moved_to: str | None = None
    reason: str = ""


class FakeWeb:
    """Answers by address; what is not there was not found. Conditional and ranged requests are honoured."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Request] = []
        self.closed = False

    def put(self, url: str, body: bytes | str, *, etag: str | None = None, content_type: str = "") -> None:
        data = body.encode() if isinstance(body, str) else body
        self.pages[url] = Page(data, etag=etag, content_type=content_type)

    def fail(self, url: str, status: FetchStatus, code: int = 500, reason: str = "") -> None:
        self.pages[url] = Page(status=status, code=code, reason=reason or f"it answered {code}")

    def move(self, url: str, target: str) -> None:
        """A permanent redirect to a page that is there."""
        self.pages[url] = replace(self.pages[target], moved_to=target)

    def urls(self) -> list[str]:
        return [one.url for one in self.asked]

    async def fetch(self, request: Request) -> Fetched:
        self.asked.append(request)
        page = self.pages.get(request.url)
        if page is None:
            return Fetched("missing", request.url, "the server says 404", 404)
        url = page.moved_to or request.url
        if page.status != "ok":
            return Fetched(page.status, url, page.reason, page.code)
        if page.etag and request.etag == page.etag:
            return Fetched("unchanged", url, code=304, etag=page.etag, moved_to=page.moved_to)
        if request.span:
            return self._part(request, page)
        if len(page.body) > request.limit:
            return Fetched("too_large", url, "it is too large", 200)
        return Fetched(
            "ok", url, code=200, body=page.body, content_type=page.content_type, etag=page.etag,
            moved_to=page.moved_to, total=len(page.body),
        )  # fmt: skip

    def _part(self, request: Request, page: Page) -> Fetched:
        assert request.span
        first, last = request.span
        if first >= len(page.body):
            return Fetched("failed", request.url, "out of range", 416, total=len(page.body))
        part = page.body[first : min(last + 1, first + request.limit)]
        return Fetched("ok", request.url, code=206, body=part, total=len(page.body), offset=first)

    async def close(self) -> None:
        self.closed = True
