"""``/pullquote roles``: who was given a role here, and giving or taking one."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import texts
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Grant, Role
from bot.errors import UsageError
from bot.reply import Action, Field, Reply
from bot.services.roles import subject_of


@command("roles", "Who has a role here; give or take one", role=Role.admin, example="subject:discord:123 role:editor")
async def roles(
    ctx: Context,
    subject: Annotated[str | None, Arg("Who: a mention, or platform:id", length=(1, 100), rest=True)] = None,
    role: Annotated[Literal["editor", "admin", "none"] | None, Arg("Which role; none takes it away")] = None,
) -> Reply:
    if subject is None and role is None:
        return await _list(ctx)
    if subject is None:
        raise UsageError(texts.SUBJECT_NEEDED)
    if role is None:
        raise UsageError(texts.ROLE_NEEDED)
    who = subject_of(subject, ctx.place.platform)
    return await (_revoke(ctx, who) if role == "none" else _grant(ctx, who, Role[role]))


async def _list(ctx: Context) -> Reply:
    grants = await ctx.services.storage.records(ctx.community, "grant")
    rows = tuple(Field(one.role.name, one.subject) for one in grants if isinstance(one, Grant))
    return Reply(
        "" if rows else texts.NO_GRANTS, title=texts.ROLES_TITLE, fields=rows, footer=texts.ROLES_HOW, outcome="listed"
    )


async def _grant(ctx: Context, who: str, role: Role) -> Reply:
    known = await ctx.services.storage.record(ctx.community, "grant", who)
    if isinstance(known, Grant) and known.role is role:
        return Reply(texts.GRANT_SAME, outcome="same")
    entry = await ctx.services.storage.put(ctx.community, Grant(who, who, role), str(ctx.person))
    said = [texts.granted(who, role.name)]
    said += [texts.DISCORD_GRANT] if who.startswith("discord:") else []
    return Reply("\n".join(said), footer=texts.take_back(entry.id), actions=_undo(entry.id))


async def _revoke(ctx: Context, who: str) -> Reply:
    entry = await ctx.services.storage.drop(ctx.community, "grant", who, str(ctx.person))
    if entry is None:
        return Reply(texts.NO_SUCH_GRANT, outcome="same")
    return Reply(texts.revoked(who), footer=texts.take_back(entry.id), actions=_undo(entry.id))


def _undo(id: str) -> tuple[Action, ...]:
    return (Action(texts.UNDO, "undo", {"id": id}),)
