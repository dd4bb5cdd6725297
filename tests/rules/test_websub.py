"""WebSub's decisions: which hub is asked, when again, what of it is believed."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import Hub
from bot.domain import Show, ShowId
from bot.feed_memory import FeedState
from bot.rules import websub
from bot.rules.addresses import AllowList, read_allow_list

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HUB, TOPIC = "https://hub.example/", "https://kettle.example/feed.xml"
SHOW = Show(ShowId("aaaaaaaaaaaa"), "kettle", "The Kettle")
STATE = FeedState(SHOW.id, TOPIC, hub=HUB, topic=TOPIC)
CLOSED = AllowList()
WANTED = Hub("id", SHOW.id, "main", HUB, TOPIC, "s3cret", next_at=NOW)


def asked(times: int = 1, hub: Hub = WANTED) -> Hub:
    for _ in range(times):
        hub = websub.asking(hub, NOW)
    return hub


# --- which hub -------------------------------------------------------------------------------------------------------


def test_a_public_feed_with_a_hub_wishes_for_it_by_its_own_topic() -> None:
    assert websub.wish(STATE, SHOW, CLOSED) == websub.Wish(HUB, TOPIC)
    assert websub.wish(replace(STATE, topic=""), SHOW, CLOSED) == websub.Wish(HUB, TOPIC)
    moved = replace(STATE, topic="https://kettle.example/self")
    assert websub.wish(moved, SHOW, CLOSED) == websub.Wish(HUB, "https://kettle.example/self")


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(replace(STATE, hub=""), id="no-hub"),
        pytest.param(replace(STATE, stopped="410"), id="stopped"),
        pytest.param(replace(STATE, url="https://ann:pw@kettle.example/feed.xml"), id="login"),
        pytest.param(replace(STATE, url="https://kettle.example/feed.xml?token=x"), id="token"),
        pytest.param(replace(STATE, topic="https://kettle.example/feed.xml?auth=x"), id="secret-topic"),
        pytest.param(replace(STATE, topic="ftp://kettle.example/"), id="scheme"),
        pytest.param(replace(STATE, topic="https://kettle.example/a b"), id="blank"),
        pytest.param(replace(STATE, topic="https://kettle.example/" + "a" * 2000), id="long"),
        pytest.param(replace(STATE, hub="http://hub.example/"), id="plain"),
        pytest.param(replace(STATE, hub="https://"), id="no-host"),
        pytest.param(replace(STATE, hub="https://ann:pw@hub.example/"), id="hub-login"),
        pytest.param(replace(STATE, hub="https://hub.example:x/"), id="bad-port"),
        pytest.param(replace(STATE, hub="https://[hub/"), id="bad-host"),
        pytest.param(replace(STATE, hub="javascript:alert(1)"), id="script"),
        pytest.param(replace(STATE, hub="https://hub.example/\r\nX: y"), id="line-break"),
    ],
)
def test_some_feeds_are_told_to_no_hub(state: FeedState) -> None:
    assert websub.wish(state, SHOW, CLOSED) is None


def test_a_private_show_and_one_that_is_gone_are_told_to_no_hub() -> None:
    assert websub.wish(STATE, replace(SHOW, private=True), CLOSED) is None
    assert websub.wish(STATE, None, CLOSED) is None


@pytest.mark.parametrize(
    ("hub", "allow", "used"),
    [
        ("https://hub.example/", "", True),
        ("http://127.0.0.1:8081/hub", "127.0.0.1:8081", True),
        ("http://127.0.0.1:8081/hub", "127.0.0.1:8082", False),
        ("http://hub.local/", "hub.local:80", True),
        ("http://hub.local/", "", False),
        ("http://93.184.216.34/", "10.0.0.0/8:80", False),
    ],
)
def test_a_secret_goes_over_https_or_where_the_operator_opened(hub: str, allow: str, used: bool) -> None:
    reason = websub.unusable(hub, read_allow_list(allow))
    assert (reason == "") is used
    assert used or "https" in reason


LINKS = (("next", "/2"), ("hub", "/hub"), ("hub", "https://second.example/"), ("self", "/feed"))


@pytest.mark.parametrize(
    ("links", "hub", "self", "expected"),
    [
        pytest.param((), None, None, ("", ""), id="nothing"),
        pytest.param((), HUB, None, (HUB, TOPIC), id="feed"),
        pytest.param((), HUB, "https://kettle.example/self", (HUB, "https://kettle.example/self"), id="feed-and-self"),
        pytest.param((), None, "https://kettle.example/self", ("", ""), id="self-alone"),
        pytest.param(
            LINKS, HUB, None, ("https://kettle.example/hub", "https://kettle.example/feed"), id="headers-first"
        ),
        pytest.param(LINKS[:2], None, TOPIC, ("https://kettle.example/hub", TOPIC), id="header-and-self"),
        pytest.param(LINKS[3:], HUB, TOPIC, (HUB, TOPIC), id="self-header-alone"),
        pytest.param((("hub", ""),), None, TOPIC, ("", ""), id="empty"),
        pytest.param((("hub", "http://["),), HUB, TOPIC, (HUB, TOPIC), id="broken"),
        pytest.param((("hub", HUB), ("self", "http://[")), None, None, (HUB, TOPIC), id="broken-self"),
    ],
)
def test_headers_say_first_which_hub_a_feed_has(
    links: tuple[tuple[str, str], ...], hub: str | None, self: str | None, expected: tuple[str, str]
) -> None:
    assert websub.offered(TOPIC, "https://kettle.example/elsewhere", links, hub, self) == expected


# --- asking ----------------------------------------------------------------------------------------------------------


def test_what_a_hub_is_sent() -> None:
    assert dict(websub.form(WANTED, "subscribe", "https://bot.example/p/")) == {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.callback": "https://bot.example/p/websub/id",
        "hub.secret": "s3cret",
        "hub.lease_seconds": "864000",
    }
    left = dict(websub.form(WANTED, "unsubscribe", "https://bot.example"))
    assert left.keys() == {"hub.mode", "hub.topic", "hub.callback"}


def test_requests_that_come_to_nothing_are_made_ever_more_rarely() -> None:
    waits = []
    hub = WANTED
    for _ in range(12):
        hub = websub.asking(hub, NOW)
        waits.append(((hub.next_at or NOW) - NOW) / timedelta(minutes=1))
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440, 1440]
    assert (hub.state, hub.failures) == ("asked", 12)


@given(st.integers(0, 10**9), st.one_of(st.none(), st.integers(100, 599)), st.floats(0, 10**9))
def test_a_wait_is_always_between_ten_minutes_and_a_week(failures: int, code: int | None, retry: float) -> None:
    hub = websub.asking(replace(WANTED, state="asked", failures=failures), NOW)
    hub = websub.answered(hub, NOW, code, "no", retry)
    assert hub.next_at is not None
    assert timedelta(minutes=10) <= hub.next_at - NOW <= 7 * DAY


@pytest.mark.parametrize(
    ("code", "retry_s", "wait"),
    [
        pytest.param(500, None, timedelta(minutes=10), id="trouble"),
        pytest.param(None, None, timedelta(minutes=10), id="silence"),
        pytest.param(429, 7200, timedelta(hours=2), id="retry-after"),
        pytest.param(503, 60, timedelta(minutes=10), id="short-retry-after"),
        pytest.param(404, None, DAY, id="no"),
        pytest.param(403, 3 * 86400, 3 * DAY, id="no-for-long"),
        pytest.param(408, None, timedelta(minutes=10), id="slow"),
    ],
)
def test_what_an_answer_means_for_the_next_request(code: int | None, retry_s: float | None, wait: timedelta) -> None:
    hub = websub.answered(asked(), NOW, code, "it says no", retry_s)
    assert (hub.next_at, hub.error, hub.state) == (NOW + wait, "it says no", "asked")


def test_a_hub_that_takes_the_request_and_never_confirms_is_said_so() -> None:
    taken = websub.answered(asked(), NOW, 202, "", None)
    assert (taken.error, taken.next_at) == ("", NOW + timedelta(minutes=10))
    again = websub.asking(taken, NOW)
    assert "never confirmed" in again.error
    assert "never confirmed" in websub.answered(again, NOW, 202, "", None).error


def test_only_what_is_due_and_not_refused_is_asked() -> None:
    later = replace(WANTED, next_at=NOW + DAY)
    assert websub.is_due(WANTED, NOW)
    assert websub.is_due(replace(WANTED, next_at=None), NOW)
    assert not websub.is_due(later, NOW)
    assert websub.is_due(later, NOW + DAY)
    assert not websub.is_due(websub.denied(WANTED, "no"), NOW + 1000 * DAY)


# --- what the hub says -----------------------------------------------------------------------------------------------


def question(**other: str) -> dict[str, str]:
    told = {"mode": "subscribe", "topic": TOPIC, "challenge": "abc", "lease_seconds": "864000", **other}
    return {f"hub.{name}": value for name, value in told.items()}


def test_only_a_question_about_what_was_asked_is_confirmed() -> None:
    assert websub.confirms(asked(), question())
    assert websub.confirms(websub.confirmed(asked(), question(), NOW), question())
    assert not websub.confirms(WANTED, question())
    assert not websub.confirms(websub.denied(asked(), "no"), question())
    for wrong in ({"topic": "https://other.example/"}, {"challenge": ""}, {"challenge": "x" * 1025}):
        assert not websub.confirms(asked(), question(**wrong))
    assert not websub.confirms(asked(), question(challenge="a\r\nb"))
    assert not websub.confirms(asked(), {})


def test_a_topic_may_come_back_with_other_escapes() -> None:
    hub = asked(hub=replace(WANTED, topic="https://kettle.example/f%C3%A9ed?a=%7E1"))
    assert websub.confirms(hub, question(topic="https://kettle.example/féed?a=~1"))
    assert not websub.confirms(hub, question(topic="https://kettle.example/féed?a=~2"))


@pytest.mark.parametrize(
    ("told", "lease", "renewed"),
    [
        ("864000", 10 * DAY, 8 * DAY),
        ("3600", timedelta(hours=1), timedelta(minutes=48)),
        ("60", timedelta(minutes=1), timedelta(minutes=10)),
        ("99999999999999999999", 30 * DAY, 24 * DAY),
        ("31536000", 30 * DAY, 24 * DAY),
        *((odd, DAY, 0.8 * DAY) for odd in ("", "0", "-5", "1e9", "٣", "forever", "0" * 5000)),
    ],
)
def test_a_lease_counts_within_bounds_and_is_renewed_before_its_end(
    told: str, lease: timedelta, renewed: timedelta
) -> None:
    hub = websub.confirmed(asked(3), question(lease_seconds=told), NOW)
    assert (hub.state, hub.expires_at, hub.next_at) == ("verified", NOW + lease, NOW + renewed)
    assert (hub.failures, hub.error) == (0, "")


def test_a_refusal_is_kept_with_its_reason_and_bounded() -> None:
    hub = websub.denied(asked(), "x" * 1000)
    assert (hub.state, hub.next_at, len(hub.error)) == ("refused", None, 200)


# --- what it sends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_each_method_of_the_recommendation_is_known(method: str) -> None:
    digest = hmac.new(b"s3cret", b"body", getattr(hashlib, method)).hexdigest()
    assert websub.signature(f"{method}={digest}") == (method, digest)
    assert websub.signature(f" {method.upper()}={digest.upper()} ") == (method, digest)
    mac = websub.signs("s3cret", method)
    mac.update(b"bo")
    mac.update(b"dy")
    assert mac.hexdigest() == digest


@pytest.mark.parametrize(
    "header", ["", "sha256=", "md5=" + "a" * 40, "a" * 40, "sha256=" + "g" * 64, "sha256=" + "a" * 5000, "=" * 50]
)
def test_anything_else_is_no_signature(header: str) -> None:
    assert websub.signature(header) is None


@given(st.text(max_size=200))
def test_no_header_is_too_odd(header: str) -> None:
    assert websub.signature(header) is None or "=" in header


def test_hints_within_a_minute_are_one_and_the_last_of_them_counts() -> None:
    def at(seconds: float) -> datetime:
        return NOW + timedelta(seconds=seconds)

    assert websub.hint_at(None, NOW) == NOW
    assert websub.hint_at(NOW, at(10)) == at(60)
    assert websub.hint_at(at(60), at(20)) is None
    assert websub.hint_at(at(60), at(61)) == at(120)
    assert websub.hint_at(NOW, at(60)) == at(60)


@given(st.lists(st.floats(0, 30), max_size=60))
def test_however_often_a_hub_calls_a_feed_is_due_once_a_minute_and_after_the_last_call(gaps: list[float]) -> None:
    now, heard, due = NOW, None, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        at = websub.hint_at(heard, now)
        if at:
            due.append(at)
            heard = at
    assert all(b - a >= timedelta(minutes=1) for a, b in itertools.pairwise(due))
    assert not gaps or due[-1] >= now


# --- what is told of it ----------------------------------------------------------------------------------------------


def test_health_is_one_sentence_without_any_secret() -> None:
    live = websub.confirmed(asked(), question(), NOW)
    hubs = {
        "about to be asked": WANTED,
        "not confirmed it yet": asked(),
        "it answered 500": websub.answered(asked(), NOW, 500, "it answered 500", None),
        "refuses": websub.denied(asked(), "not this topic"),
        "until 2026-05-11 12:00 UTC; nothing heard yet": live,
        "last heard 2026-05-01 12:00 UTC": replace(live, heard_at=NOW + timedelta(seconds=30)),
    }
    for words, hub in hubs.items():
        told = websub.health(hub, NOW)
        assert words in told
        assert "hub.example" in told
        assert "s3cret" not in told
    assert "never confirmed" in websub.health(replace(asked(2, websub.asking(live, NOW)), expires_at=NOW), NOW)
