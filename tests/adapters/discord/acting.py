"""Commands that behave as a test needs, pressed on messages of ours in a room. No test enters here."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any

import discord
import simcord
from simcord.backend.serializers import message_payload
from simcord.interactions import base_payload
from simcord.results import ResponseMessage

from adapters.discord.codes import components_in
from adapters.discord.render import rendered
from bot.commands.declare import Arg, Command, command
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY
from bot.files import File
from bot.reply import Action, Field, Form, FormField, Reply
from tests.adapters.discord.room import Room


@command("say", "Say something", listed=False)
async def say(
    ctx: Context,
    words: Annotated[str, Arg("Words", rest=True, length=(0, 2000))] = "",
    slow_s: Annotated[float, Arg("After so many seconds")] = 0,
    private: Annotated[bool, Arg("To one person")] = True,
    row: Annotated[str | None, Arg("As a list")] = None,
) -> Reply:
    if slow_s:
        await asyncio.sleep(slow_s)
    return Reply(words, fields=(Field(row, "of a list"),) if row else (), private=private)


@command("tell all", "Say something to everybody", listed=False, private=False)
async def tell_all(
    ctx: Context,
    words: Annotated[str, Arg("Words", rest=True)],
    slow_s: Annotated[float, Arg("After so many seconds")] = 0,
    private: Annotated[bool, Arg("To one person")] = False,
) -> Reply:
    if slow_s:
        await asyncio.sleep(slow_s)
    return Reply(words, private=private)


@command("work", "Work long and say so", listed=False)
async def work(ctx: Context, steps: Annotated[int, Arg("Of one second")]) -> Reply:
    for n in range(1, steps + 1):
        await ctx.progress(f"step {n} of *{steps}*")
        await asyncio.sleep(1)
    return Reply("all done")


@command("ask", "Ask with a form", listed=False)
async def ask(
    ctx: Context,
    name: Annotated[str | None, Arg("Name")] = None,
    mood: Annotated[str | None, Arg("Mood")] = None,
    note: Annotated[str | None, Arg("Note")] = None,
    slow_s: Annotated[float, Arg("After so many seconds")] = 0,
    about: Annotated[str, Arg("What it is about")] = "",
) -> Reply:
    if name is not None:
        return Reply(f"{name}, {mood}, {note}, {about}")
    if slow_s:
        await asyncio.sleep(slow_s)
    fields = (
        FormField("name", "Your name", "Mia", length=20),
        FormField("mood", "Your mood", options=("calm", "cross")),
        FormField("note", "Anything else", long=True, required=False),
    )
    return Reply(form=Form("Who are you?", "ask", fields, {"about": about}))


@command("away", "Take the message away", listed=False)
async def away(ctx: Context, slow_s: Annotated[float, Arg("After so many seconds")] = 0) -> Reply:
    if slow_s:
        await asyncio.sleep(slow_s)
    return Reply("It is gone.", remove=True)


@command("page", "One page of several", listed=False)
async def page(
    ctx: Context,
    n: Annotated[int, Arg("Which")] = 1,
    slow_s: Annotated[float, Arg("After so many seconds")] = 0,
) -> Reply:
    if slow_s:
        await asyncio.sleep(slow_s)
    if n > 3:
        return Reply("There is no such page.")
    args = {"n": str(n + 1), "slow_s": str(slow_s)}
    return Reply(title=f"Page {n}", fields=(Field("n", str(n)),), actions=(Action("On", "page", args, turn=True),))


@command("open", "Answer everybody, with a button", listed=False, private=False)
async def opens(ctx: Context) -> Reply:
    more = Action("Press", "say", {"words": "more", "private": "no"})
    return Reply("in public", actions=(more,), private=False)


@command("offer", "Answer one person, with a button", listed=False)
async def offer(ctx: Context) -> Reply:
    slow = Action("Press", "say", {"words": "hear", "slow_s": "5", "private": "no"})
    return Reply("Press it.", actions=(slow,))


@command("break", "Break", listed=False)
async def breaks(ctx: Context) -> Reply:
    raise RuntimeError("broken on purpose")


@command("paper", "A file", listed=False)
async def paper(ctx: Context, kib: Annotated[int, Arg("Size")] = 1) -> Reply:
    line = b"x" * 1023 + b"\n"
    return Reply("Here it is.", file=File("pa/per ✓.csv", line * kib, "lines of x"))


COMMANDS: tuple[Command, ...] = (say, tell_all, work, ask, away, page, opens, offer, breaks, paper)


def staged(room: Room) -> Room:
    """The room where these commands are there too."""
    services = replace(room.services, registry=Registry((*room.services.registry.all(), *COMMANDS)))
    room.client.services = services  # type: ignore[attr-defined]
    return replace(room, services=services)


async def put_up(room: Room, reply: Reply, channel: Any = None) -> discord.Message:
    """A message of ours that everybody sees."""
    made = await rendered(reply, room.services, DEFAULT_COMMUNITY)
    there: Any = room.client.get_channel((channel or room.general).id)
    sent: discord.Message = await there.send(**made.kwargs("send"))
    await room.env.settle()
    return sent


async def button(
    room: Room, command_: str, args: dict[str, str] | None = None, *, turn: bool = False
) -> discord.Message:
    """A message of ours with one button, called Press."""
    return await put_up(room, Reply("Press it.", actions=(Action("Press", command_, args or {}, turn=turn),)))


def answer_of(result: simcord.InteractionResult) -> ResponseMessage:
    """The message that answered first."""
    assert result.response is not None, result
    return result.response


async def page_turned(room: Room, n: int) -> discord.Message:
    """A page that only mia sees."""
    return answer_of(await room.mia.click(await button(room, "page", {"n": str(n)}), label="Press")).message


def texts(components: Any) -> str:
    """Every text that a message of components v2 shows."""
    if isinstance(components, dict):
        own: str = components.get("content", "")
        return own + texts(components.get("components", []))
    return "\n".join(filter(None, map(texts, components)))


def press_at_once(room: Room, message: discord.Message, label: str) -> None:
    """Mia's press, beside others: simcord's own people act one after the other."""
    backend = room.env.backend
    stored = backend.get_message(message.channel.id, message.id)
    [pressed] = [one for one in components_in(stored.components) if one.get("label") == label]
    record, payload = base_payload(
        backend,
        type=3,
        channel_id=message.channel.id,
        guild_id=room.guild.id,
        user_id=room.mia.id,
        data={"component_type": 2, "custom_id": pressed["custom_id"]},
    )
    record.source_message_id = stored.id
    backend.emit("INTERACTION_CREATE", payload | {"message": dict(message_payload(backend, stored))})


async def pressed_slowly(room: Room, message: discord.Message, label: str = "Press") -> simcord.InteractionResult:
    """Mia's press, and a minute to answer it."""
    result = await room.mia.click(message, label=label)
    await room.env.advance_time(60)
    return result


def callbacks(room: Room, since: int = 0) -> list[int]:
    """The kinds of first responses since a request: 4 a message, 5 a placeholder, 7 an edit."""
    asked = [one for one in room.env.http_requests[since:] if one.path.endswith("/callback")]
    return [one.json["type"] for one in asked if isinstance(one.json, dict)]
