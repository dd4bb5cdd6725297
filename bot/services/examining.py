"""``doctor`` for a platform: the account, the servers, and every place that something is posted in. Reads; repairs
nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot import texts_setup as texts
from bot.desk_ports import Finding
from bot.domain import DEFAULT_COMMUNITY, CommunityId, Place, Setting, Subscription
from bot.errors import SurfaceError
from bot.rules.subscription_options import read
from bot.rules.subscription_words import place_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.alert_ports import Messenger
    from bot.desk_ports import Desk, Workspace
    from bot.services import Services


async def examined(desk: Desk, services: Services) -> list[Finding]:
    """Everything that was looked at; what the platform refuses is a finding, and ends it."""
    found: list[Finding] = []
    try:
        async for one in _looked_at(desk, services):
            found.append(one)
    except SurfaceError as refused:
        found.append(Finding("bad", desk.platform, str(refused)))
    return found


async def _looked_at(desk: Desk, services: Services) -> AsyncIterator[Finding]:
    name = desk.platform
    account = await desk.account()
    yield Finding("ok", f"{name}: account", texts.account_found(account.name, account.application, account.public))
    for one in await desk.findings():
        yield one
    workspaces = await desk.workspaces()
    if not workspaces:
        yield Finding("bad", f"{name}: servers", texts.NO_SERVER)
        return
    yield await _servers(name, workspaces, services)
    yield await _moderators(name, services)
    async for one in _places(name, services):
        yield one


async def _servers(name: str, workspaces: Sequence[Workspace], services: Services) -> Finding:
    unlinked = [one.name for one in workspaces if await services.storage.community_of(name, one.id) is None]
    told = texts.servers_found([one.name for one in workspaces], unlinked)
    return Finding("note" if unlinked else "ok", f"{name}: servers", told)


async def _moderators(name: str, services: Services) -> Finding:
    settings = await services.storage.records(DEFAULT_COMMUNITY, "setting")
    place = next((one.value for one in settings if isinstance(one, Setting) and one.name == "moderators"), None)
    return Finding("ok" if place else "note", f"{name}: moderators", place or texts.NO_MODERATORS)


async def _places(name: str, services: Services) -> AsyncIterator[Finding]:
    """Each place of this platform, with what is missing there."""
    messenger = services.alerts.messengers.get(name)
    wanted = await _wanted(name, DEFAULT_COMMUNITY, services)
    if not wanted or messenger is None:
        yield Finding("note", f"{name}: posts", texts.NO_POSTS)
        return
    for place, subscription in wanted.items():
        yield await _checked(messenger, place, subscription)


async def _wanted(name: str, community: CommunityId, services: Services) -> dict[Place, Subscription]:
    records = await services.storage.records(community, "subscription")
    found = {place_at(one.place): one for one in records if isinstance(one, Subscription)}
    return {place: one for place, one in found.items() if place and place.platform == name}


async def _checked(messenger: Messenger, place: Place, subscription: Subscription) -> Finding:
    options = read(subscription.options)
    check = await messenger.check(place, thread=options.thread, mention=bool(options.mention), publish=options.publish)
    where = f"{place.platform}: {check.name or place.channel}"
    return Finding("bad" if check.missing else "ok", where, " ".join(check.missing) or texts.PLACE_FINE)
