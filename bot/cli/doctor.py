"""``doctor``: is everything well, and what to do where it is not. Reads; repairs nothing."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

from bot import texts_setup
from bot.cli.output import count_of, say, say_json
from bot.cli.program import Program
from bot.desk_ports import Finding
from bot.domain import DEFAULT_COMMUNITY, Role, Viewer
from bot.errors import PullquoteError, SurfaceError, UsageError

_MARKS = {"ok": "ok  ", "note": "note", "bad": "BAD "}


async def doctor(program: Program, platform: str, as_json: bool) -> int:
    """Every check on its own line; 1 when something is bad. With ``platform``, that is asked too."""
    if platform not in ("", "discord"):
        raise UsageError(texts_setup.WHICH_EXAMINED)
    findings = [finding async for finding in _checks(program)]
    if platform:
        findings += await _platform(program, platform)
    if as_json:
        say_json([{"state": one.state, "check": one.what, "found": one.found} for one in findings])
    else:
        say("\n".join(f"{_MARKS[one.state]}  {one.what}: {one.found}" for one in findings))
    return 1 if any(one.state == "bad" for one in findings) else 0


async def _checks(program: Program) -> AsyncIterator[Finding]:
    settings = program.settings
    folder = settings.data_dir
    if not folder.exists():
        yield Finding("note", "data folder", f"{folder} is not there yet; it is made with the first command")
    else:
        writable = os.access(folder, os.W_OK)
        yield Finding("ok" if writable else "bad", "data folder", f"{folder}{'' if writable else ' cannot be written'}")
    tokens = settings.tokens_set()
    yield Finding("ok" if tokens else "note", "tokens", texts_setup.tokens_found(tokens))
    try:
        async with program.services() as services:
            yield Finding("ok", "database", f"{settings.storage_url.partition('@')[2] or settings.storage_url} opens")
            counts = await services.storage.counts(Viewer(DEFAULT_COMMUNITY, Role.operator))
            found = f"{count_of(counts.shows, 'show')}, {count_of(counts.episodes, 'episode')}, "
            found += f"{counts.transcripts:,} with a transcript"
            yield Finding("ok" if counts.shows else "note", "content", found if counts.shows else _EMPTY)
            from bot.services.follower import waiting

            behind = await waiting(services.storage, services.index)
            told = f"{behind:,} transcripts wait to be indexed; any search does it, or: pullquote index rebuild"
            yield Finding("note" if behind else "ok", "search index", told if behind else "up to date")
            lost = await services.storage.lost(DEFAULT_COMMUNITY)
            told = f"{len(lost)} no longer find their words: see /pullquote status"
            yield Finding("note" if lost else "ok", "corrections", told if lost else "all in place")
    except PullquoteError as err:
        yield Finding("bad", "database", str(err))


async def _platform(program: Program, platform: str) -> list[Finding]:
    if not program.settings.discord_token:
        return [Finding("bad", platform, texts_setup.NO_TOKEN)]
    from bot.services.examining import examined

    try:
        async with program.desk(platform) as desk, program.services() as services:
            return await examined(desk, services)
    except SurfaceError as refused:
        return [Finding("bad", platform, str(refused))]


_EMPTY = "nothing here yet: pullquote show add URL, or pullquote import FOLDER --show NAME"
