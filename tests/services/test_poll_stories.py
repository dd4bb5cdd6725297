"""Stories that feeds tell from poll to poll, and what a listener of a place expects to see of each: no more, no less.

Every step is all that the feed lists, newest first as a rule; an hour passes before each. What stands in the place in
the end is read from the platform's own log, through the real poller, storage and outbox.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.feed_room import BASE
from tests.services.story_room import ALL, DAY, PAST, WEEK, Story, feed, guids, moved, named, new, old
from tests.services.test_poller_posts import TIME_TO_POST_S, Town, tell
from tests.virtual_time import START

A, B, C, D = new(60), new(61, 1), new(62, 2), new(63, 3)
TRAILER = new(60, title="The Long Winter", kind="trailer", seconds=90)
FULL = new(61, 30, title="The Long Winter", kind="full", seconds=3000)
AGAIN = new(60, title=PAST[3].name)
SEASON = [new(70 + n, 0.01 * n, title=f"Season Two, Part {n}") for n in range(12)]
UNDATED = [replace(one, dated=False) for one in PAST]
SAME = [replace(one, date=START - 40 * DAY) for one in PAST]

STORIES = {
    "nothing changes": Story([PAST, PAST, PAST], []),
    "one new": Story([PAST, [A, *PAST]], named(A)),
    "half of the guids change and one is new": Story(
        [PAST, [A, *guids(PAST, "x", 2)], [A, *guids(PAST, "x", 2)]], named(A)
    ),
    "all guids change and one is new": Story([PAST, [A, *guids(PAST, "x")]], named(A)),
    "all guids change, and a poll later one is new": Story([PAST, guids(PAST, "x"), [A, *guids(PAST, "x")]], named(A)),
    "all guids change every poll": Story([guids(PAST, f"v{n}") for n in range(5)], []),
    "all guids change every poll, the new one's too": Story(
        [PAST, *([replace(A, guid=f"n{n}"), *guids(PAST, f"v{n}")] for n in range(4))], named(A)
    ),
    "guids, links and audio change and one is new": Story([PAST, [A, *guids(moved(PAST, "new"), "x")]], named(A)),
    "links and audio change under the same guids": Story(
        [PAST, moved(PAST, "new"), [A, *moved(PAST, "new")]], named(A)
    ),
    "two mirrors, one of them behind": Story(
        [PAST, [A, *PAST], PAST, [A, *PAST], PAST, [B, A, *PAST], [A, *PAST]], named(A, B)
    ),
    "two mirrors, one of them shorter": Story([ALL, ALL[:5], ALL, ALL[:5], [A, *ALL], [A, *ALL[:4]]], named(A)),
    "one appears, vanishes and returns": Story([PAST, [A, *PAST], PAST, PAST, [A, *PAST]], named(A)),
    "one appears, vanishes and returns under a new guid": Story(
        [PAST, [A, *PAST], PAST, PAST, [replace(A, guid="second-try"), *PAST]], named(A)
    ),
    "an old one vanishes and returns": Story([PAST, PAST[:3] + PAST[4:], PAST[:3] + PAST[4:], PAST], []),
    "a new one with an old one's title": Story([PAST, [AGAIN, *PAST]], named(AGAIN)),
    "all dates are equal": Story([SAME, [new(60, -24 * 40), *SAME]], named(A)),
    "no dates at all": Story([UNDATED, [replace(A, dated=False), *UNDATED]], named(A)),
    "dates vanish": Story([PAST, UNDATED, [replace(A, dated=False), *UNDATED]], named(A)),
    "dated an hour ahead": Story([PAST, [new(60, 3), *PAST], [new(60, 3), *PAST]], named(A)),
    "dated a day ahead": Story([PAST, [new(60, 25), *PAST], [new(60, 25), *PAST]], named(A)),
    "dated a month ahead": Story([PAST, [new(60, 720), *PAST], [new(60, 720), *PAST]], named(A)),
    "dated a month ahead, then the date is mended": Story(
        [PAST, [new(60, 720), *PAST], [new(60, 1), *PAST], [B, new(60, 1), *PAST]], named(A, B)
    ),
    "all dates shift by an hour": Story(
        [PAST, [replace(one, date=START - 3 * DAY - WEEK * (60 - one.n) + timedelta(hours=1)) for one in PAST]], []
    ),
    "a trailer, then the episode with its title": Story(
        [PAST, [TRAILER, *PAST], [FULL, TRAILER, *PAST]], named(TRAILER, FULL)
    ),
    "the episode replaces the trailer": Story(
        [PAST, [TRAILER, *PAST], [FULL, *PAST], [FULL, *PAST]], named(TRAILER, FULL)
    ),
    "four over four polls": Story(
        [PAST, [A, *PAST], [B, A, *PAST], [C, B, A, *PAST], [D, C, B, A, *PAST]], named(A, B, C, D)
    ),
    "the order turns round": Story([PAST, PAST[::-1], [*PAST[::-1], A], [A, *PAST]], named(A)),
    "the order is shuffled and one is new in the middle": Story([PAST, [*PAST[4:], A, *PAST[:4]]], named(A)),
    "every item is edited at every poll": Story(
        [[replace(one, notes=f"Edited {n} times.") for one in PAST] for n in range(4)]
        + [[A, *(replace(one, notes="Edited again.") for one in PAST)]],
        named(A),
    ),
    "the new one's title is corrected at every poll": Story(
        [PAST, *([replace(A, title=f"Kettle and the Violin, take {n}"), *PAST] for n in range(4))],
        ["Kettle and the Violin, take 3"],
    ),
    "the title and guid change at once": Story(
        [PAST, [A, *PAST], [replace(A, title=f"{A.name} (corrected)", guid="another"), *PAST]],
        [f"{A.name} (corrected)"],
    ),
    "a season at once": Story([PAST, [*SEASON[::-1], *PAST]], named(*SEASON[-3:]), 1),
    "a season at once, listed upside down": Story([PAST, [*PAST[::-1], *SEASON]], named(*SEASON[-3:]), 1),
    "empty, then its past": Story([[], old(50), old(50)], []),
    "empty after the baseline, then its past": Story([PAST, [], [], PAST, [A, *PAST]], named(A)),
    "its past opens": Story([PAST, old(40), [A, *old(40)]], named(A)),
    "its past opens and one is new": Story([PAST, [A, *old(40)]], named(A)),
    "a window that rolls": Story([PAST, [A, *PAST[:-1]], [B, A, *PAST[:-2]], [C, B, A, *PAST[:-3]]], named(A, B, C)),
    "listed twice at once": Story([PAST, [A, A, *PAST], [A, *PAST]], named(A)),
    "no guids, and one is new": Story(
        [[replace(one, guid="-") for one in PAST], [replace(one, guid="-") for one in (A, *PAST)]], named(A)
    ),
    "guids come": Story([[replace(one, guid="-") for one in PAST], [A, *PAST], [A, *PAST]], named(A)),
    "audio under a new query each time": Story(
        [
            [replace(one, audio=f"{BASE}/audio/{one.n}.mp3?t={n}") for one in (*([A] if n else []), *PAST)]
            for n in range(4)
        ],
        named(A),
    ),
    "one guid for all": Story(
        [[replace(one, guid="same") for one in PAST], [replace(one, guid="same") for one in (A, *PAST)]], named(A)
    ),
    "an old one is dated anew": Story([PAST, [replace(PAST[5], date=START), *PAST[:5], *PAST[6:]]], []),
    "an old one is published again as an encore under a new guid and audio": Story(
        [PAST, [new(80, title=f"Encore: {PAST[5].name}"), *PAST]], [f"Encore: {PAST[5].name}"]
    ),
    "the same title each time": Story(
        [
            [replace(one, title="Daily News") for one in PAST],
            [replace(A, title="Daily News"), *(replace(one, title="Daily News") for one in PAST)],
        ],
        ["Daily News"],
    ),
    "backdated by two weeks": Story([PAST, [new(60, -24 * 14), *PAST]], named(A)),
    "empty, then its past with one of today": Story([[], [A, *old(50)], [A, *old(50)]], named(A)),
    "other episodes altogether, all old": Story([PAST, old(8, 30), old(8, 30)], []),
    "other episodes altogether, all of today": Story([PAST, [*SEASON[::-1]], PAST], named(*SEASON[-3:]), 1),
    "a guid is used again for another episode": Story([PAST, [replace(A, guid=f"entry-{PAST[4].n}"), *PAST]], named(A)),
    "the only guid is used again for what is new": Story(
        [[PAST[0]], [replace(A, guid=f"entry-{PAST[0].n}")]], named(A)
    ),
    "the newest is written over by the next": Story(
        [PAST, [replace(A, guid=f"entry-{PAST[0].n}"), *PAST[1:]]], named(A)
    ),
    "the audio of an old one under a new title and guid": Story(
        [PAST, [replace(A, audio=f"{BASE}/audio/{PAST[5].n}.mp3"), *PAST]], named(A)
    ),
    "all audio under one address": Story(
        [
            [replace(one, audio=f"{BASE}/latest.mp3") for one in PAST],
            [replace(one, audio=f"{BASE}/latest.mp3") for one in (A, *PAST)],
        ],
        named(A),
    ),
    "all links are the show's page": Story(
        [[replace(one, link=BASE) for one in PAST], [replace(one, link=BASE) for one in (A, *PAST)]], named(A)
    ),
    "two parts on one day": Story(
        [PAST, [replace(B, title="The Pier, Part 2", date=A.date), replace(A, title="The Pier, Part 1"), *PAST]],
        ["The Pier, Part 1", "The Pier, Part 2"],
    ),
    "two of one title on one day": Story(
        [PAST, [replace(B, title="The Pier"), replace(A, title="The Pier"), *PAST]], ["The Pier", "The Pier"]
    ),
    "uploaded again after an error, the first taken out": Story(
        [
            PAST,
            [A, *PAST],
            [replace(A, guid="again", audio=f"{BASE}/audio/60-fixed.mp3", date=START + timedelta(hours=1)), *PAST],
        ],
        named(A),
    ),
    "uploaded again after an error, both listed": Story(
        [PAST, [A, *PAST], [replace(A, guid="again", audio=f"{BASE}/audio/60-fixed.mp3"), A, *PAST]], named(A)
    ),
    "a placeholder gets its name, notes and audio": Story(
        [PAST, [replace(A, title="TBA", audio=f"{BASE}/soon.mp3"), *PAST], [A, *PAST]], named(A)
    ),
    "guids go from http to https": Story(
        [
            [replace(one, guid=f"http://kettle.example/?p={one.n}") for one in PAST],
            [A, *(replace(one, guid=f"https://kettle.example/?p={one.n}") for one in PAST)],
        ],
        named(A),
    ),
    "two mirrors with guids of their own": Story(
        [
            PAST,
            guids(PAST, "x"),
            PAST,
            [replace(A, guid="x-60"), *guids(PAST, "x")],
            PAST,
            [A, *PAST],
            [replace(A, guid="x-60"), *guids(PAST, "x")],
        ],
        named(A),
    ),
    "numbers only for titles": Story(
        [
            [replace(one, title=f"Episode {one.n}") for one in PAST],
            [replace(A, title="Episode 60"), *(replace(one, title=f"Episode {one.n}") for one in PAST)],
        ],
        ["Episode 60"],
    ),
    "numbers only, and all guids change": Story(
        [
            [replace(one, title=f"Episode {one.n}") for one in PAST],
            [
                replace(A, title="Episode 60"),
                *(replace(one, title=f"Episode {one.n}", guid=f"x{one.n}") for one in PAST),
            ],
        ],
        ["Episode 60"],
    ),
    "a daily show of one title without guids": Story(
        [
            [replace(one, title="Daily News", guid="-") for one in PAST],
            [replace(one, title="Daily News", guid="-") for one in (A, *PAST)],
            [replace(one, title="Daily News", guid="-") for one in (B, A, *PAST)],
        ],
        ["Daily News"] * 2,
    ),
    "a daily show of one title whose guids all change": Story(
        [
            [replace(one, title="Daily News") for one in PAST],
            [replace(A, title="Daily News"), *guids([replace(one, title="Daily News") for one in PAST], "x")],
        ],
        ["Daily News"],
    ),
    "all titles get the show's name in front, and one is new": Story(
        [PAST, [replace(one, title=f"The Tin Kettle: {one.name}") for one in (A, *PAST)]], [f"The Tin Kettle: {A.name}"]
    ),
    "titles and guids change": Story(
        [PAST, [replace(one, title=f"Tin Kettle {one.name}", guid=f"x{one.n}") for one in (A, *PAST)]],
        [f"Tin Kettle {A.name}"],
    ),
    "members' and free episodes in turn": Story(
        [PAST, [B, A, *PAST], [A, *PAST], [C, B, A, *PAST], [C, A, *PAST]], named(A, B, C)
    ),
    "all come without guid and link, moved": Story(
        [PAST, [replace(one, guid="-", link="-") for one in (A, *moved(PAST, "new"))]], named(A)
    ),
    "one a poll for a day": Story(
        [[*(new(60 + m, m) for m in range(n, 0, -1)), *PAST] for n in range(25)],
        [new(60 + m).name for m in range(1, 25)],
    ),
    # One that is older than all may be a new one with a wrong date; several are the past of a feed.
    "two old ones never seen come up": Story([PAST[:4], PAST[:4] + PAST[5:7]], []),
    "the feed is cut to one, then whole": Story([ALL, ALL[:1], [A], [A, *ALL]], named(A)),
    "an episode of another show": Story(
        [PAST, [replace(A, title="Feed Drop: The Copper Pot"), *PAST], [B, *PAST]],
        ["Feed Drop: The Copper Pot", B.name],
    ),
    "all dates move to today, and all guids change": Story(
        [PAST, [replace(one, guid=f"x{one.n}", date=START + timedelta(hours=1)) for one in PAST]], []
    ),
    "all dates move to today, all guids and audio change": Story(
        [
            PAST,
            [
                replace(
                    one, guid=f"x{one.n}", audio=f"https://new.example/{one.n}.mp3", date=START + timedelta(hours=1)
                )
                for one in PAST
            ],
        ],
        [],
    ),
    "all are dated anew by a new host, and one is new": Story(
        [
            PAST,
            [
                replace(
                    one, guid=f"x{one.n}", audio=f"https://new.example/{one.n}.mp3", date=START + timedelta(hours=1)
                )
                for one in (A, *PAST)
            ],
        ],
        named(A),
    ),
    "backdated before all": Story([PAST, [new(60, -24 * 900), *PAST]], named(A)),
}


async def posted(here: Town) -> list[str]:
    """The episodes that the platform was given posts of, in order, by the titles that they have in the end."""
    titles = {one.id: one.title for one in await here.feeds.episodes()}
    found = [await here.feeds.storage.alert(one.key) for one in here.posts("new")]
    return [titles[one.episode] if one and one.episode else "?" for one in found]


@pytest.mark.parametrize("name", STORIES)
def test_a_story_posts_what_a_listener_expects(name: str) -> None:
    told = STORIES[name]

    async def story(here: Town) -> None:
        show = await here.feeds.add(feed(told.steps[0]))
        await here.subscribe(show)
        await here.poll()
        for n, entries in enumerate((*told.steps[1:], told.steps[-1])):
            await here.poll(feed(entries, str(n)))
        assert await posted(here) == list(told.posted)
        assert len(here.posts("burst")) == told.bursts

    tell(story)


# --- stories that take more than one feed or another pace


def test_four_within_an_hour_are_three_posts_and_one_line() -> None:
    async def story(here: Town) -> None:
        await here.subscribe(await here.feeds.add(feed(PAST)))
        for n, entries in enumerate(([A], [B, A], [C, B, A], [D, C, B, A], [D, C, B, A])):
            here.feeds.clock.pass_hours(-50 / 60)
            await here.poll(feed([*entries, *PAST], str(n)))
        assert await posted(here) == named(A, B, C)
        assert len(here.posts("burst")) == 1

    tell(story)


def test_two_shows_that_share_their_guids_are_both_told() -> None:
    other, base = "https://copper.example/feed.xml", "https://copper.example"

    async def story(here: Town) -> None:
        theirs = [replace(one, title=f"Copper {one.n}") for one in moved(PAST, "copper")]
        await here.subscribe(await here.feeds.add(feed(PAST)))
        await here.subscribe(await here.feeds.add(feed(theirs).replace("The Tin Kettle", "Copper Pot"), other))
        for count in range(3):
            mine = [A, *PAST] if count else PAST
            yours = [replace(A, title="Copper 60", link=f"{base}/60", audio=f"{base}/60.mp3"), *theirs]
            here.feeds.clock.pass_hours(1)
            here.feeds.web.put(f"{BASE}/feed.xml", feed(mine, str(count)))
            here.feeds.web.put(other, feed(yours, str(count)).replace("The Tin Kettle", "Copper Pot"))
            await here.feeds.poller.poll(await here.feeds.storage.feeds())
            await asyncio.sleep(TIME_TO_POST_S)
        assert sorted(await posted(here)) == sorted(["Copper 60", A.name])

    tell(story)


@pytest.mark.parametrize("mark", ["", "x"], ids=["its guids stay", "its guids change"])
def test_a_feed_that_moves_by_redirect_posts_only_what_is_new_there(mark: str) -> None:
    there = "https://new-host.example/feed.xml"

    async def story(here: Town) -> None:
        await here.subscribe(await here.feeds.add(feed(PAST)))
        for n, entries in enumerate((PAST, [A, *PAST], [A, *PAST], [B, A, *PAST])):
            listed = moved(entries, "new-host")
            here.feeds.web.put(there, feed(guids(listed, mark) if mark else listed, str(n)))
            here.feeds.web.move(f"{BASE}/feed.xml", there)
            [state] = await here.feeds.storage.feeds()
            here.feeds.clock.pass_hours(1)
            await here.feeds.poller.poll([state])
            await asyncio.sleep(TIME_TO_POST_S)
        assert (await here.feeds.state()).url == there
        assert await posted(here) == named(A, B)

    tell(story)


def test_an_outage_of_the_feed_ends_with_what_came_meanwhile() -> None:
    async def story(here: Town) -> None:
        await here.subscribe(await here.feeds.add(feed(PAST)))
        for code in (500, 503, 404, 410, 429, 403):
            here.feeds.web.fail(f"{BASE}/feed.xml", "missing" if code in (404, 410) else "failed", code)
            await here.poll()
        for n in range(2):
            await here.poll(feed([B, A, *PAST], str(n)))
        assert await posted(here) == named(A, B)

    tell(story)


@pytest.mark.parametrize(
    "junk",
    ["", "<html><body>Back soon</body></html>", "<rss", feed([A, *PAST])[:-400], '{"items": []}', "\0" * 500],
    ids=["empty", "a page", "the beginning of a feed", "a feed cut off", "JSON", "zeros"],
)
def test_junk_between_two_polls_posts_nothing_twice(junk: str) -> None:
    async def story(here: Town) -> None:
        await here.subscribe(await here.feeds.add(feed(PAST)))
        for body in (junk, feed(PAST), feed([A, *PAST]), junk, feed([A, *PAST], "again"), feed([B, A, *PAST])):
            await here.poll(body)
        assert sorted(await posted(here)) == sorted(named(A, B))

    tell(story)
