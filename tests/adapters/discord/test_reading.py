"""Reading back what was posted: which messages count, and how far one page of a channel or forum goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.discord.reading import BEGINNING, PAGE, STARTERS, Cursor, cursor_in, found_in
from bot.alert_ports import Found, Page
from bot.commands.codec import write
from bot.domain import Place
from bot.posts import Thread
from bot.rules.alert_keys import post_args
from tests.adapters.discord.post_world import PostWorld, a_post, key, post_world, refused, sent
from tests.fakes.discord_wire.permissions import bits
from tests.fakes.discord_wire.state import Channel

CODE = write("post", post_args(key(1), "new", "chapters"))
LINK = {"type": 2, "style": 5, "label": "Listen", "url": "https://harbour.example/1"}


@pytest.fixture
async def world() -> AsyncIterator[PostWorld]:
    async with post_world() as world:
        yield world


def message(*components: Any, **more: Any) -> dict[str, Any]:
    told = {"id": "175928847299117063", "author": {"id": "42"}, "type": 0, "timestamp": "2026-05-04T09:00:00+00:00"}
    return told | {"components": list(components)} | more


def button(code: str = CODE) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Chapters", "custom_id": code}


def row(*inside: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


# --- which messages count -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "components",
    [
        pytest.param([row(button())], id="row"),
        pytest.param([row(LINK, button())], id="beside a link"),
        pytest.param([row(LINK), row(button())], id="below links"),
        pytest.param([row(button("~" + CODE))], id="turning"),
        pytest.param([{"type": 17, "components": [{"type": 9, "accessory": button()}]}], id="layout"),
        pytest.param([row({"type": 3, "custom_id": "menu|0", "options": [{"value": CODE}]})], id="menu"),
    ],
)
def test_a_post_is_known_by_any_button_that_carries_its_key(components: list[Any]) -> None:
    found = found_in(message(*components), "42")
    assert found == Found("175928847299117063", key(1), "new", datetime.fromisoformat("2026-05-04T09:00:00+00:00"))


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"author": {"id": "43"}}, id="somebody else's"),
        pytest.param({"type": 19, "message_reference": {"message_id": "1"}}, id="a reply"),
        pytest.param({"interaction_metadata": {"id": "1"}}, id="an answer to a command"),
        pytest.param({"webhook_id": "42"}, id="a follow-up"),
        pytest.param({"type": 21}, id="a thread's beginning"),
        pytest.param({"components": [row(LINK)]}, id="without a key"),
        pytest.param({"components": [row(button("v1|quote|words=x"))]}, id="another command's"),
        pytest.param({"components": None}, id="bare"),
    ],
)
def test_everything_else_is_no_post_of_ours(more: dict[str, Any]) -> None:
    assert found_in(message(row(button())) | more, "42") is None


def test_a_posts_thread_is_told_with_it() -> None:
    found = found_in(message(row(button()), thread={"id": "7"}), "42")
    assert found is not None
    assert found.thread == "7"


def test_a_cursor_says_where_it_was() -> None:
    for one in (Cursor(), Cursor("2026-05-04T09:00:00+00:00"), Cursor("2026-05-04T09:00:00+00:00", 9), Cursor("", 9)):
        assert cursor_in(str(one)) == one
    assert cursor_in("") == Cursor()


# --- channels -------------------------------------------------------------------------------------------------


async def page(world: PostWorld, place: Place, before: str = "") -> Page:
    found = await world.messenger.history(place, before)
    assert isinstance(found, Page), found
    return found


async def chat(world: PostWorld, channel: Channel, count: int) -> None:
    for n in range(count):
        await world.wire.say(world.room.member, channel, f"chatter {n}")


async def test_history_is_newest_first_and_holds_the_bots_posts_alone(world: PostWorld) -> None:
    first = sent(await world.messenger.send(world.here, a_post(1)))
    await chat(world, world.room.general, 3)
    second = sent(await world.messenger.send(world.here, a_post(2)))
    assert await page(world, world.here) == Page(
        (Found(second.message, key(2), "new", second.at), Found(first.message, key(1), "new", first.at)), BEGINNING
    )


async def test_a_page_ends_where_it_was_looked_and_the_next_goes_on_there(world: PostWorld) -> None:
    oldest = sent(await world.messenger.send(world.here, a_post(1)))
    await chat(world, world.room.general, PAGE + 20)
    newest = await page(world, world.here)
    assert newest.posts == ()
    assert oldest.at < newest.back_to
    last = await page(world, world.here, newest.before)
    assert [one.key for one in last.posts] == [key(1)]
    assert (last.back_to, last.before) == (BEGINNING, "")


async def test_a_long_channel_is_read_no_further_than_asked(world: PostWorld) -> None:
    await chat(world, world.room.general, 10_000)
    sent(await world.messenger.send(world.here, a_post(1)))
    before = len(world.wire.log.asked)
    assert [one.key for one in (await page(world, world.here)).posts] == [key(1)]
    assert len(world.wire.log.asked) - before == 1


async def test_a_page_that_is_full_to_the_last_message_has_an_empty_one_behind_it(world: PostWorld) -> None:
    await chat(world, world.room.general, PAGE)
    full = await page(world, world.here)
    assert full.before
    assert await page(world, world.here, full.before) == Page((), BEGINNING)


async def test_an_empty_answer_to_who_may_not_read_is_no_proof_of_absence(world: PostWorld) -> None:
    sent(await world.messenger.send(world.here, a_post(1)))
    world.bot_role()["permissions"] = str(bits("view_channel", "send_messages", "embed_links"))
    world.wire.state.overwrite(world.room.general, world.room.guild.id, deny=bits("read_message_history"))
    unread = refused(await world.messenger.history(world.here))
    assert unread.why == "forbidden"
    assert "Read Message History" in unread.reason


async def test_an_empty_channel_that_may_be_read_is_empty(world: PostWorld) -> None:
    assert await page(world, world.here) == Page((), BEGINNING)


async def test_threads_and_direct_messages_are_read_back(world: PostWorld) -> None:
    message = sent(await world.messenger.send(world.here, a_post(1))).message
    thread = sent(await world.messenger.open_thread(world.here, message, Thread("One"))).thread
    inside, person = Place("discord", world.here.workspace, thread), world.room.member["id"]
    direct = Place("discord", f"@{person}", world.wire.state.dm(person).id)
    for n, place in enumerate((inside, direct)):
        await world.messenger.send(place, a_post(n + 2))
        assert [one.key for one in (await page(world, place)).posts] == [key(n + 2)]
    [post] = (await page(world, world.here)).posts
    assert post.thread == thread


async def test_a_history_that_cannot_be_asked_for_says_why(world: PostWorld) -> None:
    news = world.channel("news")
    world.wire.delete_channel(news)
    assert refused(await world.messenger.history(world.place(news))).why == "gone"


# --- forums ---------------------------------------------------------------------------------------------------


async def forum_posts(world: PostWorld, forum: Channel, count: int) -> list[str]:
    made = []
    for n in range(count):
        post = a_post(n, thread=Thread(f"Episode {n}", forum=True))
        made.append(sent(await world.messenger.send(world.place(forum), post)).thread)
    return made


def archive(world: PostWorld, threads: list[str]) -> None:
    for n, one in enumerate(threads):
        at = world.wire.state.now() - timedelta(hours=1) + timedelta(milliseconds=n)
        world.wire.state.channels[one].data["thread_metadata"] |= {
            "archived": True, "archive_timestamp": at.isoformat(),
        }  # fmt: skip


async def whole(world: PostWorld, place: Place) -> tuple[list[str], list[Page]]:
    """Every key of a place and the pages on the way, the newest first."""
    pages = [await page(world, place)]
    while pages[-1].before:
        pages.append(await page(world, place, pages[-1].before))
        assert len(pages) < 100
    return [one.key for each in pages for one in each.posts], pages


async def test_a_forum_is_read_back_with_open_and_archived_posts(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum")
    threads = await forum_posts(world, forum, 6)
    archive(world, threads[:3])
    keys, pages = await whole(world, world.place(forum))
    assert keys == [key(n) for n in (5, 4, 3, 2, 1, 0)]
    assert pages[0].posts[0].thread == threads[5]
    assert pages[-1].back_to == BEGINNING


async def test_members_threads_are_not_asked_for(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum")
    threads = await forum_posts(world, forum, 4)
    for one in threads[1:]:
        world.wire.state.channels[one].data["owner_id"] = world.room.member["id"]
    keys, _ = await whole(world, world.place(forum))
    assert keys == [key(0)]
    assert world.wire.log.count("GET /channels/{channel}/messages/{message}") == 1


async def test_a_forum_with_many_posts_comes_in_pages_that_claim_no_more_than_was_seen(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum")
    threads = await forum_posts(world, forum, 2 * STARTERS + 3)
    archive(world, threads[:5])
    keys, pages = await whole(world, world.place(forum))
    assert keys == [key(n) for n in reversed(range(len(threads)))]
    assert len(pages) == 3
    seen: set[str] = set()
    for each in pages:
        seen |= {one.message for one in each.posts}
        newer = {one for one in threads if _made(world, one) > each.back_to}
        assert newer <= seen


async def test_a_first_message_is_asked_for_once_a_run(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum")
    await forum_posts(world, forum, 3)
    await whole(world, world.place(forum))
    await whole(world, world.place(forum))
    assert world.wire.log.count("GET /channels/{channel}/messages/{message}") == 3


async def test_archived_posts_beyond_one_answer_are_reached(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum")
    ours = await forum_posts(world, forum, 2)
    archive(world, ours[:1])
    for n in range(PAGE + 10):
        thread = world.wire.state.channels[ours[1]].data
        other = Channel(
            thread | {"id": world.wire.state.snowflake(), "owner_id": world.room.member["id"], "name": str(n)}
        )
        at = world.wire.state.now() - timedelta(seconds=n)
        other.data["thread_metadata"] = thread["thread_metadata"] | {
            "archived": True, "archive_timestamp": at.isoformat(),
        }  # fmt: skip
        world.wire.state.channels[other.id] = other
    keys, pages = await whole(world, world.place(forum))
    assert keys == [key(1), key(0)]
    assert len(pages) == 2


async def test_a_post_without_its_first_message_is_no_post(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum")
    [thread] = await forum_posts(world, forum, 1)
    [first] = world.wire.state.channels[thread].messages.values()
    world.wire.delete_message(first)
    assert (await page(world, world.place(forum))).posts == ()


async def test_a_fault_while_a_forum_is_read_is_no_absence(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum")
    await forum_posts(world, forum, 1)
    world.wire.faults.next("error_before", "GET /channels/{channel}/messages/{message}")
    assert not isinstance(await world.messenger.history(world.place(forum)), Page)
    assert [one.key for one in (await page(world, world.place(forum))).posts] == [key(0)]


def _made(world: PostWorld, thread: str) -> datetime:
    return world.wire.state.channels[thread].messages[thread].at
