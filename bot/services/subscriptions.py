"""Which subscriptions there are and which one is meant, where one may be made, and what a place still lacks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import texts_alert_commands as texts
from bot.alerts import QUEUED, Alert, AlertState, Options
from bot.domain import HistoryEntry, Place, Role, Show, ShowId, Subscription
from bot.errors import Ambiguous, NotFound, UsageError, UserError
from bot.rules import subscription_options
from bot.rules.subscription_words import NONE, is_place, labels, named_in, place_at, place_in

if TYPE_CHECKING:
    from bot.alert_ports import Directory, Messenger
    from bot.context import Context

#: How many completions a surface shows.
_MOST = 25
#: What alerts are asked for by.
HELD: frozenset[AlertState] = frozenset(("held",))
POSTED: frozenset[AlertState] = frozenset(("posted",))
#: So many waiting alerts of a place are counted; beyond, "at least".
COUNTED = 500


@dataclass(frozen=True, slots=True)
class Subscribed:
    """One subscription as it is understood. ``show`` is None where who asks may not see it."""

    record: Subscription
    place: Place
    options: Options
    show: Show | None

    @property
    def slug(self) -> str:
        return self.show.slug if self.show else ""

    @property
    def title(self) -> str:
        return self.show.title if self.show else texts.SHOW_NOT_VISIBLE

    def args(self) -> dict[str, str]:
        """What names it in a button."""
        return {"show": self.slug, "place": str(self.place)}


# --- which there are ----------------------------------------------------------------------------------------------


async def subscribed(ctx: Context) -> list[Subscribed]:
    """All of the community's, by place and then show."""
    shows = {show.id: show for show in await ctx.services.storage.shows(ctx.viewer)}
    records = await ctx.services.storage.records(ctx.community, "subscription")
    found = [understood(one, shows.get(one.show)) for one in records if isinstance(one, Subscription)]
    kept = [one for one in found if one]
    return sorted(kept, key=lambda one: (str(one.place), one.title.casefold()))


def understood(record: Subscription, show: Show | None) -> Subscribed | None:
    """None for a record whose place cannot be read: nothing is ever sent there either."""
    place = place_at(record.place)
    return Subscribed(record, place, subscription_options.read(record.options), show) if place else None


def unsaved(show: Show, place: Place, options: Options) -> Subscribed:
    """What a subscription would be that nobody made; its record's options are empty."""
    from bot.rules.alert_keys import subscription_id

    return Subscribed(Subscription(subscription_id(show.id, place), show.id, str(place), ""), place, options, show)


async def meant(ctx: Context, show: str | None, place: str | None) -> list[Subscribed]:
    """The subscriptions that are meant, at least one: those of the show and place; without a place the one here, else
    the only one; without anything all of this place. Raises NotFound and Ambiguous, which name what there is."""
    visible = [one for one in await subscribed(ctx) if one.show]
    if show:
        wanted = await ctx.services.episodes.show(ctx, show)
        visible = [one for one in visible if one.show and one.show.id == wanted.id]
        if not visible:
            raise NotFound(texts.not_subscribed(wanted.title))
    where = place_of(ctx, place) if place or not show else None
    if where is not None:
        return _there(ctx, visible, where)
    here = [one for one in visible if one.place == ctx.place] or visible
    if len(here) > 1:
        places = [str(one.place) for one in here]
        shown = [shown_place(ctx, one.place) for one in here]
        raise Ambiguous(texts.several_places(here[0].title, shown[:10]), places, "place", shown)
    return here


def _there(ctx: Context, visible: Sequence[Subscribed], where: Place) -> list[Subscribed]:
    found = [one for one in visible if one.place == where]
    if not found:
        places = list(dict.fromkeys(one.place for one in visible))
        shown = [shown_place(ctx, one) for one in places]
        raise NotFound(texts.nothing_there(shown_place(ctx, where)), list(map(str, places)), "place", shown)
    return found


async def the_one(ctx: Context, show: str | None, place: str | None) -> Subscribed:
    """Exactly one subscription. Raises as ``meant``, and Ambiguous where the place has several shows."""
    found = await meant(ctx, show, place)
    if len(found) > 1:
        slugs = [one.slug for one in found]
        raise Ambiguous(texts.several_subscribed(slugs[:10]), slugs, "show")
    return found[0]


async def of(ctx: Context, show: ShowId, place: Place) -> Subscribed | None:
    """The one of this show in this place."""
    found = [one for one in await subscribed(ctx) if one.place == place and one.record.show == show]
    return found[0] if found else None


async def queued(ctx: Context, one: Subscribed) -> list[Alert]:
    """What is on its way to the place for this show."""
    return await ctx.services.storage.alerts(
        ctx.community, show=one.record.show, place=one.place, states=QUEUED, limit=COUNTED
    )


# --- where one may be ---------------------------------------------------------------------------------------------


def place_of(ctx: Context, words: str | None) -> Place:
    """The place that is meant: as ``place_in`` reads it, or a channel of this workspace by its name. Raises UsageError,
    Ambiguous with the channels of one name."""
    from bot import texts_places as names  # late: not needed to start

    bare = (words or "here").strip()
    directory = directory_of(ctx)
    if directory is None or (not bare.startswith("#") and is_place(bare)):
        return place_in(bare, ctx.place)
    channels = directory.channels(ctx.place.workspace)
    found = named_in(bare, channels)
    if len(found) > 1:
        raise Ambiguous(names.several_channels(bare[:100]), [f"<#{one.id}>" for one in found[:_MOST]], "place")
    if not found:
        raise UsageError(f"{names.no_channel_named(bare[:100])} {texts.BAD_PLACE}")
    return Place(ctx.place.platform, ctx.place.workspace, found[0].id)


def mention_of(ctx: Context, words: str | None, place: Place) -> str | None:
    """What was typed as a mention, a role of this workspace by its name made its id. Raises UsageError, Ambiguous."""
    from bot import texts_places as names  # late: not needed to start

    directory = directory_of(ctx)
    bare = (words or "").strip()
    if directory is None or (place.platform, place.workspace) != (ctx.place.platform, ctx.place.workspace):
        return words
    if not bare or bare.casefold() in NONE or bare[0] == "<" or bare.isdigit():
        return words
    found = named_in(bare, directory.roles(ctx.place.workspace))
    if len(found) > 1:
        raise Ambiguous(names.several_roles(bare[:100]), [f"<@&{one.id}>" for one in found[:_MOST]], "mention")
    if not found:
        raise UsageError(f"{names.no_role_named(bare[:100])} {texts.BAD_MENTION}")
    return found[0].id


def shown_place(ctx: Context, place: Place) -> str:
    """``here``, to those who choose places ``#news`` where the platform knows that name, else as it is typed."""
    home = (place.platform, place.workspace) == (ctx.place.platform, ctx.place.workspace)
    directory = directory_of(ctx) if home and place != ctx.place and ctx.role >= Role.admin else None
    name = directory.channel_name(place) if directory else ""
    return name or texts.place_name(place, ctx.place)


def directory_of(ctx: Context) -> Directory | None:
    """The names of this platform's channels and roles, where it knows them."""
    from bot.alert_ports import Directory

    messenger = messenger_for(ctx, ctx.place)
    return messenger if isinstance(messenger, Directory) else None


async def place_for(ctx: Context, words: str | None) -> Place:
    """The place that is meant, if it is this community's. Raises UsageError."""
    place = place_of(ctx, words)
    if (place.platform, place.workspace) == (ctx.place.platform, ctx.place.workspace):
        return place
    owner = await ctx.services.storage.community_of(place.platform, place.workspace)
    # A workspace that nobody linked is only the operator's to name: it may belong to others on the same bot.
    if owner == ctx.community or (owner is None and ctx.role >= Role.operator):
        return place
    raise UsageError(texts.not_ours(place))


def messenger_for(ctx: Context, place: Place) -> Messenger | None:
    return ctx.services.alerts.messengers.get(place.platform)


async def fitted(ctx: Context, place: Place, options: Options) -> Options:
    """The options as this kind of place can have them. Raises Lacking with every missing permission, UsageError for
    what a place of this kind cannot do or a platform that is not connected."""
    messenger = messenger_for(ctx, place)
    if messenger is None:
        lane = await ctx.services.storage.lane(place)
        if lane is None or lane.community != ctx.community:
            raise UsageError(texts.not_connected(place.platform, sorted(ctx.services.alerts.messengers)))
        return options
    await turn(ctx, place)
    check = await messenger.check(
        place,
        thread=options.thread,
        mention=bool(options.mention),
        publish=options.publish,
        role=options.mention,
        tag=options.tag,
    )
    if check.missing:
        raise Lacking(texts.lacking(check.name or shown_place(ctx, place), check.missing))
    return _as_kind(check.kind, options)


async def turn(ctx: Context, place: Place) -> None:
    """Wait until the place's platform may be asked once more, as the outbox does. Raises UserError while it rests."""
    from bot.services.pacing import Resting

    try:
        await ctx.services.alerts.outbox.turn(place.platform, "send")
    except Resting as resting:
        raise UserError(texts.resting(place.platform)) from resting


def _as_kind(kind: str, options: Options) -> Options:
    if kind == "forum":  # nothing can be posted there but threads
        return replace(options, thread="forum")
    if options.thread == "forum" and kind != "console":
        raise UsageError(texts.NO_FORUM)
    if options.thread == "thread" and kind in ("thread", "direct"):
        raise UsageError(texts.NO_THREADS)
    if options.publish and kind not in ("announcement", "console"):
        raise UsageError(texts.NOT_ANNOUNCING)
    return options


class Lacking(UserError):
    """The bot may not do in a place what the subscription wants; the message names what is missing, and where to give
    it."""


# --- storing ------------------------------------------------------------------------------------------------------


async def keep(ctx: Context, show: ShowId, place: Place, options: Options) -> HistoryEntry:
    """Store the subscription of this show and place."""
    from bot.rules.alert_keys import subscription_id

    record = Subscription(subscription_id(show, place), show, str(place), subscription_options.write(options))
    return await ctx.services.storage.put(ctx.community, record, str(ctx.person))


async def change(ctx: Context, one: Subscribed, options: Options) -> HistoryEntry:
    """Store other options of a subscription that is there, under its id."""
    record = replace(one.record, options=subscription_options.write(options))
    return await ctx.services.storage.put(ctx.community, record, str(ctx.person))


# --- completion ---------------------------------------------------------------------------------------------------


async def place_names(ctx: Context, typed: str) -> list[str]:
    """``here``, the channels of this workspace by name, and the places that have a subscription, at most 25."""
    directory = directory_of(ctx)
    known = labels(directory.channels(ctx.place.workspace)) if directory else {}
    home = {str(Place(ctx.place.platform, ctx.place.workspace, id)) for id in known.values()}
    others = [place for one in await subscribed(ctx) if (place := str(one.place)) not in home]
    return _fitting(typed, ["here", *known, *others])


async def mention_ids(ctx: Context, typed: str) -> list[str]:
    """``none``, the roles of this workspace by name, and the mentions that its subscriptions have, at most 25."""
    home = (ctx.place.platform, ctx.place.workspace)
    directory = directory_of(ctx)
    roles = labels(directory.roles(ctx.place.workspace)) if directory else {}
    if roles:
        return _fitting(typed, ["none", *roles])
    known = [one.options.mention for one in await subscribed(ctx) if (one.place.platform, one.place.workspace) == home]
    return _fitting(typed, ["none", *filter(None, known)])


def _fitting(typed: str, values: Sequence[str]) -> list[str]:
    """Those that begin so first."""
    bare = typed.strip().casefold()
    found = [one for one in dict.fromkeys(values) if bare in one.casefold()]
    return sorted(found, key=lambda one: not one.casefold().lstrip("#@").startswith(bare.lstrip("#@")))[:_MOST]
