"""``/pullquote reports``: lines that members say are wrong, and settling them: fix, withhold or dismiss."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import texts
from bot import texts_answers as said
from bot.commands.answers import hit_at, line_block, line_links, own_app, page_actions, page_note, pages_of
from bot.commands.context import stretches
from bot.commands.declare import Arg, command
from bot.commands.fix import fix
from bot.commands.withhold import withhold
from bot.context import Context
from bot.domain import Episode, FixField, Hit, Report, Role
from bot.errors import NotFound, UsageError
from bot.reply import Action, Choice, Choices, Field, Form, FormField, Reply
from bot.rules.references import anchor_ref
from bot.rules.stamps import stamp
from bot.services.reports import by_id, close, open_again, open_reports, settle

Do = Literal["text", "speaker", "time", "withhold", "dismiss"]
PER_PAGE = 8
#: How many lines stand around the reported one.
_AROUND = 2


async def report_ids(ctx: Context, typed: str) -> list[str]:
    """Ids of what is open, oldest first."""
    return [one.id for one, _ in await open_reports(ctx) if one.id.startswith(typed.strip().lower())]


@command("reports", "Lines that members say are wrong", role=Role.editor)
async def reports(
    ctx: Context,
    id: Annotated[str | None, Arg("Which one", length=(1, 40), complete=report_ids, rest=True)] = None,
    do: Annotated[Do | None, Arg("Fix it, withhold it, dismiss it")] = None,
    value: Annotated[str | None, Arg("What is right, for a fix", length=(0, 3000))] = None,
    page: Annotated[int, Arg("Which page", range=(1, 1000))] = 1,
) -> Reply:
    if id is None:
        if do is not None:
            raise UsageError(said.REPORT_ID_NEEDED)
        return await _list(ctx, page)
    report, episode = await _found(ctx, id)
    if report.state != "open":
        return _settled(report)
    if do is None:
        return await _card(ctx, report, episode)
    if do == "dismiss":
        return await _dismiss(ctx, report)
    if do == "withhold":
        return await _withhold(ctx, report)
    return await _fix(ctx, report, do, value)


async def _found(ctx: Context, id: str) -> tuple[Report, Episode]:
    found = await by_id(ctx, id)
    if found is None:
        raise NotFound(said.NO_REPORT)
    return found


def _settled(report: Report) -> Reply:
    return Reply(said.settled_already(report.settled_by, report.state), outcome="same")


# --- what is open -------------------------------------------------------------------------------------------------


async def _list(ctx: Context, page: int) -> Reply:
    found = await open_reports(ctx)
    if not found:
        return Reply(said.NO_REPORTS, title=said.REPORTS_TITLE, outcome="listed")
    shown, pages = pages_of(found, page, PER_PAGE)
    return Reply(
        title=said.REPORTS_TITLE,
        fields=tuple(_row(report, episode) for report, episode in shown),
        choices=Choices(said.CHOOSE_REPORT, tuple(_choice(report, episode) for report, episode in shown)),
        footer=page_note(page, pages),
        actions=page_actions("reports", {}, page, more=page < pages),
        outcome="listed",
    )


def _where(report: Report, episode: Episode) -> str:
    start_s = report.anchor.start_s
    return texts.line_of(texts.shorten(episode.title, 80), None if start_s is None else stamp(start_s))


def _row(report: Report, episode: Episode) -> Field:
    line = report.anchor.text or said.REPORT_LINE_GONE
    return Field(_where(report, episode), said.report_row(line, report.wrong, report.note, report.reporter_name))


def _choice(report: Report, episode: Episode) -> Choice:
    label = texts.shorten(report.anchor.text or said.REPORT_LINE_GONE, 80)
    return Choice(label, Action(label, "reports", {"id": report.id}), said.what_is_wrong(report.wrong))


async def _card(ctx: Context, report: Report, episode: Episode) -> Reply:
    hit = await ctx.services.quotes.by_anchor(ctx.viewer, report.anchor)
    says = said.card_says(report.reporter_name, report.wrong, episode.title, report.note)
    if hit is None:
        actions = (_button(report, "dismiss"), _others())
        return Reply(f"{says}\n{said.REPORT_LINE_GONE}", actions=actions, outcome="found")
    around = await ctx.services.quotes.around(ctx.viewer, hit, _AROUND, _AROUND)
    app = await own_app(ctx)
    return Reply(
        says,
        quotes=tuple(line_block(episode, group, app) for group in stretches(around)),
        fields=(Field(said.THE_LINE, texts.shorten(hit.text)),),
        actions=(*(_button(report, do) for do in said.REPORT_BUTTONS), _others()),
        links=line_links(episode, hit.lines[0], app),
        outcome="found",
    )


def _button(report: Report, do: str) -> Action:
    style: Literal["plain", "danger"] = "danger" if do == "withhold" else "plain"
    return Action(said.REPORT_BUTTONS[do], "reports", {"id": report.id, "do": do}, style)


def _others() -> Action:
    return Action(said.MORE_REPORTS, "reports", turn=True)


# --- settling one -------------------------------------------------------------------------------------------------


async def _dismiss(ctx: Context, report: Report) -> Reply:
    if faster := await settle(ctx, report, "dismissed"):
        return _settled(faster)
    await close(ctx, report, "dismissed")
    return Reply(said.REPORT_DISMISSED, actions=(_others(),))


async def _withhold(ctx: Context, report: Report) -> Reply:
    """At once and without a question: the card shows exactly this line, and the answer takes it back."""
    line = await _line(ctx, report)
    if faster := await settle(ctx, report, "withheld"):
        return _settled(faster)
    try:
        done = await withhold.run(ctx, words=line, reason=said.what_is_wrong(report.wrong), yes=True)
    except BaseException:
        await open_again(ctx, report)
        raise
    await close(ctx, report, "withheld")
    return done


async def _fix(ctx: Context, report: Report, field: FixField, value: str | None) -> Reply:
    line = await _line(ctx, report)
    if value is None or not value.strip():
        return await _form(ctx, report, field)
    tried = await fix.run(ctx, words=line, **{field: value})
    if tried.outcome != "confirm":  # it says so already: nothing to change, so nothing is settled
        return tried
    if faster := await settle(ctx, report, "fixed"):
        return _settled(faster)
    try:
        done = await fix.run(ctx, words=line, **{field: value}, yes=True)
    except BaseException:
        await open_again(ctx, report)
        raise
    await close(ctx, report, "fixed")
    return done


async def _form(ctx: Context, report: Report, field: FixField) -> Reply:
    hit = await _hit(ctx, report)
    start_s = hit.lines[0].start_s
    now = {
        "text": " ".join(line.text for line in hit.lines),
        "speaker": hit.lines[0].speaker or "",
        "time": "" if start_s is None else stamp(start_s),
    }
    asked = FormField("value", said.FIX_LABELS[field], now[field], long=field == "text", length=_LENGTH[field])
    form = Form(said.REPORT_BUTTONS[field], "reports", (asked,), {"id": report.id, "do": field})
    return Reply(texts.FIX_WHAT, quotes=(line_block(hit.episode, hit.lines),), form=form, outcome="confirm")


_LENGTH = {"text": 3000, "speaker": 100, "time": 12}


async def _hit(ctx: Context, report: Report) -> Hit:
    return await hit_at(ctx, await _line(ctx, report))


async def _line(ctx: Context, report: Report) -> str:
    """The reported lines as ``fix`` and ``withhold`` take them: whole, and as they stand now."""
    storage = ctx.services.storage
    where = await storage.resolve(ctx.viewer, report.anchor)
    found = await storage.anchor(ctx.viewer, where) if where else None
    if found is None:
        raise NotFound(texts.LINE_GONE)
    return anchor_ref(found)
