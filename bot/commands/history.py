"""``/pullquote history``: who changed what here, when, and how to take it back. Never the words of a line."""

from __future__ import annotations

from typing import Annotated

from bot import texts, texts_posts
from bot.commands.answers import page_actions
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import (
    Alias,
    Anchor,
    EpisodeId,
    Fix,
    Grant,
    HistoryEntry,
    Joining,
    Nickname,
    Record,
    Report,
    Role,
    Ruling,
    SavedQuote,
    Setting,
    Subscription,
    Withhold,
)
from bot.errors import NotFound
from bot.reply import Field, Reply
from bot.rules.stamps import stamp
from bot.services.alert_views import ruling_subject, subscription_change

PER_PAGE = 10


@command("history", "Who changed what here, newest first", role=Role.editor)
async def history(ctx: Context, page: Annotated[int, Arg("Which page", range=(1, 10_000))] = 1) -> Reply:
    first = (page - 1) * PER_PAGE
    found = await ctx.services.storage.history(ctx.community, limit=PER_PAGE + 1, offset=first)
    if not found and page > 1:
        raise NotFound(texts.no_such_page(page, page - 1))
    rows = [await _row(ctx, entry) for entry in found[:PER_PAGE]]
    return Reply(
        "" if rows else texts.NO_HISTORY,
        title=texts.HISTORY_TITLE,
        fields=tuple(rows),
        footer=texts.HISTORY_HOW if rows else None,
        actions=page_actions("history", {}, page, more=len(found) > PER_PAGE),
        outcome="listed",
    )


async def _row(ctx: Context, entry: HistoryEntry) -> Field:
    what = await described(ctx, entry)
    return Field(texts.minute(entry.at, ctx.timezone), texts.history_row(entry.id, entry.by, what, entry.undone))


async def described(ctx: Context, entry: HistoryEntry) -> str:
    """One change in words: never a line's own words, and nothing of what this viewer may not see."""
    verb = texts.change_verb(entry.before is not None, entry.after is not None)
    return texts.changed(entry.kind, verb, await subject(ctx, entry), entry.undoes is not None)


async def subject(ctx: Context, entry: HistoryEntry) -> str:
    """What was changed, under the same rule as ``described``."""
    record = entry.after or entry.before
    return await _record(ctx, record, entry) if record else ""


async def _record(ctx: Context, record: Record, entry: HistoryEntry) -> str:
    match record:
        case Subscription():
            return await subscription_change(ctx, entry)
        case Alias():
            return await _alias(ctx, record)
        case Withhold():
            return await _withhold(ctx, record)
        case Fix(anchor=anchor, field=field):
            return texts.of_field(field, await _line(ctx, anchor))
        case SavedQuote(anchor=anchor) | Nickname(anchor=anchor) | Report(anchor=anchor):
            return await _line(ctx, anchor)
        case Setting(name="show"):
            return texts.setting_row(record.name, await _slug(ctx, record.value))
        case Setting(name="withdrawn", value=value):
            return texts_posts.kept_row(await _title(ctx, EpisodeId(value)) or texts.EPISODE_NOT_VISIBLE)
        case Setting(name=name, value=value):
            return texts.setting_row(name, value)
        case Grant(subject=subject, role=role):
            return texts.setting_row(subject, role.name)
        case Ruling(id=id, choice=choice):
            return await ruling_subject(ctx, id, choice)
        case Joining(kept=kept):
            return await _title(ctx, kept) or texts.EPISODE_NOT_VISIBLE


async def _alias(ctx: Context, alias: Alias) -> str:
    if alias.episode:
        title = await _title(ctx, alias.episode)
        return texts.alias_of(alias.label, alias.name, title) if title else texts.EPISODE_NOT_VISIBLE
    shows = {show.id: show.title for show in await ctx.services.storage.shows(ctx.viewer)}
    title = shows.get(alias.show)
    return texts.alias_of(alias.label, alias.name, title) if title else texts.SHOW_NOT_VISIBLE


async def _withhold(ctx: Context, withhold: Withhold) -> str:
    if withhold.anchor:
        what = await _line(ctx, withhold.anchor)
    elif withhold.episode:
        what = await _title(ctx, withhold.episode) or texts.EPISODE_NOT_VISIBLE
    else:
        what = await _person(ctx, withhold)
    return texts.level_of(what, withhold.level.value, withhold.reason)


async def _person(ctx: Context, withhold: Withhold) -> str:
    shows = {show.id: show for show in await ctx.services.storage.shows(ctx.viewer)}
    show = shows.get(withhold.show) if withhold.show else None
    return texts.everything_by(withhold.person or "", show) if show else texts.SHOW_NOT_VISIBLE


async def _line(ctx: Context, anchor: Anchor) -> str:
    title = await _title(ctx, anchor.episode)
    moment = stamp(anchor.start_s) if anchor.start_s is not None else None
    return texts.line_of(title, moment) if title else texts.LINE_NOT_VISIBLE


async def _title(ctx: Context, episode: EpisodeId) -> str | None:
    found = await ctx.services.storage.episode(ctx.viewer, episode)
    return texts.shorten(found.title, 80) if found else None


async def _slug(ctx: Context, slug: str) -> str:
    slugs = {one.slug for one in await ctx.services.storage.shows(ctx.viewer)}
    return slug if slug in slugs else texts.SHOW_NOT_VISIBLE
