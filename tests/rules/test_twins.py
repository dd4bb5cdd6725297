"""Whose posts appear under our account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alert_ports import Found
from bot.alerts import Alert, AlertState
from bot.domain import ShowId
from bot.rules import twins
from bot.rules.alert_keys import alert_id
from tests.rules.told import NOW, PLACE, alert, lane

HEARD = Found("m1", "a", "new", NOW)
MINE = alert(state="posted", message="m1", attempts=1)


@pytest.mark.parametrize(
    ("stored", "what"),
    [
        pytest.param(MINE, "ours", id="its message is stored"),
        pytest.param(replace(MINE, state="deleted"), "ours", id="it was taken away since"),
        pytest.param(replace(MINE, message=""), "ours", id="a moderator said that it is there"),
        pytest.param(replace(MINE, message="m0"), "twin", id="another message is stored"),
        pytest.param(alert(state="sending", attempts=1), "later", id="its answer is not there yet"),
        pytest.param(alert(state="unknown", attempts=1), "later", id="its answer was lost"),
        pytest.param(alert(), "twin", id="it was never tried here"),
        pytest.param(alert(attempts=2), "settle", id="an attempt came late"),
        pytest.param(alert(state="skipped"), "twin", id="it was not to be sent here"),
        pytest.param(None, "twin", id="nothing is stored"),
    ],
)
def test_a_post_that_appears_is_judged_by_what_is_stored_of_its_key(stored: Alert | None, what: str) -> None:
    assert twins.of_event(HEARD, stored).what == what


@pytest.mark.parametrize("kind", ["trouble", "over", "test", "whatever"])
def test_messages_to_moderators_and_tests_are_no_twins(kind: str) -> None:
    heard = replace(HEARD, kind=kind)
    assert twins.of_event(heard, None).what == "ours"
    assert twins.of_history(heard, None, derived=False).what == "ours"


@pytest.mark.parametrize("state", ["waiting", "unknown", "held", "skipped", "expired", "dropped"])
def test_what_is_read_back_settles_whatever_was_thought_of_it(state: AlertState) -> None:
    assert twins.of_history(HEARD, alert(state=state), derived=False).what == "settle"


def test_a_post_that_is_read_back_is_a_twins_only_when_nothing_gives_its_key() -> None:
    assert twins.of_history(HEARD, None, derived=True).what == "settle"
    assert twins.of_history(HEARD, None, derived=False).what == "twin"


def test_one_key_in_two_messages_is_a_twins() -> None:
    assert twins.of_history(HEARD, replace(MINE, message="m0"), derived=True).what == "twin"
    assert twins.of_history(HEARD, MINE, derived=True).what == "ours"


def test_an_answer_with_a_much_older_post_tells_of_a_twin_by_the_platforms_clock() -> None:
    first, ahead = alert(state="sending", attempts=1), timedelta(minutes=4)
    old = NOW - timedelta(minutes=2)
    assert twins.was_there_before(first, old, NOW, usual=timedelta(0))
    assert not twins.was_there_before(first, old - ahead, NOW, usual=timedelta(minutes=5, seconds=30))
    assert not twins.was_there_before(first, old, NOW, usual=None)
    assert not twins.was_there_before(replace(first, attempts=2), old, NOW, usual=timedelta(0))


def test_a_known_episode_gives_the_key_of_its_post() -> None:
    show, other = ShowId("show1"), ShowId("show2")
    key = alert_id(PLACE, show, "guid:7", "new")
    known = {other: twins.identities(["7"]), show: twins.identities(["6", "7"], ["item:x"])}
    assert twins.derive(key, "new", PLACE, known) == twins.Derived(show, "guid:7", "new")
    assert twins.derive(key, "burst", PLACE, known) is None
    assert twins.derive(key, "trouble", PLACE, known) is None
    assert twins.derive(key, "new", replace(PLACE, channel="other"), known) is None


def test_an_adopted_post_is_stored_as_posted() -> None:
    got = twins.adopted(HEARD, twins.Derived(ShowId("show1"), "guid:7", "new"), lane(), None, "found")
    assert (got.id, got.state, got.message, got.subject, got.posted_at) == ("a", "posted", "m1", "guid:7", NOW)
