"""Which list of chapters an episode keeps, and how one is put in order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Chapter
from bot.rules.chapter_sources import SOURCES, chosen, numbered


def chapter(start_s: float, title: str = "", source: str = "notes", **more: object) -> Chapter:
    return replace(Chapter(0, start_s, None, title, source=source), **more)  # type: ignore[arg-type]


def offer(source: str, *titles: str) -> list[Chapter]:
    return [chapter(60.0 * n, title, source) for n, title in enumerate(titles)]


def titles(chapters: tuple[Chapter, ...] | None) -> list[str] | None:
    return None if chapters is None else [one.title for one in chapters]


@pytest.mark.parametrize("better", range(len(SOURCES) - 1))
def test_the_better_source_wins_however_short(better: int) -> None:
    best, worse = offer(SOURCES[better], "A"), offer(SOURCES[better + 1], "B", "C", "D")
    assert titles(chosen([worse, best], (), 3600)) == ["A"]


@pytest.mark.parametrize("stored", range(len(SOURCES)))
@pytest.mark.parametrize("offered", range(len(SOURCES)))
def test_stored_chapters_give_way_only_to_the_same_or_a_better_source(stored: int, offered: int) -> None:
    found = chosen([offer(SOURCES[offered], "new")], offer(SOURCES[stored], "old"), None)
    assert titles(found) == (["new"] if offered <= stored else None)


def test_what_an_older_version_took_from_a_feed_ranks_with_the_show_notes() -> None:
    assert titles(chosen([offer("page", "new")], offer("feed", "old"), None)) == ["new"]
    assert titles(chosen([offer("notes", "new")], offer("feed", "old"), None)) == ["new"]
    assert chosen([offer("feed", "new")], offer("page", "old"), None) is None


def test_nothing_offered_leaves_what_is_stored() -> None:
    assert chosen([[], []], offer("notes", "old"), None) is None
    assert chosen([], (), None) is None


def test_a_list_that_lies_wholly_behind_the_end_is_no_offer() -> None:
    found = chosen([[chapter(5000, "late", "json")], offer("notes", "A", "B")], (), 1800)
    assert titles(found) == ["A", "B"]


def test_a_list_of_hidden_chapters_alone_comes_last() -> None:
    pictures = [chapter(0, "x", "json", hidden=True)]
    assert titles(chosen([pictures, offer("notes", "A")], (), None)) == ["A"]
    assert titles(chosen([pictures], (), None)) == ["x"]
    assert chosen([pictures], offer("notes", "A"), None) is None


def test_hidden_chapters_follow_the_visible_ones_and_cut_none_short() -> None:
    found = numbered([chapter(90, "B"), chapter(30, "picture", hidden=True), chapter(0, "A")], "json", 120)
    assert [(c.n, c.start_s, c.end_s, c.title, c.hidden, c.source) for c in found] == [
        (1, 0, 90, "A", False, "json"),
        (2, 90, 120, "B", False, "json"),
        (3, 30, 90, "picture", True, "json"),
    ]


def test_one_time_and_title_is_one_chapter_with_all_that_is_known_of_it() -> None:
    found = numbered(
        [chapter(5, "A", url="https://a.example/"), chapter(5, "A", image="https://a.example/i")], "psc", 9
    )
    assert [(c.title, c.url, c.image) for c in found] == [("A", "https://a.example/", "https://a.example/i")]


def test_of_two_at_one_time_an_untitled_one_goes_and_two_titles_share_the_stretch() -> None:
    found = numbered([chapter(0, ""), chapter(0, "A"), chapter(0, "B"), chapter(9, "C")], "notes", None)
    assert [(c.title, c.end_s) for c in found] == [("A", 9), ("B", 9), ("C", None)]


def test_what_begins_after_the_end_goes_unless_most_of_it_does() -> None:
    assert titles(numbered([chapter(0, "A"), chapter(7200, "B")], "json", 1800)) == ["A"]
    # A duration in minutes, read as seconds.
    hour = numbered([chapter(600.0 * n, str(n)) for n in range(6)], "json", 60)
    assert titles(hour) == ["0", "1", "2", "3", "4", "5"]
    assert hour[-1].end_s is None


def test_an_own_end_holds_up_to_the_next_chapter() -> None:
    found = numbered(
        [chapter(0, "A", end_s=10.0), chapter(20, "B", end_s=99.0), chapter(30, "C", end_s=1.0)], "json", 40
    )
    assert [c.end_s for c in found] == [10, 30, 40]


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1000, allow_nan=False),
            st.sampled_from(("", "A", "B")),
            st.booleans(),
            st.sampled_from((None, 7.0)),
        ),
        max_size=30,
    ),
    st.none() | st.floats(0, 2000, allow_nan=False),
)
def test_any_list_comes_out_in_order(
    rows: list[tuple[float, str, bool, float | None]], duration_s: float | None
) -> None:
    given_ = [chapter(start, title, hidden=hidden, end_s=end) for start, title, hidden, end in rows]
    found = numbered(given_, "json", duration_s)
    assert [c.n for c in found] == list(range(1, len(found) + 1))
    for hidden in (False, True):
        starts = [c.start_s for c in found if c.hidden is hidden]
        assert starts == sorted(starts)
    assert all(c.end_s is None or c.end_s > c.start_s for c in found)
    assert [c.hidden for c in found] == sorted(c.hidden for c in found)
    assert numbered(found, "json", duration_s) == found
    assert {c.start_s for c in found} <= {c.start_s for c in given_}
