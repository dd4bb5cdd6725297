"""What a poll's answer means: when the next look is, what is remembered, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import ShowId
from bot.feed_memory import FeedState
from bot.feed_ports import Fetched, FetchStatus
from bot.rules.polling import FASTEST, INTERVAL, LONGEST, SLOWEST, Polled, after, looks_like

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://kites.example.org/feed"
NEW = "https://new.example.org/feed"
FRESH = FeedState(ShowId("kites"), URL)
SEEN = replace(FRESH, succeeded_at=NOW, baseline_at=NOW, body_hash="h1", etag='"1"')
RSS = b"<rss><channel/></rss>"


def ok(**more: object) -> Fetched:
    return replace(Fetched("ok", URL, code=200, body=RSS), **more)  # type: ignore[arg-type]


def failed(status: FetchStatus = "failed", **more: object) -> Fetched:
    return replace(Fetched(status, URL, "It broke."), **more)  # type: ignore[arg-type]


def wait(polled: Polled) -> timedelta:
    assert polled.state.next_at
    return polled.state.next_at - NOW


def test_the_first_good_poll_is_the_baseline_and_the_next_is_in_an_hour() -> None:
    polled = after(FRESH, ok(etag='W/"x"', modified="yesterday"), NOW, is_feed=True, body_hash="h")
    state = polled.state
    assert polled.ok
    assert polled.changed
    assert (state.baseline_at, state.succeeded_at, state.changed_at, state.checked_at) == (NOW, NOW, NOW, NOW)
    assert (state.etag, state.modified, state.body_hash) == ('W/"x"', "yesterday", "h")
    assert wait(polled) == INTERVAL


def test_the_baseline_never_moves() -> None:
    later = NOW + timedelta(days=9)
    assert after(SEEN, ok(), later, is_feed=True).state.baseline_at == NOW


def test_the_same_body_is_no_change() -> None:
    polled = after(SEEN, ok(), NOW, body_hash="h1")
    assert polled.ok
    assert not polled.changed
    assert polled.state.changed_at is None


def test_validators_that_are_no_longer_sent_are_no_longer_remembered() -> None:
    assert after(SEEN, ok(modified="now"), NOW, is_feed=True).state.etag is None


def test_unchanged_keeps_the_validators_and_takes_new_ones() -> None:
    assert after(SEEN, Fetched("unchanged", URL), NOW).state.etag == '"1"'
    polled = after(SEEN, Fetched("unchanged", URL, etag='"2"'), NOW)
    assert polled.state.etag == '"2"'
    assert polled.ok
    assert not polled.changed


def test_unchanged_without_validators_is_no_change() -> None:
    polled = after(replace(SEEN, etag=None), Fetched("unchanged", URL), NOW)
    assert polled.ok
    assert polled.state.failures == 0


def test_unchanged_before_anything_was_read_is_a_failure() -> None:
    polled = after(FRESH, Fetched("unchanged", URL), NOW)
    assert not polled.ok
    assert polled.state.baseline_at is None


@pytest.mark.parametrize(
    ("state", "wanted", "expected"),
    [
        (SEEN, timedelta(minutes=20), timedelta(minutes=20)),
        (SEEN, timedelta(seconds=1), FASTEST),
        (replace(SEEN, etag=None), timedelta(minutes=20), INTERVAL),
        (SEEN, timedelta(hours=3), timedelta(hours=3)),
        (SEEN, timedelta(days=9), SLOWEST),
    ],
)
def test_faster_than_hourly_only_with_validators_and_never_under_ten_minutes(
    state: FeedState, wanted: timedelta, expected: timedelta
) -> None:
    assert wait(after(state, Fetched("unchanged", URL), NOW, interval=wanted)) == expected


@pytest.mark.parametrize(
    ("fetched", "ttl_s", "expected"),
    [
        (ok(max_age_s=7200.0), None, timedelta(hours=2)),
        (ok(max_age_s=60.0), None, INTERVAL),
        (ok(max_age_s=1e12), None, SLOWEST),
        (ok(), 5400.0, timedelta(minutes=90)),
        (ok(), float("inf"), SLOWEST),
        (ok(), float("nan"), INTERVAL),
        (ok(), -5.0, INTERVAL),
        (ok(retry_after_s=1e15), None, LONGEST),
    ],
)
def test_no_sooner_than_the_server_or_the_feed_asks(fetched: Fetched, ttl_s: float | None, expected: timedelta) -> None:
    assert wait(after(SEEN, fetched, NOW, is_feed=True, ttl_s=ttl_s)) == expected


def test_failures_wait_twice_as_long_each_time_up_to_a_day() -> None:
    state, waits = SEEN, []
    for _ in range(7):
        polled = after(state, failed(), NOW)
        state = polled.state
        waits.append(wait(polled) / timedelta(hours=1))
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert (state.failures, state.error) == (7, "It broke.")


def test_a_success_forgets_the_failures() -> None:
    polled = after(replace(SEEN, failures=5, error="x"), ok(), NOW, is_feed=True)
    assert (polled.state.failures, polled.state.error) == (0, "")
    assert wait(polled) == INTERVAL


def test_retry_after_is_longer_than_the_back_off_or_it_does_not_matter() -> None:
    assert wait(after(SEEN, failed("busy", retry_after_s=7200.0), NOW)) == timedelta(hours=2)
    assert wait(after(SEEN, failed("busy", retry_after_s=120.0), NOW)) == INTERVAL


def test_gone_stops_and_is_told_once() -> None:
    polled = after(SEEN, failed("gone", reason="Gone for good (410)."), NOW)
    assert polled.state.stopped == "Gone for good (410)."
    assert polled.state.next_at is None
    assert polled.tell
    again = after(polled.state, ok(), NOW, is_feed=True)
    assert again.state == polled.state
    assert not again.tell


def test_denied_is_told_once() -> None:
    polled = after(SEEN, failed("denied"), NOW)
    assert polled.tell
    assert not after(polled.state, failed("denied"), NOW).tell


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"  <!DOCTYPE html><p>parked", "web page"),
        (b'{"error": "no"}', "JSON"),
        (b"ID3\x03\x00", "recording"),
        (b"hello", "something else"),
    ],
)
def test_what_is_no_feed_is_a_failure_that_says_what_came(body: bytes, word: str) -> None:
    polled = after(SEEN, ok(body=body, etag='"parked"'), NOW, is_feed=False)
    assert not polled.ok
    assert word in polled.reason
    assert polled.state.etag == SEEN.etag  # else the parked page would be "unchanged" from then on
    assert polled.state.body_hash == "h1"


def test_an_empty_body_is_a_failure_whoever_judged_it() -> None:
    for body in (b"", b" \n"):
        polled = after(SEEN, ok(body=body), NOW, is_feed=None)
        assert not polled.ok
        assert "empty" in polled.reason


def test_a_problem_of_the_reader_is_the_reason() -> None:
    assert after(SEEN, ok(), NOW, is_feed=False, problem="It is cut off.").reason == "It is cut off."


def polled_thrice(state: FeedState, *answers: tuple[Fetched, bool]) -> list[Polled]:
    row = []
    for fetched, is_feed in answers:
        row.append(after(state, fetched, NOW, is_feed=is_feed))
        state = row[-1].state
    return row


def test_the_address_changes_after_three_polls_in_a_row_led_to_the_same_feed() -> None:
    there = ok(moved_to=NEW)
    row = polled_thrice(SEEN, (there, True), (there, True), (there, True))
    assert [one.state.url for one in row] == [URL, URL, NEW]
    assert [one.tell for one in row] == [False, False, True]
    assert row[2].moved_from == URL
    assert row[2].state.moved_polls == 0
    assert "2 of 3" in row[1].reason
    assert NEW in row[2].reason


def test_unchanged_at_the_new_address_counts() -> None:
    there = Fetched("unchanged", NEW, moved_to=NEW)
    assert polled_thrice(SEEN, (there, True), (there, True), (there, True))[2].state.url == NEW


@pytest.mark.parametrize(
    "between",
    [(ok(), True), (ok(moved_to=URL + "2"), True), (failed(), False), (ok(moved_to=NEW, body=b"<html>"), False)],
)
def test_anything_else_in_between_begins_the_count_anew(between: tuple[Fetched, bool]) -> None:
    there = (ok(moved_to=NEW), True)
    assert polled_thrice(SEEN, there, there, between, there, there)[-1].state.url == URL


def test_a_parked_page_is_never_the_new_address() -> None:
    parked = (ok(moved_to=NEW, body=b"<html>"), False)
    row = polled_thrice(SEEN, parked, parked, parked, parked)
    assert {one.state.url for one in row} == {URL}
    assert "no feed" in row[0].reason


@pytest.mark.parametrize(
    ("target", "word"),
    [("https://e.org/feed?token=abc", "key"), ("https://u:p@e.org/feed", "key"), ("http://e.org/feed", "https")],
)
def test_an_address_with_a_secret_or_without_https_is_followed_and_not_stored(target: str, word: str) -> None:
    there = (ok(moved_to=target), True)
    row = polled_thrice(SEEN, there, there, there, there)
    assert {one.state.url for one in row} == {URL}
    assert [one.tell for one in row] == [False, False, True, False]
    assert word in row[2].reason
    assert "abc" not in row[2].reason
    assert "u:p" not in row[2].reason


def test_a_private_feed_may_move_to_another_private_address_without_a_word_of_its_key() -> None:
    private = replace(SEEN, url=URL + "?token=old")
    there = (ok(moved_to=NEW + "?token=fresh"), True)
    last = polled_thrice(private, there, there, there)[2]
    assert last.state.url == NEW + "?token=fresh"
    assert "fresh" not in last.reason


STATUSES: tuple[FetchStatus, ...] = (
    *("ok", "unchanged", "gone", "missing", "denied", "busy", "refused", "too_large", "timeout", "failed"),
)
seconds = st.none() | st.floats()
answers = st.builds(
    Fetched,
    status=st.sampled_from(STATUSES),
    url=st.just(URL),
    reason=st.sampled_from(["", "x"]),
    body=st.sampled_from([b"", RSS, b"{}"]),
    etag=st.sampled_from([None, '"e"']),
    retry_after_s=seconds,
    max_age_s=seconds,
    moved_to=st.sampled_from([None, NEW, URL, "http://plain.example.org/", "https://a:b@e.org/"]),
)
knobs = st.fixed_dictionaries(
    {
        "is_feed": st.sampled_from([None, True, False]),
        "interval": st.timedeltas(timedelta(0), timedelta(days=400)),
        "ttl_s": seconds,
        "jitter": st.floats(-1, 2),
    }
)


@given(st.lists(st.tuples(answers, knobs), min_size=1, max_size=8))
def test_whatever_comes_the_next_look_is_between_ten_minutes_and_a_month(
    row: list[tuple[Fetched, dict[str, object]]],
) -> None:
    state, now = FRESH, NOW
    for fetched, given_ in row:
        before = state
        polled = after(state, fetched, now, **given_)  # type: ignore[arg-type]
        state = polled.state
        if state.stopped:
            assert state.next_at is None
            assert not before.stopped or state == before
            assert not polled.ok
        else:
            assert state.next_at
            assert FASTEST <= state.next_at - now <= LONGEST
            assert (state.failures == 0) == polled.ok == (state.error == "")
            assert state.failures in (0, before.failures + 1)
        assert polled.reason
        assert 0 <= state.moved_polls <= 3
        now += timedelta(hours=1)


@given(st.binary(max_size=60))
def test_any_body_looks_like_something(body: bytes) -> None:
    assert looks_like(body) in ("html", "json", "media", "text")
