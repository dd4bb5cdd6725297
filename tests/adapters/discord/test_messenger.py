"""Posts through the real discord.py to a Discord on loopback: what people see, and what the outbox is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.alert_ports import Messenger, Page, Unclear
from bot.domain import Place
from bot.posts import MENTION, Thread
from tests.adapters.discord.post_world import PostWorld, a_post, key, new_client, post_world, refused, sent
from tests.fakes.discord_wire.permissions import bits

SUPPRESSED = 1 << 12


@pytest.fixture
async def world() -> AsyncIterator[PostWorld]:
    async with post_world() as world:
        yield world


# --- sending --------------------------------------------------------------------------------------------------


async def test_a_post_stands_in_the_channel_at_the_platforms_time(world: PostWorld) -> None:
    messenger: Messenger = world.messenger
    outcome = sent(await messenger.send(world.here, a_post(text="Episode one is out")))
    [message] = world.messages(world.here)
    assert message.id == outcome.message
    assert message.data["content"] == "Episode one is out"
    assert outcome.at == datetime.fromisoformat(message.data["timestamp"])
    assert outcome.thread == ""


async def test_the_same_post_again_within_minutes_is_one_message(world: PostWorld) -> None:
    first = await world.messenger.send(world.here, a_post())
    assert await world.messenger.send(world.here, a_post()) == first
    assert len(world.messages(world.here)) == 1


async def test_a_post_that_was_taken_away_is_not_posted_again(world: PostWorld) -> None:
    await world.messenger.send(world.here, a_post())
    world.wire.delete_message(world.messages(world.here)[0])
    assert refused(await world.messenger.send(world.here, a_post())).why == "deleted"
    assert len(world.wire.log.posted) == 1


async def test_the_chosen_role_is_called_and_nobody_else(world: PostWorld) -> None:
    listeners, others = (world.wire.state.role(world.room.guild, name, mentionable=True)["id"] for name in "ab")
    text = f"{MENTION} @everyone <@&{others}> an episode"
    await world.messenger.send(world.here, a_post(text=text, mention=listeners))
    [message] = world.messages(world.here)
    assert message.notified == [f"&{listeners}"]


async def test_a_quiet_post_notifies_nobody(world: PostWorld) -> None:
    await world.messenger.send(world.here, a_post(quiet=True))
    await world.messenger.send(world.here, a_post(2))
    quiet, loud = world.messages(world.here)
    assert quiet.flags & SUPPRESSED
    assert not loud.flags & SUPPRESSED


async def test_announcement_channels_and_threads_take_posts_too(world: PostWorld) -> None:
    news = world.place(world.channel("news", "announcement"))
    await world.messenger.send(news, a_post())
    opened = sent(await world.messenger.open_thread(news, world.messages(news)[0].id, Thread("Episode one")))
    thread = Place("discord", news.workspace, opened.thread)
    inside = sent(await world.messenger.send(thread, a_post(2)))
    assert [one.id for one in world.messages(thread)] == [inside.message]


async def test_a_person_is_written_to_directly(world: PostWorld) -> None:
    person = world.room.member["id"]
    here = Place("discord", f"@{person}", world.wire.state.dm(person).id)
    assert sent(await world.messenger.send(here, a_post())).message == world.messages(here)[0].id
    world.wire.state.closed_dms.add(person)
    closed = refused(await world.messenger.send(here, a_post(2)))
    assert closed.why == "forbidden"
    assert "no direct messages" in closed.reason


async def test_a_forum_post_is_a_thread_with_its_tag_and_buttons(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum", tags=["News", "Bonus"])
    wanted = Thread("Episode one", forum=True, tag="bonus")
    outcome = sent(await world.messenger.send(world.place(forum), a_post(thread=wanted)))
    thread = world.wire.state.channels[outcome.thread]
    assert (thread.data["name"], thread.data["parent_id"]) == ("Episode one", forum.id)
    assert thread.data["applied_tags"] == [forum.data["available_tags"][1]["id"]]
    [posted] = world.wire.log.posted
    assert posted.how == "forum"
    assert key(1) in posted.custom_ids[0]
    assert outcome.message == outcome.thread == posted.message


async def test_a_forums_tag_may_be_named_by_its_id(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum", tags=["News"])
    [tag] = forum.data["available_tags"]
    post = a_post(thread=Thread("Episode one", forum=True, tag=tag["id"]))
    outcome = sent(await world.messenger.send(world.place(forum), post))
    assert world.wire.state.channels[outcome.thread].data["applied_tags"] == [tag["id"]]


async def test_a_tag_that_is_gone_is_named_with_those_that_are_there(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum", tags=["News"])
    post = a_post(thread=Thread("Episode one", forum=True, tag="Old"))
    outcome = refused(await world.messenger.send(world.place(forum), post))
    assert outcome.why == "forbidden"
    assert "“Old”" in outcome.reason
    assert "News" in outcome.reason
    assert world.wire.log.posted == []


async def test_a_forum_that_wants_a_tag_says_how_to_give_one(world: PostWorld) -> None:
    forum = world.channel("episodes", "forum", tags=["News"])
    forum.data["flags"] = 1 << 4
    outcome = refused(await world.messenger.send(world.place(forum), a_post(thread=Thread("One", forum=True))))
    assert outcome.why == "forbidden"
    assert "/pullquote alerts edit tag:" in outcome.reason


async def test_what_is_told_to_moderators_goes_to_a_forum_too(world: PostWorld) -> None:
    forum = world.channel("staff", "forum", tags=["News"])
    forum.data["flags"] = 1 << 4
    outcome = sent(await world.messenger.send(world.place(forum), a_post(text="The feed fails", kind="trouble")))
    assert world.wire.state.channels[outcome.thread].data["name"] == "The feed fails"


# --- what is refused, and why ---------------------------------------------------------------------------------


async def test_a_channel_that_is_gone_is_named(world: PostWorld) -> None:
    news = world.channel("news")
    await world.messenger.send(world.place(news), a_post())
    world.wire.delete_channel(news)
    outcome = refused(await world.messenger.send(world.place(news), a_post(2)))
    assert (outcome.why, outcome.everywhere) == ("gone", False)
    assert "#news" in outcome.reason


async def test_a_server_that_the_bot_has_left_is_named(world: PostWorld) -> None:
    world.wire.state.leave(world.room.guild)
    outcome = refused(await world.messenger.send(world.here, a_post()))
    assert outcome.why == "gone"
    assert f"the server {world.room.guild.id}" in outcome.reason


async def test_a_missing_permission_closes_this_place_alone(world: PostWorld) -> None:
    world.wire.state.overwrite(world.room.general, world.room.guild.id, deny=bits("send_messages"))
    outcome = refused(await world.messenger.send(world.here, a_post()))
    assert (outcome.why, outcome.everywhere) == ("forbidden", False)
    assert outcome.reason.startswith("#general")


async def test_another_servers_channel_is_never_posted_in(world: PostWorld) -> None:
    elsewhere = world.wire.join_guild("Elsewhere")
    theirs = elsewhere.data["system_channel_id"]
    world.wire.state.channels[theirs].data["name"] = "merger-talks"
    outcome = refused(await world.messenger.send(Place("discord", world.here.workspace, theirs), a_post()))
    assert outcome.why == "forbidden"
    assert "another server" in outcome.reason
    assert "merger" not in outcome.reason
    assert world.wire.log.posted == []


@pytest.mark.parametrize("place", [Place("discord", "1", "general"), Place("discord", "hall", "1")], ids=str)
async def test_what_is_no_id_is_asked_of_nobody(world: PostWorld, place: Place) -> None:
    before = len(world.wire.log.asked)
    assert refused(await world.messenger.send(place, a_post())).why == "gone"
    assert refused(await world.messenger.publish(place, "9")).why == "gone"
    assert (await world.messenger.check(Place("discord", "1", "general"))).missing
    assert len(world.wire.log.asked) == before


async def test_a_refused_token_holds_everywhere(world: PostWorld) -> None:
    await world.messenger.send(world.here, a_post())
    world.wire.state.token = "another"
    outcome = refused(await world.messenger.send(world.here, a_post(2)))
    assert (outcome.why, outcome.everywhere) == ("unauthorised", True)


@pytest.mark.parametrize(
    ("scope", "everywhere"), [("user", False), ("shared", False), ("global", True)], ids=lambda one: str(one)
)
async def test_a_limit_is_told_with_its_pause(world: PostWorld, scope: str, everywhere: bool) -> None:
    await world.messenger.send(world.here, a_post())
    world.wire.faults.next("busy", "POST /channels", retry_after_s=2.5, scope=scope)
    outcome = refused(await world.messenger.send(world.here, a_post(2)))
    assert (outcome.why, outcome.retry_after_s, outcome.everywhere) == ("busy", 2.5, everywhere)
    assert world.wire.log.count("POST /channels/{channel}/messages") == 2


async def test_a_ban_by_the_protection_rests_everywhere_for_long(world: PostWorld) -> None:
    world.wire.faults.next("ban", "POST /channels")
    outcome = refused(await world.messenger.send(world.here, a_post()))
    assert (outcome.why, outcome.retry_after_s, outcome.everywhere) == ("busy", 600.0, True)


@pytest.mark.parametrize("fault", ["error_before", "error_after", "reset_before", "reset_after", "bad_gateway"])
async def test_a_fault_after_the_request_left_is_unclear_and_asked_once(world: PostWorld, fault: str) -> None:
    await world.messenger.send(world.here, a_post())
    world.wire.faults.next(fault, "POST /channels")  # type: ignore[arg-type]
    assert isinstance(await world.messenger.send(world.here, a_post(2)), Unclear)
    assert world.wire.log.count("POST /channels/{channel}/messages") == 2
    assert len(world.wire.log.posted) == (2 if fault.endswith("_after") else 1)


async def test_an_answer_that_never_comes_is_given_up_in_time() -> None:
    async with post_world(deadline_s=0.5) as world:
        world.wire.faults.next("lost_answer", "POST /channels")
        assert isinstance(await world.messenger.send(world.here, a_post()), Unclear)
        assert len(world.wire.log.posted) == 1


async def test_a_look_up_that_fails_certainly_posted_nothing(world: PostWorld) -> None:
    world.wire.faults.next("reset_before", "GET /channels/{channel}", times=5)
    outcome = refused(await world.messenger.send(world.here, a_post()))
    assert (outcome.why, outcome.everywhere) == ("busy", False)
    assert world.wire.log.count("POST /channels/{channel}/messages") == 0


async def test_before_log_in_the_platform_is_down() -> None:
    from adapters.discord.messenger import DiscordMessenger

    outcome = refused(await DiscordMessenger(new_client()).send(Place("discord", "1", "2"), a_post()))
    assert (outcome.why, outcome.everywhere) == ("down", True)


# --- edits, threads, publishing -------------------------------------------------------------------------------


async def test_an_edit_says_the_new_words_and_calls_nobody(world: PostWorld) -> None:
    role = world.wire.state.role(world.room.guild, "a", mentionable=True)["id"]
    post = a_post(text=f"{MENTION} old", mention=role)
    message = sent(await world.messenger.send(world.here, post)).message
    sent(await world.messenger.edit(world.here, message, "", a_post(text=f"{MENTION} new", mention=role)))
    [there] = world.messages(world.here)
    assert "new" in there.data["content"]
    assert there.edits == 1
    assert there.notified == [f"&{role}"]  # by the post, once
    page = await world.messenger.history(world.here)
    assert isinstance(page, Page)
    assert [one.key for one in page.posts] == [key(1)]


async def test_an_edit_of_a_message_that_was_taken_away_says_so(world: PostWorld) -> None:
    message = sent(await world.messenger.send(world.here, a_post())).message
    world.wire.delete_message(world.messages(world.here)[0])
    assert refused(await world.messenger.edit(world.here, message, "", a_post())).why == "deleted"


async def test_a_threads_title_follows_only_when_it_changed(world: PostWorld) -> None:
    message = sent(await world.messenger.send(world.here, a_post())).message
    thread = sent(await world.messenger.open_thread(world.here, message, Thread("Old title"))).thread
    same, other = (a_post(thread=Thread(title)) for title in ("Old title", "New title"))
    sent(await world.messenger.edit(world.here, message, thread, same))
    assert world.wire.log.count("PATCH /channels/{channel}") == 0
    sent(await world.messenger.edit(world.here, message, thread, other))
    assert world.wire.state.channels[thread].data["name"] == "New title"


async def test_a_forum_post_is_edited_also_when_it_is_archived(world: PostWorld) -> None:
    forum = world.place(world.channel("episodes", "forum"))
    post = a_post(text="old", thread=Thread("Old title", forum=True))
    outcome = sent(await world.messenger.send(forum, post))
    thread = world.wire.state.channels[outcome.thread]
    thread.data["thread_metadata"]["archived"] = True
    fresh = a_post(text="new", thread=Thread("New title", forum=True))
    sent(await world.messenger.edit(forum, outcome.message, outcome.thread, fresh))
    assert thread.messages[outcome.message].data["content"] == "new"
    assert thread.data["name"] == "New title"
    assert thread.data["thread_metadata"]["archived"] is True


async def test_a_forum_post_whose_thread_was_taken_away_is_deleted(world: PostWorld) -> None:
    forum = world.place(world.channel("episodes", "forum"))
    outcome = sent(await world.messenger.send(forum, a_post(thread=Thread("One", forum=True))))
    world.wire.delete_channel(world.wire.state.channels[outcome.thread])
    gone = await world.messenger.edit(forum, outcome.message, outcome.thread, a_post(thread=Thread("One", forum=True)))
    assert refused(gone).why == "deleted"


async def test_a_title_that_may_not_change_yet_is_changed_later(world: PostWorld) -> None:
    message = sent(await world.messenger.send(world.here, a_post())).message
    thread = sent(await world.messenger.open_thread(world.here, message, Thread("Old title"))).thread
    world.wire.faults.next("slow", "PATCH /channels/{channel}/messages")
    world.wire.faults.next("busy", "PATCH /channels/{channel}", retry_after_s=600)
    post = a_post(text="new", thread=Thread("New title"))
    assert isinstance(await world.messenger.edit(world.here, message, thread, post), Unclear)
    assert world.messages(world.here)[0].data["content"] == "new"
    sent(await world.messenger.edit(world.here, message, thread, post))
    assert world.wire.state.channels[thread].data["name"] == "New title"


async def test_a_thread_opens_once(world: PostWorld) -> None:
    message = sent(await world.messenger.send(world.here, a_post())).message
    first = sent(await world.messenger.open_thread(world.here, message, Thread("Episode one")))
    again = sent(await world.messenger.open_thread(world.here, message, Thread("Episode one")))
    assert first.thread == again.thread == message
    assert world.wire.state.channels[message].data["name"] == "Episode one"


async def test_publishing_twice_is_publishing(world: PostWorld) -> None:
    news = world.place(world.channel("news", "announcement"))
    message = sent(await world.messenger.send(news, a_post())).message
    for _ in range(2):
        assert sent(await world.messenger.publish(news, message)).message == message
    assert world.messages(news)[0].flags & 1
    plain = sent(await world.messenger.send(world.here, a_post(2))).message
    assert refused(await world.messenger.publish(world.here, plain)).why == "unsupported"


async def test_the_eleventh_publishing_in_an_hour_waits(world: PostWorld) -> None:
    news = world.place(world.channel("news", "announcement"))
    messages = [sent(await world.messenger.send(news, a_post(n))).message for n in range(11)]
    outcomes = [await world.messenger.publish(news, one) for one in messages]
    for one in outcomes[:10]:
        sent(one)
    late = refused(outcomes[10])
    assert (late.why, late.everywhere) == ("busy", False)
    assert late.retry_after_s == pytest.approx(3600, abs=60)
