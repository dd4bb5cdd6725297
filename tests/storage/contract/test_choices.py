"""Members' own choices, and reports that are settled once, however many moderators press at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import DEFAULT_COMMUNITY, CommunityId, Level, Person, Report, Withhold
from bot.errors import NotFound
from bot.ports import LineRange, Storage
from tests.storage.build import MEMBER, stored

OURS = DEFAULT_COMMUNITY
OTHER = CommunityId("other")
MEL, BO = Person("discord", "7", "Mel"), Person("discord", "8", "Bo")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


async def test_a_choice_is_kept_replaced_and_taken_back(storage: Storage) -> None:
    assert await storage.member_choice(OURS, MEL, "app") is None
    await storage.choose(OURS, MEL, "app", "overcast")
    await storage.choose(OURS, MEL, "app", "youtube")
    await storage.choose(OURS, MEL, "chat_quotes", "never")
    assert await storage.member_choice(OURS, MEL, "app") == "youtube"
    assert await storage.member_choices(OURS, MEL) == {"app": "youtube", "chat_quotes": "never"}
    await storage.choose(OURS, MEL, "app", None)
    await storage.choose(OURS, MEL, "app", None)
    assert await storage.member_choices(OURS, MEL) == {"chat_quotes": "never"}


async def test_a_choice_is_one_persons_in_one_community(storage: Storage) -> None:
    await storage.link_workspace(OTHER, "discord", "g2")
    await storage.choose(OURS, MEL, "app", "page")
    assert await storage.member_choices(OURS, BO) == {}
    assert await storage.member_choices(OTHER, MEL) == {}
    assert await storage.member_choices(OURS, Person("slack", "7")) == {}
    assert await storage.member_choice(OURS, replace(MEL, name="Melanie"), "app") == "page", "a name is no identity"


async def test_a_choice_is_in_no_history_and_no_change(storage: Storage) -> None:
    n = await storage.last_change()
    await storage.choose(OURS, MEL, "app", "page")
    assert await storage.history(OURS) == []
    assert await storage.last_change() == n


async def reported(storage: Storage) -> Report:
    episode = await stored(storage)
    anchor = await storage.anchor(MEMBER, LineRange(episode, 3, 3))
    assert anchor
    report = Report("rrrrrrrrrrrr", anchor, "text", str(MEL), note="it was the lamp", at=NOON, reporter_name="Mel")
    await storage.put(OURS, report, str(MEL))
    return report


async def test_a_report_is_settled_once(storage: Storage) -> None:
    report = await reported(storage)
    fixed, dismissed = (
        replace(report, state=state, settled_by=by) for state, by in (("fixed", "A"), ("dismissed", "B"))
    )
    told = await asyncio.gather(storage.settle(OURS, fixed, "d:1"), storage.settle(OURS, dismissed, "d:2"))
    [winner] = [one for one, answer in zip((fixed, dismissed), told, strict=True) if answer is None]
    [faster] = [answer for answer in told if answer is not None]
    assert (faster.state, faster.settled_by) == (winner.state, winner.settled_by)
    assert await storage.records(OURS, "report") == [winner]
    assert len(await storage.history(OURS)) == 2


async def test_what_was_settled_already_tells_no_words(storage: Storage) -> None:
    report = await reported(storage)
    await storage.settle(OURS, replace(report, state="fixed"), "d:1")
    await storage.put(OURS, Withhold("w", Level.erased, anchor=report.anchor), "d:1")
    told = await storage.settle(OURS, replace(report, state="dismissed"), "d:2")
    assert told
    assert "lamp" not in repr(told)


async def test_settling_what_is_not_there_says_so(storage: Storage) -> None:
    report = await reported(storage)
    await storage.drop(OURS, "report", report.id, "d:1")
    with pytest.raises(NotFound):
        await storage.settle(OURS, report, "d:1")


async def test_a_report_of_a_show_that_left_the_shelf_is_no_open_trouble(storage: Storage) -> None:
    report = await reported(storage)
    source = f"report:{report.id}:{report.anchor.episode}"
    await storage.set_troubles(source, ["A line is wrong (report rrrrrrrrrrrr)"], [OURS], NOON)
    [alert] = await storage.alerts(OURS)
    assert alert.episode == report.anchor.episode
    [show] = await storage.shows(MEMBER)
    assert alert.show == show.id
    await storage.unshelve(OURS, show.id)
    assert await storage.troubles(OURS) == []
