"""The fetcher against servers of our own: conditions, ranges, redirects, bounds, deadlines, manners."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.fetch import Manners, headers, open_fetcher, user_agent
from adapters.fetch.warm import Warm
from bot.errors import SettingsError
from bot.feed_ports import Fetched, Request
from tests.adapters.http_server import Asked, Server, answered, serving

LIMIT = 1_000_000
BODY = b"<rss>" + b"kite " * 400 + b"</rss>"


async def fetch(server: Server, path: str, *, allow: str = "", user: str = "", **more: Any) -> Fetched:
    fetcher = open_fetcher(user_agent("1.2"), allow or f"127.0.0.1:{server.port}")
    url = path if "://" in path else f"http://{user}127.0.0.1:{server.port}{path}"
    try:
        return await fetcher.fetch(Request(url, **{"limit": LIMIT, **more}))
    finally:
        await fetcher.close()


# --- asking --------------------------------------------------------------------------------------------------


async def test_a_request_says_who_asks_and_brings_a_body() -> None:
    async with serving(ok=answered(200, BODY, Content_Type="text/xml", ETag='"1"', Last_Modified="Monday")) as server:
        got = await fetch(server, "/ok")
    assert (got.status, got.code, got.body, got.content_type) == ("ok", 200, BODY, "text/xml")
    assert (got.etag, got.modified, got.reason, got.moved_to) == ('"1"', "Monday", "", None)
    [asked] = server.asked
    assert asked.headers["user-agent"] == "Pullquote/1.2 (+https://github.com/pullquote/pullquote)"
    assert "cookie" not in asked.headers


def test_the_user_agent_names_the_operators_page() -> None:
    assert user_agent("0.1.0", "https://e.org/bot") == "Pullquote/0.1.0 (+https://e.org/bot)"
    assert "\n" not in user_agent("0.1.0", "https://e.org/\nX: y")


@pytest.mark.parametrize("etag", ['"v1"', 'W/"v1"', "unquoted", '"with "quotes""', "é—x", "x" * 4096])
async def test_validators_go_back_word_for_word(etag: str) -> None:
    def answer(asked: Asked) -> bytes:
        came = asked.headers.get("if-none-match", "").encode("latin-1").decode("utf-8")
        same = came == etag and asked.headers.get("if-modified-since") == "Sunday"
        return answered(304, ETag=etag) if same else answered(200, BODY, ETag=etag, Last_Modified="Sunday")

    async with serving(f=answer) as server:
        first = await fetch(server, "/f")
        again = await fetch(server, "/f", etag=first.etag, modified=first.modified)
    assert first.etag == etag
    assert (again.status, again.code, again.body) == ("unchanged", 304, b"")


@pytest.mark.parametrize("etag", ["a\r\nX-Evil: 1", "\udcff", "x" * 20_000, "a\x7f"])
async def test_a_validator_that_cannot_be_sent_is_left_out(etag: str) -> None:
    async with serving(f=answered(200, BODY)) as server:
        got = await fetch(server, "/f", etag=etag)
    assert got.status == "ok"
    assert not {"if-none-match", "x-evil"} & server.asked[0].headers.keys()


async def test_a_validator_of_broken_bytes_is_not_remembered() -> None:
    async with serving(f=answered(200, BODY, ETag='"\udcff"')) as server:
        assert (await fetch(server, "/f")).etag is None


# --- what an answer says ---------------------------------------------------------------------------------------------

DATE = "Wed, 21 Oct 2026 07:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry_After": "120"}, 120),
        ({"Retry_After": "-1"}, None),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "9" * 5000}, 30 * 86400),
        ({"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT", "Date": DATE}, 1680),
        ({"Retry_After": "Wednesday, 21-Oct-26 07:28:00 GMT", "Date": DATE}, 1680),
        ({"Retry_After": "Wed Oct 21 07:28:00 2026", "Date": DATE}, 1680),
        ({"Retry_After": "Wed, 21 Oct 2026 06:00:00 GMT", "Date": DATE}, None),
        ({"Retry_After": "Wed, 21 Oct 2099 06:00:00 GMT", "Date": DATE}, 30 * 86400),
        ({"Retry_After": "Wed, 99 Foo 2099 06:00:00 GMT", "Date": DATE}, None),
        ({}, None),
    ],
)
async def test_retry_after_counts_from_the_servers_own_clock(headers: dict[str, str], expected: float | None) -> None:
    async with serving(f=answered(429, b"", **headers)) as server:
        got = await fetch(server, "/f")
    assert (got.status, got.retry_after_s) == ("busy", expected)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Cache_Control": "public, max-age=3600"}, 3600),
        ({"Cache_Control": 'MAX-AGE="3600"'}, 3600),
        ({"Cache_Control": "s-maxage=9, max-age=3600", "Age": "600"}, 3000),
        ({"Cache_Control": "max-age=600", "Age": "600"}, None),
        ({"Cache_Control": "max-age=3600, no-cache"}, None),
        ({"Cache_Control": "no-store"}, None),
        ({"Cache_Control": "max-age=-5"}, None),
        ({"Cache_Control": "max-age=" + "9" * 400}, 86400),
        ({"Expires": "Wed, 21 Oct 2026 09:00:00 GMT", "Date": DATE}, 7200),
        ({"Expires": "Wed, 21 Oct 2026 09:00:00 GMT", "Date": DATE, "Cache_Control": "max-age=60"}, 60),
        ({"Expires": "0"}, None),
        ({"Expires": "-1"}, None),
        ({}, None),
    ],
)
async def test_how_long_an_answer_stays_good(headers: dict[str, str], expected: float | None) -> None:
    async with serving(f=answered(200, BODY, **headers)) as server:
        assert (await fetch(server, "/f")).max_age_s == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("", ()),
        ('<https://hub.example/>; rel="hub"', (("hub", "https://hub.example/"),)),
        ('<https://h.example/?a=1,2>; rel=hub, </f>;REL="self"', (("hub", "https://h.example/?a=1,2"), ("self", "/f"))),
        ('<a>; title="x; rel=no"; rel="Hub self"', (("hub", "a"), ("self", "a"))),
        ("<a>, <b>; rel=next", (("next", "b"),)),
        ("<a>; rev=hub", ()),
        ("rel=hub", ()),
        ("<a b>; rel=hub", ()),
        ("<" * 9000, ()),
        ("<a>; rel=x" * 4000, None),
        ("<a>;x=" * 4000, ()),
        ("<a>" + "; x=y" * 4000, ()),
    ],
)
async def test_links_of_the_header_are_told(told: str, expected: tuple[tuple[str, str], ...] | None) -> None:
    began = time.monotonic()
    got = headers.links([told[: len(told) // 2], told[len(told) // 2 :]] if expected is None else [told])
    assert time.monotonic() - began < 5
    assert len(got) <= 20
    assert expected is None or got == expected


async def test_links_come_with_an_answer_and_with_an_unchanged_one() -> None:
    link = '<https://hub.example/>; rel="hub"'
    async with serving(f=answered(200, BODY, Link=link), g=answered(304, Link=link)) as server:
        for path in ("/f", "/g"):
            assert (await fetch(server, path)).links == (("hub", "https://hub.example/"),)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        *((204, "failed"), (206, "failed"), (300, "failed"), (305, "failed"), (400, "failed"), (401, "denied")),
        *((403, "denied"), (404, "missing"), (410, "gone"), (429, "busy"), (500, "failed"), (503, "busy")),
    ],
)
async def test_every_code_is_a_status_with_one_line(code: int, status: str) -> None:
    async with serving(f=answered(code)) as server:
        got = await fetch(server, "/f")
    assert (got.status, got.code) == (status, code)
    assert str(code) in got.reason
    assert "\n" not in got.reason


# --- redirects -------------------------------------------------------------------------------------------------------


async def test_only_permanent_first_hops_move_a_feed() -> None:
    async with serving(
        a=answered(301, Location="/b?x=1#part"),
        b=answered(308, Location="/c"),
        c=answered(302, Location="/d"),
        d=answered(301, Location="/ok"),
        e=answered(307, Location="/a"),
        ok=answered(200, BODY),
    ) as server:
        moved, stayed = await fetch(server, "/a"), await fetch(server, "/e")
    assert (moved.status, moved.moved_to, moved.url) == ("ok", f"{server.base}/c", f"{server.base}/ok")
    assert (stayed.status, stayed.moved_to) == ("ok", None)


async def test_ten_redirects_are_followed_and_no_more() -> None:
    hops = {f"h{i}": answered(302, Location=f"/h{i + 1}") for i in range(11)}
    async with serving(**hops, h11=answered(200, BODY)) as server:
        assert (await fetch(server, "/h1")).status == "ok"
        assert (await fetch(server, "/h0")).status == "failed"
    assert len(server.asked) == 11 + 11


async def test_credentials_and_validators_go_to_their_own_origin_only() -> None:
    async with serving(f=answered(200, BODY)) as other, serving(here=answered(302, Location="/on")) as server:
        server.answers["/on"] = answered(301, Location=f"{other.base}/f")
        allow = f"127.0.0.0/8:{server.port},127.0.0.1:{other.port}"
        got = await fetch(server, "/here", user="ann:s3cret@", allow=allow, etag='"1"', modified="Sunday")
    assert got.status == "ok"
    assert got.url == f"{other.base}/f"
    for asked in server.asked:
        assert asked.headers["authorization"] == "Basic YW5uOnMzY3JldA=="
        assert asked.headers["if-none-match"] == '"1"'
    [asked] = other.asked
    assert not {"authorization", "if-none-match", "if-modified-since", "cookie"} & asked.headers.keys()


async def test_a_moved_private_feed_keeps_its_credentials_on_the_same_origin() -> None:
    async with serving(old=answered(301, Location="/new"), new=answered(200, BODY)) as server:
        got = await fetch(server, "/old", user="ann:s3cret@")
    assert got.moved_to == f"http://ann:s3cret@127.0.0.1:{server.port}/new"


async def test_credentials_of_a_redirects_target_go_there() -> None:
    async with serving(here=b"", on=answered(200, BODY)) as server:
        server.answers["/here"] = answered(302, Location=f"http://bob:pw@127.0.0.1:{server.port}/on")
        await fetch(server, "/here")
    assert [asked.headers.get("authorization") for asked in server.asked] == [None, "Basic Ym9iOnB3"]


async def test_no_cookie_is_kept() -> None:
    async with serving(a=answered(302, Location="/b", Set_Cookie="a=1"), b=answered(200, BODY)) as server:
        await fetch(server, "/a")
    assert all("cookie" not in asked.headers for asked in server.asked)


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "gopher://127.0.0.1/", "javascript:alert(1)", "ftp://e.org/", "data:,x"]
)
async def test_a_redirect_to_another_scheme_is_refused(place: str) -> None:
    async with serving(a=answered(302, Location=place)) as server:
        assert (await fetch(server, "/a")).status == "refused"


@pytest.mark.parametrize(
    "place", ["http://[", "http://a b:x/", "http://e.org:99999/", "//", "http://%zz/", "\udcff", "?" * 4000]
)
async def test_a_redirect_that_cannot_be_read_fails_in_one_line(place: str) -> None:
    async with serving(a=answered(302, Location=place)) as server:
        got = await fetch(server, "/a", deadline_s=10)
    assert got.status in ("failed", "refused")
    assert got.reason
    assert "\n" not in got.reason


@pytest.mark.parametrize(
    "url", ["", "x", "http://", "http://[", "ftp://e.org/x", "//e.org", "http://e.org:x/", "http://\0/", "/etc"]
)
async def test_an_address_that_is_none_is_refused(url: str) -> None:
    fetcher = open_fetcher("x")
    assert (await fetcher.fetch(Request(url, LIMIT))).status == "refused"
    await fetcher.close()


async def test_a_secret_is_in_no_reason() -> None:
    fetcher = open_fetcher("x")
    got = await fetcher.fetch(Request("http://ann:s3cret@127.0.0.1/rss?token=hidden", LIMIT))
    await fetcher.close()
    assert got.status == "refused"
    assert "s3cret" not in got.reason
    assert "hidden" not in got.reason


def test_an_entry_that_cannot_be_read_is_said_at_once() -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_ALLOW_HOSTS"):
        open_fetcher("x", "nonsense")


# --- time ------------------------------------------------------------------------------------------------------------


async def _slow_head(_: Asked, writer: asyncio.StreamWriter) -> None:
    for byte in answered(200, BODY):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def _slow_body(_: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(answered(200, b"", Content_Length="99999"))
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _slow_hop(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.2)
    writer.write(answered(302, Location=asked.path))


@pytest.mark.parametrize("slow", [_slow_head, _slow_body, _slow_hop])
async def test_the_deadline_is_for_everything(slow: Any) -> None:
    async with serving(f=slow) as server:
        began = time.monotonic()
        got = await fetch(server, "/f", deadline_s=0.5)
    assert got.status == "timeout"
    assert "0.5 s" in got.reason
    assert time.monotonic() - began < 30


async def test_a_cancelled_fetch_is_cancelled_and_the_next_one_works() -> None:
    async with serving(slow=_slow_body, ok=answered(200, BODY)) as server:
        fetcher = open_fetcher("x", f"127.0.0.1:{server.port}", manners=Manners(total=1))
        task = asyncio.create_task(fetcher.fetch(Request(f"{server.base}/slow", LIMIT)))
        while not server.asked:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await fetcher.fetch(Request(f"{server.base}/ok", LIMIT))).status == "ok"
        await fetcher.close()


# --- manners ---------------------------------------------------------------------------------------------------------


class Crowd:
    """Counts who is inside at once."""

    def __init__(self) -> None:
        self.inside = self.most = 0

    async def answer(self, _: Asked, writer: asyncio.StreamWriter) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0.02)
        self.inside -= 1
        writer.write(answered(200, BODY, Connection="close"))


async def _to_loopback(_: str) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.fixture
async def crowd() -> AsyncIterator[tuple[Crowd, Server]]:
    crowd = Crowd()
    async with serving(f=crowd.answer) as server:
        yield crowd, server


@pytest.mark.parametrize(("hosts", "most"), [(1, 2), (5, 6)])
async def test_so_many_at_once_to_one_host_and_in_all(crowd: tuple[Crowd, Server], hosts: int, most: int) -> None:
    inside, server = crowd
    fetcher = open_fetcher("x", f"127.0.0.1:{server.port}", resolver=_to_loopback, manners=Manners(total=6, per_host=2))
    urls = [f"http://host{i % hosts}.example:{server.port}/f" for i in range(20)]
    # The wait for a turn is not the server's: twenty turns take longer than this deadline.
    got = await asyncio.gather(*(fetcher.fetch(Request(url, LIMIT, deadline_s=10)) for url in urls))
    await fetcher.close()
    assert {one.status for one in got} == {"ok"}
    assert inside.most == most


async def test_a_connection_serves_many_requests() -> None:
    async with serving(f=answered(304)) as server:
        fetcher = open_fetcher("x", f"127.0.0.1:{server.port}")
        for _ in range(20):
            assert (await fetcher.fetch(Request(f"{server.base}/f", LIMIT, etag='"1"'))).status == "unchanged"
        await fetcher.close()
    assert server.connections == 1


def test_idle_connections_are_bounded() -> None:
    warm = Warm(idle_s=60, most=2)
    assert [warm.keeps(host) for host in ("a", "b", "c", "a", "b")] == [True, True, False, True, True]
    cold = Warm(idle_s=0, most=2)
    assert all(cold.keeps(f"{i}") for i in range(9))


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(f=answered(200, BODY)) as server:
        assert (await fetch(server, "/f")).status == "ok"


async def test_a_date_without_a_clock_of_the_server_counts_from_now() -> None:
    year = datetime.now(UTC).year + 1
    async with serving(f=answered(429, Retry_After=f"Fri, 01 Jan {year} 00:00:00 GMT")) as server:
        got = await fetch(server, "/f")
    assert got.retry_after_s is not None
    assert 0 < got.retry_after_s <= 30 * 86400
