"""``run``, ``console`` and ``do``: asking the bot from here."""

from __future__ import annotations

import sys

from bot import texts, texts_alerts
from bot.cli.output import note, say, say_json
from bot.cli.program import Program

#: What a script sees of a reply's outcome; everything else is 0: "nothing fits" is an answer too.
_CODES = {"failed": 1, "not_found": 1, "ambiguous": 1, "not_allowed": 1, "user_error": 1, "usage": 2}


async def run_bot(program: Program, console: bool) -> int:
    """Connect every surface that has a token, and poll and post; the console beside it, unless it is not wanted or, for
    a bot with a token, there is no terminal."""
    settings = program.settings
    connects = bool(settings.discord_token)
    console = console and (sys.stdin.isatty() or not connects)
    if unused := settings.slack_tokens_set():
        note(texts.no_surface_yet(unused) if console else texts_alerts.no_surface_served(unused))
    if console and not connects:
        await program.console()
    else:
        await program.serve(console=console)
    return 0


async def console(program: Program) -> int:
    await program.console()
    return 0


async def do(program: Program, line: str, as_json: bool) -> int:
    """One command, one reply."""
    from bot.commands.dispatch import dispatch_line
    from bot.plain import render_plain
    from bot.reply_json import reply_json
    from bot.services.follower import catch_up_if_free

    async with program.services(sample=True) as services:
        await catch_up_if_free(services.storage, services.index)
        reply = await dispatch_line(services.registry, program.context(services), line)
    if as_json:
        say_json(reply_json(reply))
    else:
        say(render_plain(reply, numbered=False))
    return _CODES.get(reply.outcome, 0)
