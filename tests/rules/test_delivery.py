"""What is done with the head of a lane, and what answers and readings make of alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.alert_ports import Found, Refused, Sent, Unclear
from bot.alerts import REQUEST_S, Alert, AlertKind, Limits
from bot.rules import delivery
from bot.rules.delivery import AGE, LOOK_AGAIN, SKEW, End, ReadBack, Reading, Send, Sight, WaitUntil
from tests.rules.told import NOW, OPTIONS, RUN, after, alert, lane, tried

LIMITS = Limits(50.0, 1.0, settle_s=15.0)
TRIED = NOW - timedelta(minutes=1)


def step(one: Alert, **more: object) -> delivery.Step:
    """As for an alert of a running subscription in a place that this run has read."""
    said = {"lane": lane(), "options": OPTIONS, "now": NOW, "run": RUN} | more
    return delivery.next_step(one, **said)  # type: ignore[arg-type]


def test_what_is_due_in_a_place_that_was_read_is_sent() -> None:
    assert step(alert()) == Send()


def test_what_is_not_due_waits() -> None:
    assert step(alert(due_at=after(30), reason="delayed")) == WaitUntil(after(30), "delayed")


def test_what_is_too_old_expires_with_the_moment() -> None:
    got = step(alert(), now=NOW + timedelta(days=7))
    assert isinstance(got, End)
    assert (got.state, "2026-05-11 09:00 UTC" in got.reason) == ("expired", True)


def test_what_may_be_there_is_read_back_even_when_it_is_too_old() -> None:
    assert isinstance(step(tried(), now=NOW + timedelta(days=8)), ReadBack)


def test_what_may_be_there_is_read_back_even_when_nobody_subscribes_any_more() -> None:
    assert isinstance(step(tried(TRIED), options=None), ReadBack)


def test_a_reading_waits_until_an_accepted_post_must_show() -> None:
    unknown = delivery.after_send(alert(state="sending", tried_at=NOW, attempts=1), Unclear("502"), after(3), LIMITS)
    got = step(unknown, now=after(17.9))
    assert isinstance(got, WaitUntil)
    assert got.at == after(18)
    assert isinstance(step(unknown, now=after(18)), ReadBack)


def test_when_its_sender_is_lost_the_longest_request_is_waited_for_too() -> None:
    got = step(tried(), now=after(REQUEST_S + 14.9))
    assert isinstance(got, WaitUntil)
    assert got.at == after(REQUEST_S + 15)


def test_an_attempt_is_looked_for_to_well_before_it_began() -> None:
    got = step(tried(TRIED))
    assert isinstance(got, ReadBack)
    assert got.since == TRIED - SKEW


def test_a_place_that_this_run_has_not_read_is_read_to_the_newest_settled_post() -> None:
    got = step(alert(), lane=lane("run1", known_until=NOW - timedelta(hours=3)))
    assert isinstance(got, ReadBack)
    assert got.since == NOW - timedelta(hours=3)


def test_a_place_of_which_nothing_is_known_is_read_to_the_age_limit() -> None:
    got = step(alert(), lane=lane("run1"))
    assert isinstance(got, ReadBack)
    assert got.since == NOW - AGE - SKEW


def test_what_was_told_since_an_old_copy_was_made_is_read_however_old_the_copy_is() -> None:
    for days, read in ((10, 10), (400, 90)):
        got = step(alert(), lane=lane("run1", known_until=NOW - timedelta(days=days)))
        assert isinstance(got, ReadBack)
        assert got.since == NOW - timedelta(days=read)


def test_the_longest_age_in_the_queue_is_read_back_to_whatever_its_head_says() -> None:
    queue = [alert(), alert(expires_at=NOW + timedelta(days=30))]
    got = step(queue[0], lane=lane("run1"), sight=delivery.sight_of(queue, 15.0))
    assert isinstance(got, ReadBack)
    assert got.since == NOW - timedelta(days=30) - SKEW


def test_a_longer_age_limit_is_read_back_to() -> None:
    got = step(alert(expires_at=NOW + timedelta(days=30)), lane=lane("run1"))
    assert isinstance(got, ReadBack)
    assert got.since == NOW - timedelta(days=30) - SKEW


def test_one_reading_of_an_unread_place_serves_both_questions() -> None:
    got = step(tried(TRIED), lane=lane("run1", known_until=NOW - timedelta(hours=3)))
    assert isinstance(got, ReadBack)
    assert got.since == NOW - timedelta(hours=3)


def test_nobody_is_told_who_does_not_subscribe() -> None:
    got = step(alert(), options=None)
    assert isinstance(got, End)
    assert got.state == "skipped"


def test_what_a_moderator_paused_is_skipped_with_the_reason() -> None:
    got = step(alert(), options=replace(OPTIONS, paused="summer break", paused_by="moderator"))
    assert got == End("skipped", "alerts are paused here: summer break")


def test_what_the_bot_paused_waits_aside() -> None:
    got = step(alert(), options=replace(OPTIONS, paused="the place is gone", paused_by="bot"))
    assert isinstance(got, WaitUntil)
    assert (got.at, got.aside) == (NOW + LOOK_AGAIN, True)


@pytest.mark.parametrize(
    ("until", "waits"),
    [
        pytest.param(NOW + timedelta(hours=8), NOW + LOOK_AGAIN, id="a night is looked at again, it may be lifted"),
        pytest.param(NOW + timedelta(minutes=4), NOW + timedelta(minutes=4), id="its end is kept to the minute"),
    ],
)
def test_quiet_hours_put_aside(until: datetime, waits: datetime) -> None:
    got = step(alert(), lane=lane(quiet_until=until.isoformat()))
    assert isinstance(got, WaitUntil)
    assert (got.at, got.aside) == (waits, True)


@pytest.mark.parametrize("kind", ["trouble", "over"])
def test_moderators_are_told_without_subscription_and_in_quiet_hours(kind: AlertKind) -> None:
    quiet = lane(quiet_until=(NOW + timedelta(hours=8)).isoformat())
    assert step(alert(kind=kind), lane=quiet, options=None) == Send()


def test_in_a_place_that_cannot_be_read_an_alert_is_held() -> None:
    got = step(alert(), lane=lane("run1"), sight=Sight(unreadable="missing access"))
    assert isinstance(got, End)
    assert (got.state, "missing access" in got.reason) == ("held", True)


def test_in_a_place_that_cannot_be_read_a_tried_one_is_held() -> None:
    got = step(tried(), sight=Sight(unreadable="missing access", ruled=True))
    assert isinstance(got, End)
    assert got.state == "held"


def test_what_a_moderator_let_go_is_sent_unread() -> None:
    assert step(alert(), lane=lane("run1"), sight=Sight(unreadable="missing access", ruled=True)) == Send()


def test_moderators_are_told_where_nothing_can_be_read() -> None:
    got = step(alert(kind="trouble"), lane=lane("run1"), options=None, sight=Sight(unreadable="missing access"))
    assert got == Send()


# -- answers


def sending(**more: object) -> Alert:
    return replace(delivery.sending(alert(), NOW, "digest"), **more)  # type: ignore[arg-type]


def test_an_attempt_is_noted_before_it_begins() -> None:
    got = sending()
    assert (got.state, got.tried_at, got.attempts, got.digest) == ("sending", NOW, 1, "digest")


def test_an_attempt_that_certainly_did_not_begin_is_none() -> None:
    got = delivery.not_sent(sending())
    assert (got.state, got.tried_at, got.attempts) == ("waiting", None, 0)


def test_an_accepted_one_is_posted_at_the_platforms_time() -> None:
    got = delivery.after_send(sending(), Sent("m1", after(7), "t1"), after(1), LIMITS)
    assert (got.state, got.message, got.thread, got.posted_at, got.tried_at) == ("posted", "m1", "t1", after(7), None)


def test_a_busy_platform_is_obeyed() -> None:
    got = delivery.after_send(sending(), Refused("busy", "slow down", retry_after_s=40.0), NOW, LIMITS)
    assert got.state == "waiting"
    assert after(40) <= got.due_at <= after(41)


@pytest.mark.parametrize(("attempts", "waits"), [(1, 1.0), (2, 2.0), (5, 16.0), (9, 256.0), (10, 300.0), (5000, 300.0)])
def test_a_platform_that_is_down_is_asked_ever_more_rarely(attempts: int, waits: float) -> None:
    got = delivery.after_send(sending(attempts=attempts), Refused("down", "refused"), NOW, LIMITS)
    assert (got.state, got.due_at) == ("waiting", after(waits))


def test_after_a_definite_refusal_nothing_needs_to_be_looked_for() -> None:
    got = delivery.after_send(sending(), Refused("busy", "", retry_after_s=1.0), NOW, LIMITS)
    assert step(got, now=after(3)) == Send()


def test_what_the_platform_does_not_accept_is_held_with_its_words() -> None:
    got = delivery.after_send(sending(), Refused("invalid", "embed too long"), NOW, LIMITS)
    assert (got.state, "embed too long" in got.reason) == ("held", True)


def test_a_key_whose_message_is_gone_was_posted_and_taken_away() -> None:
    assert delivery.after_send(sending(), Refused("deleted", "unknown message"), NOW, LIMITS).state == "deleted"


# -- readings


def reading(*keys: str, began: datetime = NOW, back_to: datetime | None = None) -> Reading:
    return Reading(began, back_to, {key: Found(f"m-{key}", key, "new", TRIED) for key in keys})


def test_every_key_that_is_found_settles_its_alert_also_one_that_was_never_tried_here() -> None:
    got = delivery.after_reading([tried(id="a"), alert("b"), alert("c")], reading("a", "b"), NOW, 15.0)
    assert [(one.id, one.state, one.message) for one in got] == [("a", "posted", "m-a"), ("b", "posted", "m-b")]


def test_what_was_read_for_in_vain_waits_again() -> None:
    [got] = delivery.after_reading([tried(TRIED)], reading(back_to=TRIED - SKEW), NOW, 15.0)
    assert (got.state, got.tried_at, got.due_at) == ("waiting", None, NOW)


def test_a_reading_that_began_too_early_proves_nothing() -> None:
    early = TRIED + timedelta(seconds=REQUEST_S + 14)
    assert delivery.after_reading([tried(TRIED)], reading(began=early), NOW, 15.0) == []


def test_a_reading_that_ends_too_soon_proves_nothing() -> None:
    short = reading(back_to=TRIED - SKEW + timedelta(seconds=1))
    assert delivery.after_reading([tried(TRIED)], short, NOW, 15.0) == []


def test_reading_that_fails_is_repeated_ever_more_rarely() -> None:
    got = delivery.after_failed_reading(tried(TRIED), "503", NOW, NOW, failures=4)
    assert (got.state, got.due_at, got.tried_at) == ("unknown", after(8), TRIED)


def test_what_could_not_be_read_for_an_hour_past_its_age_is_a_moderators() -> None:
    old, now = tried(TRIED), NOW + timedelta(days=7)
    assert delivery.after_failed_reading(old, "503", now, now - timedelta(minutes=59), 9).state == "unknown"
    assert delivery.after_failed_reading(old, "503", now, now - timedelta(minutes=60), 9).state == "held"


def test_what_steps_aside_keeps_no_other_waiting() -> None:
    got = delivery.put_off(alert(), WaitUntil(after(60), "quiet", aside=True))
    assert (got.due_at, got.order_at) == (after(60), after(60))


def test_a_retry_does_not_change_whose_turn_it_is() -> None:
    got = delivery.put_off(alert(), WaitUntil(after(60), "later"))
    assert (got.due_at, got.order_at) == (after(60), NOW)
