"""No socket goes where it may not: numbers in every spelling, names that lie or change their mind, redirects."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import pytest

from adapters.fetch import Manners, open_fetcher
from adapters.fetch.connect import AddressRefused, Judge, open_session
from bot.feed_ports import Fetched, Request
from bot.rules.addresses import read_allow_list
from tests.adapters.http_server import Server, answered, serving

LIMIT = 10_000
SECRET = answered(200, b"secret")


async def fetch(url: str, allow: str = "", answers: Sequence[Sequence[str]] | None = None) -> Fetched:
    """One request; ``answers`` are what the name server says, one after the other."""
    left = [list(row) for row in answers or ()]

    async def resolver(host: str) -> list[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    fetcher = open_fetcher("x", allow, resolver=resolver if answers else None)
    try:
        return await fetcher.fetch(Request(url, LIMIT, deadline_s=10))
    finally:
        await fetcher.close()


def untouched(server: Server) -> bool:
    return server.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1.", "127.1", "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1"),
        *("localhost", "localhost.", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[fe80::1]", "0.0.0.0", "0", "[::]", "①②⑦.0.0.1"),
        *("１２７.0.0.1", "127。0。0。1", "example.org@127.0.0.1", "127.0.0.1%00.example.org", "127.0.0.1%2eexample"),
    ],
)
async def test_loopback_is_not_reached_however_it_is_spelt(host: str) -> None:
    async with serving(secret=SECRET) as server:
        got = await fetch(f"http://{host}:{server.port}/secret")
        assert untouched(server)
    assert got.status in ("refused", "failed")
    assert got.body == b""
    assert got.reason


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "10.0.0.1", "192.168.1.1", "100.100.100.200", "224.0.0.1", "[fd00:ec2::254]", "168.63.129.16"],
)
async def test_other_private_addresses_are_refused_before_a_socket_is_made(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "socket", None)
    assert (await fetch(f"http://{host}/latest/meta-data/")).status == "refused"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1"),
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "fe80::1%lo", "fd00::1", "ff02::1", "2002:7f00:1::"),
    ],
)
async def test_a_name_that_leads_to_a_private_address_is_refused(address: str) -> None:
    async with serving(secret=SECRET) as server:
        got = await fetch(f"http://kites.example:{server.port}/secret", answers=[[address]])
        assert untouched(server)
    assert got.status == "refused"
    assert "kites.example" in got.reason
    assert address not in got.reason


async def test_of_several_addresses_only_those_that_may_be_reached_are() -> None:
    async with serving(f=answered(200, b"x")) as server:
        got = await fetch(
            f"http://kites.example:{server.port}/f",
            f"127.0.0.1/32:{server.port}",
            answers=[["127.0.0.2", "10.0.0.1", "127.0.0.1"]],
        )
    assert got.status == "ok"


async def test_a_name_that_changes_its_mind_never_gets_through() -> None:
    """Public at the first look, private at the next: every connection goes to an address that was itself judged."""
    asked: list[str] = []

    async def resolver(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async with serving(f=answered(200, b"x", Connection="close")) as server:
        fetcher = open_fetcher(
            "x", f"127.0.0.1/32:{server.port}", resolver=resolver, manners=Manners(idle_s=0.001, names_s=0)
        )
        got = [await fetcher.fetch(Request(f"http://e.org:{server.port}/f", LIMIT)) for _ in range(3)]
        await fetcher.close()
    assert [one.status for one in got] == ["ok", "refused", "refused"]
    assert len(asked) == 3
    assert server.connections == 1


async def test_a_redirect_is_judged_like_the_first_address() -> None:
    async with serving(secret=SECRET) as canary, serving(a=b"", b=b"", c=b"") as server:
        server.answers["/a"] = answered(301, Location=f"http://127.0.0.1:{canary.port}/secret")
        server.answers["/b"] = answered(302, Location=f"http://2130706433:{canary.port}/secret")
        server.answers["/c"] = answered(302, Location=f"//localhost:{canary.port}/secret")
        allow = f"127.0.0.0/8:{server.port}"
        got = [await fetch(f"{server.base}/{name}", allow) for name in "abc"]
        assert untouched(canary)
    assert [one.status for one in got] == ["refused", "refused", "refused"]


async def test_an_opened_name_is_opened_by_that_name_and_port_only() -> None:
    async with serving(f=SECRET) as server, serving(f=SECRET) as other:
        allow = f"nas.local:{server.port}"
        lead = [["127.0.0.1"]]
        assert (await fetch(f"http://nas.local:{server.port}/f", allow, lead)).status == "ok"
        assert (await fetch(f"http://evil.example:{server.port}/f", allow, lead)).status == "refused"
        assert (await fetch(f"http://127.0.0.1:{server.port}/f", allow)).status == "refused"
        assert (await fetch(f"http://nas.local:{other.port}/f", allow, lead)).status == "refused"
        assert untouched(other)


async def test_a_name_server_that_never_answers_is_no_excuse_for_the_deadline() -> None:
    async def never(host: str) -> list[str]:
        await asyncio.sleep(3600)
        return []

    fetcher = open_fetcher("x", resolver=never)
    got = await fetcher.fetch(Request("http://e.org/f", LIMIT, deadline_s=0.2))
    await fetcher.close()
    assert got.status == "timeout"


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid", "a..invalid", "x" * 300])
async def test_a_name_that_can_be_none_fails(host: str) -> None:
    got = await fetch(f"http://{host}/f")
    assert got.status in ("failed", "refused")
    assert got.reason


async def test_a_name_that_nobody_knows_fails() -> None:
    async def nobody(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    fetcher = open_fetcher("x", resolver=nobody)
    got = await fetcher.fetch(Request("http://nowhere.example/f", LIMIT))
    await fetcher.close()
    assert got.status == "failed"
    assert "nowhere.example" in got.reason


async def test_the_gate_at_the_socket_holds_although_the_resolver_was_never_asked() -> None:
    """aiohttp asks no resolver about a host that is a number: without the first check the socket's gate still holds."""
    async with serving(secret=SECRET) as server:
        session, names = open_session("x", Judge(read_allow_list("")), None, Manners())
        async with session:
            with pytest.raises((AddressRefused, aiohttp.ClientError)):
                await session.get(f"{server.base}/secret")
        await names.close()
        assert untouched(server)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "2130706433", "nonsense", "64:ff9b::1"])
def test_no_socket_is_made_for_what_may_not_be_reached(host: str) -> None:
    with pytest.raises(AddressRefused):
        Judge(read_allow_list("")).socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80)))


async def test_no_address_of_the_hostile_feeds_is_connected_to(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(Judge, "socket", lambda _, info: made.append(info))
    rows = [row.split("\t") for row in (shared / "inputs/hostile/expected.tsv").read_text("utf-8").splitlines()[1:]]
    urls = [json.loads(row[4])["url"] for row in rows if row[3] == "never connected"]
    assert len(urls) >= 12
    for url in urls:
        got = await fetch(url)
        assert got.status in ("refused", "failed"), url
    assert made == []
