"""What members say is wrong with lines: kept once a member a line, told to the moderators once, settled once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot import texts_answers as texts
from bot.alerts import AlertState, Chore
from bot.domain import Anchor, Episode, Person, Report, Viewer
from bot.errors import UserError
from bot.reply import Reply
from bot.rules.ids import LENGTH
from bot.rules.reports import DAY, NEWS, NEWS_MOST, id_in, refusal, report_id, said_before, source
from bot.rules.stamps import stamp

if TYPE_CHECKING:
    from bot.context import Context

#: A report's card is looked for among so many of the latest posts.
_LATEST = 500
_POSTED: frozenset[AlertState] = frozenset(("posted",))
Became = Literal["fixed", "withheld", "dismissed"]


@dataclass(frozen=True, slots=True)
class Said:
    """A line and what is wrong with it, as a member says."""

    episode: Episode
    anchor: Anchor
    wrong: str
    note: str = ""


async def tell_moderators(ctx: Context, said: Said) -> Report | None:
    """Keep the report and put a card on its way; the member's earlier report of the line, if that stands in the way.
    Raises UserError where this member has reported too many."""
    storage, now = ctx.services.storage, ctx.services.clock.now()
    known = await every(ctx)
    mine = str(ctx.person)
    if before := said_before(known, mine, said.anchor, now):
        return before
    if why_not := refusal(known, mine, now):
        raise UserError(why_not)
    report = Report(
        report_id(ctx.community, mine, said.anchor), said.anchor, said.wrong, mine,
        note=said.note, at=now, reporter_name=ctx.person.name,
    )  # fmt: skip
    await storage.put(ctx.community, report, mine)
    line = texts.report_told(said.episode.title, report.wrong, report.id)
    await storage.set_troubles(source(report), [line], [ctx.community], now)
    ctx.services.alerts.outbox.wake()
    return None


async def every(ctx: Context) -> list[Report]:
    """All of the community's, settled ones too, oldest first."""
    found = await ctx.services.storage.records(ctx.community, "report")
    return [one for one in found if isinstance(one, Report)]


async def open_reports(ctx: Context) -> list[tuple[Report, Episode]]:
    """Those to be looked at, oldest first, as far as who asks may see the episode."""
    found = []
    for one in await every(ctx):
        episode = await ctx.services.storage.episode(ctx.viewer, one.anchor.episode) if one.state == "open" else None
        found += [(one, episode)] if episode else []
    return found


async def by_id(ctx: Context, id: str) -> tuple[Report, Episode] | None:
    """The report with its episode; None too where who asks may not see that."""
    bare = id.strip().lower()
    found = await ctx.services.storage.record(ctx.community, "report", bare) if len(bare) == LENGTH else None
    if not isinstance(found, Report):
        return None
    episode = await ctx.services.storage.episode(ctx.viewer, found.anchor.episode)
    return (found, episode) if episode else None


async def settle(ctx: Context, report: Report, state: Became) -> Report | None:
    """Settle an open report. How it stands already, if another moderator was faster: then nothing is changed."""
    settled = replace(report, state=state, settled_by=ctx.person.name or str(ctx.person))
    return await ctx.services.storage.settle(ctx.community, settled, str(ctx.person))


async def open_again(ctx: Context, report: Report) -> None:
    """What should have settled it did not come about."""
    await ctx.services.storage.put(ctx.community, report, str(ctx.person))


async def close(ctx: Context, report: Report, state: Became) -> None:
    """After it is settled: the moderators need not look any more, and the reporter hears of it, now or next time."""
    storage = ctx.services.storage
    await storage.set_troubles(source(report), (), [ctx.community], ctx.services.clock.now())
    await _tell_card(ctx, report)
    reporter = person_of(report)
    if str(reporter) == str(ctx.person):
        return
    private = Viewer(ctx.community, person=reporter, direct=True)
    if await ctx.tell(reporter, Reply(await _became(ctx, replace(report, state=state), private))):
        return
    waiting = await storage.member_choice(ctx.community, reporter, NEWS) or ""
    ids = [*(one for one in waiting.split(",") if one and one != report.id), report.id][-NEWS_MOST:]
    await storage.choose(ctx.community, reporter, NEWS, ",".join(ids))


async def _tell_card(ctx: Context, report: Report) -> None:
    """The moderators' card, where it is posted, is to say that it is settled, and by whom."""
    storage, now = ctx.services.storage, ctx.services.clock.now()
    posted = await storage.alerts(ctx.community, states=_POSTED, limit=_LATEST)
    cards = [one.id for one in posted if one.kind == "trouble" and one.message and id_in(one.text) == report.id]
    await storage.put_chores([Chore(one, "edit", now, now + DAY) for one in cards])
    ctx.services.alerts.outbox.wake()


async def heard(ctx: Context, ids: str) -> list[str]:
    """What became of a member's reports, told once."""
    found = [await ctx.services.storage.record(ctx.community, "report", id) for id in ids.split(",")]
    # Rather told twice than an answer that waits.
    await ctx.services.storage.choose(ctx.community, ctx.person, NEWS, None, patient=False)
    return [await _became(ctx, one, ctx.viewer) for one in found if isinstance(one, Report) and one.state != "open"]


async def _became(ctx: Context, report: Report, viewer: Viewer) -> str:
    episode = await ctx.services.storage.episode(viewer, report.anchor.episode)
    start_s = report.anchor.start_s
    return texts.became(report.state, episode.title if episode else None, None if start_s is None else stamp(start_s))


def person_of(report: Report) -> Person:
    """Who reported it."""
    platform, _, id = report.reporter.partition(":")
    return Person(platform, id, report.reporter_name)
