"""One attempt of one request, by the real discord.py against a server that answers as told: the outcome is exact."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from discord.http import Route

from adapters.discord.attempts import Answer, Attempts, trace
from bot.alert_ports import Refused, Unclear
from tests.adapters.http_server import Asked, Server, answered, serving

ME = {"id": "42", "username": "pullquote", "discriminator": "0", "avatar": None, "bot": True}
POST = "/api/channels/7/messages"


def told(status: int, body: Any, **headers: str) -> bytes:
    return answered(status, json.dumps(body).encode(), Content_Type="application/json", Via="1.1 google", **headers)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    async with serving() as server:
        monkeypatch.setattr(Route, "BASE", f"{server.base}/api")
        server.answers["/api/users/@me"] = told(200, ME)
        yield server


@pytest.fixture
async def client(server: Server) -> AsyncIterator[discord.Client]:
    client = discord.Client(intents=discord.Intents.none(), http_trace=trace())
    await client.http.static_login("a token")
    yield client
    await client.close()


@pytest.fixture
async def attempts(client: discord.Client) -> AsyncIterator[Attempts]:
    attempts = Attempts(client, start_s=0.3)
    yield attempts
    await attempts.close()


async def posted(attempts: Attempts, within_s: float = 5.0) -> Answer | Refused | Unclear:
    ends = asyncio.get_running_loop().time() + within_s
    return await attempts.ask(lambda http: http.request(Route("POST", "/channels/7/messages"), json={}), ends)


def tries(server: Server) -> int:
    return sum(one.path == POST for one in server.asked)


async def test_a_good_answer_is_given_as_it_came(server: Server, attempts: Attempts) -> None:
    server.answers[POST] = told(200, {"id": "9"})
    assert await posted(attempts) == Answer(200, {"id": "9"}, headers=(await posted(attempts)).headers)  # type: ignore[union-attr]
    assert tries(server) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524, 429, 400, 401, 403, 404])
async def test_whatever_is_answered_is_asked_for_once(server: Server, attempts: Attempts, status: int) -> None:
    server.answers[POST] = told(status, {"message": "no", "code": 0, "retry_after": 30.0})
    answer = await posted(attempts)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body["message"]) == (status, "no")
    assert tries(server) == 1


async def test_a_limit_without_discords_words_is_an_answer_too(server: Server, attempts: Attempts) -> None:
    server.answers[POST] = answered(429, b"<html>1015</html>", Retry_After="77")
    answer = await posted(attempts)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (429, None, "77")


async def test_a_bucket_that_is_used_up_keeps_no_answer_waiting(server: Server, attempts: Attempts) -> None:
    used_up = {"X_Ratelimit_Limit": "1", "X_Ratelimit_Remaining": "0", "X_Ratelimit_Reset_After": "60"}
    server.answers[POST] = told(200, {"id": "9"}, **used_up)
    began = asyncio.get_running_loop().time()
    assert isinstance(await posted(attempts), Answer)
    assert asyncio.get_running_loop().time() - began < 30


async def test_what_discordpys_limits_keep_waiting_is_not_made(server: Server, attempts: Attempts) -> None:
    used_up = {"X_Ratelimit_Limit": "1", "X_Ratelimit_Remaining": "0", "X_Ratelimit_Reset_After": "60"}
    server.answers[POST] = told(200, {"id": "9"}, **used_up)
    await posted(attempts)
    refused = await posted(attempts)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.everywhere) == ("busy", False)
    await asyncio.sleep(0.1)
    assert tries(server) == 1


async def test_a_global_limit_that_others_met_refuses_everywhere(
    server: Server, client: discord.Client, attempts: Attempts
) -> None:
    client.http._global_over.clear()
    refused = await posted(attempts)
    client.http._global_over.set()
    assert isinstance(refused, Refused)
    assert (refused.why, refused.everywhere) == ("busy", True)
    await asyncio.sleep(0.1)
    assert tries(server) == 0


async def test_a_broken_connection_is_unclear_and_not_tried_again(server: Server, attempts: Attempts) -> None:
    async def broken(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    server.answers[POST] = broken
    assert isinstance(await posted(attempts), Unclear)
    assert tries(server) == 1


async def test_an_answer_that_breaks_off_is_unclear(server: Server, attempts: Attempts) -> None:
    server.answers[POST] = answered(200, b'{"id":', Content_Length="500") + b""

    async def half(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answered(200, b'{"id":', Content_Length="500"))

    server.answers[POST] = half
    assert isinstance(await posted(attempts), Unclear)


async def test_no_answer_in_time_is_unclear(server: Server, attempts: Attempts) -> None:
    async def silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server.answers[POST] = silent
    assert isinstance(await posted(attempts, within_s=0.5), Unclear)
    assert tries(server) == 1


async def test_a_refused_connection_certainly_did_nothing(
    client: discord.Client, attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:9/api")
    refused = await posted(attempts)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.everywhere) == ("down", True)


async def test_a_connection_that_never_comes_about_certainly_did_nothing(
    client: discord.Client, attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, backlog=1, start_serving=False)
    port = full.sockets[0].getsockname()[1]
    monkeypatch.setattr(Route, "BASE", f"https://127.0.0.1:{port}/api")  # a handshake that nobody answers
    refused = await posted(attempts, within_s=0.5)
    full.close()
    assert isinstance(refused, Refused)
    assert (refused.why, refused.everywhere) == ("down", True)


async def test_a_redirect_is_not_followed(server: Server, attempts: Attempts) -> None:
    server.answers[POST] = answered(307, Location="/api/elsewhere")
    server.answers["/api/elsewhere"] = told(200, {"id": "9"})
    answer = await posted(attempts)
    assert isinstance(answer, Answer)
    assert answer.status == 307
    assert not any(one.path == "/api/elsewhere" for one in server.asked)


async def test_before_log_in_nothing_is_asked() -> None:
    client = discord.Client(intents=discord.Intents.none(), http_trace=trace())
    refused = await posted(Attempts(client))
    assert isinstance(refused, Refused)
    assert (refused.why, refused.everywhere) == ("down", True)


async def test_after_the_end_nothing_is_asked(server: Server, client: discord.Client, attempts: Attempts) -> None:
    await client.close()
    refused = await posted(attempts)
    assert isinstance(refused, Refused)
    assert refused.why == "down"
    assert tries(server) == 0


async def test_a_client_without_the_trace_never_claims_that_nothing_left(server: Server) -> None:
    client = discord.Client(intents=discord.Intents.none())
    await client.http.static_login("a token")
    try:
        server.answers[POST] = told(200, {"id": "9"})
        assert await posted(Attempts(client)) == Answer(200, {"id": "9"})
        server.answers[POST] = told(403, {"message": "Missing Permissions", "code": 50013})
        refused = await posted(Attempts(client))
        assert isinstance(refused, Answer)
        assert (refused.status, refused.body["code"]) == (403, 50013)

        async def silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)

        server.answers[POST] = silent
        assert isinstance(await posted(Attempts(client), within_s=0.5), Unclear)
    finally:
        await client.close()


async def test_requests_outside_an_attempt_are_tried_again_as_ever(server: Server, client: discord.Client) -> None:
    def once(asked: Asked) -> bytes:
        return told(500, {}) if tries(server) == 1 else told(200, {"id": "9"})

    server.answers[POST] = once
    assert await client.http.request(Route("POST", "/channels/7/messages"), json={}) == {"id": "9"}
    assert tries(server) == 2


async def test_a_request_that_cannot_be_made_is_a_fault_of_ours(server: Server, attempts: Attempts) -> None:
    ends = asyncio.get_running_loop().time() + 5

    async def wrong(http: object) -> None:
        raise KeyError("no such thing")

    refused = await attempts.ask(wrong, ends)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.everywhere) == ("invalid", False)


async def test_connections_are_used_again_after_refusals(server: Server, attempts: Attempts) -> None:
    server.answers[POST] = told(404, {"message": "Unknown Channel", "code": 10003})
    for _ in range(20):
        await posted(attempts)
    assert server.connections == 1
    server.answers[POST] = told(429, {"message": "slow", "retry_after": 0.1})
    for _ in range(5):
        await posted(attempts)
    assert server.connections <= 6


@pytest.mark.parametrize("status", [429, 500])
async def test_nothing_waits_behind_an_answer_that_discordpy_would_retry(
    server: Server, client: discord.Client, attempts: Attempts, status: int
) -> None:
    server.answers[POST] = told(status, {"message": "no", "retry_after": 30.0, "global": True})
    assert isinstance(await posted(attempts), Answer)
    await asyncio.sleep(0.1)
    assert not any(task.get_name() == "discord attempt" for task in asyncio.all_tasks())
    assert client.http._global_over.is_set()  # people's commands are answered meanwhile


async def test_a_second_try_of_any_kind_never_leaves(server: Server, attempts: Attempts) -> None:
    async def broken(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def stubborn(http: Any) -> Any:
        with contextlib.suppress(aiohttp.ClientError):
            await http.request(Route("POST", "/channels/7/messages"), json={})
        return await http.request(Route("POST", "/channels/7/messages"), json={})

    server.answers[POST] = broken
    assert isinstance(await attempts.ask(stubborn, asyncio.get_running_loop().time() + 5), Unclear)
    assert tries(server) == 1
