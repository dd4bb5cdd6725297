"""With 10,000 subscriptions and 1,000 shows an idle bot looks nothing up row by row: each query goes by its index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest

from storage.opening import migrations, statements
from storage.queries import query

AT = "2026-05-01T12:00:00+00:00"
PLACE = {"platform": "discord", "workspace": "guild", "channel": "c1"}
ONE: dict[str, object] = {
    **PLACE, "now": AT, "limit": 20, "place": "discord/guild/c1", "community": "default", "show": "s1", "row": 1,
    "episode": "e1", "id": "a1", "rows": "[1]", "ids": '["a1"]', "episodes": '["e1"]', "states": '["held"]',
    "since": AT, "after": "", "hour": AT, "day": AT, "source": "feed:s1:main", "one": "e1", "two": "e2",
    "alert": "a1", "lane": 1, "last": 10**6, "run": "r", "until": AT, "at": AT,
    "person": "7", "role": "main", "keep": 50, "url": "u", "key": "k",
    "subscription": "s", "seqs": "[1]", "reason": "r",
}  # fmt: skip

#: What is asked again and again, or for each of thousands of places.
QUICK = (
    "claimable_lanes", "next_lane_at", "lane", "lane_row", "lanes_by_row", "left_sending", "refresh_lanes", "keep_lane",
    "queue", "chores", "alert", "alerts_by_id", "alert_story", "last_alert", "added_alerts", "first_steps",
    "alerts_of_episode", "alerts_of_place", "alerts_of_community", "alerts_in_states", "posted_alerts", "posts_since",
    "aside_in_place", "bring_forward", "finding",
    "alerts_of_two", "told_lately", "subscriptions_to", "subscription", "subscriptions_in_place", "communities_of",
    "community_of_place", "claimable_feeds", "next_feed_at", "lease_feed", "hint_feed", "due_hubs", "troubles",
    "troubles_from", "ruling_was", "last_step_at", "trim_steps", "wishes", "news_episodes", "shelves_of_show",
    "wrong_tries",
)  # fmt: skip


@pytest.fixture(scope="module")
def raw() -> Iterator[sqlite3.Connection]:
    """A schema with enough rows that a scan would be worth avoiding; statistics are never gathered, as in use."""
    connection = sqlite3.connect(":memory:")
    for step in migrations():
        for statement in statements(step.script):
            connection.execute(statement)
    yield connection
    connection.close()


def plan(raw: sqlite3.Connection, name: str) -> list[str]:
    given = {**ONE, "keys": json.dumps(["k"])}
    return [str(row[3]) for row in raw.execute("EXPLAIN QUERY PLAN " + query(name), given)]


@pytest.mark.parametrize("name", QUICK)
def test_no_table_is_read_from_end_to_end(raw: sqlite3.Connection, name: str) -> None:
    steps = plan(raw, name)
    assert steps
    scans = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
    allowed = {
        "SCAN f USING INDEX feeds_to_claim",  # in its order, up to the first that is shelved
        "SCAN CONSTANT ROW",
        "SCAN asked",  # the ids that were given
    }
    assert [step for step in scans if step not in allowed and not step.startswith("SCAN (subquery")] == [], steps


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("claimable_lanes", "lanes_to_claim (platform=? AND claim_at>? AND claim_at<?)"),
        ("next_lane_at", "lanes_to_claim (platform=?"),
        ("claimable_feeds", "feeds_to_claim (claim_at<?)"),
        ("next_feed_at", "feeds_to_claim"),
        ("due_hubs", "hubs_due (due>? AND due<?)"),
        ("queue", "alerts_queued (lane=?)"),
        ("left_sending", "alerts_sending"),
        ("posts_since", "alerts_by_posting"),
        ("subscriptions_to", "subscriptions_by_show (show=?)"),
    ],
)
def test_what_idles_goes_by_its_own_index(raw: sqlite3.Connection, name: str, index: str) -> None:
    steps = plan(raw, name)
    assert any(index in step for step in steps), steps
    assert not any("TEMP B-TREE" in step for step in steps if name != "subscriptions_to"), steps
