"""Whose posts appear under our account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alert_ports import Found
from bot.alerts import Alert, AlertState
from bot.domain import ShowId
from bot.feed_memory import KnownItem
from bot.feeds import FeedItem
from bot.rules import twins
from bot.rules.alert_keys import identity, subscription_id
from tests.rules.told import NOW, PLACE, alert, lane

HEARD = Found("m1", "a", "new", NOW)


def known_item(*guids: str) -> KnownItem:
    return KnownItem("i1", "ep", NOW, NOW, guids=guids)


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


def test_a_known_episode_may_be_told_by_a_post_a_burst_line_or_a_word_in_a_thread() -> None:
    assert twins.identities([known_item("6"), known_item("7", "8")], ["item:x"]) >= {"guid:7", "guid:8", "item:x"}
    made = twins.derivable(ShowId("show1"), "guid:7")
    assert {one.kind for one in made} == {"new", "burst", "transcript"} == twins.JUDGED


def test_an_adopted_post_is_stored_as_posted() -> None:
    got = twins.adopted(HEARD, twins.Derived(ShowId("show1"), "guid:7", "new"), lane(), None, "found")
    assert (got.id, got.state, got.message, got.subject, got.posted_at) == ("a", "posted", "m1", "guid:7", NOW)


def test_an_item_without_a_guid_is_known_by_what_is_remembered_of_it() -> None:
    item = FeedItem(title="A  Night", link="https://a.example/n?utm_source=rss", published=NOW)
    known = KnownItem("i1", "ep", NOW, NOW, links=("a.example/m", "a.example/n"), titles=("A  Night",), published=NOW)
    assert identity(item) in twins.identities([known])
    assert identity(item) not in twins.identities([replace(known, titles=("Another",))])


def test_an_adopted_post_belongs_to_the_subscription_that_asked_for_it() -> None:
    got = twins.adopted(HEARD, twins.Derived(ShowId("show1"), "guid:7", "new"), lane(), None, "found")
    assert got.subscription == subscription_id(ShowId("show1"), PLACE)


@pytest.mark.parametrize(
    ("burst", "bursts", "there", "already"),
    [
        pytest.param({}, {"show1"}, {"b"}, True, id="its posts and another line of the show are there"),
        pytest.param({}, set(), {"b"}, False, id="its posts are there, and no line"),
        pytest.param({}, {"show1"}, set(), False, id="none of its posts was found"),
        pytest.param({"attempts": 1}, {"show1"}, {"b"}, False, id="it was tried here"),
    ],
)
def test_a_burst_that_an_older_state_summed_up_is_not_said_again(
    burst: dict[str, int], bursts: set[ShowId | None], there: set[str], already: bool
) -> None:
    show = ShowId("show1")
    line = replace(alert(), id="a", kind="burst", show=show, **burst)  # type: ignore[arg-type]
    found = dict.fromkeys(there, HEARD)
    assert twins.told_already(line, found, [line, replace(alert(), id="b", show=show)], bursts) is already
