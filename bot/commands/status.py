"""``/pullquote status``: how much there is, whether search is up to date, and which corrections lost their words."""

from __future__ import annotations

import asyncio

from bot import texts, texts_answers
from bot import texts_alert_commands as words_of
from bot.alerts import QUEUED
from bot.commands.declare import command
from bot.context import Context
from bot.domain import Role, Subscription
from bot.reply import Field, Reply
from bot.rules.subscription_options import read
from bot.services.reports import open_reports
from bot.services.subscriptions import COUNTED, HELD


@command("status", "How much there is here, and whether all is well", role=Role.editor)
async def status(ctx: Context) -> Reply:
    storage = ctx.services.storage
    counts = await storage.counts(ctx.viewer)
    behind = await _behind(ctx)
    lost = await storage.lost(ctx.community)
    rows = (
        (texts.STATUS_SHOWS, f"{counts.shows:,}"),
        (texts.STATUS_EPISODES, texts.with_transcripts(counts.episodes, counts.transcripts)),
        (texts.STATUS_LINES, texts.lines_and_words(counts.lines, counts.words)),
        (texts.STATUS_INDEX, texts.index_behind(behind) if behind > 0 else texts.INDEX_FRESH),
        (texts.STATUS_LOST, texts.lost(len(lost)) if lost else texts.NONE_LOST),
        *await _alerts(ctx),
    )
    return Reply(title=texts.STATUS_TITLE, fields=tuple(Field(label, value) for label, value in rows), outcome="listed")


async def _alerts(ctx: Context) -> tuple[tuple[str, str], ...]:
    """How alerts are doing, in numbers: of all of the community's shows, whoever may see them."""
    storage = ctx.services.storage
    records = await storage.records(ctx.community, "subscription")
    options = [read(one.options) for one in records if isinstance(one, Subscription)]
    waiting = await storage.alerts(ctx.community, states=QUEUED, limit=COUNTED)
    held = await storage.alerts(ctx.community, states=HELD, limit=COUNTED)
    paused = sum(1 for one in options if one.paused)
    troubles = [one for one in await storage.troubles(ctx.community) if not one.source.startswith("report:")]
    reported = await open_reports(ctx)
    return (
        (words_of.STATUS_ALERTS, words_of.alerts_in_numbers(len(options), paused, len(waiting), len(held))),
        (words_of.STATUS_TROUBLES, words_of.troubles_in_numbers(len(troubles))),
        (texts_answers.STATUS_REPORTS, texts_answers.reports_open(len(reported))),
    )


async def _behind(ctx: Context) -> int:
    """Changes of the words themselves that search does not know yet; overlays are laid on when a line is read."""
    seen = await asyncio.to_thread(ctx.services.index.seen)
    changes = await ctx.services.storage.changes_since(seen)
    return sum(1 for one in changes if one.kind in ("transcript", "removed"))
