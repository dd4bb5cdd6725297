"""The hostile feeds, read by the real parser: one after the other, as polls see them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.polled import Show, kinds


@pytest.mark.parametrize(
    ("sequence", "news"),
    [("s01_backdated", 1), ("s03_host_migration", 0), ("s05_empty_then_back", 0), ("s07_reorder", 0),
     ("s08_premiere", 1), ("s09_republish", 0), ("s06_flood", 9997)],
)  # fmt: skip
def test_a_hostile_sequence_of_feeds_brings_just_its_news(shared: Path, sequence: str, news: int) -> None:
    """All 9,997 of the flood are new episodes; how many of them are posted is for the announcing to cap."""
    from bot.formats.feed import parse_feed

    show, found = Show(), 0
    for n, path in enumerate(sorted((shared / "inputs" / "hostile").glob(f"{sequence}_v*.xml"))):
        feed = parse_feed(path.read_bytes())
        judged = show.poll(*feed.items)
        assert not judged.of("held", "duplicate")
        assert judged.withdrawn == ()
        found += len(judged.of("new")) if n else 0
        if sequence == "s03_host_migration" and n:
            assert len(judged.notices) == 1
    assert found == news


@pytest.mark.parametrize(
    ("file", "count"),
    [("i01_no_guid", 3), ("i02_same_guid", 20), ("i03_no_guid_no_enclosure_no_link", 2), ("d17_no_dates", 5),
     ("d01_date", 1), ("d04_date", 1), ("d06_date", 1), ("d07_date", 1), ("d08_date", 1), ("d09_date", 1),
     ("d15_date", 1), ("n02_lengths", 5)],
)  # fmt: skip
def test_a_hostile_feed_has_its_episodes_and_the_same_ones_on_every_poll(shared: Path, file: str, count: int) -> None:
    from bot.formats.feed import parse_feed

    feed = parse_feed((shared / "inputs" / "hostile" / f"{file}.xml").read_bytes())
    show = Show()
    assert kinds(show.poll(*feed.items)) == ["new"] * count
    assert kinds(show.poll(*feed.items)) == ["same"] * count
