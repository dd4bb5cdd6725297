"""``show …`` and ``poll``: shows and their feeds from the command line, with the words that chat uses."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot import texts_shows as texts
from bot.cli.output import count_of, note, say, say_json, watching
from bot.cli.program import Program
from bot.domain import DEFAULT_COMMUNITY
from bot.errors import Ambiguous, PullquoteError, UsageError, UserError

if TYPE_CHECKING:
    from bot.context import Context
    from bot.domain import Show
    from bot.feed_memory import FeedState
    from bot.services import Services
    from bot.services.poll_reports import PollReport
    from bot.services.resources import Landed
    from bot.services.shows import Added, Health, Wish

#: Problems of one list of feeds, and reports of polls with nothing new, that are listed one by one.
LISTED = 40
#: Labels without a name that are told after a show was added.
VOICES = 12


async def add(program: Program, wish: Wish, later: bool, as_json: bool) -> int:
    """Add a show and fetch all that it offers; a stop keeps what landed, and adding it again goes on."""
    async with program.services() as services:
        context = program.context(services)
        added = await _added(services, replace(wish, place=context.place))
        if not as_json:
            from bot.commands.show_add import told

            say(told(added, context, later=later))
        landed = None if later else await _fetched(services, added.show)
        if as_json:
            say_json(_added_json(added, landed))
        elif landed is not None:
            say(_landed(landed))
            await _tell_open(services, context, added.show, landed)
    return 0


async def _tell_open(services: Services, context: Context, show: Show, landed: Landed) -> None:
    """What is left to a person: what could not be had, each with why, and who the labels are that name nobody."""
    from bot.cli.importing import tell_voices
    from bot.services.unnamed import voices_in

    if landed.failed:
        offered = [one for one in await services.storage.resources(show.id) if one.error and one.failures]
        titles = {one.key: one.title for one in await services.storage.stored_episodes(show.id)}
        for one in offered[:LISTED]:
            say(f"  {titles.get(one.episode, one.episode)}: {texts.not_had(one.kind, one.error)}")
    if landed.transcripts:
        voices = await voices_in(services.storage, context.viewer, show.id, VOICES + 1)
        tell_voices([(f"{show.slug}/{one.episode.key}", one.unnamed) for one in voices])


async def _added(services: Services, wish: Wish) -> Added:
    """Add, with what to write on the command line where chat would show buttons."""
    from bot.services.shows import TitleTaken

    try:
        return await services.shows.add(DEFAULT_COMMUNITY, wish)
    except TitleTaken as taken:
        raise UserError(f"{taken} Say --show {taken.slug} to join them, or --separate for a show of its own.") from None
    except Ambiguous as several:
        raise UserError("\n  ".join([str(several), *several.candidates])) from None


async def _fetched(services: Services, show: Show) -> Landed:
    """Everything that the show's episodes point to, newest first, and the index after it; also when stopped."""
    from bot.services.follower import catch_up_if_free

    try:
        with watching() as watch:
            landed = await services.resources.fetch(show.id, watch=watch)
    finally:
        indexed = await asyncio.shield(catch_up_if_free(services.storage, services.index))
        if not indexed:
            note("Another process holds the search index; it will find the new lines within seconds.")
    return landed


def _landed(landed: Landed) -> str:
    told = f"Fetched: {count_of(landed.transcripts, 'transcript')}, chapters of {count_of(landed.chapters, 'episode')}"
    return f"{told}; {landed.failed:,} could not be had (tried again later)." if landed.failed else f"{told}."


def _added_json(added: Added, landed: Landed | None) -> dict[str, object]:
    offered, latest = added.offered, added.offered.latest
    body: dict[str, object] = {
        "show": added.show.slug,
        "title": added.show.title,
        "outcome": added.outcome,
        "private": added.show.private,
        "episodes": offered.episodes,
        "transcripts": offered.transcripts,
        "chapters": offered.chapters,
        "latest": latest.title if latest else None,
        "waiting": added.waiting,
        "notices": list(added.report.notices) if added.report else [],
    }
    if landed is not None:
        body["fetched"] = {"transcripts": landed.transcripts, "chapters": landed.chapters, "failed": landed.failed}
    return body


async def list_shows(program: Program, as_json: bool) -> int:
    """Every show with the health of its feed."""
    from bot.commands.show_list import health_of

    async with program.services() as services:
        context = program.context(services)
        shows = await services.storage.shows(context.viewer)
        health = await services.shows.health(shows)
        rows = [f"{one.show.slug}: {_marked(one.show)}\n  {health_of(context, one)}" for one in health]
    if as_json:
        say_json([_health_json(one) for one in health])
    else:
        say("\n".join(rows) or "No show is here yet. Add one: pullquote show add URL")
    return 0


def _marked(show: Show) -> str:
    return f"{show.title} · {texts.PRIVATE_MARK}" if show.private else show.title


def _health_json(one: Health) -> dict[str, object]:
    from bot.rules.masking import feed_address, masked

    state = one.state
    return {
        "show": one.show.slug,
        "title": one.show.title,
        "private": one.show.private,
        "feed": feed_address(state.url, private=one.show.private) if state else None,
        "episodes": one.episodes,
        "transcripts": one.transcripts,
        "waiting": one.waiting,
        "last_success": state.succeeded_at.isoformat() if state and state.succeeded_at else None,
        "next_poll": state.next_at.isoformat() if state and state.next_at else None,
        "last_error": masked(state.error) or None if state else None,
        "stopped": masked(state.stopped) or None if state else None,
    }


async def ask(program: Program, command: str, options: Mapping[str, object]) -> int:
    """A chat command with these options, its reply printed: what it refuses is an error here too."""
    from bot.commands.bind import bind
    from bot.plain import render_plain

    async with program.services() as services:
        known = services.registry.get(command)
        if known is None:
            raise UsageError(f"There is no command {command!r}.")
        given = {name: value for name, value in options.items() if value is not None}
        reply = await known.run(program.context(services), **bind(known, given))
    say(render_plain(reply, numbered=False))
    if reply.outcome == "confirm":
        note("Say --yes to do it.")
        return 1
    return 0


# --- polling ------------------------------------------------------------------------------------------------------


async def poll(program: Program, names: Sequence[str], due: bool, as_json: bool) -> int:
    """Look at the named shows' feeds now, at all of them, or at those that are due; 1 when each of them failed."""
    async with program.services() as services:
        context = program.context(services)
        states = await _states(services, context, names, due)
        slugs = {show.id: show.slug for show in await services.storage.shows(context.viewer)}
        with watching() as watch:
            reports = await services.poller.poll(states, watch)
    rows = [_poll_json(one, slugs.get(one.show, one.show)) for one in reports]
    if as_json:
        say_json(rows)
    else:
        _tell(rows)
    return 1 if rows and all(one["status"] not in ("ok", "unchanged") for one in rows) else 0


async def _states(services: Services, context: Context, names: Sequence[str], due: bool) -> list[FeedState]:
    if due:
        return await services.storage.due_feeds(services.clock.now(), 1_000_000)
    states = await services.storage.feeds()
    if not names:
        return [one for one in states if not one.stopped]
    shows = [await services.episodes.show(context, name) for name in names]
    found = [state for show in shows for state in states if state.show == show.id]
    for show in shows:
        if all(state.show != show.id for state in found):
            raise UserError(f"{show.slug} has no feed: it was imported from files. Give it one: show set --feed URL")
    return found


def _poll_json(one: PollReport, slug: str) -> dict[str, object]:
    """``new`` and ``changed`` are counts; ``episodes`` says which, and why."""
    return {
        "show": slug,
        "feed": one.role,
        "status": one.status,
        "new": len(one.new),
        "changed": len(one.changed),
        "skipped": [{"title": item.title, "reason": item.reason} for item in one.skipped],
        "reason": one.reason,
        "episodes": [
            {"episode": item.episode, "title": item.title, "outcome": item.kind, "reason": item.reason}
            for item in (*one.new, *one.changed)
        ],
        "baseline": one.baseline,
        "withdrawn": list(one.withdrawn),
        "notices": list(one.notices),
    }


def _tell(rows: Sequence[Mapping[str, object]]) -> None:
    told = [row for row in rows if row["status"] != "unchanged" or row["notices"]]
    for row in told[:LISTED]:
        say("\n".join(_poll_rows(row)))
    if len(told) > LISTED:
        say(f"… and {len(told) - LISTED:,} more (--json lists all)")
    quiet = sum(1 for row in rows if row["status"] == "unchanged")
    say(f"{count_of(len(rows), 'feed')} looked at" + (f", {quiet:,} unchanged" if quiet else ""))


def _poll_rows(row: Mapping[str, object]) -> list[str]:
    new, changed, baseline = int(str(row["new"])), int(str(row["changed"])), int(str(row["baseline"]))
    name = row["show"] if row["feed"] == "main" else f"{row['show']} ({texts.VIDEOS})"
    head = f"{name}: {texts.polled(str(row['status']), new, changed, str(row['reason']))}"
    rows = [f"{head} ({texts.baseline_note(baseline)})" if baseline else head]
    episodes, skipped = row["episodes"], row["skipped"]
    if isinstance(episodes, list):
        rows += [f"  {one['outcome']}: {one['title']} ({one['reason']})" for one in episodes[:LISTED]]
    if isinstance(skipped, list):
        rows += [f"  skipped: {one['title']} ({one['reason']})" for one in skipped[:LISTED]]
    notices = row["notices"]
    return rows + [f"  {one}" for one in notices if one != row["reason"]] if isinstance(notices, list) else rows


# --- lists of feeds -----------------------------------------------------------------------------------------------


async def import_list(program: Program, path: Path, as_json: bool) -> int:
    """Add every feed of an OPML file; what fails is listed and the rest lands. Transcripts are left to ``run``."""
    from bot.services.feed_lists import added_from

    data = _read(path)
    async with program.services() as services:
        context = program.context(services)
        with watching() as watch:
            report = await added_from(services.shows, DEFAULT_COMMUNITY, data, context.place, watch)
    if as_json:
        say_json(report.json())
        return 0 if report.landed else 1
    for row in (*report.failures, *report.problems)[:LISTED]:
        say(f"problem: {row}")
    say(texts.imported(len(report.added), len(report.same), len(report.failures)))
    if report.added:
        say(texts.FETCHED_WHILE_RUNNING)
    return 0 if report.landed else 1


async def export_list(program: Program, path: Path | None, private: bool) -> int:
    """The shelf's feeds as OPML, to a file or stdout; private ones only when asked for."""
    from bot.services.feed_lists import exported

    async with program.services() as services:
        context = program.context(services)
        shows = await services.storage.shows(context.viewer)
        data, count, left_out = await exported(services.storage, shows, services.clock.now(), private=private)
    if not count:
        raise PullquoteError(texts.NOTHING_TO_EXPORT + (" --private exports private ones too." if left_out else ""))
    if path is None:
        sys.stdout.write(data.decode("utf-8"))
    else:
        _write(path, data)
    note(texts.exported(count, left_out) + ("; it holds secrets: keep it safe" if private else ""))
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise UsageError(f"{path} cannot be read ({err.strerror}).") from err


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as err:
        raise PullquoteError(f"{path} cannot be written ({err.strerror}).") from err
