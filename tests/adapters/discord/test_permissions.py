"""What is missing in a place and where it is given: computed as Discord does, told with Discord's own words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.discord.channels import FORUM, TEXT, Channel, Overwrite, Tag
from adapters.discord.permissions import BITS, Role, Standing, Wanted, given, lacking, may
from bot.alert_ports import Check
from bot.domain import Place
from bot.posts import Thread
from tests.adapters.discord.post_world import PostWorld, a_post, post_world, sent
from tests.fakes.discord_wire.permissions import bits
from tests.fakes.discord_wire.state import Channel as WireChannel

ALL = sum(BITS.values())


def standing(everyone: int = 0, own: int = ALL, **more: Any) -> Standing:
    roles = (Role("1", "@everyone", everyone), Role("2", "Pullquote", own, bot="9"), Role("3", "Others", 0))
    return Standing("1", "9", {one.id: one for one in roles}, frozenset(("1", "2")), **more)


def channel(*overwrites: Overwrite, **more: Any) -> Channel:
    return Channel("7", TEXT, "1", "news", overwrites=overwrites, **more)


def deny(id: str, *names: str, member: bool = False) -> Overwrite:
    return Overwrite(id, member, 0, sum(BITS[one] for one in names))


def allow(id: str, *names: str, member: bool = False) -> Overwrite:
    return Overwrite(id, member, sum(BITS[one] for one in names), 0)


# --- the sum --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("overwrites", "may_send"),
    [
        pytest.param((), True, id="by role"),
        pytest.param((deny("1", "send_messages"),), False, id="everyone denied"),
        pytest.param((deny("1", "send_messages"), allow("2", "send_messages")), True, id="own role allowed"),
        pytest.param((allow("2", "send_messages"), deny("9", "send_messages", member=True)), False, id="member denied"),
        pytest.param((deny("2", "send_messages"), allow("9", "send_messages", member=True)), True, id="member allowed"),
        pytest.param((deny("3", "send_messages"),), True, id="another's role"),
        pytest.param((deny("8", "send_messages", member=True),), True, id="another member"),
        pytest.param((deny("1", "view_channel"),), False, id="not seen"),
    ],
)
def test_overwrites_hold_in_discords_order(overwrites: tuple[Overwrite, ...], may_send: bool) -> None:
    assert may(standing(), channel(*overwrites), "send_messages") is may_send


@pytest.mark.parametrize("who", [{"owner": True}, {"own": 8}], ids=["owner", "administrator"])
def test_owner_and_administrators_may_everything(who: dict[str, Any]) -> None:
    one = standing(**who)
    assert given(one, channel(deny("1", *BITS), deny("9", *BITS, member=True))) & ALL == ALL


# --- the words ------------------------------------------------------------------------------------------------


def told(one: Standing, place: Channel, wanted: Wanted | None = None, category: Channel | None = None) -> list[str]:
    return lacking(one, place, place, category, wanted or Wanted())


def test_nothing_is_missing_where_all_is_given() -> None:
    assert told(standing(), channel(), Wanted(thread="thread", mention=True, role="3")) == []


def test_what_was_never_given_names_the_role_and_the_channel() -> None:
    [line] = told(standing(own=ALL & ~BITS["embed_links"]), channel())
    assert line == (
        "Embed Links: Edit Channel of #news → Permissions → Pullquote: allow it "
        "(or Server Settings → Roles → Pullquote)"
    )


def test_what_the_channel_takes_away_names_who_it_is_taken_from() -> None:
    [line] = told(standing(), channel(deny("2", "attach_files")))
    assert line.startswith("Attach Files: denied to @Pullquote in Edit Channel of #news → Permissions")


def test_what_the_category_takes_away_is_given_back_there() -> None:
    category = Channel("6", 4, "1", "Podcasts", overwrites=(deny("1", "send_messages"),))
    [line] = told(standing(), channel(deny("1", "send_messages")), category=category)
    assert "Edit Category of Podcasts" in line
    assert "denied to @everyone" in line


def test_each_missing_permission_is_a_line_of_its_own() -> None:
    lines = told(standing(own=0), channel(), Wanted(thread="thread"))
    assert [line.partition(":")[0] for line in lines] == [
        "View Channel", "Send Messages", "Create Public Threads", "Send Messages in Threads", "Embed Links",
        "Attach Files", "Read Message History",
    ]  # fmt: skip


def test_a_forum_wants_posts_to_be_created() -> None:
    forum = Channel("7", FORUM, "1", "episodes")
    lines = told(standing(own=BITS["view_channel"]), forum, Wanted(thread="forum"))
    assert [line.partition(":")[0] for line in lines][:2] == ["Create Posts", "Send Messages in Threads"]


def test_publishing_ones_own_posts_needs_nothing_more() -> None:
    assert told(standing(own=ALL & ~BITS["manage_threads"]), channel(), Wanted(publish=True)) == []


def test_a_role_that_may_not_be_mentioned_says_both_ways_out() -> None:
    one = standing(own=ALL & ~BITS["mention_everyone"])
    [line] = told(one, channel(), Wanted(mention=True, role="3"))
    assert line.startswith("Mention @everyone, @here and All Roles:")
    assert "Roles → @Others → Allow anyone to @mention this role" in line


def test_a_mentionable_role_needs_nothing_more() -> None:
    one = standing(own=ALL & ~BITS["mention_everyone"])
    roles = {**one.roles, "3": Role("3", "Others", 0, mentionable=True)}
    free = Standing("1", "9", roles, one.own)
    assert told(free, channel(), Wanted(mention=True, role="3")) == []


@pytest.mark.parametrize("role", ["77", "1"], ids=["unknown", "everyone"])
def test_a_role_that_is_not_there_cannot_be_mentioned(role: str) -> None:
    [line] = told(standing(), channel(), Wanted(mention=True, role=role))
    assert "no such role" in line


@pytest.mark.parametrize(
    ("tag", "own", "said"),
    [
        ("", ALL, "wants a tag on every post"),
        ("Old", ALL, "no tag “Old”"),
        ("Staff", ALL & ~BITS["manage_threads"], "for its moderators"),
        ("Staff", ALL, ""),
        ("news", ALL, ""),
        (None, ALL, ""),
    ],
)
def test_a_forums_tag_is_checked(tag: str | None, own: int, said: str) -> None:
    tags = (Tag("5", "News"), Tag("6", "Staff", moderated=True))
    forum = Channel("7", FORUM, "1", "episodes", tags=tags, needs_tag=True)
    lines = told(standing(own=own), forum, Wanted(thread="forum", tag=tag))
    assert bool(lines) is bool(said)
    assert all(said in line for line in lines)


# --- over the wire, by gateway and by REST ----------------------------------------------------------------------


@pytest.fixture(params=[False, True], ids=["rest", "gateway"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[PostWorld]:
    async with post_world(connected=request.param) as world:
        yield world


async def heard(world: PostWorld) -> None:
    """Until the gateway has told all that was told before now."""
    if not world.client.is_ready():
        return
    last = world.channel("last")
    async with asyncio.timeout(30):
        while world.client.get_channel(int(last.id)) is None:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def check(world: PostWorld, where: WireChannel | Place, **wanted: Any) -> Check:
    place = where if isinstance(where, Place) else world.place(where)
    return await world.messenger.check(place, **wanted)


async def test_a_place_where_everything_is_given_lacks_nothing(world: PostWorld) -> None:
    assert await check(world, world.here, thread="thread") == Check("text", (), "#general")
    news = world.channel("news", "announcement")
    await heard(world)
    assert await check(world, news, publish=True) == Check("announcement", (), "#news")


async def test_what_is_missing_is_told_with_the_bots_own_role(world: PostWorld) -> None:
    world.wire.state.overwrite(world.room.general, world.room.guild.id, deny=bits("embed_links"))
    await heard(world)
    found = await check(world, world.here)
    [line] = found.missing
    assert line.startswith("Embed Links: denied to @everyone in Edit Channel of #general")


async def test_a_hidden_channel_lacks_view_channel(world: PostWorld) -> None:
    world.wire.state.overwrite(world.room.general, world.room.guild.id, deny=bits("view_channel"))
    await heard(world)
    found = await check(world, world.here)
    assert found.missing[0].startswith("View Channel:")


async def test_a_forum_with_what_it_wants(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum", tags=["News"])
    forum.data["flags"] = 1 << 4
    world.wire.state.event("CHANNEL_UPDATE", forum.data, forum.guild)
    await heard(world)
    found = await check(world, forum, thread="forum", tag="")
    assert found.kind == "forum"
    assert found.missing == ("#episodes wants a tag on every post: say tag:NAME with one of News",)
    assert (await check(world, forum, thread="forum", tag="News")).missing == ()


async def test_a_thread_takes_its_channels_permissions(world: PostWorld) -> None:
    message = sent(await world.messenger.send(world.here, a_post())).message
    thread = sent(await world.messenger.open_thread(world.here, message, Thread("One"))).thread
    inside = Place("discord", world.here.workspace, thread)
    assert await check(world, inside) == Check("thread", (), "#One")
    world.wire.state.overwrite(world.room.general, world.room.guild.id, deny=bits("send_messages_in_threads"))
    await heard(world)
    [line] = (await check(world, inside)).missing
    assert line.startswith("Send Messages in Threads: denied")


@pytest.mark.parametrize(("kind", "word"), [(2, "voice channel"), (13, "stage"), (4, "category")])
async def test_what_takes_no_posts_is_refused_kindly(world: PostWorld, kind: int, word: str) -> None:
    channel = world.channel("lounge")
    channel.data |= {"type": kind, "bitrate": 64000, "user_limit": 0, "rtc_region": None}
    [line] = (await check(world, channel)).missing
    assert word in line
    assert "choose" in line


async def test_another_servers_channel_is_refused(world: PostWorld) -> None:
    theirs = world.wire.join_guild("Elsewhere").data["system_channel_id"]
    world.wire.state.channels[theirs].data["name"] = "merger-talks"
    found = await check(world, Place("discord", world.here.workspace, theirs))
    [line] = found.missing
    assert "another server" in line
    assert "merger" not in line + found.name


async def test_a_channel_that_is_not_there_says_where_to_look(world: PostWorld) -> None:
    [line] = (await check(world, Place("discord", world.here.workspace, "12345"))).missing
    assert line.startswith("View Channel:")


async def test_a_timeout_is_told_with_its_end(world: PostWorld) -> None:
    until = world.wire.state.now() + timedelta(hours=1)
    member = world.room.guild.members[world.wire.state.bot["id"]]
    member["communication_disabled_until"] = until.isoformat()
    world.wire.state.event("GUILD_MEMBER_UPDATE", member | {"guild_id": world.room.guild.id}, world.room.guild.id)
    await heard(world)
    [line] = (await check(world, world.here)).missing
    assert "timed out" in line
    assert f"{until:%Y-%m-%d %H:%M} UTC" in line


async def test_direct_messages_lack_nothing(world: PostWorld) -> None:
    person = world.room.member["id"]
    direct = Place("discord", f"@{person}", world.wire.state.dm(person).id)
    assert (await check(world, direct)).kind == "direct"


async def test_what_cannot_be_asked_now_says_so(world: PostWorld) -> None:
    world.wire.faults.next("error_before", "GET /channels/{channel}")
    [line] = (await check(world, Place("discord", world.here.workspace, "12345"))).missing
    assert "try again" in line
