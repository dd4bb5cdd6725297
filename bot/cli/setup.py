"""``setup``: walks a newcomer through connecting a platform, question by question. What an answer does is done by
``bot.services.setting_up`` with the commands of chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot import texts_setup as texts
from bot.cli.dotenv_file import keep
from bot.cli.program import Open, Program
from bot.cli.talk import Left, Talk
from bot.errors import SurfaceError, UsageError
from bot.plain import render_plain
from bot.services.setting_up import DONE, Server, chosen, guess_moderators, guess_news, is_zone, zones_like

if TYPE_CHECKING:
    from bot.desk_ports import Account, Channel, Desk, Workspace
    from bot.domain import Show
    from bot.reply import Action, Reply

TOKEN = "PULLQUOTE_DISCORD_TOKEN"
#: Between questions no line of the log is wanted but what went wrong.
_QUIET = {"PULLQUOTE_LOG_LEVEL": "warning"}
#: How often the platform is asked whether the bot has joined, and for how long (seconds).
LOOK_EVERY_S, LOOK_FOR_S = 3.0, 600.0


async def setup(platform: str, open: Open) -> int:
    if platform.strip().lower() != "discord":
        raise UsageError(texts.WHICH_PLATFORM)
    return await setup_discord(open)


async def setup_discord(open: Open, talk: Talk | None = None, dotenv: Path = Path(".env")) -> int:
    """0 when everything is set up, 1 when it was left before."""
    talk = talk or Talk()
    talk.say(texts.INTRO)
    try:
        program = await _with_token(open, talk, dotenv)
        async with program.desk("discord") as desk, program.services() as services:
            account = await desk.account()
            workspace = await _joined(talk, desk, account)
            server = Server(services, program.context(services), desk.platform, workspace.id)
            return await _walk(talk, desk, server)
    except Left:
        talk.say(f"\n{texts.LEFT}")
        return 1


# --- the token ---------------------------------------------------------------------------------------------------


async def _with_token(open: Open, talk: Talk, dotenv: Path) -> Program:
    """The program with a token that the platform has just taken; a new one is kept in ``.env``."""
    talk.say(texts.step(1))
    program = open(_QUIET)
    while True:
        if program.settings.discord_token:
            talk.say(texts.TOKEN_SET)
            try:
                await _check(program, talk)
            except SurfaceError as refused:
                talk.say(f"{refused}\n{texts.TOKEN_AGAIN}")
            else:
                return program
        else:
            talk.say(texts.TOKEN_HOW)
        token = talk.ask(texts.TOKEN.rstrip(": "), secret=True)
        if token:
            program = open({**_QUIET, TOKEN: token})
            try:
                await _check(program, talk)
            except SurfaceError as refused:
                talk.say(f"{refused}\n{texts.TOKEN_AGAIN}")
                program = open(_QUIET)
                continue
            keep(dotenv, TOKEN, token)
            talk.say(texts.KEPT)
            return program


async def _check(program: Program, talk: Talk) -> None:
    """Ask the platform who the token belongs to. Raises SurfaceError."""
    async with program.desk("discord") as desk:
        account = await desk.account()
    talk.say(texts.is_account(account.name, account.application))
    if account.public:
        talk.say(texts.OPEN_TO_ALL)


# --- the server --------------------------------------------------------------------------------------------------


async def _joined(talk: Talk, desk: Desk, account: Account) -> Workspace:
    """The server that is set up, once the bot is in it."""
    talk.say(texts.step(2))
    found = await desk.workspaces()
    talk.say(f"{texts.INVITE}\n{account.invitation}")
    if not found:
        talk.say(texts.WAITING)
        found = await _waited(desk)
    if len(found) == 1:
        talk.say(texts.joined(found[0].name))
        return found[0]
    talk.rows([one.name for one in found])
    while True:
        said = talk.ask(texts.WHICH_SERVER, "1")
        number = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
        named = [one for one in found if said.casefold() in (one.id, one.name.casefold())]
        if 1 <= number <= len(found) or named:
            one = named[0] if named else found[number - 1]
            talk.say(texts.joined(one.name))
            return one


async def _waited(desk: Desk) -> list[Workspace]:
    for _ in range(int(LOOK_FOR_S / LOOK_EVERY_S)):
        await asyncio.sleep(LOOK_EVERY_S)
        found = await desk.workspaces()
        if found:
            return found
    raise SurfaceError(texts.NOBODY_CAME)


# --- the rest ----------------------------------------------------------------------------------------------------


async def _walk(talk: Talk, desk: Desk, server: Server) -> int:
    if not await server.join():
        raise SurfaceError(texts.NOT_LINKED)
    talk.say(texts.LINKED)
    channels = await desk.channels(server.workspace)
    if not channels:
        raise SurfaceError(texts.NO_CHANNELS)
    talk.say(f"{texts.step(3)}\n{texts.MODERATORS_HOW}")
    staff = await _channel(talk, server, channels, guess_moderators(channels), server.tell_moderators)
    await _zone(talk, server, staff)
    show = await _show(talk, server, staff)
    talk.say(texts.step(6))
    if show is None:
        talk.say(f"{texts.NO_SHOW}\n{texts.DONE}")
        return 0
    talk.say(texts.POSTS_HOW)
    news = guess_news(channels, staff)
    where = await _channel(talk, server, channels, news, lambda channel: server.subscribe(show, channel))
    tested = await _settled(talk, server, where, await server.test(show, where))
    talk.say(texts.DONE)
    return 0 if tested else 1


async def _channel(
    talk: Talk, server: Server, channels: list[Channel], guess: int, take: Callable[[str], Awaitable[Reply]]
) -> str:
    """The id of the channel that was chosen and taken: asked again for as long as something is missing there."""
    talk.rows([texts.shown_channel(one.name, one.kind, one.private) for one in channels])
    default = str(guess + 1)
    while True:
        said = talk.ask(texts.WHICH_CHANNEL, default)
        one = chosen(said, channels)
        if one is None:
            talk.say(texts.NO_SUCH_CHANNEL)
            continue
        if await _settled(talk, server, one.id, await take(one.id)):
            return one.id
        default = said
        talk.say(texts.TRY_AGAIN)


async def _zone(talk: Talk, server: Server, channel: str) -> None:
    talk.say(f"{texts.step(4)}\n{texts.ZONE_HOW}")
    while True:
        said = talk.ask(texts.ZONE, _machine_zone())
        if not is_zone(said) and (like := zones_like(said)):
            talk.rows(like)
            continue
        if await _settled(talk, server, channel, await server.keep_zone(said, channel)):
            return


def _machine_zone() -> str:
    """The zone of this machine, as its name tells it; else UTC."""
    name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    return name if is_zone(name) else "UTC"


async def _show(talk: Talk, server: Server, channel: str) -> Show | None:
    """The show whose episodes are posted; None when it is left for later."""
    talk.say(texts.step(5))
    known = await server.shows()
    if known:
        talk.say(f"{texts.SHOW_THERE}:")
        talk.rows([one.title for one in known])
    talk.say(texts.SHOW_HOW)
    while True:
        said = talk.ask(texts.SHOW, "1" if known else "")
        if not said:
            return None
        if said.isascii() and said.isdigit() and 1 <= int(said[:4]) <= len(known):
            return known[int(said) - 1]
        talk.say(texts.ADDING)
        if await _settled(talk, server, channel, await server.add_show(said, channel)):
            fresh = [one for one in await server.shows() if one.id not in {old.id for old in known}]
            return fresh[0] if fresh else _named(known, said) or (known[0] if len(known) == 1 else None)
        talk.say(texts.TRY_AGAIN)


def _named(shows: list[Show], address: str) -> Show | None:
    return next((one for one in shows if address in (one.feed_url, one.page_url, one.slug)), None)


async def _settled(talk: Talk, server: Server, channel: str, reply: Reply) -> bool:
    """Tell an answer; what it asks back is answered by a number. Whether what was asked for is done."""
    talk.say(render_plain(reply, numbered=False))
    while reply.outcome == "confirm" and reply.actions:
        action = _pressed(talk, reply)
        if action is None:
            return False
        reply = await server.press(action, channel)
        talk.say(render_plain(reply, numbered=False))
    return reply.outcome in DONE


def _pressed(talk: Talk, reply: Reply) -> Action | None:
    talk.rows([one.label for one in reply.actions])
    said = talk.ask(texts.WHICH_CHANNEL, "1" if len(reply.actions) == 1 else "")
    fits = said.isascii() and said.isdigit() and 1 <= int(said[:4]) <= len(reply.actions)
    return reply.actions[int(said) - 1] if fits else None
