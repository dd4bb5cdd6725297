"""What a place is told of new episodes: one alert each with a reason, never a flood, never one lost in silence."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import Alert, Filters, Handling, News, NewsKind, Options
from bot.domain import DEFAULT_COMMUNITY, Place, ShowId
from bot.rules.alert_keys import alert_id
from bot.rules.news import decide

NOW = datetime(2026, 3, 1, 12, 40, tzinfo=UTC)
HARBOUR = Place("console", "local", "harbour")
SHOW = ShowId("kites")
USUAL = Options(NOW - timedelta(days=90))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS: tuple[NewsKind, ...] = ("full", "bonus", "trailer", "swap")
HANDLINGS: tuple[Handling, ...] = ("post", "quiet", "hold", "skip")


def one(n: int, ago: timedelta | None = timedelta(0), **more: object) -> News:
    published = None if ago is None else NOW - ago
    made = News(f"kites-{n}", f"guid:{n}", f"Kite number {n}", "full", NOW, "no known item is like it", published, n)
    return replace(made, **more)  # type: ignore[arg-type]


def told(
    news: Sequence[News],
    options: Options = USUAL,
    *,
    recent: int = 0,
    summed_up: bool = False,
    show_title: str = "Kites",
    now: datetime = NOW,
) -> list[Alert]:
    return decide(
        news, DEFAULT_COMMUNITY, HARBOUR, SHOW, "sub-1", options, now,
        recent=recent, summed_up=summed_up, show_title=show_title,
    )  # fmt: skip


def waiting(alerts: Sequence[Alert]) -> list[str]:
    """Subjects of the episodes that are to be posted, in order."""
    return [alert.subject for alert in alerts if alert.kind == "new" and alert.state == "waiting"]


def bursts(alerts: Sequence[Alert]) -> list[Alert]:
    return [alert for alert in alerts if alert.kind == "burst"]


# === One episode ==================================================================================================


def test_a_new_episode_is_to_be_posted_at_once_and_says_why() -> None:
    [alert] = told([one(7)])
    assert alert == Alert(
        id=alert_id(HARBOUR, SHOW, "guid:7", "new"),
        community=DEFAULT_COMMUNITY,
        place=HARBOUR,
        kind="new",
        subject="guid:7",
        state="waiting",
        reason="a full episode, first seen 2026-03-01 12:40 UTC (no known item is like it)",
        seen_at=NOW,
        due_at=NOW,
        order_at=NOW,
        expires_at=NOW + 7 * DAY,
        show=SHOW,
        subscription="sub-1",
    )


def test_no_news_is_no_alert() -> None:
    assert told([]) == []


def test_a_delay_moves_the_turn_and_does_not_use_up_the_age() -> None:
    [alert] = told([one(7)], replace(USUAL, delay_min=2880, age_days=1))
    assert (alert.due_at, alert.order_at) == (NOW + 2 * DAY, NOW + 2 * DAY)
    assert alert.expires_at == NOW + 3 * DAY
    assert alert.reason.endswith("; 2,880 minutes later, as this place wants it")


def test_age_counts_from_being_seen_and_not_from_now() -> None:
    [alert] = told([one(7, seen_at=NOW - DAY)])
    assert (alert.seen_at, alert.due_at, alert.expires_at) == (NOW - DAY, NOW, NOW + 6 * DAY)


@pytest.mark.parametrize(
    ("handling", "state", "quiet", "reason"),
    [
        ("post", "waiting", False, "a trailer, first seen 2026-03-01 12:40 UTC"),
        (
            "quiet",
            "waiting",
            True,
            "a trailer, first seen 2026-03-01 12:40 UTC; posted quietly, as this place wants it",
        ),
        ("hold", "held", False, "a trailer: in this place a moderator decides about trailers"),
        ("skip", "skipped", False, "a trailer, which this place skips"),
    ],
)
def test_each_kind_is_handled_as_the_place_says(handling: Handling, state: str, quiet: bool, reason: str) -> None:
    [alert] = told([one(7, kind="trailer", reason="")], replace(USUAL, trailer=handling, full="skip"))
    assert (alert.state, alert.quiet, alert.reason) == (state, quiet, reason)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_obeys_its_own_word_only(kind: NewsKind) -> None:
    others = Options(NOW, **dict.fromkeys(KINDS, "skip") | {kind: "post"})  # type: ignore[arg-type]
    assert [alert.state for alert in told([one(7, kind=kind)], others)] == ["waiting"]
    [skipped] = told([one(7, kind=kind)], replace(USUAL, **{kind: "skip"}))  # type: ignore[arg-type]
    assert skipped.state == "skipped"
    assert skipped.reason.endswith(", which this place skips")


def test_what_a_filter_refuses_is_skipped_with_its_reason() -> None:
    [alert] = told([one(7, title="Kites (Rerun)")], replace(USUAL, filters=Filters(without_words=("rerun",))))
    assert (alert.state, alert.reason) == ("skipped", "“rerun” is in the title")


def test_while_a_moderator_paused_it_episodes_are_skipped() -> None:
    paused = replace(USUAL, paused="summer break", paused_by="moderator")
    [alert] = told([one(7)], paused)
    assert (alert.state, alert.reason) == ("skipped", "it came while this place was paused: summer break")


def test_while_the_bot_paused_it_episodes_wait() -> None:
    [alert] = told([one(7, reason="")], replace(USUAL, paused="the channel is gone", paused_by="bot"))
    assert alert.state == "waiting"
    assert alert.reason.endswith("; waiting while this place is paused: the channel is gone")


def test_two_news_of_one_identity_are_one_alert() -> None:
    twice = [one(8, identity="guid:7"), one(7)]
    assert [alert.subject for alert in told(twice)] == ["guid:7"]


def test_an_old_date_alone_does_not_matter() -> None:
    assert waiting(told([one(9, 2600 * DAY, older=True)])) == ["guid:9"]
    assert waiting(told([one(9, 2600 * DAY), one(10, 2500 * DAY)])) == ["guid:9", "guid:10"]


# === Order ========================================================================================================


def test_posts_are_ordered_by_date_then_number_then_key() -> None:
    news = [
        one(3, HOUR),
        one(1, 2 * HOUR),
        one(5, None),
        one(2, HOUR),
        one(6, HOUR, number=2, key="kites-20"),
    ]
    many = replace(USUAL, burst_cap=20)
    assert waiting(told(news, many)) == ["guid:1", "guid:2", "guid:6", "guid:3", "guid:5"]


def test_a_date_far_ahead_does_not_push_an_episode_behind_the_rest() -> None:
    news = [one(1, -300 * DAY), one(2, -HOUR)]
    assert waiting(told(news)) == ["guid:1", "guid:2"]


# === Bursts =======================================================================================================


def test_a_place_that_wants_no_single_posts_gets_one_line() -> None:
    alerts = told([one(9), one(10)], replace(USUAL, burst_cap=0))
    assert [(alert.kind, alert.state) for alert in alerts] == [
        ("new", "skipped"),
        ("new", "skipped"),
        ("burst", "waiting"),
    ]
    assert alerts[0].reason == "this place wants no post of single episodes, only a line that there are some"
    assert alerts[-1].text.startswith("2 more new episodes")


def test_a_flood_posts_the_newest_few_and_one_line_for_the_others() -> None:
    flood = [one(n, timedelta(minutes=9997 - n)) for n in range(1, 9998)]
    alerts = told(random.Random(4).sample(flood, len(flood)))
    recent = [alert for alert in alerts if "older than 7 days" not in alert.reason]
    assert waiting(alerts) == ["guid:9995", "guid:9996", "guid:9997"]
    assert len(alerts) == 9998
    assert alerts[-1].text == "9,994 more new episodes of Kites came at once and are not posted one by one. " + (
        "/episodes lists them."
    )
    assert recent[0].reason == "one of 9,997 that came at once; the newest 3 are posted"


def test_a_flood_of_old_episodes_is_silent() -> None:
    alerts = told([one(n, 400 * DAY) for n in range(1, 9998)])
    assert Counter(alert.state for alert in alerts) == {"skipped": 9997}
    assert {alert.reason for alert in alerts} == {"one of 9,997 that came at once, and it is older than 7 days"}


def test_a_second_poll_of_the_same_flood_adds_nothing() -> None:
    first = told([one(n) for n in range(1, 11)])
    second = told([one(n) for n in range(11, 21)], recent=3, summed_up=True)
    assert waiting(first) == ["guid:8", "guid:9", "guid:10"]
    assert waiting(second) == []
    assert bursts(second) == []
    assert second[0].reason == (
        "one of 10 that came at once; 3 were announced in the hour before and 3 is the most, so none of them is posted"
    )


def test_one_episode_right_after_a_flood_is_named_by_the_reason_and_by_the_line() -> None:
    alerts = told([one(21)], recent=3)
    assert [alert.state for alert in alerts] == ["skipped", "waiting"]
    assert alerts[0].reason == (
        "it came soon after others; 3 were announced in the hour before and 3 is the most, so none of them is posted"
    )
    assert alerts[1].text == (
        "1 more new episode of Kites came at the same time and is not posted. /episodes lists it."
    )


def test_a_feed_that_opens_to_older_items_posts_none_of_them() -> None:
    opened = [one(n, 60 * DAY, older=True) for n in (1, 2)]
    alerts = told([*opened, one(40, HOUR)])
    assert waiting(alerts) == ["guid:40"]
    assert [alert.reason for alert in alerts[:2]] == [
        "one of several that are older than all that was known: the feed reaches further back now"
    ] * 2
    assert bursts(told([one(n, DAY, older=True) for n in range(1, 200)])) == []


def test_a_host_that_was_down_for_days_loses_nothing() -> None:
    assert waiting(told([one(1, 4 * DAY), one(2, DAY)])) == ["guid:1", "guid:2"]


def test_a_daily_show_after_our_own_five_days_off_posts_three_and_a_line() -> None:
    alerts = told([one(n, (6 - n) * DAY) for n in range(1, 6)])
    assert waiting(alerts) == ["guid:3", "guid:4", "guid:5"]
    [line] = bursts(alerts)
    assert line.text.startswith("2 more new episodes of Kites came at once")


def test_after_weeks_off_what_is_older_than_the_age_is_not_counted_by_the_line() -> None:
    alerts = told([one(n, (21 - n) * DAY) for n in range(1, 21)])
    assert waiting(alerts) == ["guid:18", "guid:19", "guid:20"]
    assert bursts(alerts)[0].text.startswith("4 more new episodes")
    assert Counter(alert.reason for alert in alerts)["one of 20 that came at once, and it is older than 7 days"] == 13


def test_a_season_that_comes_at_once_is_three_posts_and_a_line_naming_five() -> None:
    alerts = told([one(n, timedelta(0), season=2) for n in range(1, 9)])
    assert waiting(alerts) == ["guid:6", "guid:7", "guid:8"]
    assert bursts(alerts)[0].text.startswith("5 more new episodes of Kites")
    assert [alert.kind for alert in alerts] == ["new"] * 8 + ["burst"]


def test_a_burst_whose_most_are_filtered_away_is_none() -> None:
    season = [one(n, title="Rerun" if n > 3 else "New") for n in range(1, 40)]
    alerts = told(season, replace(USUAL, filters=Filters(without_words=("rerun",))))
    assert waiting(alerts) == ["guid:1", "guid:2", "guid:3"]
    assert bursts(alerts) == []
    assert Counter(alert.reason for alert in alerts)["“rerun” is in the title"] == 36


def test_what_is_old_leaves_room_for_the_rest() -> None:
    alerts = told([*(one(n, 30 * DAY) for n in range(1, 6)), one(6, DAY), one(7, HOUR)])
    assert waiting(alerts) == ["guid:6", "guid:7"]
    assert bursts(alerts) == []


def test_the_place_says_what_is_old_in_a_burst() -> None:
    month = [one(n, 30 * DAY) for n in range(1, 6)]
    assert waiting(told(month, replace(USUAL, age_days=31))) == ["guid:3", "guid:4", "guid:5"]
    assert waiting(told(month, replace(USUAL, age_days=29))) == []


def test_in_a_burst_one_that_is_older_than_all_known_is_old_whatever_its_date() -> None:
    alerts = told([one(n, HOUR, older=n == 9) for n in range(5, 10)])
    assert waiting(alerts) == ["guid:6", "guid:7", "guid:8"]


def test_the_line_is_quiet_comes_last_and_stands_for_the_first_of_the_burst() -> None:
    alerts = told([one(n) for n in range(1, 9)], replace(USUAL, delay_min=30))
    line = alerts[-1]
    assert (line.kind, line.subject, line.quiet, line.state) == ("burst", "guid:1", True, "waiting")
    assert line.id == alert_id(HARBOUR, SHOW, "guid:1", "burst")
    assert line.due_at == NOW + timedelta(minutes=30)
    assert line.reason == "5 came beyond the 3 that are posted in an hour; this line stands for them"


def test_a_line_without_the_shows_title_does_not_name_it() -> None:
    [line] = bursts(told([one(n) for n in range(1, 9)], show_title=""))
    assert line.text.startswith("5 more new episodes came at once")


def test_what_is_held_takes_room_only_where_posts_leave_some() -> None:
    season = [one(n, kind="full" if n <= 5 else "swap") for n in range(1, 9)]
    alerts = told(season, replace(USUAL, swap="hold"))
    assert waiting(alerts) == ["guid:3", "guid:4", "guid:5"]
    held = told([one(n, kind="swap") for n in range(1, 900)], replace(USUAL, swap="hold"))
    assert Counter(alert.state for alert in held if alert.kind == "new") == {"held": 3, "skipped": 896}


def test_nothing_is_summed_up_while_a_moderator_paused_it() -> None:
    alerts = told([one(n) for n in range(1, 99)], replace(USUAL, paused="break", paused_by="moderator"))
    assert {alert.state for alert in alerts} == {"skipped"}


def test_a_flood_for_a_place_with_filters_is_decided_within_a_poll() -> None:
    options = replace(USUAL, filters=Filters(without_words=("rerun", "best of"), people=("Anna", "Bo Ek")))
    flood = [one(n, title=f"Kite {n} with Bo Ek") for n in range(10_000)]
    assert len(told(flood, options)) == 10_001


# === Properties ===================================================================================================

ages = st.one_of(st.none(), st.timedeltas(-10 * DAY, 400 * DAY))
news_items = st.builds(
    one,
    st.integers(0, 60),
    ages,
    kind=st.sampled_from(KINDS),
    title=st.sampled_from(["Kites", "Kites again (Rerun)", "{title}", ""]),
    number=st.one_of(st.none(), st.integers(0, 9)),
    older=st.booleans(),
    identity=st.builds("guid:{}".format, st.integers(0, 60)),
    reason=st.sampled_from(["", "no known item is like it"]),
)
wishes = st.builds(
    Options,
    since=st.just(NOW),
    full=st.sampled_from(HANDLINGS),
    bonus=st.sampled_from(HANDLINGS),
    trailer=st.sampled_from(HANDLINGS),
    swap=st.sampled_from(HANDLINGS),
    filters=st.sampled_from([Filters(), Filters(without_words=("rerun",)), Filters(seasons=(1,))]),
    delay_min=st.integers(0, 10080),
    age_days=st.integers(1, 90),
    burst_cap=st.integers(0, 25),
    paused=st.sampled_from(["", "", "break"]),
    paused_by=st.sampled_from(["moderator", "bot"]),
)


@given(st.lists(news_items, max_size=40), wishes, st.integers(0, 30), st.booleans(), st.randoms())
def test_every_item_has_one_alert_with_a_reason_in_whatever_order_they_come(
    news: list[News], options: Options, recent: int, summed_up: bool, chance: random.Random
) -> None:
    alerts = told(news, options, recent=recent, summed_up=summed_up)
    new = [alert for alert in alerts if alert.kind == "new"]
    assert sorted(alert.subject for alert in new) == sorted({item.identity for item in news})
    assert all(alert.reason for alert in alerts)
    assert all(alert.id == alert_id(HARBOUR, SHOW, alert.subject, alert.kind) for alert in alerts)
    assert all(alert.due_at == alert.order_at < alert.expires_at for alert in alerts)
    assert len(alerts) - len(new) <= (not summed_up)
    told_of = [alert for alert in new if alert.state != "skipped"]
    assert len(told_of) <= max(0, options.burst_cap - recent)
    if len({item.identity: item for item in news}) == len({item for item in news}):
        shuffled = chance.sample(news, len(news))
        assert told(shuffled, options, recent=recent, summed_up=summed_up) == alerts


@given(st.lists(news_items, max_size=8, unique_by=lambda item: item.identity), st.integers(0, 5))
def test_what_fits_and_is_wanted_is_never_skipped(news: list[News], recent: int) -> None:
    news = [replace(item, older=False) for item in news]
    all_posted = replace(USUAL, trailer="post", swap="post", burst_cap=13)
    assert len(waiting(told(news, all_posted, recent=recent))) == len(news)


@given(st.lists(st.tuples(st.integers(1, 90), st.lists(news_items, max_size=12)), max_size=25), wishes)
def test_an_hour_never_holds_more_than_the_cap_and_a_day_never_more_than_one_line(
    polls: list[tuple[int, list[News]]], options: Options
) -> None:
    kept: dict[str, tuple[datetime, Alert]] = {}
    now = NOW
    for minutes, news in polls:
        now += timedelta(minutes=minutes)
        lately = [alert for at, alert in kept.values() if at > now - HOUR and alert.state != "skipped"]
        recent = sum(alert.kind == "new" for alert in lately)
        summed_up = any(alert.kind == "burst" for at, alert in kept.values() if at > now - DAY)
        # What was told before comes again now and then: a place's alerts are unique by id.
        news = [replace(item, seen_at=now) for item in news]
        for alert in told(news, options, recent=recent, summed_up=summed_up, now=now):
            kept.setdefault(alert.id, (now, alert))
        made = [(at, alert) for at, alert in kept.values() if alert.state != "skipped"]
        assert sum(alert.kind == "new" for at, alert in made if at > now - HOUR) <= options.burst_cap
        assert sum(alert.kind == "burst" for at, alert in made if at > now - DAY) <= 1
