"""What a poll leaves to be told: news for those who subscribed, and troubles for the moderators; each once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import texts
from bot.alerts import Alert, Options
from bot.domain import DEFAULT_COMMUNITY, Place, Show, Subscription
from bot.rules.alert_keys import subscription_id
from bot.rules.subscription_options import write
from tests import feeds_made as made
from tests.services.feed_room import BASE, FEED, HERE, Room, room
from tests.services.test_poller import items

HALL = Place("discord", "guild", "hall")


class Woken:
    """Counts how often there was something to send."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def woken() -> Woken:
    return Woken()


@pytest.fixture
async def here(woken: Woken) -> AsyncIterator[Room]:
    async with room(on_news=woken) as made_room:
        yield made_room


async def subscribe(here: Room, show: Show, place: Place = HALL) -> None:
    options = write(Options(here.clock.now()))
    wanted = Subscription(subscription_id(show.id, place), show.id, str(place), options)
    await here.storage.put(DEFAULT_COMMUNITY, wanted, "mia")


async def alerts(here: Room, *kinds: str) -> list[Alert]:
    """Oldest first."""
    return [one for one in reversed(await here.storage.alerts(DEFAULT_COMMUNITY, limit=500)) if one.kind in kinds]


async def troubles(here: Room) -> list[tuple[str, str]]:
    """What the moderators are told, in order: kind and words."""
    return [(one.kind, one.text) for one in await alerts(here, "trouble", "over")]


async def titles(here: Room) -> list[tuple[str, str]]:
    """Episode and state of each alert about a new one."""
    by_id = {one.id: one.title for one in await here.episodes()}
    return [(by_id[one.episode] if one.episode else "?", one.state) for one in await alerts(here, "new")]


async def test_the_baseline_is_silent_and_what_comes_after_is_told_once(here: Room, woken: Woken) -> None:
    show = await here.add(made.feed(BASE, items(3)))
    await subscribe(here, show)
    await here.poll(made.feed(BASE, items(3), extra="<ttl>5</ttl>"))
    assert await titles(here) == []
    await here.poll(made.feed(BASE, items(4)))
    assert await titles(here) == [("Kettle number 4", "waiting")]
    assert woken.times == 1
    await here.poll(made.feed(BASE, items(4), extra="<ttl>5</ttl>"))
    assert len(await titles(here)) == 1
    assert woken.times == 1


async def test_an_empty_feed_is_a_baseline_and_its_first_episode_is_news(here: Room) -> None:
    show = await here.add(made.feed(BASE, []))
    await subscribe(here, show)
    await here.poll(made.feed(BASE, items(1)))
    assert await titles(here) == [("Kettle number 1", "waiting")]


async def test_several_new_ones_are_told_oldest_first(here: Room) -> None:
    show = await here.add(made.feed(BASE, items(3)))
    await subscribe(here, show)
    await here.poll(made.feed(BASE, items(6)))
    assert [title for title, _ in await titles(here)] == [f"Kettle number {n}" for n in (4, 5, 6)]


async def test_a_guid_that_an_earlier_episode_had_hides_no_new_one(here: Room) -> None:
    show = await here.add(made.feed(BASE, [made.Item(1, "One")]))
    await subscribe(here, show)
    await here.poll(made.feed(BASE, [made.Item(2, "Two", guid="live"), made.Item(1, "One")]))
    third = made.Item(3, "Something else", guid="live", published=made.START + timedelta(days=120))
    another = made.feed(BASE, [third, made.Item(1, "One")]).replace("duration>600<", "duration>2400<", 1)
    await here.poll(another)
    assert await titles(here) == [("Two", "waiting"), ("Something else", "waiting")]


async def test_an_episode_whose_files_came_first_is_news_when_its_feed_tells_of_it(here: Room) -> None:
    from bot.domain import EpisodeImport

    show = await here.add(made.feed(BASE, items(3)))
    await subscribe(here, show)
    young, old = here.clock.now(), made.START
    for title in ("The early bird", "The old crow"):
        await here.storage.save_episode(DEFAULT_COMMUNITY, show.id, EpisodeImport(title.lower(), title, published=None))
    birds = [made.Item(8, "The early bird", published=young), made.Item(9, "The old crow", published=old)]
    report = await here.poll(made.feed(BASE, [*items(3), *birds]))
    assert report.new == ()
    assert sorted(one.title for one in report.changed) == ["The early bird", "The old crow"]
    assert await titles(here) == [("The early bird", "waiting")]


async def test_a_video_channel_makes_no_news(here: Room) -> None:
    show = await here.add(made.feed(BASE, items(3)))
    await subscribe(here, show)
    from bot.feed_memory import FeedState

    videos = f"{BASE}/videos.xml"
    await here.storage.put_feed(FeedState(show.id, videos, "youtube"))
    here.web.put(videos, made.feed(BASE, []))
    for count in (0, 2):
        here.web.put(videos, made.feed(BASE, items(count, 10)))
        here.clock.pass_hours(1)
        await here.poller.poll(await here.storage.feeds())
    assert await titles(here) == []


# --- troubles --------------------------------------------------------------------------------------------------------


async def fail(here: Room, hours: Sequence[float], code: int = 500) -> None:
    here.web.fail(FEED, "denied" if code in (401, 403) else "failed", code, texts.fetch_code(code))
    for wait in hours:
        here.clock.pass_hours(wait)
        await here.poller.poll(await here.storage.feeds())


async def test_a_feed_that_fails_for_long_is_told_once_and_its_return_once(here: Room, woken: Woken) -> None:
    await here.add(made.feed(BASE, items(3)))
    await fail(here, [1, 2, 4, 8])
    assert await troubles(here) == []
    await fail(here, [16])
    await fail(here, [24, 24], 503)
    [(kind, words)] = await troubles(here)
    assert kind == "trouble"
    assert words.startswith("The feed of The Tin Kettle cannot be read since 2024-06-01 12:00 UTC.")
    assert woken.times
    await here.poll(made.feed(BASE, items(3)))
    await here.poll()
    assert await troubles(here) == [(kind, words), ("over", "The feed of The Tin Kettle can be read again.")]
    assert await here.storage.troubles(DEFAULT_COMMUNITY) == []


async def test_a_short_failure_is_nobodys_business(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    await fail(here, [1, 2, 4])
    await here.poll(made.feed(BASE, items(3)))
    assert await troubles(here) == []


async def test_a_feed_that_refuses_us_is_told_at_the_third_time(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    await fail(here, [1, 2], 403)
    assert await troubles(here) == []
    await fail(here, [4, 8], 403)
    await fail(here, [1])  # another error: the words stay
    assert [kind for kind, _ in await troubles(here)] == ["trouble"]


async def test_a_feed_that_is_gone_is_told_at_once_and_its_return_after_it_was_resumed(here: Room) -> None:
    show = await here.add(made.feed(BASE, items(3)))
    here.web.fail(FEED, "gone", 410, texts.fetch_code(410))
    await here.poll()
    [(_, words)] = await troubles(here)
    assert "not looked at any more" in words
    here.web.put(FEED, made.feed(BASE, items(3)))
    await here.shows.resume(show)
    await here.poll()
    assert [kind for kind, _ in await troubles(here)] == ["trouble", "over"]


async def test_notices_are_told_when_they_are_new(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    twins = [replace(one, guid="one-for-all") for one in items(4, 10)]
    for n in range(3):
        await here.poll(made.feed(BASE, [*items(3), *twins], extra=f"<ttl>{n}</ttl>"))
    told = await troubles(here)
    assert [kind for kind, _ in told] == ["trouble"]
    assert told[0][1].startswith("The Tin Kettle: ")


async def test_a_count_that_grows_is_no_news(here: Room) -> None:
    show = await here.add(made.feed(BASE, items(3)))
    await subscribe(here, show)
    twice = [made.Item(n, f"Kettle number {n}") for n in (1, 1, 2, 3)]
    await here.poll(made.feed(BASE, twice))
    told = await troubles(here)
    assert len(told) == 2
    await here.poll(made.feed(BASE, [*twice, made.Item(2, "Kettle number 2")]))
    assert await troubles(here) == told


async def test_a_private_show_is_not_named(here: Room) -> None:
    show = await here.add(made.feed(BASE, items(3)))
    await here.storage.put_show(DEFAULT_COMMUNITY, replace(show, private=True, places=(HERE,)))
    twins = [replace(one, guid="one-for-all") for one in items(4, 10)]
    await here.poll(made.feed(BASE, [*items(3), *twins]))
    await fail(here, [1, 2, 4, 8, 16])
    told = await troubles(here)
    assert len(told) == 2
    assert not [words for _, words in told if "Kettle" in words]


async def test_a_move_that_a_quiet_poll_completes_is_told_beside_what_is_open(here: Room) -> None:
    from tests.fake_web import Page

    twins = [replace(one, guid="one-for-all") for one in items(4, 10)]
    body = made.feed(BASE, [*items(3), *twins]).encode()
    here.web.pages[FEED] = Page(body, etag='"e"')
    await here.add()
    before = await troubles(here)
    new = "https://new.example/feed.xml"
    here.web.pages[new] = Page(body, etag='"e"')
    here.web.move(FEED, new)
    for _ in range(4):
        await here.poll()
    assert (await here.state()).url == new
    told = await troubles(here)
    assert told[: len(before)] == before
    assert [words for _, words in told[len(before) :] if "new.example" in words]
    assert len(told) == len(before) + 1


async def test_a_withdrawn_episode_asks_once_and_its_return_closes_it(here: Room) -> None:
    await here.add(made.feed(BASE, items(6)))
    rest = [one for one in items(6) if one.n != 3]
    for n in range(5):
        await here.poll(made.feed(BASE, rest, extra=f"<ttl>{n}</ttl>"))
    [(kind, words)] = await troubles(here)
    assert kind == "trouble"
    assert words.startswith("“Kettle number 3” of The Tin Kettle is no longer in its feed")
    [open_] = await here.storage.troubles(DEFAULT_COMMUNITY)
    gone = next(one for one in await here.episodes() if one.withdrawn)
    assert open_.source == f"withdrawn:{gone.id}"
    await here.poll(made.feed(BASE, items(6)))
    assert not [one for one in await here.storage.troubles(DEFAULT_COMMUNITY) if one.source.startswith("withdrawn:")]


# --- when it comes out, and its hub ----------------------------------------------------------------------------------


async def test_a_poll_learns_when_a_show_comes_out(here: Room) -> None:
    await here.add(made.feed(BASE, items(20)))
    assert (await here.state()).rhythm == "3@0800-0800 last=2024-05-22T08:00 gap=168"
    await here.poll(made.feed(BASE, items(21)))
    assert (await here.state()).rhythm.startswith("3@0800-0800 last=2024-05-29T08:00")


async def test_a_hub_and_its_topic_are_remembered_and_a_private_feeds_never(here: Room) -> None:
    hub = '<atom:link rel="hub" href="https://hub.example/"/>'
    await here.add(made.feed(BASE, items(1), extra=hub))
    state = await here.state()
    assert (state.hub, state.topic) == ("https://hub.example/", FEED)
    me = f'<atom:link rel="self" href="{BASE}/canonical.xml"/>'
    await here.poll(made.feed(BASE, items(1), extra=hub + me))
    assert (await here.state()).topic == f"{BASE}/canonical.xml"
    await here.poll(made.feed(BASE, items(1)))
    assert ((await here.state()).hub, (await here.state()).topic) == ("", "")


async def test_a_feed_behind_a_secret_tells_no_hub_its_address(here: Room) -> None:
    hub = '<atom:link rel="hub" href="https://hub.example/"/>'
    secret = f"{BASE}/feed.xml?token=Zm9vYmFyYmF6cXV4"
    await here.add(made.feed(BASE, items(1), extra=hub), secret)
    state = await here.state()
    assert state.url == secret
    assert (state.hub, state.topic) == ("", "")
