"""``/pullquote show …``: words in, replies out, over a real database and a web that holds what the test puts there."""

from __future__ import annotations

import pytest

from bot import texts_shows as texts
from bot.domain import Place, Role
from tests import feeds_made as made
from tests.commands.world import HALL, OTHER, World

BASE = "https://kettle.example"
FEED = f"{BASE}/feed.xml"
SECRET = "https://ann:s3cret-word@kettle.example/private.xml"
SAID = (
    ("Ann Lee", "A kettle sings before the water is warm."),
    ("Bo Ray", "Seven sailors never trusted their kettle."),
)


def items(count: int) -> list[made.Item]:
    """The later half with transcripts, the first with chapters."""
    rows = []
    for n in range(1, count + 1):
        links = made.transcript(f"{BASE}/t/{n}.vtt", "text/vtt") if n > count // 2 else ""
        links += made.chapters_link(f"{BASE}/c/{n}.json") if n == 1 else ""
        rows.append(made.Item(n, f"Kettle number {n}", links))
    return rows


@pytest.fixture
def kettle(admin: World) -> World:
    """The admin's world with a feed of four episodes on the web."""
    admin.web.put(FEED, made.feed(BASE, items(4)), etag='"1"')
    for n in range(1, 5):
        admin.web.put(f"{BASE}/t/{n}.vtt", made.vtt(*SAID), etag=f'"t{n}"')
    admin.web.put(f"{BASE}/c/1.json", made.chapters_json((0, "Hello"), (5, "Spouts")))
    return admin


async def slugs(world: World) -> list[str]:
    return [show.slug for show in await world.storage.shows(world.context.viewer)]


# --- add ----------------------------------------------------------------------------------------------------


async def test_adding_says_what_it_found_and_announces_nothing(kettle: World) -> None:
    reply = await kettle.ask(f"/pullquote show add {FEED}")
    assert reply.outcome == "done"
    assert "4 episodes, 2 with transcripts, 1 with chapters, latest “Kettle number 4” (31 January 2024)" in reply.text
    assert "the-tin-kettle" in await slugs(kettle)
    assert reply.footer == texts.NEWS_FROM_NOW
    states = await kettle.storage.feeds()
    assert [report.new for report in await kettle.services.poller.poll(states)] == [()]


async def test_adding_again_changes_nothing_and_asks_the_host_nothing(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    asked = len(kettle.web.asked)
    for words in (FEED, "feed://kettle.example/feed.xml", "kettle.example/feed.xml/"):
        reply = await kettle.ask(f"/pullquote show add {words}")
        assert (reply.outcome, "is here already" in reply.text) == ("same", True)
    assert len(kettle.web.asked) == asked
    assert (await slugs(kettle)).count("the-tin-kettle") == 1


async def test_what_was_fetched_in_the_background_answers(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    landed = await kettle.services.resources.fetch()
    assert (landed.transcripts, landed.chapters) == (2, 1)
    from tests.commands.world import indexed

    await indexed(kettle.storage, kettle.index)
    reply = await kettle.ask("/quote seven sailors never trusted")
    assert reply.quotes[0].text == "Seven sailors never trusted their kettle."
    assert reply.quotes[0].moment == "0:05"
    assert [row.value for row in (await kettle.ask("/chapters 1 show:the-tin-kettle")).fields]


async def test_a_page_that_names_one_feed_is_followed(kettle: World) -> None:
    kettle.web.put(
        "https://kettle.example",
        '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>',
    )
    assert (await kettle.ask("/pullquote show add kettle.example")).outcome == "done"
    assert [state.url for state in await kettle.storage.feeds()] == [FEED]


async def test_a_page_that_names_several_feeds_lets_choose(kettle: World) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{name}.xml">'
        for name in ("feed", "other")
    )
    kettle.web.put("https://kettle.example", f"<html><head>{links}</head></html>")
    reply = await kettle.ask("/pullquote show add https://kettle.example")
    assert reply.choices
    assert [option.label for option in reply.choices.options] == [FEED, f"{BASE}/other.xml"]
    assert (await kettle.press(reply.choices.options[0].action)).outcome == "done"


async def test_apples_number_leads_to_the_feed(kettle: World) -> None:
    answer = f'{{"resultCount": 1, "results": [{{"feedUrl": "{FEED}"}}]}}'
    kettle.web.put("https://itunes.apple.com/lookup?id=123456&entity=podcast", answer)
    reply = await kettle.ask("/pullquote show add https://podcasts.apple.com/us/podcast/the-tin-kettle/id123456")
    assert reply.outcome == "done"
    assert [state.url for state in await kettle.storage.feeds()] == [FEED]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("javascript:alert(1)", "no address", id="script"),
        pytest.param("file:///etc/passwd", "no address", id="file"),
        pytest.param("two words", "no address", id="words"),
        pytest.param("https://kettle.example/nowhere", "was not found (404)", id="404"),
        pytest.param("https://kettle.example/401", "wants a name and password (401)", id="401"),
        pytest.param("https://kettle.example/410", "gone for good", id="410"),
        pytest.param("https://kettle.example/slow", "took too long", id="slow"),
        pytest.param("https://kettle.example/inner", "may not be fetched", id="private-address"),
        pytest.param("https://kettle.example/page", "names no feed", id="page-without-feed"),
        pytest.param("https://kettle.example/json", "is no podcast feed", id="json"),
        pytest.param("https://open.spotify.com/show/abc", "Spotify keeps its feeds to itself", id="spotify"),
    ],
)
async def test_each_failure_says_what_is_wrong(admin: World, words: str, said: str) -> None:
    web = admin.web
    web.fail(f"{BASE}/401", "denied", 401)
    web.fail(f"{BASE}/410", "gone", 410)
    web.fail(f"{BASE}/slow", "timeout")
    web.fail(f"{BASE}/inner", "refused", reason="10.0.0.1 is no public address")
    web.put(f"{BASE}/page", "<html><body>Nothing to hear here.</body></html>")
    web.put(f"{BASE}/json", '{"error": "no"}')
    reply = await admin.ask(f"/pullquote show add {words}")
    assert reply.outcome == "user_error"
    assert said in reply.text
    assert await admin.storage.feeds() == []


async def test_members_and_editors_may_not_add(member: World, editor: World) -> None:
    for world in (member, editor):
        assert (await world.ask(f"/pullquote show add {FEED}")).outcome == "not_allowed"


async def test_a_show_from_files_is_asked_about_and_joined(kettle: World) -> None:
    kettle.web.put(FEED, made.feed(BASE, [made.Item(1, "Lamps and lighthouses")], title="Harbour Tales"))
    asked = await kettle.ask(f"/pullquote show add {FEED}")
    assert asked.outcome == "confirm"
    joined = await kettle.press_label(asked, texts.JOIN)
    assert joined.outcome == "done"
    assert (await slugs(kettle)).count("harbour") == 1
    harbour = next(show for show in await kettle.storage.shows(kettle.context.viewer) if show.slug == "harbour")
    assert [one.key for one in await kettle.storage.stored_episodes(harbour.id, ["lighthouses"])] == ["lighthouses"]
    assert len(await kettle.storage.stored_episodes(harbour.id)) == 2  # the feed's item is the imported episode
    assert (await kettle.ask("/quote I lit a fire on the rocks")).quotes[0].speaker == "Bo"


async def test_a_show_of_the_same_name_may_stand_beside_it(kettle: World) -> None:
    kettle.web.put(FEED, made.feed(BASE, items(2), title="Harbour Tales"))
    asked = await kettle.ask(f"/pullquote show add {FEED}")
    await kettle.press_label(asked, texts.SEPARATE)
    assert {"harbour", "harbour-tales"} <= set(await slugs(kettle))


async def test_a_public_show_is_fetched_once_for_two_communities(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    other = kettle.as_("olga", Role.admin, community=OTHER)
    assert (await other.ask(f"/pullquote show add {FEED}")).outcome == "done"
    assert len(await kettle.storage.feeds()) == 1
    mine = {show.id for show in await kettle.storage.shows(kettle.context.viewer)}
    theirs = {show.id for show in await other.storage.shows(other.context.viewer)}
    assert len(mine & theirs) == 1


# --- private feeds ------------------------------------------------------------------------------------------


async def test_an_address_with_a_secret_makes_a_private_show_shown_only_here(kettle: World) -> None:
    kettle.web.put(SECRET, made.feed(BASE, items(2), title="The Quiet Kettle"))
    reply = await kettle.ask(f"/pullquote show add {SECRET}")
    assert reply.outcome == "done"
    assert texts.MADE_PRIVATE in reply.text
    assert "the-quiet-kettle" in await slugs(kettle)
    assert "the-quiet-kettle" not in await slugs(kettle.as_("ada", Role.admin, Place("console", "local", "elsewhere")))
    assert "the-quiet-kettle" not in await slugs(kettle.as_("ada", Role.admin, direct=True))
    listed = (await kettle.ask("/pullquote show list")).plain()
    assert texts.PRIVATE_MARK in listed
    for line in ("/pullquote show list", "/pullquote show set the-quiet-kettle", "/pullquote show export", "/shows"):
        assert "s3cret" not in (await kettle.ask(line)).plain(), line


async def test_a_private_feed_is_never_shared(kettle: World) -> None:
    kettle.web.put(SECRET, made.feed(BASE, items(2), title="The Quiet Kettle"))
    await kettle.ask(f"/pullquote show add {SECRET}")
    other = kettle.as_("olga", Role.admin, community=OTHER)
    await other.ask(f"/pullquote show add {SECRET}")
    mine = {show.id for show in await kettle.storage.shows(kettle.context.viewer)}
    assert mine.isdisjoint({show.id for show in await other.storage.shows(other.context.viewer)})
    assert len(await kettle.storage.feeds()) == 2


async def test_a_private_feed_is_not_added_in_a_direct_message(kettle: World) -> None:
    kettle.web.put(SECRET, made.feed(BASE, items(2)))
    reply = await kettle.as_("ada", Role.admin, direct=True).ask(f"/pullquote show add {SECRET}")
    assert reply.text == texts.PRIVATE_IN_DIRECT
    assert await kettle.storage.feeds() == []


async def test_a_failure_of_a_private_feed_does_not_tell_its_secret(admin: World) -> None:
    admin.web.fail(SECRET, "failed", reason=f"cannot reach {SECRET}")
    assert "s3cret" not in (await admin.ask(f"/pullquote show add {SECRET}")).plain()


# --- list, set, remove --------------------------------------------------------------------------------------


async def test_the_list_shows_each_feeds_health(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    row = next(one for one in (await kettle.ask("/pullquote show list")).fields if "the-tin-kettle" in one.label)
    assert row.value == "4 episodes, 0 with transcripts, 6 to fetch · last success just now · next look due in 3 h"
    kettle.web.fail(FEED, "failed", 500, "the server says 500")
    await kettle.services.poller.poll(await kettle.storage.feeds())
    kettle.clock.pass_hours(3)
    row = next(one for one in (await kettle.ask("/pullquote show list")).fields if "the-tin-kettle" in one.label)
    assert "last success 3 h ago" in row.value
    assert "last error: the server says 500" in row.value


async def test_a_feed_that_is_gone_stops_and_can_be_resumed(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    kettle.web.fail(FEED, "gone", 410)
    [report] = await kettle.services.poller.poll(await kettle.storage.feeds())
    assert report.status == "stopped"
    assert await kettle.services.poller.poll_due(kettle.clock.now()) == []
    assert "stopped: " in (await kettle.ask("/pullquote show list")).plain()
    await kettle.ask("/pullquote show set the-tin-kettle resume:yes")
    kettle.web.put(FEED, made.feed(BASE, items(5)))
    [report] = await kettle.services.poller.poll_due(kettle.clock.now())
    assert [one.title for one in report.new] == ["Kettle number 5"]


async def test_what_is_set_is_told_with_what_it_was(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    reply = await kettle.ask('/pullquote show set the-tin-kettle title:"Tin & Steam" language:de offset:12.5')
    assert "title: Tin & Steam (was The Tin Kettle)" in reply.text
    assert "language: de (was en)" in reply.text
    assert "offset: 12.5 s (was 0 s)" in reply.text
    [show] = [one for one in await kettle.storage.shows(kettle.context.viewer) if one.slug == "the-tin-kettle"]
    assert (show.title, show.language, show.offset_s) == ("Tin & Steam", "de", 12.5)
    # What a moderator chose is not taken back by the next poll.
    kettle.web.put(FEED, made.feed(BASE, items(5)))
    await kettle.services.poller.poll(await kettle.storage.feeds())
    [show] = [one for one in await kettle.storage.shows(kettle.context.viewer) if one.slug == "the-tin-kettle"]
    assert (show.title, show.language) == ("Tin & Steam", "de")
    assert (await kettle.ask("/pullquote show set the-tin-kettle language:de")).outcome == "same"


@pytest.mark.parametrize(
    "option",
    [
        "link:javascript:{seconds}", "link:https://x.example/", "link:https://x.example/{seconds", "offset:99999",
        "link:https://{key}.example/?t={seconds}", "link:https://x.example/{seconds}{password}", "language:klingon!",
        "link:https://x.example/{seconds.__class__}", "places:nowhere", "title:…",
    ],
)  # fmt: skip
async def test_what_cannot_be_set_is_refused(kettle: World, option: str) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    assert (await kettle.ask(f"/pullquote show set the-tin-kettle {option}")).outcome in ("usage", "user_error")


async def test_a_link_template_is_kept_and_taken_away(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    template = "https://kettle.example/listen/{key}?t={seconds}"
    await kettle.ask(f"/pullquote show set the-tin-kettle link:{template}")
    [show] = [one for one in await kettle.storage.shows(kettle.context.viewer) if one.slug == "the-tin-kettle"]
    assert show.link_template == template
    await kettle.ask("/pullquote show set the-tin-kettle link:none")
    [show] = [one for one in await kettle.storage.shows(kettle.context.viewer) if one.slug == "the-tin-kettle"]
    assert show.link_template is None


async def test_a_feed_that_moved_by_hand_keeps_its_episodes(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    kettle.web.put("https://new.example/rss", made.feed("https://new.example", items(4)))
    reply = await kettle.ask("/pullquote show set the-tin-kettle feed:https://new.example/rss")
    assert f"feed: https://new.example/rss (was {FEED})" in reply.text
    [state] = await kettle.storage.feeds()
    assert state.url == "https://new.example/rss"
    assert len(await kettle.storage.stored_episodes(state.show)) == 4
    refused = await kettle.ask("/pullquote show set the-tin-kettle feed:https://new.example/nothing")
    assert refused.outcome == "user_error"
    assert [one.url for one in await kettle.storage.feeds()] == ["https://new.example/rss"]


async def test_another_shows_feed_is_asked_about_and_mixes_nothing(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    other = "https://other.example/rss"
    rows = [made.Item(n, f"Bees {n}", guid=f"bees-{n}") for n in range(1, 4)]
    kettle.web.put(other, made.feed("https://other.example", rows, title="Bee Hour"))
    asked = await kettle.ask(f"/pullquote show set the-tin-kettle feed:{other}")
    assert (asked.outcome, "Bee Hour" in asked.text) == ("confirm", True)
    [state] = await kettle.storage.feeds()
    assert (state.url, len(await kettle.storage.stored_episodes(state.show))) == (FEED, 4)
    await kettle.press_label(asked, texts.LOOK_THERE)
    [state] = await kettle.storage.feeds()
    assert state.url == other


async def test_resuming_what_was_not_stopped_says_so(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    assert f"was {texts.NOT_STOPPED}" in (await kettle.ask("/pullquote show set the-tin-kettle resume:yes")).text


async def test_a_title_made_of_a_folders_name_gets_the_feeds_signs(kettle: World) -> None:
    kettle.web.put(FEED, made.feed(BASE, items(2), title="Harbour & Tales!"))
    await kettle.ask(f"/pullquote show add {FEED} show:harbour")
    assert "Harbour & Tales!" in {show.title for show in await kettle.storage.shows(kettle.context.viewer)}


async def test_a_youtube_feed_is_attached_and_taken_away(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    channel = "UCabcdefghijklmnopqrstuv"
    videos = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    kettle.web.put(videos, '<feed xmlns="http://www.w3.org/2005/Atom"><title>Kettle TV</title></feed>')
    await kettle.ask(f"/pullquote show set the-tin-kettle youtube:https://www.youtube.com/channel/{channel}")
    assert {state.role: state.url for state in await kettle.storage.feeds()}["youtube"] == videos
    await kettle.ask("/pullquote show set the-tin-kettle youtube:none")
    assert [state.role for state in await kettle.storage.feeds()] == ["main"]
    assert (await kettle.ask(f"/pullquote show set the-tin-kettle youtube:{FEED}")).text == texts.NOT_YOUTUBE


async def test_attaching_a_channel_tells_how_many_episodes_have_a_video(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    channel = "UCabcdefghijklmnopqrstuv"
    entries = "".join(
        f"<entry><id>yt:video:{id}</id><yt:videoId>{id}</yt:videoId><title>{title}</title>"
        f"<published>2024-01-31T10:00:00+00:00</published></entry>"
        for id, title in (("abcdefghij4", "Kettle number 4"), ("abcdefghijx", "A walk in the rain"))
    )
    kettle.web.put(
        f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}",
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015">'
        f"<title>Kettle TV</title>{entries}</feed>",
    )
    reply = await kettle.ask(
        f"/pullquote show set the-tin-kettle youtube:https://www.youtube.com/channel/{channel} offset:12"
    )
    assert texts.videos_tied(1, 4) in reply.text
    assert texts.OFFSET_COUNTS in reply.text
    assert len((await kettle.ask("/episodes the-tin-kettle")).fields) == 4
    videos = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    kettle.web.fail(videos, "missing", 404, "there is nothing")
    await kettle.services.poller.poll(await kettle.storage.feeds())
    rows = {row.label: row.value for row in (await kettle.ask("/pullquote show list")).fields}
    assert rows["The Tin Kettle (the-tin-kettle)"].endswith("its YouTube feed: there is nothing")


async def test_translations_are_named_and_never_quoted(kettle: World) -> None:
    links = "".join(
        made.transcript(f"{BASE}/t/{n}.vtt", "text/vtt", language)
        for n, language in ((1, "de-AT"), (2, "en"), (3, "fr"))
    )
    kettle.web.put(FEED, made.feed(BASE, [made.Item(1, "Two tongues", links)]))
    await kettle.ask(f"/pullquote show add {FEED}")
    await kettle.services.resources.fetch()
    shown = {row.label: row.value for row in (await kettle.ask("/episode two tongues")).fields}
    assert shown["Translations"] == "German, French (never quoted: quotes are in the words that were spoken)"
    shown = {row.label: row.value for row in (await kettle.ask("/episode storms")).fields}
    assert "Translations" not in shown


async def test_removing_asks_and_can_be_taken_back_without_loss(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    await kettle.services.resources.fetch()
    asked = await kettle.ask("/pullquote show remove the-tin-kettle")
    assert (asked.outcome, "the-tin-kettle" in await slugs(kettle)) == ("confirm", True)
    removed = await kettle.press_label(asked, texts.REMOVE)
    assert "the-tin-kettle" not in await slugs(kettle)
    kettle.clock.pass_hours(100)
    assert await kettle.services.poller.poll_due(kettle.clock.now()) == []
    await kettle.press_label(removed, texts.BRING_BACK)
    assert "the-tin-kettle" in await slugs(kettle)
    [state] = await kettle.storage.feeds()
    assert sum(1 for one in await kettle.storage.stored_episodes(state.show) if one.lines) == 2


async def test_a_removed_show_that_is_added_again_is_the_same_one(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    [before] = await kettle.storage.feeds()
    await kettle.ask("/pullquote show remove the-tin-kettle yes:yes")
    await kettle.ask(f"/pullquote show add {FEED}")
    [after] = await kettle.storage.feeds()
    assert after.show == before.show
    assert len(await kettle.storage.stored_episodes(after.show)) == 4


async def test_the_list_of_feeds_leaves_private_ones_out(kettle: World) -> None:
    await kettle.ask(f"/pullquote show add {FEED}")
    kettle.web.put(SECRET, made.feed(BASE, items(2), title="The Quiet Kettle"))
    await kettle.ask(f"/pullquote show add {SECRET}")
    reply = await kettle.ask("/pullquote show export")
    assert f'xmlUrl="{FEED}"' in reply.text
    assert "Quiet" not in reply.text
    assert reply.footer == "1 feed exported; 1 private one left out"


async def test_who_may_not_see_a_private_show_cannot_change_it(admin: World) -> None:
    assert admin.context.place == HALL
    assert (await admin.ask("/pullquote show set vault title:Mine")).outcome == "not_found"
    assert (await admin.ask("/pullquote show remove vault yes:yes")).outcome == "not_found"
