"""What Discord would not accept is answered as Discord does: 50035 with a tree of what is wrong where."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord_wire.commands import check_commands
from tests.fakes.discord_wire.problems import Json, Problem
from tests.fakes.discord_wire.wire import Room, Wire, wire

V2 = 1 << 15
ROOT = Path(__file__).resolve().parents[2]
Talking = tuple[Wire, Room, aiohttp.ClientSession]


@pytest.fixture
async def talking() -> AsyncIterator[Talking]:
    async with wire() as w:
        headers = {"Authorization": f"Bot {w.token}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            yield w, w.furnish(), session


async def _post(talking: Talking, body: Json) -> Json:
    w, room, session = talking
    async with session.post(f"{w.api_url}/channels/{room.general.id}/messages", json=body) as answer:
        said: Json = await answer.json()
        return said


def _paths(tree: Any, at: str = "") -> list[str]:
    """``embeds.0.title BASE_TYPE_…`` of each error."""
    found = [f"{at[1:]} {one['code']}" for one in tree.get("_errors", [])]
    for name, inner in tree.items():
        if name != "_errors":
            found += _paths(inner, f"{at}.{name}")
    return found


def button(**more: object) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | more


def row(*inner: Json) -> Json:
    return {"type": 1, "components": list(inner)}


def select(count: int, **more: object) -> Json:
    options = [{"label": f"{n}", "value": f"{n}"} for n in range(count)]
    return {"type": 3, "custom_id": "pick", "options": options} | more


def link(url: str) -> Json:
    return {"type": 2, "style": 5, "label": "Listen", "url": url}


def text(said: str) -> Json:
    return {"type": 10, "content": said}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"content": "x" * 2001}, "content BASE_TYPE_MAX_LENGTH"),
        ({"content": "x", "nonce": "n" * 26}, "nonce BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds MAX_EMBED_SIZE_EXCEEDED"),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, "embeds.0.fields BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"fields": [{"name": "a", "value": ""}]}]}, "embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH"),
        ({"embeds": [{"color": 1}]}, "embeds.0.description BASE_TYPE_REQUIRED"),
        ({"embeds": [{"title": "x", "url": "javascript:x"}]}, "embeds.0.url URL_TYPE_INVALID_SCHEME"),
        ({"content": "x", "components": [row(button())] * 6}, "components BASE_TYPE_BAD_LENGTH"),
        (
            {"components": [row(*(button(custom_id=f"{n}") for n in range(6)))]},
            "components.0.components BASE_TYPE_BAD_LENGTH",
        ),
        ({"components": [row(button(), button())]}, "components COMPONENT_CUSTOM_ID_DUPLICATED"),
        (
            {"components": [row(button(custom_id="x" * 101))]},
            "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH",
        ),
        ({"components": [row(button(label="x" * 81))]}, "components.0.components.0.label BASE_TYPE_MAX_LENGTH"),
        ({"components": [row(link("javascript:alert(1)"))]}, "components.0.components.0.url URL_TYPE_INVALID_SCHEME"),
        ({"components": [row(link("nothing"))]}, "components.0.components.0.url URL_TYPE_INVALID_URL"),
        ({"components": [row(select(26))]}, "components.0.components.0.options BASE_TYPE_BAD_LENGTH"),
        ({"components": [row(select(2), button())]}, "components.0.components BASE_TYPE_BAD_LENGTH"),
        ({"components": [text("x")]}, "components.0.type UNION_TYPE_CHOICES"),
        (
            {"flags": V2, "content": "x", "components": [text("x")]},
            "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        ({"flags": V2, "components": [text("x")] * 41}, "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
        ({"flags": V2, "components": [text("x" * 2001)] * 2}, "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
    ],
)
async def test_a_message_beyond_a_limit_is_refused_with_its_path(talking: Talking, body: Json, wrong: str) -> None:
    said = await _post(talking, body)
    assert (said["code"], said["message"]) == (50035, "Invalid Form Body")
    assert wrong in _paths(said["errors"])


@pytest.mark.parametrize("body", [{}, {"content": "  "}, {"embeds": [], "components": []}])
async def test_an_empty_message_is_refused(talking: Talking, body: Json) -> None:
    assert (await _post(talking, body))["code"] == 50006


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        {"embeds": [{"description": "x" * 3000}] * 2},
        {"components": [row(*(button(custom_id=f"{r}{n}") for n in range(5))) for r in range(5)]},
        {"content": "x", "components": [row(select(25)), row(link("https://example.org/a"))]},
        {"flags": V2, "components": [{"type": 17, "components": [text("x"), row(button())]}, text("y" * 3999)]},
    ],
)
async def test_a_message_at_the_limit_is_accepted(talking: Talking, body: Json) -> None:
    assert "id" in await _post(talking, body)


async def test_components_v2_is_never_unset(talking: Talking) -> None:
    w, room, session = talking
    made = await _post(talking, {"flags": V2, "components": [text("x")]})
    path = f"{w.api_url}/channels/{room.general.id}/messages/{made['id']}"
    for body, status in (({"content": "x"}, 400), ({"flags": 0, "embeds": [{"title": "x"}]}, 400)):
        async with session.patch(path, json=body) as answer:
            assert answer.status == status
    async with session.patch(path, json={"components": [text("y")]}) as answer:
        assert (await answer.json())["flags"] & V2


async def test_a_file_that_is_too_large_is_refused(talking: Talking) -> None:
    w, room, session = talking
    for size, status in ((10 * 2**20 + 1, 413), (1000, 200)):
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps({"attachments": [{"id": 0, "description": "a picture"}]}))
        form.add_field("files[0]", io.BytesIO(bytes(size)), filename="a.png", content_type="image/png")
        async with session.post(f"{w.api_url}/channels/{room.general.id}/messages", data=form) as answer:
            assert answer.status == status
    [message] = room.general.messages.values()
    [file] = message.data["attachments"]
    assert (file["filename"], file["size"], file["description"]) == ("a.png", 1000, "a picture")
    async with session.get(file["url"]) as answer:
        got = await answer.read()
    assert got.count(0) == len(got) == 1000


def command(**more: object) -> Json:
    return {"name": "quote", "description": "Find a line"} | more


def option(name: str, **more: object) -> Json:
    return {"type": 3, "name": name, "description": "x"} | more


CHOICES = [{"name": "x" * 100, "value": "y" * 100}] * 25


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ([command(name="Quote")], "0.name STRING_TYPE_REGEX"),
        ([command(name="two words")], "0.name STRING_TYPE_REGEX"),
        ([command(description="")], "0.description BASE_TYPE_BAD_LENGTH"),
        ([command(), command()], "1.name APPLICATION_COMMANDS_DUPLICATE_NAME"),
        ([command(options=[option(f"o{n}") for n in range(26)])], "0.options BASE_TYPE_BAD_LENGTH"),
        ([command(options=[option("a"), option("b", required=True)])],
         "0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"),
        ([command(options=[option("a"), {"type": 1, "name": "sub", "description": "x"}])],
         "0.options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
        ([command(options=[option(f"o{n}", choices=CHOICES) for n in range(2)])], "0 APPLICATION_COMMAND_TOO_LARGE"),
    ],
)  # fmt: skip
def test_a_command_beyond_a_limit_is_refused(given: list[Json], wrong: str) -> None:
    with pytest.raises(Problem) as problem:
        check_commands(given)
    assert wrong in _paths(problem.value.body["errors"])


async def test_it_runs_as_a_process_that_is_steered_over_http() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.discord_wire",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout
        world = json.loads(await process.stdout.readline())
        headers = {"Authorization": f"Bot {world['token']}"}
        steer = world["api"].removesuffix("/api/v10") + "/wire"
        async with aiohttp.ClientSession(headers=headers) as session:
            path = f"{world['api']}/channels/{world['general']}/messages"
            await session.post(f"{steer}/do", json={"do": "fault", "kind": "error_before", "route": "POST /channels"})
            assert [(await session.post(path, json={"content": "x"})).status for _ in range(2)] == [500, 200]
            assert (await session.post(f"{steer}/do", json={"do": "slash", "command": "quote"})).status == 400
            log = await (await session.get(f"{steer}/log")).json()
            assert [one["content"] for one in log["posted"]] == ["x"]
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
