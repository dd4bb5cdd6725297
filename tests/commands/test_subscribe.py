"""``/pullquote subscribe`` and ``unsubscribe``: where a show's news go from now on, and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import texts
from bot import texts_alert_commands as words
from bot.alerts import Options
from bot.domain import CommunityId, Place, Role, Viewer
from bot.rules.alert_keys import subscription_id
from bot.texts_answers import EDIT_TEMPLATE
from tests.commands.alert_room import PIER, SLUG, AlertWorld
from tests.commands.world import HALL, STAFF, World


@pytest.fixture
def room(admin: World) -> AlertWorld:
    return AlertWorld(admin)


async def test_it_says_in_one_line_what_will_happen_and_when_the_feed_is_looked_at(room: AlertWorld) -> None:
    await room.looked(await room.show("harbour"))
    reply = await room.ask("subscribe harbour trailer:skip mention:<@&123>")
    assert reply.outcome == "done"
    assert reply.text.splitlines() == [
        "New episodes of Harbour Tales are posted here from now on: mentions 123; trailers skipped.",
        "Next look at the feed in 35 min.",
    ]
    assert [action.label for action in reply.actions] == [
        words.PREVIEW,
        words.TEST,
        EDIT_TEMPLATE,
        texts.UNDO,
    ]
    [one] = await room.subscriptions()
    home = await room.show("harbour")
    assert (one.id, one.show, one.place) == (subscription_id(home.id, HALL), home.id, str(HALL))


async def test_a_show_without_a_feed_says_that_nothing_will_come(room: AlertWorld) -> None:
    assert "has no feed" in (await room.ask("subscribe harbour")).text


async def test_undo_takes_the_subscription_back(room: AlertWorld) -> None:
    reply = await room.ask("subscribe harbour")
    assert (await room.press(reply, texts.UNDO)).outcome == "done"
    assert await room.subscriptions() == []


async def test_the_change_is_in_the_history_with_show_place_and_who(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    await room.ask("alerts edit harbour trailer:skip")
    rows = [row.value for row in (await room.ask("history")).fields]
    assert "console:ada changed subscription: Harbour Tales here: trailer quiet → skip" in rows[0]
    assert "console:ada added subscription: Harbour Tales here" in rows[1]
    assert "console/local/hall" in (await room.as_("ada", Role.admin, PIER).ask("history")).fields[0].value


async def test_editors_may_neither_subscribe_nor_undo_it(room: AlertWorld) -> None:
    editor = room.as_("ed", Role.editor)
    assert (await editor.ask("subscribe harbour")).outcome == "not_allowed"
    done = await room.ask("subscribe harbour")
    assert (await room.as_("ed", Role.editor).press(done, texts.UNDO)).outcome == "not_allowed"
    assert len(await room.subscriptions()) == 1


@pytest.mark.parametrize(
    ("words_given", "place"),
    [
        ("place:here", HALL),
        ("place:<#pier>", PIER),
        ('place:"<#pier|the pier>"', PIER),
        ("place:console/local/pier", PIER),
        ("place:CONSOLE/local/pier", PIER),
    ],
)
async def test_a_place_is_here_a_channel_or_spelled_out(room: AlertWorld, words_given: str, place: Place) -> None:
    assert (await room.ask(f"subscribe harbour {words_given}")).outcome == "done"
    assert [one.place for one in await room.subscriptions()] == [str(place)]


@pytest.mark.parametrize("place", ["pier", "#pier", "a/b", "console/local/", "everywhere", "<@123>"])
async def test_anything_else_is_no_place(room: AlertWorld, place: str) -> None:
    reply = await room.ask(f"subscribe harbour place:{place}")
    assert (reply.outcome, reply.text) == ("usage", words.BAD_PLACE)
    assert await room.subscriptions() == []


async def test_another_communitys_workspace_is_refused(room: AlertWorld) -> None:
    reply = await room.ask("subscribe harbour place:console/elsewhere/hall")
    assert (reply.outcome, "does not belong to this community" in reply.text) == ("usage", True)
    operator = room.as_("op", Role.operator)
    assert (await operator.ask("subscribe harbour place:console/elsewhere/hall")).outcome == "usage"


async def test_a_workspace_of_nobody_is_the_operators_to_name(room: AlertWorld) -> None:
    line = "subscribe harbour place:console/third/hall"
    assert (await room.ask(line)).outcome == "usage"
    assert (await room.as_("op", Role.operator).ask(line)).outcome == "done"
    await room.world.storage.link_workspace(room.world.context.community, "console", "fourth")
    assert (await room.ask("subscribe harbour place:console/fourth/hall")).outcome == "done"


async def test_a_platform_that_is_not_connected_is_refused_unless_the_place_is_known(room: AlertWorld) -> None:
    await room.world.storage.link_workspace(room.world.context.community, "slack", "T1")
    reply = await room.ask("subscribe harbour place:slack/T1/C1")
    assert (reply.outcome, "slack is not connected" in reply.text) == ("usage", True)
    # A place with a lane was posted in before: its messenger is only not at hand in this process.
    here = await _known_place(room, Place("slack", "T1", "C1"))
    assert (await room.ask(f"subscribe harbour place:{here}")).outcome == "done"


async def _known_place(room: AlertWorld, place: Place) -> Place:
    from bot.services.episode_alerts import alert_for
    from bot.services.subscriptions import unsaved

    home = await room.show("harbour")
    one = unsaved(home, place, Options(room.world.clock.now()))
    episode = await room.episode("Storms at sea")
    alert = await alert_for(room.world.context, one, episode, "a test")
    assert await room.world.storage.add_alerts([alert], room.world.clock.now()) == [alert.id]
    return place


# --- permissions and kinds of places ------------------------------------------------------------------------------


async def test_each_missing_permission_is_named_and_nothing_is_stored(room: AlertWorld) -> None:
    there = room.console.room(HALL)
    there.can_post = there.can_read = False
    reply = await room.ask("subscribe harbour latest:yes age:3")
    assert reply.outcome == "user_error"
    assert reply.text.splitlines()[1:] == ["- post here", "- read back"]
    assert await room.subscriptions() == []
    there.can_post = there.can_read = True
    again = await room.press(reply, words.TRY_AGAIN)
    assert again.outcome == "done"
    assert (await room.options()).age_days == 3
    assert len(await room.alerts("waiting")) == 1  # latest:yes was not forgotten


async def test_a_forum_gets_forum_posts_by_itself(room: AlertWorld) -> None:
    room.console.room(HALL).kind = "forum"
    assert (await room.ask("subscribe harbour tag:news")).outcome == "done"
    options = await room.options()
    assert (options.thread, options.tag) == ("forum", "news")


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("text", "thread:forum", words.NO_FORUM),
        ("thread", "thread:thread", words.NO_THREADS),
    ],
)
async def test_what_a_kind_of_place_cannot_do_is_refused(room: AlertWorld, kind: str, asked: str, said: str) -> None:
    room.console.room(HALL).kind = kind  # type: ignore[assignment]
    reply = await room.ask(f"subscribe harbour {asked}")
    assert (reply.outcome, reply.text) == ("usage", said)
    assert await room.subscriptions() == []


async def test_publishing_needs_an_announcement_channel(room: AlertWorld) -> None:
    assert (await room.ask("subscribe harbour publish:yes")).outcome == "user_error"
    room.console.room(HALL).kind = "announcement"
    assert (await room.ask("subscribe harbour publish:yes")).outcome == "done"
    assert (await room.options()).publish


# --- options ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<@&123>", "123"),
        ("<!subteam^S1>", "S1"),
        ('"<!subteam^S1|the crew>"', "S1"),
        ("123456", "123456"),
        ("S0ABC", "S0ABC"),
    ],
)
async def test_a_mention_is_an_exact_id(room: AlertWorld, given: str, kept: str) -> None:
    await room.ask(f"subscribe harbour mention:{given}")
    assert (await room.options()).mention == kept


@pytest.mark.parametrize("given", ["@everyone", "everyone", "here", "@here", "<!here>", "<!channel>", "<@123>", "crew"])
async def test_nothing_else_is_ever_mentioned(room: AlertWorld, given: str) -> None:
    reply = await room.ask(f"subscribe harbour mention:{given}")
    assert (reply.outcome, reply.text) == ("usage", words.BAD_MENTION)
    assert await room.subscriptions() == []


async def test_discords_everyone_is_no_role(room: AlertWorld) -> None:
    from bot.errors import UsageError
    from bot.rules.subscription_words import mention_in

    guild = Place("discord", "4242", "1")
    assert mention_in("<@&4243>", guild) == "4243"
    with pytest.raises(UsageError):
        mention_in("<@&4242>", guild)
    with pytest.raises(UsageError):
        mention_in("<!subteam^S1>", guild)


async def test_every_option_is_kept(room: AlertWorld) -> None:
    reply = await room.ask(
        'subscribe harbour thread:thread thread_title:"{title}" template:"{show}: {title}" delay:30 full:quiet '
        'bonus:hold trailer:skip swap:post words:"storm, sea" without:"live" seasons:"2, 4-5" clean:yes shortest:10 '
        'longest:90 people:"Ann Keeper" age:3 cap:5'
    )
    assert reply.outcome == "done"
    options = await room.options()
    assert (options.thread, options.thread_title, options.template) == ("thread", "{title}", "{show}: {title}")
    assert (options.full, options.bonus, options.trailer, options.swap) == ("quiet", "hold", "skip", "post")
    assert (options.delay_min, options.age_days, options.burst_cap) == (30, 3, 5)
    filters = options.filters
    assert (filters.with_words, filters.without_words) == (("storm", "sea"), ("live",))
    assert (filters.seasons, filters.clean_only, filters.people) == ((2, 4, 5), True, ("Ann Keeper",))
    assert (filters.shortest_min, filters.longest_min) == (10, 90)


@pytest.mark.parametrize(
    "given",
    [
        "template:{episode.__class__}",
        "thread_title:{nothing}",
        "seasons:two",
        "seasons:1-99",
        "words:,",
        "shortest:90 longest:10",
        "delay:10080 age:1",
        "age:0",
        "cap:-1",
        "full:maybe",
    ],
)
async def test_options_that_cannot_be_are_refused(room: AlertWorld, given: str) -> None:
    reply = await room.ask(f"subscribe harbour {given}")
    assert reply.outcome == "usage", reply.text
    assert await room.subscriptions() == []


# --- once more ----------------------------------------------------------------------------------------------------


async def test_again_for_the_same_place_says_so_and_offers_the_change(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    again = await room.ask("subscribe harbour")
    assert (again.outcome, again.text) == ("same", "Harbour Tales is posted here already.")
    other = await room.ask("subscribe harbour trailer:skip")
    assert other.outcome == "confirm"
    assert (await room.options()).trailer == "quiet"
    assert (await room.press(other, words.CHANGE_IT)).outcome == "done"
    assert (await room.options()).trailer == "skip"
    assert len(await room.subscriptions()) == 1


# --- private shows ------------------------------------------------------------------------------------------------


async def test_a_private_show_asks_before_it_is_shown_in_another_place(room: AlertWorld) -> None:
    staff = room.as_("ada", Role.admin, STAFF)
    asked = await staff.ask(f"subscribe vault place:{HALL} trailer:skip")
    assert asked.outcome == "confirm"
    assert await room.subscriptions() == []
    assert (await room.show("vault")).places == (STAFF,)
    done = await staff.press(asked, words.ADD_PLACE)
    assert done.outcome == "done", done.text
    assert (await room.show("vault")).places == (STAFF, HALL)
    assert (await room.options()).trailer == "skip"


async def test_in_its_own_place_a_private_show_needs_no_question(room: AlertWorld) -> None:
    assert (await room.as_("ada", Role.admin, STAFF).ask("subscribe vault")).outcome == "done"


async def test_a_private_show_is_neither_found_nor_named_elsewhere(room: AlertWorld) -> None:
    await room.as_("ada", Role.admin, STAFF).ask("subscribe vault")
    assert (await room.ask("subscribe vault")).outcome == "not_found"
    for line in ("alerts list", "history", "unsubscribe", f"unsubscribe place:{STAFF}", "alerts pause vault"):
        assert "Vault" not in (await room.ask(line)).plain(), line
    assert len(await room.subscriptions()) == 1


async def test_a_private_show_is_never_posted_in_direct_messages(room: AlertWorld) -> None:
    context = replace(room.world.as_("op", Role.operator).context, direct=True)
    alone = replace(room, world=replace(room.world, context=context))
    reply = await alone.ask("subscribe vault yes:true")
    assert (reply.outcome, "direct messages" in reply.text) == ("user_error", True)
    assert await room.subscriptions() == []


# --- the latest one -----------------------------------------------------------------------------------------------


async def test_latest_posts_the_latest_episode_once(room: AlertWorld) -> None:
    reply = await room.ask("subscribe harbour latest:yes")
    assert "“Storms at sea” is posted now" in reply.text
    [alert] = await room.alerts()
    storms = await room.episode("Storms at sea")
    assert (alert.episode, alert.place, alert.kind, alert.state) == (storms.id, HALL, "new", "waiting")
    await room.ask("unsubscribe harbour")
    again = await room.ask("subscribe harbour latest:yes")
    assert "was told there already" in again.text
    assert len(await room.alerts()) == 1


async def test_latest_has_the_key_that_a_poll_would_derive(room: AlertWorld) -> None:
    from bot.rules.alert_keys import alert_id

    home = await room.add_show()
    await room.ask(f"subscribe {SLUG} latest:yes")
    [alert] = await room.alerts()
    assert alert.subject == "guid:item-2"
    assert alert.id == alert_id(HALL, home.id, "guid:item-2", "new")


async def test_after_subscribing_a_poll_makes_an_alert_and_the_baseline_none(room: AlertWorld) -> None:
    await room.add_show(2)
    await room.ask(f"subscribe {SLUG}")
    assert await room.alerts() == []
    await room.feed(3)
    [alert] = await room.alerts()
    assert (alert.place, alert.state, alert.subject) == (HALL, "waiting", "guid:item-3")


# --- unsubscribe --------------------------------------------------------------------------------------------------


async def test_unsubscribing_says_how_many_are_not_sent_and_undo_brings_it_back(room: AlertWorld) -> None:
    await room.ask("subscribe harbour latest:yes trailer:skip")
    before = await room.subscriptions()
    reply = await room.ask("unsubscribe harbour")
    assert reply.text == "Harbour Tales is not posted here any more. 1 alert that waited there is not sent."
    assert await room.subscriptions() == []
    await room.press(reply, texts.UNDO)
    assert await room.subscriptions() == before


async def test_of_several_places_the_one_here_is_meant_else_it_asks(room: AlertWorld) -> None:
    for place in (HALL, PIER):
        await room.ask(f"subscribe harbour place:{place}")
    elsewhere = room.as_("ada", Role.admin, STAFF)
    asked = await elsewhere.ask("unsubscribe harbour")
    assert asked.outcome == "ambiguous"
    assert asked.choices
    assert [one.label for one in asked.choices.options] == [str(HALL), str(PIER)]
    assert (await elsewhere.world.press(asked.choices.options[1].action)).outcome == "done"
    assert [one.place for one in await room.subscriptions()] == [str(HALL)]


async def test_without_a_name_the_only_show_here_is_meant(room: AlertWorld) -> None:
    assert (await room.ask("unsubscribe")).outcome == "not_found"
    await room.ask("subscribe harbour")
    await room.ask("subscribe kitchen")
    assert (await room.ask("unsubscribe")).outcome == "ambiguous"
    await room.ask("unsubscribe kitchen")
    assert (await room.ask("unsubscribe")).outcome == "done"
    assert await room.subscriptions() == []


async def test_another_communitys_subscriptions_are_not_met(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    other = replace(room, world=room.world.as_("zoe", Role.admin, community=CommunityId("other")))
    assert (await other.ask("unsubscribe harbour")).outcome == "not_found"
    assert "Harbour" not in (await other.ask("alerts list")).plain()


async def test_places_and_mentions_are_completed(room: AlertWorld) -> None:
    from bot.services.subscriptions import mention_ids, place_names

    await room.ask(f"subscribe harbour place:{PIER} mention:<@&77>")
    assert await place_names(room.world.context, "") == ["here", str(PIER)]
    assert await place_names(room.world.context, "PIER") == [str(PIER)]
    assert await mention_ids(room.world.context, "") == ["none", "77"]


async def test_who_may_see_the_show_sees_it_subscribed(room: AlertWorld) -> None:
    await room.ask("subscribe harbour")
    everything = Viewer(room.world.context.community, Role.operator)
    assert {one.slug for one in await room.world.storage.shows(everything)} >= {"harbour"}
    assert "Harbour Tales here" in (await room.as_("ed", Role.editor).ask("alerts list")).plain()
