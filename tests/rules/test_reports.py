"""Ids of reports, how a card finds its report, and how many one member may have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts_answers
from bot.domain import Anchor, CommunityId, EpisodeId, Report
from bot.rules.ids import LENGTH, new_id
from bot.rules.reports import (
    DAY_MOST,
    OPEN_MOST,
    QUEUE_MOST,
    id_in,
    overlaps,
    refusal,
    report_id,
    said_before,
    source,
)

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
OURS = CommunityId("default")


def anchor(first: int = 10, words: int = 5, episode: str = "eeeeeeeeeeee") -> Anchor:
    return Anchor(EpisodeId(episode), first, words, "hash")


def report(by: str = "d:1", state: str = "open", first: int = 10, at: datetime = NOON) -> Report:
    return Report(new_id(), anchor(first), "text", by, state, at=at)


def test_one_member_has_one_id_a_line() -> None:
    id = report_id(OURS, "d:1", anchor())
    assert id == report_id(OURS, "d:1", anchor())
    assert len(id) == LENGTH
    others = (
        report_id(OURS, "d:2", anchor()), report_id(OURS, "d:1", anchor(11)), report_id(OURS, "d:1", anchor(10, 6)),
        report_id(CommunityId("other"), "d:1", anchor()), report_id(OURS, "d:1", anchor(episode="f" * 12)),
    )  # fmt: skip
    assert len({id, *others}) == 6


@given(st.text(max_size=400), st.sampled_from(list(texts_answers.WRONGS.values())))
def test_a_card_finds_its_report_whatever_the_title(title: str, wrong: str) -> None:
    id = new_id()
    assert id_in(texts_answers.report_told(title, wrong, id)) == id


@pytest.mark.parametrize("told", ["", "The feed of harbour fails.", "(report abc)", "(report aaaaaaaaaaaa) and more"])
def test_other_troubles_name_no_report(told: str) -> None:
    assert id_in(told) is None


def test_a_source_names_report_and_episode() -> None:
    one = report()
    assert source(one) == f"report:{one.id}:eeeeeeeeeeee"
    assert len(f"report:{one.id}:") == 20, "storage counts on it where a show leaves the shelf"


@given(st.integers(0, 30), st.integers(1, 9), st.integers(0, 30), st.integers(1, 9))
def test_anchors_overlap_where_they_share_a_word(a: int, m: int, b: int, n: int) -> None:
    shared = bool(set(range(a, a + m)) & set(range(b, b + n)))
    assert overlaps(anchor(a, m), anchor(b, n)) == shared == overlaps(anchor(b, n), anchor(a, m))
    assert not overlaps(anchor(a, m), anchor(a, m, "f" * 12))


def test_a_member_with_many_open_ones_waits() -> None:
    known = [report() for _ in range(OPEN_MOST)]
    assert refusal(known[1:], "d:1", NOON) is None
    assert refusal(known, "d:1", NOON) == texts_answers.TOO_MANY_OPEN.format(n=OPEN_MOST)
    assert refusal(known, "d:2", NOON) is None


def test_a_day_takes_only_so_many_settled_ones_too() -> None:
    known = [report(state="fixed") for _ in range(DAY_MOST)]
    assert refusal(known, "d:1", NOON + timedelta(hours=23)) == texts_answers.TOO_MANY_TODAY.format(n=DAY_MOST)
    assert refusal(known, "d:1", NOON + timedelta(hours=24)) is None


def test_many_members_together_do_not_drown_the_moderators() -> None:
    known = [report(by=f"d:{n}") for n in range(QUEUE_MOST)]
    assert refusal(known, "d:new", NOON) == texts_answers.QUEUE_FULL
    assert refusal(known[1:], "d:new", NOON) is None


def test_what_was_said_before_stands_while_it_is_open_and_for_a_day() -> None:
    still, settled = report(at=NOON - timedelta(days=9)), report(state="dismissed")
    assert said_before([still], "d:1", anchor(12, 1), NOON) is still
    assert said_before([still], "d:2", anchor(12, 1), NOON) is None
    assert said_before([settled], "d:1", anchor(), NOON + timedelta(hours=23)) is settled
    assert said_before([settled], "d:1", anchor(), NOON + timedelta(hours=24)) is None
