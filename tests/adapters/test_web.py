"""The web port with a real client: which page answers, what goes back, how it opens and closes."""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import Iterator

import aiohttp
import pytest

from adapters.web import serve
from bot.errors import SettingsError
from bot.logs import set_up_logs
from bot.web_ports import Answer, Body, Incoming, Route
from tests.adapters.web_visit import GUARD_S, ROUTES, events, raw, visited


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    set_up_logs("debug", "json", (), stream)
    yield stream
    set_up_logs("info", "auto", ())


# --- pages -----------------------------------------------------------------------------------------------------------


async def test_a_page_answers_get_and_head_by_its_path() -> None:
    async with visited() as (_, client):
        async with client.get("/hello?b=2&a=1&a=3&c") as got:
            assert (got.status, await got.text()) == (200, "GET [('a', '1'), ('b', '2'), ('c', '')]")
        async with client.head("/hello") as got:
            assert (got.status, await got.read()) == (200, b"")
        async with client.post("/hello", headers={"X-Hub-Signature": "é=1"}) as got:
            assert (got.status, got.content_type, got.headers["X-Own"]) == (201, "application/json", "yes")


async def test_every_answer_is_plain_safe_and_without_a_banner() -> None:
    async with visited() as (site, client):
        for path in ("/hello", "/nowhere", "/fail"):
            async with client.get(path) as got:
                assert got.headers["X-Content-Type-Options"] == "nosniff"
                assert "default-src 'none'" in got.headers["Content-Security-Policy"]
                assert (got.content_type, got.charset) == ("text/plain", "utf-8")
                assert "Server" not in got.headers
        broken = await raw(site, b"\x16\x03\x01\x02\x00\x01\r\n\r\n")
    assert b"server:" not in broken.lower()
    assert b"aiohttp" not in broken.lower()


async def test_what_is_not_there_and_how_it_may_be_asked_is_one_line() -> None:
    async with visited() as (_, client):
        async with client.get("/nowhere") as got:
            assert (got.status, (await got.text()).count("\n")) == (404, 0)
        async with client.post("/nap") as got:
            assert (got.status, got.headers["Allow"]) == (405, "GET, HEAD")
            assert "GET, HEAD" in await got.text()
        async with client.delete("/hello") as got:
            assert (got.status, got.headers["Allow"]) == (405, "GET, HEAD, POST")


async def test_a_fault_of_ours_tells_nothing(logged: io.StringIO) -> None:
    async with visited() as (_, client):
        async with client.get("/fail") as got:
            assert (got.status, await got.text()) == (500, "That failed on our side.")
        async with client.get("/locked") as got:
            assert (got.status, got.headers["Retry-After"]) == (503, "60")
            assert "/home" not in await got.text()
        async with client.get("/hello") as got:
            assert got.status == 200
    assert {"web request failed", "web request waits"} <= {event["event"] for event in events(logged)}


async def test_one_line_of_log_for_each_request_and_no_secret_in_it(logged: io.StringIO) -> None:
    async with visited() as (site, client):
        async with client.post("/in/s3cret?token=s3cret", data=b"s3cret", headers={"X-Key": "s3cret"}):
            pass
        async with client.get("/s3cret/nowhere?s3cret"):
            pass
        await raw(site, b"GET /\x00s3cret HTTP/1.1\r\n\r\n")
        await raw(site, b"POST /in/a HTTP/1.1\r\nHost: x\r\nContent-Length: s3cret\r\n\r\n")
    web = [event for event in events(logged) if event["event"] == "web"]
    assert [(event["method"], event["page"], event["status"]) for event in web[:2]] == [
        ("POST", "/in/{id}", 200),
        ("GET", "", 404),
    ]
    assert "s3cret" not in logged.getvalue()


async def test_the_path_of_the_public_address_may_stand_before_ours() -> None:
    async with visited(base="/bot/") as (_, client):
        for path, status in (("/bot/hello", 200), ("/hello", 200), ("/bot/bot/hello", 404), ("/bothello", 404)):
            async with client.get(path) as got:
                assert got.status == status, path


# --- bodies ----------------------------------------------------------------------------------------------------------


async def test_a_body_up_to_the_limit_is_read_and_more_is_not() -> None:
    async with visited() as (site, client):
        async with client.post("/in/a", data=b"x" * 100_000) as got:
            assert (got.status, await got.text()) == (200, "a 100000 " + "x" * 20)
        async with client.post("/in/a", data=b"x" * 100_001) as got:
            assert got.status == 413
        chunked = b"".join(b"2710\r\n" + b"x" * 10_000 + b"\r\n" for _ in range(11))
        got_raw = await raw(site, b"POST /in/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", chunked)
    assert got_raw.startswith(b"HTTP/1.1 413")


async def test_a_huge_body_is_refused_before_it_is_sent() -> None:
    async with visited() as (site, _):
        got = await raw(site, b"POST /in/a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", b"x" * 1000)
    assert got.startswith(b"HTTP/1.1 413")


async def test_who_asks_whether_to_go_on_is_told_so() -> None:
    head = b"POST /in/a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    async with visited() as (site, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        writer.write(head)
        async with asyncio.timeout(GUARD_S):
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"ok")
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_nothing_is_unpacked() -> None:
    packed = {"Content-Encoding": "gzip"}
    async with visited() as (_, client), client.post("/in/a", data=b"no gzip", headers=packed) as got:
        assert await got.text() == "a 7 no gzip"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param((b"POST /in/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", b"abc"), id="slow"),
        pytest.param((b"GET /nap HTTP/1.1\r\nHost: x\r\n\r\n",), id="our-own"),
    ],
)
async def test_a_request_that_takes_too_long_ends(sent: tuple[bytes, ...]) -> None:
    async with visited(request_s=0.2) as (site, _):
        assert (await raw(site, *sent)).startswith(b"HTTP/1.1 408")


async def test_a_body_that_breaks_off_reaches_the_page_as_such() -> None:
    seen: asyncio.Queue[str] = asyncio.Queue()

    async def read(incoming: Incoming) -> Answer:
        try:
            await incoming.body.whole()
        except Exception as error:
            await seen.put(type(error).__name__)
            raise
        return Answer()

    async with visited(routes=(Route("POST", "/in", read),)) as (site, _):
        _, writer = await asyncio.open_connection("127.0.0.1", site.port)
        writer.write(b"POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        await writer.drain()
        writer.close()
        async with asyncio.timeout(GUARD_S):
            assert await seen.get() == "BodyBroken"
        wrong = b"POST /in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"
        assert (await raw(site, wrong)).split(b" ")[1] == b"400"


# --- opening and closing ---------------------------------------------------------------------------------------------


async def test_a_port_that_is_taken_names_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"127.0.0.1:{port}; set PULLQUOTE_HTTP_PORT"):
            async with serve("127.0.0.1", port, ROUTES):
                pass


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
async def test_a_host_that_is_not_here_names_its_setting(host: str) -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_HTTP_HOST"):
        async with serve(host, 0, ROUTES):
            pass


async def test_what_is_under_way_is_answered_before_the_port_closes() -> None:
    entered, go = asyncio.Event(), asyncio.Event()

    async def wait(incoming: Incoming) -> Answer:
        entered.set()
        await go.wait()
        return Answer(200, "after all")

    async def ask(port: int) -> str:
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/") as got:
            return await got.text()

    async with serve("127.0.0.1", 0, (Route("GET", "/", wait),)) as site:
        asked = asyncio.create_task(ask(site.port))
        await entered.wait()
        asyncio.get_running_loop().call_later(0.1, go.set)
    assert await asked == "after all"
    with pytest.raises(OSError, match=r"refused|Connect"):
        await asyncio.open_connection("127.0.0.1", site.port)


async def test_two_sites_and_a_second_time_on_the_same_port() -> None:
    async with serve("127.0.0.1", 0, ROUTES) as one, serve("127.0.0.1", 0, ROUTES) as two:
        assert one.port != two.port
    async with serve("127.0.0.1", one.port, ROUTES) as again:
        assert again.port == one.port


async def test_a_body_is_not_read_by_a_page_that_does_not_want_it() -> None:
    bodies: list[Body] = []

    async def ignore(incoming: Incoming) -> Answer:
        bodies.append(incoming.body)
        return Answer(202)

    async with visited(routes=(Route("POST", "/", ignore),)) as (_, client):
        for _ in range(2):
            async with client.post("/", data=b"x" * 300_000) as got:
                assert got.status == 202
    assert len(bodies) == 2
