"""``/pullquote settings``: what is chosen for this place or the whole community, and choosing it."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import texts
from bot import texts_alert_commands as words_of
from bot.alerts import Options
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role, Setting
from bot.errors import UsageError
from bot.reply import Action, Field, Reply
from bot.rules.subscription_words import place_at
from bot.services.preferences import SettingName, checked, setting_id
from bot.services.subscriptions import fitted, place_for, shown_place

Where = Literal["here", "everywhere"]


async def setting_values(ctx: Context, typed: str) -> list[str]:
    """What settings can be: shows' slugs and the fixed words, at most 25."""
    shows = [show.slug for show in await ctx.services.storage.shows(ctx.viewer)]
    return [
        value for value in ("private", "public", "here", "on", "off", *shows) if typed.casefold() in value.casefold()
    ][:25]


@command(
    "settings",
    "What is set for this place or everywhere; set or clear it",
    role=Role.admin,
    example="name:answers value:public",
)
async def settings(
    ctx: Context,
    name: Annotated[SettingName | None, Arg("Which setting; none = all of them")] = None,
    value: Annotated[str | None, Arg("What it should be", length=(1, 100), complete=setting_values, rest=True)] = None,
    where: Annotated[Where, Arg("In this place, or in all of them")] = "here",
    clear: Annotated[bool, Arg("Take the setting away")] = False,
) -> Reply:
    if name is None:
        if value or clear:
            raise UsageError(texts.SETTING_NAME_NEEDED)
        return await _list(ctx)
    # Moderators are told in one place of the community's, whatever place it is set from.
    place = str(ctx.place) if where == "here" and name != "moderators" else ""
    if clear:
        return await _clear(ctx, name, place)
    if value is None:
        return await _list(ctx, name)
    return await _set(ctx, name, value, place)


async def _list(ctx: Context, name: SettingName | None = None) -> Reply:
    known = await ctx.services.storage.records(ctx.community, "setting")
    rows = [one for one in known if isinstance(one, Setting) and name in (None, one.name)]
    fields = [Field(_where(ctx, one.place), texts.setting_row(one.name, await _shown(ctx, one))) for one in rows]
    return Reply(
        "" if fields else texts.NO_SETTINGS,
        title=texts.SETTINGS_TITLE,
        fields=tuple(fields),
        footer=texts.SETTINGS_HOW,
        outcome="listed",
    )


async def _shown(ctx: Context, setting: Setting) -> str:
    """Its value; a place by its name, the slug of a show only where that show may be seen."""
    if setting.name == "moderators":
        return _named(ctx, setting.value)
    if setting.name != "show":
        return setting.value
    slugs = {show.slug for show in await ctx.services.storage.shows(ctx.viewer)}
    return setting.value if setting.value in slugs else texts.SHOW_NOT_VISIBLE


def _where(ctx: Context, place: str) -> str:
    if not place:
        return texts.EVERYWHERE
    return texts.HERE if place == str(ctx.place) else f"{texts.ELSEWHERE} ({_named(ctx, place)})"


def _named(ctx: Context, place: str) -> str:
    """A place as people call it; what cannot be read stays as it is."""
    found = place_at(place)
    return shown_place(ctx, found) if found else place


async def _set(ctx: Context, name: SettingName, value: str, place: str) -> Reply:
    kept = await _kept(ctx, name, value)
    record = Setting(setting_id(place, name), name, kept, place)
    if await ctx.services.storage.record(ctx.community, "setting", record.id) == record:
        return Reply(texts.SETTING_SAME, outcome="same")
    entry = await ctx.services.storage.put(ctx.community, record, str(ctx.person))
    shown = await _shown(ctx, record)
    told = words_of.moderators_are_told(shown) if name == "moderators" else ""
    said = told or texts.setting_done(name, shown, _where(ctx, place))
    return Reply(said, footer=texts.take_back(entry.id), actions=(Action(texts.UNDO, "undo", {"id": entry.id}),))


async def _kept(ctx: Context, name: SettingName, value: str) -> str:
    """The value as it is kept. Raises UserErrors that name what it takes."""
    if name == "show":
        return (await ctx.services.episodes.show(ctx, value)).slug
    if name == "moderators":
        place = await place_for(ctx, value)
        await fitted(ctx, place, Options(ctx.services.clock.now()))
        return str(place)
    return checked(name, value)


async def _clear(ctx: Context, name: SettingName, place: str) -> Reply:
    entry = await ctx.services.storage.drop(ctx.community, "setting", setting_id(place, name), str(ctx.person))
    if entry is None:
        return Reply(texts.NOT_SET, outcome="same")
    said = texts.setting_cleared(name, _where(ctx, place))
    return Reply(said, footer=texts.take_back(entry.id), actions=(Action(texts.UNDO, "undo", {"id": entry.id}),))
