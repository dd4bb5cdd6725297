"""The fake platform held to what real ones do: nonces are forgotten, limits bite, history tells keys alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.alert_ports import Found, Outcome, Page, Refused, Sent, Unclear
from bot.domain import Place
from bot.posts import Post, Thread
from bot.rules.alert_keys import alert_id
from tests.fake_platform import DISCORD, SLACK, FakeMessenger, FakePlatform, Faults, Outage, each, fake_post
from tests.platform_faults import FaultKind
from tests.platform_limits import busiest
from tests.virtual_time import START, run

HERE = Place("discord", "guild", "news")
KEY, OTHER = (alert_id(HERE, None, subject, "new") for subject in ("one", "two"))


def sent_with(fault: FaultKind) -> tuple[FakePlatform, Outcome]:
    """One post while every request fails so."""

    async def main() -> tuple[FakePlatform, Outcome]:
        server = FakePlatform(DISCORD, faults=Faults({fault: 1.0}))
        outcome = await FakeMessenger(server).send(HERE, fake_post(KEY))
        await asyncio.sleep(60)
        return server, outcome

    return run(main())


def asked(work: Callable[[FakePlatform, FakeMessenger], Awaitable[None]], server: FakePlatform | None = None) -> None:
    """Run the work over one platform."""
    made = server or FakePlatform(DISCORD)

    async def main() -> None:
        await work(made, FakeMessenger(made))

    run(main())


def test_a_post_is_known_again_by_its_button_and_its_nonce_is_given_back_by_nothing() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        sent = await messenger.send(HERE, fake_post(KEY))
        page = await messenger.history(HERE)
        assert isinstance(sent, Sent)
        assert isinstance(page, Page)
        assert page.posts == (Found(sent.message, KEY, "new", sent.at),)
        [message] = server.rooms[HERE].messages.values()
        assert not hasattr(message, "nonce")

    asked(work)


def test_the_same_nonce_makes_one_post_within_its_minutes_and_another_after() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        first = await messenger.send(HERE, fake_post(KEY))
        await asyncio.sleep(120)
        assert await messenger.send(HERE, fake_post(KEY)) == first
        assert server.doubled() == []
        await asyncio.sleep(120)
        assert await messenger.send(HERE, fake_post(KEY)) != first
        assert server.doubled() == [KEY]

    asked(work)


def test_a_nonce_of_a_deleted_post_answers_that_it_is_no_more() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        sent = await messenger.send(HERE, fake_post(KEY))
        assert isinstance(sent, Sent)
        server.delete(HERE, sent.message)
        again = await messenger.send(HERE, fake_post(KEY))
        assert isinstance(again, Refused)
        assert again.why == "deleted"
        assert len(server.log) == 1

    asked(work)


def test_a_forum_forgets_nonces_and_opens_a_thread_for_each_post() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        server.room(HERE).kind = "forum"
        post = fake_post(KEY, thread=Thread("Episode one", forum=True))
        first, second = [await messenger.send(HERE, post) for _ in range(2)]
        assert isinstance(first, Sent)
        assert isinstance(second, Sent)
        assert first.thread == first.message != second.message
        assert server.doubled() == [KEY]

    asked(work)


def test_slack_has_no_nonce_and_tells_the_key_in_metadata() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        await messenger.send(HERE, Post("An episode", KEY))
        await asyncio.sleep(2)
        await messenger.send(HERE, Post("An episode", KEY))
        page = await messenger.history(HERE)
        assert isinstance(page, Page)
        assert [one.key for one in page.posts] == [KEY, KEY]

    asked(work, FakePlatform(SLACK))


def test_a_post_without_its_key_in_a_button_is_a_mistake_of_its_maker() -> None:
    async def work(_: FakePlatform, messenger: FakeMessenger) -> None:
        with pytest.raises(AssertionError, match="carries its key in no button"):
            await messenger.send(HERE, Post("An episode", KEY))

    asked(work)


def test_history_comes_in_pages_newest_first_among_members_talk() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        await messenger.send(HERE, fake_post(KEY))
        server.chat(HERE, 150)
        await asyncio.sleep(60)
        await messenger.send(HERE, fake_post(OTHER))
        newest = await messenger.history(HERE)
        assert isinstance(newest, Page)
        assert [one.key for one in newest.posts] == [OTHER]
        oldest = await messenger.history(HERE, newest.before)
        assert isinstance(oldest, Page)
        assert ([one.key for one in oldest.posts], oldest.before) == ([KEY], "")
        assert oldest.back_to < newest.back_to

    asked(work)


def test_the_sixth_post_in_five_seconds_and_the_51st_request_in_one_are_told_to_wait() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        server.faults = Faults(latency_s=(0.01, 0.01))
        here = await asyncio.gather(*(messenger.send(HERE, fake_post(_key(n))) for n in range(6)))
        [late] = [one for one in here if isinstance(one, Refused)]
        assert (late.why, late.everywhere) == ("busy", False)
        assert late.retry_after_s == pytest.approx(5, abs=0.1)
        places = [Place("discord", "guild", f"room{n}") for n in range(45)]
        everywhere = await asyncio.gather(*(messenger.send(place, fake_post(KEY)) for place in places))
        [refused] = [one for one in everywhere if isinstance(one, Refused)]
        assert refused.everywhere
        assert server.avoidable == {429: 2}
        assert server.busiest() == 51

    asked(work)


def test_slack_takes_one_post_a_second_in_a_channel() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        outcomes = []
        for n in range(3):
            outcomes.append(await messenger.send(HERE, fake_post(_key(n))))
            await asyncio.sleep(0.7)
        assert [type(one) for one in outcomes] == [Sent, Refused, Sent]
        assert server.busiest_place() == 2

    asked(work, FakePlatform(SLACK, faults=Faults(latency_s=(0.0, 0.0))))


@pytest.mark.parametrize(
    ("fault", "outcome", "accepted"),
    [
        ("error_before", Unclear, 0),
        ("error_after", Unclear, 1),
        ("reset_before", Unclear, 0),
        ("reset_after", Unclear, 1),
        ("lost_answer", Unclear, 1),
        ("stall", Unclear, 0),
        ("stall_accepted", Unclear, 1),
        ("busy", Refused, 0),
    ],
)
def test_each_fault_answers_and_accepts_as_its_name_says(fault: FaultKind, outcome: type, accepted: int) -> None:
    server, answer = sent_with(fault)
    assert isinstance(answer, outcome)
    assert len(server.log) == accepted
    assert server.avoidable.total() == 0


def test_what_is_accepted_late_comes_after_its_caller_gave_up_and_before_it_must_have_settled() -> None:
    server, _ = sent_with("stall_accepted")
    [late] = server.log
    assert late.late
    assert timedelta(seconds=20) < late.at - START < timedelta(seconds=20 + DISCORD.limits.settle_s)


def test_the_same_seed_breaks_the_same_requests() -> None:
    def drawn(seed: int) -> list[FaultKind | None]:
        faults = Faults(each(0.1, stalls=0.1), seed=seed)
        return [faults.of_request("send") for _ in range(500)]

    assert drawn(4) == drawn(4) != drawn(5)
    shares = {kind: drawn(4).count(kind) / 500 for kind in each(0.1, stalls=0.1)}
    assert shares["busy"] == pytest.approx(0.1, abs=0.04)
    assert shares["error_after"] == pytest.approx(0.05, abs=0.03)


def test_during_an_outage_nothing_is_accepted() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        refused = await messenger.send(HERE, fake_post(KEY))
        assert isinstance(refused, Refused)
        assert (refused.why, refused.everywhere) == ("down", True)
        await asyncio.sleep(3600)
        assert isinstance(await messenger.send(HERE, fake_post(KEY)), Unclear)
        assert server.log == []
        await asyncio.sleep(3600)
        assert isinstance(await messenger.send(HERE, fake_post(KEY)), Sent)

    hour = timedelta(hours=1)
    outages = [Outage(START, START + hour), Outage(START + hour, START + 2 * hour, "errors")]
    asked(work, FakePlatform(DISCORD, faults=Faults(outages=outages)))


def test_what_is_not_allowed_is_refused_and_counts_as_avoidable_only_when_asked_again_soon() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        room = server.room(HERE)
        said: list[str] = []

        async def send() -> None:
            outcome = await messenger.send(HERE, fake_post(KEY))
            said.append(outcome.why if isinstance(outcome, Refused) else "sent")

        server.token_ok = False
        await send()
        server.token_ok, room.can_post = True, False
        await send()
        await send()
        await asyncio.sleep(3600)
        await send()
        room.gone = True
        await send()
        assert said == ["unauthorised", "forbidden", "forbidden", "forbidden", "gone"]
        assert server.avoidable == {403: 1}
        room.gone, room.can_post, room.can_read = False, True, False
        assert isinstance(await messenger.history(HERE), Refused)
        assert (await messenger.check(HERE)).missing == ("read back",)

    asked(work)


def test_threads_edits_and_publishing_can_be_done_twice() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        server.room(HERE).kind = "announcement"
        sent = await messenger.send(HERE, fake_post(KEY, mention="42"))
        assert isinstance(sent, Sent)
        for _ in range(2):
            opened = await messenger.open_thread(HERE, sent.message, Thread("Episode one"))
            assert isinstance(opened, Sent)
            assert opened.thread == sent.message
            assert isinstance(await messenger.publish(HERE, sent.message), Sent)
            assert isinstance(await messenger.edit(HERE, sent.message, "", fake_post(KEY, "Corrected")), Sent)
        [message] = server.rooms[HERE].messages.values()
        assert (message.text, message.edits, message.published) == ("Corrected", 2, True)
        assert message.mentions == ("42",)
        gone = await messenger.edit(HERE, "m9", "", fake_post(KEY))
        assert isinstance(gone, Refused)
        assert gone.why == "deleted"

    asked(work)


def test_the_eleventh_publishing_within_an_hour_waits() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        server.room(HERE).kind = "announcement"
        outcomes = []
        for n in range(11):
            sent = await messenger.send(HERE, fake_post(_key(n)))
            assert isinstance(sent, Sent)
            outcomes.append(await messenger.publish(HERE, sent.message))
            await asyncio.sleep(2)
        assert [type(one) for one in outcomes] == [Sent] * 10 + [Refused]

    asked(work)


def test_watchers_hear_of_every_post_of_the_account_also_of_a_twins() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        heard: list[str] = []
        messenger.watch(lambda _, found: heard.append(found.key))
        await FakeMessenger(server).send(HERE, fake_post(KEY))
        server.chat(HERE, 1)
        await asyncio.sleep(5)
        assert heard == [KEY]

    asked(work)


def test_a_stalled_place_answers_nothing_and_others_do() -> None:
    async def work(server: FakePlatform, messenger: FakeMessenger) -> None:
        server.room(HERE).stalled = True
        stalled = asyncio.create_task(messenger.send(HERE, fake_post(KEY)))
        assert isinstance(await messenger.send(Place("discord", "guild", "other"), fake_post(KEY)), Sent)
        assert isinstance(await stalled, Unclear)

    asked(work)


def test_the_busiest_second_is_counted_wherever_it_begins() -> None:
    assert busiest([0.0, 0.5, 0.9, 1.4, 1.45, 3.0]) == 4
    assert busiest([0.0, 1.0, 2.0]) == 1
    assert busiest([]) == 0


def _key(n: int) -> str:
    return alert_id(HERE, None, str(n), "new")
