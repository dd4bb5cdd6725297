"""The buttons of posts: each does what its command does, for the post's own episode, and old ones answer kindly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import texts, texts_posts
from bot.alerts import Alert, AlertKind, Options
from bot.domain import DEFAULT_COMMUNITY, Episode, EpisodeId, Level, Person, Role, Subscription, Withhold
from bot.posts import Post
from bot.reply import Action, Reply
from bot.rules.alert_keys import alert_id, post_args, subscription_id
from bot.rules.subscription_options import write
from bot.services.posts import PostMaker
from bot.services.shows import Wish
from bot.texts_why import TEST_BUTTON
from tests.commands.world import HALL, LIGHTHOUSES, OTHER, STAFF, World, lighthouses
from tests.feeds_made import Item, feed
from tests.storage.build import episode_import

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


async def episode_of(world: World, title: str) -> Episode:
    found = await world.storage.episodes(replace(world.context.viewer, role=Role.operator))
    return next(one for one in found if one.title == title)


async def posted(world: World, episode: Episode, *, thread: str = "", kind: AlertKind = "new") -> Alert:
    """The alert of an episode whose post is in the hall."""
    subject = f"guid:{episode.key}"
    alert = Alert(
        alert_id(HALL, episode.show, subject, kind), DEFAULT_COMMUNITY, HALL, kind, subject, "waiting", "new",
        NOW, NOW, NOW, NOW + timedelta(days=7), episode.show, episode.id, text="And 2 more.",
    )  # fmt: skip
    await world.storage.add_alerts([alert], NOW)
    await world.storage.claim_lanes("run", NOW, 60, 10, ["console"])
    stored = await world.storage.alert(alert.id)
    assert stored
    done = replace(stored, state="posted", posted_at=NOW, message="m1", thread=thread)
    [settled] = await world.storage.advance([done], "run", NOW)
    await world.storage.release_lane(HALL, "run")
    return settled


async def pressed(world: World, alert: Alert, label: str) -> Reply:
    """What a button of the post answers, pressed as a platform presses it."""
    post = await PostMaker(world.storage, world.clock).make(alert, None)
    assert isinstance(post, Post)
    return await world.press(next(one for one in post.actions if one.label == label))


async def bare(world: World) -> Episode:
    await world.save(episode_import("fog", None, title="Fog signals", published=NOW))
    return await episode_of(world, "Fog signals")


async def test_chapters_are_the_posts_episodes(member: World) -> None:
    await bare(member)
    reply = await pressed(member, await posted(member, await episode_of(member, "Lamps and lighthouses")), "Chapters")
    assert reply.outcome == "listed"
    assert [one.value for one in reply.fields] == [
        "1. Welcome",
        "2. Nine winters of keeping a lamp",
        "3. Boats on the reef",
    ]


async def test_listen_names_every_place(member: World) -> None:
    reply = await pressed(member, await posted(member, await episode_of(member, "Lamps and lighthouses")), "Listen")
    assert [one.value for one in reply.fields] == ["Page", "YouTube"]
    nowhere = await pressed(member, await posted(member, await bare(member)), "Listen")
    assert nowhere.text == texts_posts.NOWHERE_TO_LISTEN


async def test_quote_asks_for_words_within_the_episode(member: World) -> None:
    await member.save(episode_import("other", (("Cy", "So I lit a fire on the rocks, said another."),), title="Other"))
    reply = await pressed(member, await posted(member, await episode_of(member, "Lamps and lighthouses")), "Quote")
    form = reply.form
    assert form
    assert [one.name for one in form.fields] == ["words"]
    answer = await member.press(Action("", form.command, form.args), {"words": "lit a fire on the rocks"})
    assert answer.quotes[0].text == "So I lit a fire on the rocks and waved a lantern until dawn."
    any_line = await member.press_label(reply, texts_posts.ANY_LINE)
    assert any_line.quotes[0].episode == "Lamps and lighthouses"


async def test_before_the_transcript_quote_says_so_and_afterwards_it_works(member: World) -> None:
    episode = await bare(member)
    alert = await posted(member, episode)
    before = await pressed(member, alert, "Quote")
    assert before.text == texts_posts.transcript_not_in(episode, thread=False)
    assert (before.form, before.actions) == (None, ())
    await member.save(episode_import("fog", LIGHTHOUSES, title="Fog signals", published=NOW))
    assert (await pressed(member, alert, "Quote")).form


async def test_tell_me_is_offered_only_with_a_thread_and_remembered_once(member: World) -> None:
    episode = await bare(member)
    alert = await posted(member, episode, thread="thread-1")
    offer = await pressed(member, alert, "Quote")
    told = await member.press_label(offer, texts_posts.TELL_ME)
    assert told.text == texts_posts.will_be_told(episode)
    again = await member.press_label(offer, texts_posts.TELL_ME)
    assert (again.text, again.outcome) == (texts_posts.TOLD_ALREADY, "same")
    assert await member.storage.wishes(alert.id) == [Person("console", "mia", "Mia")]


async def test_tell_me_without_a_thread_says_why_not(member: World) -> None:
    alert = await posted(member, await bare(member))
    reply = await member.press(Action("", "post", post_args(alert.id, "new", "tell")))
    assert reply.text == texts_posts.NO_THREAD
    assert await member.storage.wishes(alert.id) == []


async def test_tell_me_once_it_is_in_quotes_at_once(member: World) -> None:
    episode = await episode_of(member, "Lamps and lighthouses")
    alert = await posted(member, episode, thread="thread-1")
    reply = await member.press(Action("", "post", post_args(alert.id, "new", "tell")))
    assert reply.text == texts_posts.in_meanwhile(episode)
    assert reply.form
    assert await member.storage.wishes(alert.id) == []


async def test_a_key_that_nothing_knows_answers_kindly(member: World) -> None:
    for do in ("chapters", "quote", "tell", "listen", "hide", "keep", "episodes", "state"):
        reply = await member.press(Action("", "post", post_args("a" * 24, "new", do)))
        assert (reply.text, reply.outcome) == (texts_posts.POST_UNKNOWN, "not_found")


async def test_an_alert_of_another_community_is_not_told(member: World) -> None:
    alert = await posted(member, await episode_of(member, "Lamps and lighthouses"))
    elsewhere = member.as_(community=OTHER)
    reply = await elsewhere.press(Action("", "post", post_args(alert.id, "new", "chapters")))
    assert reply.text == texts_posts.POST_UNKNOWN


async def test_an_episode_withheld_since_is_not_shown(member: World) -> None:
    episode = await episode_of(member, "Lamps and lighthouses")
    alert = await posted(member, episode)
    await member.storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, episode=episode.id), "ed")
    for do in ("chapters", "quote", "listen"):
        reply = await member.press(Action("", "post", post_args(alert.id, "new", do)))
        assert reply.text == texts_posts.NOT_SHOWN_HERE
    assert (await pressed(member, alert, texts_posts.WHY)).text == texts_posts.WHY_NOT_SHOWN


async def test_a_private_shows_post_is_opened_only_where_it_may_be(member: World) -> None:
    alert = await posted(member, await episode_of(member, "The merger"))
    assert (
        await member.press(Action("", "post", post_args(alert.id, "new", "listen")))
    ).text == texts_posts.NOT_SHOWN_HERE
    inside = await member.as_(place=STAFF).press(Action("", "post", post_args(alert.id, "new", "quote")))
    assert inside.form


async def test_a_burst_leads_to_the_shows_episodes(member: World) -> None:
    alert = await posted(member, await episode_of(member, "Lamps and lighthouses"), kind="burst")
    reply = await pressed(member, alert, "Episodes")
    assert [one.value for one in reply.fields] == ["Storms at sea", "Lamps and lighthouses"]


async def test_after_a_restore_the_key_still_finds_its_episode(member: World) -> None:
    """The alert is lost; the post with its buttons is not."""
    url = "https://kettle.example/feed.xml"
    member.web.put(url, feed("https://kettle.example", [Item(1, "Steam"), Item(2, "Whistles", guid="g-2")]))
    added = (await member.services.shows.add(DEFAULT_COMMUNITY, Wish(url, place=HALL))).show
    button = Action("", "post", post_args(alert_id(HALL, added.id, "guid:g-2", "new"), "new", "listen"))
    assert (await member.press(button)).text == texts_posts.POST_UNKNOWN
    record = Subscription(subscription_id(added.id, HALL), added.id, str(HALL), write(Options(NOW)))
    await member.storage.put(DEFAULT_COMMUNITY, record, "ada")
    assert (await member.press(button)).url == "https://kettle.example/episodes/2"
    assert (await member.as_(place=STAFF).press(button)).text == texts_posts.POST_UNKNOWN


# --- withdrawn: hide or keep ------------------------------------------------------------------------------------


async def asked(world: World) -> tuple[EpisodeId, Alert]:
    """A withdrawn episode, and the alert that asks moderators about it."""
    await world.save(replace(lighthouses(), withdrawn=NOW))
    id = (await episode_of(world, "Lamps and lighthouses")).id
    [trouble] = await world.storage.set_troubles(f"withdrawn:{id}", ("Gone.",), (DEFAULT_COMMUNITY,), NOW)
    found = await world.storage.alerts(DEFAULT_COMMUNITY)
    return id, next(one for one in found if one.subject == trouble.id)


async def test_hiding_a_withdrawn_episode_stands_in_the_history_and_can_be_undone(editor: World) -> None:
    id, alert = await asked(editor)
    reply = await pressed(editor, alert, texts_posts.HIDE)
    assert await editor.storage.episode(editor.context.viewer, id) is None
    [entry, *_] = await editor.storage.history(DEFAULT_COMMUNITY)
    assert isinstance(entry.after, Withhold)
    assert entry.after.reason == texts_posts.WITHDRAWN_REASON
    assert await editor.storage.troubles(DEFAULT_COMMUNITY) == []
    await editor.press_label(reply, texts.UNDO)
    assert await editor.storage.episode(editor.context.viewer, id)


async def test_keeping_a_withdrawn_episode_stands_in_the_history_once(editor: World) -> None:
    _, alert = await asked(editor)
    reply = await pressed(editor, alert, texts_posts.KEEP)
    assert reply.text.endswith("stays, marked as withdrawn by its publisher.")
    assert await editor.storage.troubles(DEFAULT_COMMUNITY) == []
    history = await editor.ask("/pullquote history")
    assert "Lamps and lighthouses" in history.fields[0].value
    again = await editor.ask("/pullquote keep lighthouses")
    assert again.outcome == "same"


@pytest.mark.parametrize(("level", "open_still"), [("hidden", 0), ("erased", 0), ("not_featured", 1)])
async def test_withholding_it_by_hand_answers_the_question_too(editor: World, level: str, open_still: int) -> None:
    await asked(editor)
    done = await editor.ask(f"/pullquote withhold episode:lighthouses level:{level} yes:true")
    assert done.outcome == "done"
    assert len(await editor.storage.troubles(DEFAULT_COMMUNITY)) == open_still


async def test_withholding_a_line_of_it_leaves_the_question(editor: World) -> None:
    await asked(editor)
    done = await editor.ask("/pullquote withhold lit a fire on the rocks episode:lighthouses yes:true")
    assert done.outcome == "done"
    assert len(await editor.storage.troubles(DEFAULT_COMMUNITY)) == 1


async def test_only_editors_decide(member: World) -> None:
    id, alert = await asked(member)
    for do in ("hide", "keep", "state"):
        reply = await member.press(Action("", "post", post_args(alert.id, "trouble", do)))
        assert reply.outcome == "not_allowed"
    assert await member.storage.episode(member.context.viewer, id)
    assert len(await member.storage.troubles(DEFAULT_COMMUNITY)) == 1


async def test_an_episode_that_was_not_withdrawn_needs_no_keeping(editor: World) -> None:
    reply = await editor.ask("/pullquote keep storms")
    assert (reply.text, reply.outcome) == (texts_posts.NOT_A_WITHDRAWAL, "user_error")


async def test_a_private_shows_withdrawal_is_decided_only_where_it_may_be_seen(editor: World) -> None:
    await editor.as_(place=STAFF).save(
        replace(episode_import("merger", None, title="The merger"), withdrawn=NOW), "vault"
    )
    id = (await episode_of(editor, "The merger")).id
    await editor.storage.set_troubles(f"withdrawn:{id}", ("Gone.",), (DEFAULT_COMMUNITY,), NOW)
    [alert] = await editor.storage.alerts(DEFAULT_COMMUNITY)
    for do in ("hide", "keep"):
        reply = await editor.press(Action("", "post", post_args(alert.id, "trouble", do)))
        assert reply.text == texts_posts.DECIDE_THERE
    assert len(await editor.storage.troubles(DEFAULT_COMMUNITY)) == 1


async def test_what_was_hidden_otherwise_needs_no_decision(editor: World) -> None:
    id, alert = await asked(editor)
    await editor.storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, episode=id), "ed")
    reply = await editor.press(Action("", "post", post_args(alert.id, "trouble", "keep")))
    assert reply.text == texts_posts.HIDDEN_ALREADY
    assert await editor.storage.troubles(DEFAULT_COMMUNITY) == []


async def test_a_test_posts_buttons_say_that_it_was_one(member: World) -> None:
    reply = await member.press(Action("", "post", post_args("a" * 24, "test", "quote")))
    assert reply.text == TEST_BUTTON
