"""Which feed item is which episode, poll after poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds import FeedItem
from tests.rules.polled import MAY, THREE, Show, after, audio, item, keys, kinds

# --- the first look, and nothing new --------------------------------------------------------------------------------


def test_the_first_look_makes_an_episode_of_every_item_named_by_its_title() -> None:
    judged = Show().poll(*THREE)
    assert kinds(judged) == ["new"] * 3
    assert keys(judged) == ["episode-3", "episode-2", "episode-1"]
    assert judged.verdicts[0].reason == "first look at this feed"


def test_the_same_feed_again_says_nothing_and_stores_nothing() -> None:
    show = after(*THREE)
    judged = show.poll(*THREE)
    assert kinds(judged) == ["same"] * 3
    assert judged.items == ()
    assert judged.notices == ()


def test_another_order_is_no_change() -> None:
    assert kinds(after(*THREE).poll(*reversed(THREE))) == ["same"] * 3


def test_a_new_item_with_an_old_date_is_new() -> None:
    judged = after(*THREE).poll(item(9, published=datetime(2018, 2, 5, tzinfo=UTC)), *THREE)
    assert kinds(judged) == ["new", "same", "same", "same"]


def test_equal_titles_get_keys_of_their_own() -> None:
    judged = Show().poll(*(item(n, title="Q&A") for n in (3, 2, 1)))
    assert keys(judged) == ["q-a", "q-a-2", "q-a-3"]


def test_a_title_that_is_a_word_of_the_commands_is_no_key() -> None:
    assert keys(Show().poll(item(1, title="Latest"))) == ["latest-2"]


def test_a_feed_that_was_empty_at_first_has_news_later() -> None:
    show = Show()
    show.poll()
    assert kinds(show.poll(item(1))) == ["new"]


# --- one name changes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        pytest.param({"title": "Kites over water"}, "changed", id="title"),
        pytest.param({"published": datetime(2026, 1, 3, tzinfo=UTC)}, "changed", id="date"),
        pytest.param({"guid": "other"}, "migrated", id="guid"),
        pytest.param({"guid": None}, "changed", id="no guid any more"),
        pytest.param({"link": "https://a.example/other"}, "changed", id="link"),
        pytest.param({"enclosures": audio("https://cdn.example/x.mp3")}, "changed", id="audio"),
        pytest.param({"summary": "More words"}, "changed", id="summary"),
        pytest.param({"enclosures": audio("https://a.example/audio/2.mp3?token=9")}, "same", id="token"),
        pytest.param(
            {"enclosures": audio("https://dts.podtrac.com/redirect.mp3/chtbl.com/track/1/a.example/audio/2.mp3")},
            "same",
            id="trackers before it",
        ),
        pytest.param({"link": "https://www.a.example/show/2/?utm_source=rss"}, "changed", id="decorated link"),
    ],
)
def test_an_item_is_known_when_one_name_changes(parts: dict[str, object], kind: str) -> None:
    judged = after(*THREE).poll(item(3), replace(item(2), **parts), item(1))  # type: ignore[arg-type]
    assert keys(judged) == ["episode-3", "episode-2", "episode-1"]
    if kind != "changed" or "link" not in parts:
        assert judged.verdicts[1].kind == kind


def test_a_date_in_2035_that_is_corrected_later_is_one_episode() -> None:
    show = after(*THREE)
    early = show.poll(item(4, published=datetime(2035, 1, 6, tzinfo=UTC)), *THREE)
    late = show.poll(item(4), *THREE)
    assert kinds(early)[0] == "new"
    assert kinds(late)[0] == "changed"
    assert keys(early)[0] == keys(late)[0]
    assert late.verdicts[0].known
    assert late.verdicts[0].known.published == item(4).published


def test_the_date_of_2035_is_not_remembered() -> None:
    judged = Show().poll(item(4, published=datetime(2035, 1, 6, tzinfo=UTC)))
    assert judged.items[0].published is None


def test_a_corrected_date_without_a_guid_is_one_episode() -> None:
    show = after(item(4, guid=None, published=datetime(2035, 1, 6, tzinfo=UTC)))
    assert kinds(show.poll(item(4, guid=None))) == ["changed"]


# --- guids that are no names ------------------------------------------------------------------------------------------


def test_items_without_guid_are_known_by_their_audio() -> None:
    bare = [item(n, guid=None, link=None) for n in (3, 2, 1)]
    show = after(*bare)
    assert kinds(show.poll(*bare)) == ["same"] * 3
    renamed = show.poll(replace(bare[0], title="Kites over water"), *bare[1:])
    assert kinds(renamed) == ["changed", "same", "same"]


def test_items_with_nothing_but_title_and_date_are_known_by_both() -> None:
    bare = [item(n, guid=None, link=None, enclosures=()) for n in (2, 1)]
    show = after(*bare)
    assert kinds(show.poll(*bare)) == ["same"] * 2
    assert kinds(show.poll(item(3, guid=None, link=None, enclosures=()), *bare)) == ["new", "same", "same"]


def test_twenty_items_that_share_a_guid_are_twenty_episodes_on_every_poll() -> None:
    alike = [item(n, guid="same", published=MAY) for n in range(20)]
    show = Show()
    first = show.poll(*alike)
    assert kinds(first) == ["new"] * 20
    assert "share guids" in first.notices[0]
    assert kinds(show.poll(*alike)) == ["same"] * 20
    changed = show.poll(replace(alike[0], title="Kites over water"), *alike[1:])
    assert kinds(changed) == ["changed"] + ["same"] * 19
    assert kinds(show.poll(item(21, guid="same"), *alike[1:]))[0] == "new"


def test_a_guid_that_is_the_shows_address_names_no_episode() -> None:
    show = after(item(1, guid="https://a.example/"))
    assert kinds(show.poll(item(2, guid="https://a.example/"))) == ["new"]


def test_a_guid_used_again_for_another_episode_is_a_new_one_and_says_so() -> None:
    show = after(*THREE)
    judged = show.poll(item(4, guid="a.example:3", title="Sails and boats"), item(2), item(1))
    assert kinds(judged)[0] == "new"
    assert "used before" in judged.verdicts[0].reason
    assert judged.verdicts[0].maybe == "episode-3"


def test_a_used_guid_is_no_name_while_its_first_episode_is_still_there() -> None:
    show = after(*THREE)
    judged = show.poll(item(4, guid="a.example:3", title="Sails and boats"), *THREE)
    assert kinds(judged) == ["new", "same", "same", "same"]


def test_guids_that_count_from_the_top_follow_their_episodes() -> None:
    show = after(*(item(n, guid=str(3 - n)) for n in (3, 2, 1)))
    judged = show.poll(*(item(n, guid=str(4 - n)) for n in (4, 3, 2, 1)))
    assert keys(judged)[1:] == ["episode-3", "episode-2", "episode-1"]
    assert kinds(judged)[0] == "new"


def test_another_title_and_audio_under_a_known_guid_without_dates_is_held() -> None:
    show = after(item(1, published=None, link=None))
    judged = show.poll(item(1, published=None, link=None, title="Sails", enclosures=audio("https://x.example/s.mp3")))
    assert kinds(judged) == ["held"]
    assert judged.items == ()
    assert "episode-1" in judged.verdicts[0].reason
    assert "held back" in judged.notices[0]


def test_what_has_no_name_at_all_is_held() -> None:
    assert kinds(Show().poll(FeedItem(published=MAY))) == ["held"]


# --- a whole show moves -----------------------------------------------------------------------------------------------


def test_a_host_that_changes_every_guid_and_address_makes_no_news_and_one_notice() -> None:
    show = after(*THREE)
    judged = show.poll(*(item(n, "new.example") for n in (3, 2, 1)))
    assert kinds(judged) == ["migrated"] * 3
    assert keys(judged) == ["episode-3", "episode-2", "episode-1"]
    assert len(judged.notices) == 1
    assert "3 episodes" in judged.notices[0]


def test_a_host_that_moves_dates_to_another_time_zone_and_renames_files_makes_no_news() -> None:
    show = after(*THREE)
    moved = [
        item(
            n,
            "new.example",
            published=MAY + timedelta(days=7 * n, hours=5),
            enclosures=audio(f"https://n.example/{n}f"),
        )
        for n in (3, 2, 1)
    ]
    assert kinds(show.poll(*moved)) == ["migrated"] * 3


def test_copies_that_flap_between_two_hosts_double_and_withdraw_nothing() -> None:
    show = after(*THREE)
    other = [item(n, "new.example") for n in (3, 2, 1)]
    for _ in range(4):
        for feed in (other, THREE):
            judged = show.poll(*feed)
            assert keys(judged) == ["episode-3", "episode-2", "episode-1"]
            assert not judged.of("new", "held", "duplicate")
            assert judged.withdrawn == ()


def test_a_stale_copy_without_the_newest_withdraws_nothing() -> None:
    show = after(*THREE)
    for _ in range(8):
        assert show.poll(item(2), item(1)).withdrawn == ()
        assert show.poll(item(2), item(1)).withdrawn == ()
        assert kinds(show.poll(*THREE)) == ["same"] * 3


def test_a_feed_that_lists_everything_twice_while_it_moves_makes_no_news() -> None:
    show = after(*THREE)
    moved = [item(n, "new.example", enclosures=audio(f"https://n.example/{n * 7}f.mp3")) for n in (3, 2, 1)]
    judged = show.poll(*THREE, *moved)
    assert kinds(judged) == ["same"] * 3 + ["duplicate"] * 3
    assert kinds(show.poll(*moved)) == ["changed"] * 3


# --- two episodes that look like one, and one that looks like two -----------------------------------------------------


def test_the_same_title_on_another_day_is_another_episode() -> None:
    show = after(item(1, title="Q&A"))
    assert kinds(show.poll(item(2, title="Q&A"), item(1, title="Q&A"))) == ["new", "same"]
    assert kinds(show.poll(item(3, title="Q&A"))) == ["new"]


def test_a_weekly_show_of_one_title_and_length_has_an_episode_a_week() -> None:
    show = Show()
    for n in range(1, 6):
        assert kinds(show.poll(item(n, title="Kite news", duration_s=1800.0))) == ["new"]


def test_an_episode_put_up_anew_within_the_day_is_the_same_when_it_is_as_long() -> None:
    show = after(item(1, duration_s=1803.0))
    later = MAY + timedelta(days=7, hours=3)
    again = item(
        1, guid="x", link=None, published=later, duration_s=1803.0, enclosures=audio("https://a.example/y.mp3")
    )
    judged = show.poll(again)
    assert kinds(judged) == ["migrated"]


def test_the_same_title_twice_on_one_day_is_two_episodes() -> None:
    morning, evening = item(1, title="Q&A"), item(2, title="Q&A", published=item(1).published + timedelta(hours=8))  # type: ignore[operator]
    judged = Show().poll(evening, morning)
    assert kinds(judged) == ["new", "new"]


def test_two_with_like_titles_on_one_day_are_two_episodes() -> None:
    show = after(item(1, title="Kites, part one"))
    judged = show.poll(item(2, title="Kites, part two", published=item(1).published), item(1, title="Kites, part one"))
    assert kinds(judged) == ["new", "same"]


def test_the_same_number_in_another_season_is_another_episode() -> None:
    show = after(item(1, title="Sails", season=1, number=1))
    assert kinds(show.poll(item(2, title="Boats", season=2, number=1), item(1, title="Sails", season=1, number=1))) == [
        "new",
        "same",
    ]


def test_a_best_of_with_the_audio_of_an_old_one_is_new_and_says_so() -> None:
    judged = after(*THREE).poll(item(4, title="Best of: kites", enclosures=item(1).enclosures), *THREE)
    assert kinds(judged) == ["new", "same", "same", "same"]
    assert judged.verdicts[0].maybe == "episode-1"
    assert "repeat" in judged.verdicts[0].reason


def test_a_second_entry_with_the_same_title_and_audio_is_a_duplicate() -> None:
    again = item(3, guid="other")
    show = after(*THREE)
    judged = show.poll(again, *THREE)
    assert kinds(judged) == ["duplicate", "same", "same", "same"]
    assert judged.verdicts[0].key == "episode-3"
    assert show.poll(again, *THREE).items == ()
    assert keys(show.poll(again, item(2), item(1)))[0] == "episode-3"


def test_an_item_listed_twice_word_for_word_is_one_episode() -> None:
    assert kinds(Show().poll(item(1), item(1))) == ["new", "duplicate"]


def test_addresses_that_all_items_share_say_nothing() -> None:
    def shared(n: int) -> FeedItem:
        here = "https://a.example/listen"
        return item(n, guid=None, link=here, enclosures=audio(f"https://a.example/get.php?id={n}"))

    show = after(shared(3), shared(2), shared(1))
    assert kinds(show.poll(shared(4))) == ["new"]
    assert kinds(show.poll(shared(4), shared(3))) == ["same", "same"]
