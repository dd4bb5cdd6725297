"""The web port and hostile visitors: nothing raises, nothing is repeated, the others go on."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator

import pytest

from bot.logs import set_up_logs
from bot.web_ports import Answer, Incoming, Route
from tests.adapters.web_visit import GUARD_S, events, raw, visited


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    set_up_logs("debug", "json", (), stream)
    yield stream
    set_up_logs("info", "auto", ())


# --- hostile ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        *(b"//hello", b"/hello/", b"/./hello", b"/x/../hello", b"/%68ello", b"/hello%00", b"/in/../hello", b"/HELLO"),
        *(b"/hello;x", b"/in/a/b", b"/in/", b"/in/%2e%2e", b"/in/" + b"a" * 65, b"*", b"/hello%0d%0aX:y", b"hello"),
        *(b"/\xff\xfe", b"/%ff", b"?", b"/\\hello"),
    ],
)
async def test_a_path_that_is_no_page_of_ours_is_none(target: bytes) -> None:
    async with visited() as (site, _):
        got = await raw(site, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert got.split(b" ")[1] in (b"400", b"404", b"405"), got[:200]


@pytest.mark.parametrize(
    "query", [b"%ff=%fe", b"=&=&;", b"a=%", b"a=%zz", b"%00=%0d%0a", b"a" * 4000, b"&".join([b"a=1"] * 64)]
)
async def test_a_strange_query_is_answered(query: bytes) -> None:
    async with visited() as (site, _):
        got = await raw(site, b"GET /hello?" + query + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 200"), got[:200]


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(b"GET /hello?" + b"a=1&" * 65 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="parameters"),
        pytest.param(b"GET /hello?" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="line"),
        pytest.param(b"GET /hello HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 100 + b"\r\n", id="headers"),
        pytest.param(b"GET /hello HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", id="header"),
        pytest.param(b"GET /hello HTTP/1.1\r\nX : y\r\n\r\n", id="blank"),
        pytest.param(b"GET /hello HTTP/9.9\r\n\r\n", id="version"),
        pytest.param(b"G@T /hello HTTP/1.1\r\n\r\n", id="method"),
        pytest.param(b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\r\n\r\n", id="tls"),
        pytest.param(b"POST /in/a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", id="lengths"),
        pytest.param(
            b"POST /in/a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", id="smuggling"
        ),
        pytest.param(b"POST /in/a HTTP/1.1\r\nContent-Length: -1\r\n\r\n", id="negative"),
    ],
)
async def test_what_is_no_proper_request_is_refused_in_one_line(request_: bytes, logged: io.StringIO) -> None:
    async with visited() as (site, client):
        got = await raw(site, request_)
        assert got == b"" or got.split(b" ")[1] in (b"400", b"414", b"431"), got[:200]
        assert got.partition(b"\r\n\r\n")[2].count(b"\n") == 0
        async with client.get("/hello") as still:
            assert still.status == 200
    assert not [event for event in events(logged) if event["level"] == "error"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "OPTIONS", "BREW"])
async def test_other_methods_are_not_answered(method: str) -> None:
    async with visited() as (site, _):
        got = await raw(site, f"{method} /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert got.split(b" ")[1] in (b"400", b"404", b"405"), got[:100]


@pytest.mark.parametrize("before", [b"", b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_a_head_that_comes_byte_by_byte_is_cut_off(before: bytes) -> None:
    async with visited(head_s=0.3) as (site, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)

        async def drip() -> None:
            writer.write(before + b"GET /hello HTTP/1.1\r\nX: ")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        async with asyncio.timeout(GUARD_S):
            try:
                while await reader.read(65536):
                    pass
            except ConnectionResetError:
                pass  # cut off, too
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)
        writer.close()


async def test_an_idle_connection_is_closed_also_after_an_answer() -> None:
    async with visited(head_s=0.3) as (site, _):
        got = await raw(site, b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /hel")
    assert got.count(b"HTTP/1.1 200") == 1


async def test_a_page_may_take_longer_than_a_head() -> None:
    async def slowly(incoming: Incoming) -> Answer:
        await asyncio.sleep(0.6)
        return Answer(200, "done")

    async with visited(routes=(Route("GET", "/", slowly),), head_s=0.2) as (_, client), client.get("/") as got:
        assert await got.text() == "done"


async def test_too_many_connections_are_turned_away_and_the_others_go_on() -> None:
    async with visited(most=3, head_s=GUARD_S) as (site, _):
        held = [await asyncio.open_connection("127.0.0.1", site.port) for _ in range(3)]
        held[0][1].write(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(GUARD_S):
            assert (await held[0][0].readline()).startswith(b"HTTP/1.1 200")
        assert await raw(site, b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n") == b""
        for _, writer in held:
            writer.close()
