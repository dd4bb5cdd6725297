"""What is gone from a feed: fallen off its end, missing for a while, or withdrawn."""

from __future__ import annotations

from bot.feeds import FeedItem
from tests.rules.polled import after, item, keys, kinds

TEN = tuple(item(n) for n in range(10, 0, -1))


def without(*gone: int) -> tuple[FeedItem, ...]:
    return tuple(one for one in TEN if one.guid not in {f"a.example:{n}" for n in gone})


def test_an_item_missing_three_times_from_between_others_is_withdrawn_once() -> None:
    show = after(*TEN)
    found = [show.poll(*without(5)) for _ in range(5)]
    assert [judged.withdrawn for judged in found] == [(), (), ("episode-5",), (), ()]
    assert [judged.watch for judged in found] == [True, True, False, False, False]
    assert "episode-5" in found[2].notices[0]


def test_the_newest_needs_twice_as_long_because_a_stale_copy_lacks_it_too() -> None:
    show = after(*TEN)
    assert [bool(show.poll(*without(10)).withdrawn) for _ in range(6)] == [False] * 5 + [True]


def test_a_withdrawn_item_that_is_back_under_another_guid_is_no_news() -> None:
    show = after(*TEN)
    for _ in range(3):
        show.poll(*without(5))
    judged = show.poll(*without(5)[:5], item(5, guid="again"), *without(5)[5:])
    assert kinds(judged)[5] == "republished"
    assert keys(judged)[5] == "episode-5"
    assert judged.items[0].withdrawn_at is None
    assert judged.items[0].missing == 0


def test_an_item_back_before_it_was_withdrawn_starts_its_count_again() -> None:
    show = after(*TEN)
    for _ in range(4):
        show.poll(*without(5))
        show.poll(*without(5))
        assert not show.poll(*TEN).of("republished", "new")


def test_what_falls_off_the_end_of_a_feed_that_shows_its_last_few_is_not_withdrawn() -> None:
    show = after(*TEN[:5])
    for n in range(11, 30):
        window = tuple(item(m) for m in range(n, n - 5, -1))
        judged = show.poll(*window)
        assert judged.withdrawn == ()
        assert not judged.watch


def test_a_trailer_kept_at_the_end_of_such_a_feed_withdraws_nothing() -> None:
    trailer = item(0, title="Trailer", kind="trailer")
    show = after(*(item(m) for m in (3, 2, 1)), trailer)
    for n in range(4, 20):
        assert show.poll(*(item(m) for m in range(n, n - 3, -1)), trailer).withdrawn == ()


def test_an_old_date_in_such_a_feed_withdraws_nothing() -> None:
    show = after(*(item(m) for m in (13, 12, 11)))
    old = item(1)
    for n in range(14, 24):
        assert show.poll(old, *(item(m) for m in range(n, n - 3, -1))).withdrawn == ()


def test_an_empty_feed_withdraws_nothing_and_is_told() -> None:
    show = after(*TEN)
    for _ in range(5):
        judged = show.poll()
        assert judged.withdrawn == ()
        assert judged.items == ()
        assert "empty" in judged.notices[0]
    assert kinds(show.poll(*TEN)) == ["same"] * 10


def test_a_feed_that_is_cut_off_withdraws_nothing() -> None:
    show = after(*TEN)
    for _ in range(5):
        assert show.poll(*without(5), cut=True).withdrawn == ()


def test_a_feed_that_loses_most_at_once_is_told_and_withdraws_nothing() -> None:
    show = after(*TEN)
    for _ in range(5):
        judged = show.poll(*without(4, 5, 6, 7))
        assert judged.withdrawn == ()
        assert judged.notices == ("4 episodes went from the feed at once. They stay, and nothing is withdrawn.",)


def test_notices_stay_word_for_word_the_same_while_nothing_changes() -> None:
    show = after(*TEN)
    assert show.poll(*without(4, 5, 6, 7)).notices == show.poll(*without(4, 5, 6, 7)).notices
