"""Posting a form: what is sent, which answers take it, and where it is never sent on to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from adapters.fetch import open_fetcher
from bot.feed_ports import Fetched, Request
from tests.adapters.http_server import Asked, Server, answered, serving

FORM = (("hub.mode", "subscribe"), ("hub.topic", "https://kettle.example/feed?a=1&b=é"), ("hub.secret", "s3cret&more"))


async def post(server: Server, path: str, allow: str = "", **more: Any) -> Fetched:
    fetcher = open_fetcher("x", allow or f"127.0.0.1:{server.port}")
    try:
        return await fetcher.fetch(Request(f"{server.base}{path}", 1000, form=FORM, **more))
    finally:
        await fetcher.close()


async def test_a_form_arrives_as_one() -> None:
    async with serving(hub=answered(202, b"thanks")) as server:
        got = await post(server, "/hub")
    assert (got.status, got.code, got.body) == ("ok", 202, b"thanks")
    [asked] = server.asked
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/x-www-form-urlencoded")
    assert tuple(parse_qsl(asked.body.decode(), strict_parsing=True)) == FORM


async def test_an_empty_form_is_posted_too() -> None:
    async with serving(hub=answered(204)) as server:
        fetcher = open_fetcher("x", f"127.0.0.1:{server.port}")
        got = await fetcher.fetch(Request(f"{server.base}/hub", 1000, form=()))
        await fetcher.close()
    assert (got.status, got.code, server.asked[0].method) == ("ok", 204, "POST")


@pytest.mark.parametrize(
    ("code", "status"), [(200, "ok"), (202, "ok"), (204, "ok"), (400, "failed"), (403, "denied"), (500, "failed")]
)
async def test_any_answer_in_the_200s_takes_a_form(code: int, status: str) -> None:
    async with serving(hub=answered(code)) as server:
        assert (await post(server, "/hub")).status == status


async def test_reading_an_answer_in_the_200s_is_unchanged_for_those_who_ask() -> None:
    async with serving(hub=answered(202, b"later")) as server:
        fetcher = open_fetcher("x", f"127.0.0.1:{server.port}")
        assert (await fetcher.fetch(Request(f"{server.base}/hub", 1000))).status == "failed"
        await fetcher.close()


@pytest.mark.parametrize("code", [307, 308])
async def test_a_form_is_posted_again_where_the_server_says_so(code: int) -> None:
    async with serving(old=answered(code, Location="/new"), new=answered(202)) as server:
        assert (await post(server, "/old")).code == 202
    assert [(asked.method, asked.path) for asked in server.asked] == [("POST", "/old"), ("POST", "/new")]
    assert server.asked[0].body == server.asked[1].body != b""


@pytest.mark.parametrize("code", [301, 302, 303])
async def test_no_other_redirect_is_followed(code: int) -> None:
    async with serving(old=answered(code, Location="/new"), new=answered(200)) as server:
        got = await post(server, "/old")
    assert (got.status, got.code, len(server.asked)) == ("failed", code, 1)


async def test_a_form_is_sent_on_to_nobody_else_in_the_open() -> None:
    async with serving(in_=answered(200)) as other, serving() as server:
        server.answers["/old"] = answered(307, Location=f"{other.base}/in_")
        got = await post(server, "/old", allow=f"127.0.0.1:{server.port},127.0.0.1:{other.port}")
    assert (got.status, other.asked) == ("refused", [])
    assert "s3cret" not in got.reason


async def test_a_form_is_not_sent_to_a_private_address_not_even_by_redirect() -> None:
    async with serving(in_=answered(200)) as other, serving() as server:
        server.answers["/old"] = answered(307, Location=other.base.replace("http", "https") + "/in_")
        got = await post(server, "/old")
        direct = await post(replace(other), "/in_", allow=f"127.0.0.1:{server.port}")
    assert (got.status, direct.status, other.connections) == ("refused", "refused", 0)


async def test_too_many_redirects_end_a_form_too() -> None:
    async with serving(old=answered(307, Location="/old")) as server:
        assert (await post(server, "/old")).status == "failed"
    assert len(server.asked) == 11


async def test_the_deadline_holds_for_a_form() -> None:
    async def silent(_: Asked, writer: asyncio.StreamWriter) -> None:
        await writer.drain()
        await asyncio.sleep(30)

    async with serving(hub=silent) as server:
        assert (await post(server, "/hub", deadline_s=0.2)).status == "timeout"


def test_a_form_is_in_no_representation() -> None:
    assert "s3cret" not in repr(Request("https://hub.example/", 1, form=FORM))
