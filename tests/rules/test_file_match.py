"""Old files find the episodes of a feed: whole batches named by many habits, with what gets in the way of each.

The shows are made up from a seed. The thresholds were chosen on real titles with other habits than the ones here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import EpisodeKind, Parsed, Turn
from bot.rules.file_clues import Clues, Known, clues_of, known_by
from bot.rules.file_match import Match, match_files

NOUNS = (
    "lighthouse barometer orchard umbrella kettle violin glacier lantern compass sparrow anchor quarry meadow pebble "
    "furnace harbour cellar ladder ribbon saddle timber walnut copper velvet marble thistle badger canyon desert "
    "engine falcon garden hammer island jungle kitchen library mirror needle ocean parcel quilt river shadow tunnel"
)
VERBS = "building losing finding repairing painting selling counting drowning teaching breaking naming hiding"
FIRST = "Ann Bo Cy Dee Eve Finn Gus Hal Ida Jon Kay Lou Mia Ned Oda Pia Rex Sue Tom Una Vic Wim Yan Zoe"
LAST = "Lee Ray Moss Hart Quill Stone Birch Frost Marsh Vale Crane Dunn Ellis Farr Gage Holt Ivers Judd Kerr Lunt"
FILLER = "and then we said that it was so because they had been there for a long time with the others you know"


@dataclass(frozen=True, slots=True)
class Item:
    """One episode of a made-up feed, and what is said in it."""

    title: str
    number: int | None
    season: int | None
    guest: str
    published: datetime
    duration_s: float
    kind: EpisodeKind = "full"

    def known(self, *, numbers: bool = True, lengths: bool = True) -> Known:
        return known_by(
            self.title,
            number=self.number if numbers else None,
            season=self.season,
            people=("Hosty McHost", self.guest),
            published=self.published,
            duration_s=self.duration_s if lengths else None,
            kind=self.kind,
        )


def made_show(rng: random.Random, count: int = 150, seasons: int = 1) -> list[Item]:
    """Weekly episodes with guests, some in two parts, some repeated, some trailers and bonus items in between."""
    items: list[Item] = []
    at = datetime(2018, 1, 3, 6, tzinfo=UTC)
    number, season, title, guest = 0, 1, "", ""
    for n in range(count):
        at += timedelta(days=7 + rng.choice((0, 0, 0, 0, 1, 7)), minutes=rng.randrange(600))
        length = rng.uniform(1200, 5400)
        if n and n % 25 == 0:
            kind: EpisodeKind = "trailer" if n % 50 else "bonus"
            items.append(Item(f"{kind.title()}: {_title(rng)}", None, None, _name(rng), at, rng.uniform(60, 600), kind))
            continue
        if seasons > 1 and number >= count // seasons:
            number, season = 0, season + 1
        number += 1
        if title.endswith("Part 1"):
            title = title[:-1] + "2"
        else:
            title, guest = _title(rng), _name(rng)
            title += f" with {guest}" if rng.random() < 0.4 else ""
            title += " - Part 1" if n % 20 == 7 else ""
        items.append(Item(title, number, season if seasons > 1 else None, guest, at, length))
    return items


def _title(rng: random.Random) -> str:
    one, other = rng.sample(NOUNS.split(), 2)
    shapes = (
        f"The {one.title()} and the {other.title()}",
        f"{rng.choice(VERBS.split()).title()} a {one.title()}",
        f"Why {one.title()}s Need a {other.title()}",
        f"{one.title()} {other.title()}",
    )
    return rng.choice(shapes)


def _name(rng: random.Random) -> str:
    return f"{rng.choice(FIRST.split())} {rng.choice(LAST.split())}"


def said(item: Item, rng: random.Random, *, timed: bool, labels: bool = False) -> Parsed:
    """A transcript: mostly filler, with the guest greeted and half of the title's words said."""
    words = [*(word for word in item.title.split() if rng.random() < 0.5), *FILLER.split() * 30]
    rng.shuffle(words)
    turns = [f"Welcome to the show, {item.guest}, how are you", " ".join(words)]
    guest, host = (item.guest, "Hosty McHost") if labels else (None, None)
    end = item.duration_s - rng.uniform(0, 12)
    return Parsed(
        "srt" if timed else "page",
        turns=(
            Turn(turns[0], host, 0.0 if timed else None),
            Turn(turns[1], guest, end - 5 if timed else None, end if timed else None),
        ),
    )


Namer = Callable[[Item, int], str | None]


def _part(item: Item) -> str:
    return item.title[-6:].replace(" ", "").lower() if "Part " in item.title else ""


#: Names of files, by habit; None: this one was never transcribed.
HABITS: dict[str, Namer] = {
    "number": lambda item, n: f"Episode {item.number:04d} (proofread)" if item.number else None,
    "number in the middle": lambda item, n: f"kitchen_talk_{item.number}_captions_v{n % 4}" if item.number else None,
    "season and number": lambda item, n: f"KT.S{item.season or 1:02d}.E{item.number:02d}" if item.number else None,
    "guest": lambda item, n: f"interview {item.guest.lower().replace(' ', '_')} {_part(item)}" if item.number else None,
    "title": lambda item, n: item.title.replace(" ", "-").lower() + "-otter-ai",
    "title without small words": lambda item, n: "".join(word for word in item.title.split() if len(word) > 3),
    "number and title": lambda item, n: f"{item.number or 'x'}. {item.title[:24]}",
    "date, American": lambda item, n: f"Rec {item.published:%m-%d-%Y}",
    "date, compact": lambda item, n: f"kt{item.published:%Y%m%d}",
    "date and guest": lambda item, n: f"{item.published:%d %B %Y} {item.guest}",
    "recorder": lambda item, n: f"ZOOM{n * 7919 % 10007:04d}",
    "off by one": lambda item, n: f"#{item.number + 1}" if item.number else None,
    "in order, trailers counted": lambda item, n: f"{n + 1:03d}",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a batch."""

    files: int
    joined: int
    wrong: int
    unsure: int
    guessed_right: int


def tally(items: Sequence[Item], known: Sequence[Known], files: Sequence[tuple[int | None, Clues]]) -> Tally:
    found = match_files([clues for _, clues in files], known, ("kitchen", "talk"))
    pairs = [(truth, match) for (truth, _), match in zip(files, found, strict=True)]
    sure = [(truth, match) for truth, match in pairs if match.verdict == "sure"]
    unsure = [(truth, match) for truth, match in pairs if match.verdict == "unsure"]
    return Tally(
        len(files),
        sum(1 for truth, match in sure if match.episode == truth),
        sum(1 for truth, match in sure if match.episode != truth),
        len(unsure),
        sum(1 for truth, match in unsure if match.episode is not None and match.episode == truth),
    )


def batch(
    items: Sequence[Item], namer: Namer, rng: random.Random, *, timed: bool, labels: bool = False, strangers: int = 12
) -> list[tuple[int | None, Clues]]:
    """A file for each item that has a name, and some of another show, named the same way."""
    known = [item.known() for item in items]
    listen_for = frozenset(word for one in known for word in one.title)
    files: list[tuple[int | None, Clues]] = []
    for n, item in enumerate(items):
        if (name := namer(item, n)) is not None:
            files.append((n, clues_of(name, said(item, rng, timed=timed, labels=labels), listen_for)))
    for other in made_show(random.Random(rng.random()), 40)[:strangers]:
        name = f"Garden Hour - {other.title} {other.guest}"
        files.append((None, clues_of(name, said(other, rng, timed=timed, labels=labels), listen_for)))
    rng.shuffle(files)
    return files


#: habit → the least share of files that is joined without asking, (with times, without).
LEAST = {
    "number": (0.9, 0.8),
    "number in the middle": (0.85, 0.8),
    "season and number": (0.9, 0.8),
    "guest": (0.9, 0.5),
    "title": (0.9, 0.8),
    "title without small words": (0.6, 0.4),
    "number and title": (0.85, 0.8),
    "date, American": (0.9, 0.8),
    "date, compact": (0.85, 0.75),
    "date and guest": (0.85, 0.8),
    "recorder": (0.0, 0.0),
    "off by one": (0.9, 0.8),
    "in order, trailers counted": (0.0, 0.0),
}


@pytest.mark.parametrize("timed", [True, False], ids=["timed", "untimed"])
@pytest.mark.parametrize("habit", HABITS)
def test_a_batch_named_by_one_habit_joins_without_a_wrong_one(habit: str, timed: bool) -> None:
    rng = random.Random(len(habit))
    items = made_show(rng)
    found = tally(items, [item.known() for item in items], batch(items, HABITS[habit], rng, timed=timed))
    assert found.wrong == 0
    assert found.joined >= LEAST[habit][not timed] * (found.files - 12)


@pytest.mark.parametrize("habit", ["number", "season and number", "number and title"])
def test_seasons_that_count_from_one_again_mislead_nothing(habit: str) -> None:
    rng = random.Random(5)
    items = made_show(rng, 120, seasons=4)
    found = tally(items, [item.known() for item in items], batch(items, HABITS[habit], rng, timed=True))
    assert found.wrong == 0


def test_a_feed_that_keeps_only_its_newest_items_takes_no_file_of_an_older_one() -> None:
    rng = random.Random(6)
    items = made_show(rng)
    newest = range(130, 150)
    files = batch(items, HABITS["number and title"], rng, timed=True)
    moved = [(truth - 130 if truth in newest else None, clues) for truth, clues in files if truth is not None]
    found = tally(items, [items[n].known() for n in newest], moved)
    assert found.wrong == 0
    assert found.joined >= 15


def test_a_feed_without_numbers_or_lengths_still_finds_titles_and_dates() -> None:
    rng = random.Random(7)
    items = made_show(rng)
    known = [item.known(numbers=False, lengths=False) for item in items]
    for habit, least in (("title", 0.7), ("date, compact", 0.7)):
        found = tally(items, known, batch(items, HABITS[habit], rng, timed=False))
        assert found.wrong == 0
        assert found.joined >= least * (found.files - 12)


# --- single decisions --------------------------------------------------------------------------------------------

SAID = Turn(f"Welcome to the show {FILLER * 20}")


def feed(*titles: str, **parts: object) -> list[Known]:
    start = datetime(2021, 3, 4, 5, tzinfo=UTC)
    return [
        known_by(title, number=n, published=start + timedelta(days=7 * n), duration_s=1800.0 + 97 * n)
        for n, title in enumerate(titles, 40)
    ]


SHOW = ("The Great Heist", "Boats with Ann Lee", "Old Kites", "The Long Winter", "Bread and Salt", "Nine Lamps")


def one(stem: str, **parts: object) -> Match:
    return match_files([clues_of(stem, Parsed("srt", turns=(SAID,), **parts))], feed(*SHOW), ("show",))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stem", "episode", "reason"),
    [
        pytest.param("ep041", 1, "number 41", id="number"),
        pytest.param("show-42-final_v2", 2, "number 42", id="number-in-the-middle"),
        pytest.param("The_Great_Hiest_transcript", 0, "title", id="misspelt"),
        pytest.param("043 - The Long Winter", 3, "number 43", id="number-and-title"),
        pytest.param("2021-12-16", 1, "date 16 December 2021", id="date"),
        pytest.param("16.12.2021 Ann Lee", 1, "title", id="date-and-guest"),
    ],
)
def test_a_file_joins_with_the_reason_it_was_joined_for(stem: str, episode: int, reason: str) -> None:
    found = one(stem)
    assert (found.verdict, found.episode) == ("sure", episode)
    assert reason in found.reason
    assert 0.88 <= found.confidence < 1


@pytest.mark.parametrize("stem", ["transcript", "Transcript_Part 2", "audio final", "0c9d8f1e4411ffee"])
def test_a_file_that_tells_nothing_is_asked_about(stem: str) -> None:
    found = one(stem)
    assert found.verdict == "unsure"
    assert "tells which episode" in found.reason or found.confidence < 0.88


def test_a_file_of_something_else_is_an_episode_of_its_own() -> None:
    found = one("garden-hour-tulips-in-autumn")
    assert (found.verdict, found.episode, found.reason) == ("none", None, "it fits no episode of the feed")


def test_two_files_that_want_one_episode_are_both_asked_about() -> None:
    clues = [clues_of(stem, Parsed("srt", turns=(SAID,))) for stem in ("ep042", "show 42 corrected")]
    assert [match.verdict for match in match_files(clues, feed(*SHOW), ("show",))] == ["unsure", "unsure"]


def test_a_repeated_title_is_asked_about_unless_a_date_tells() -> None:
    twice = feed("The Great Heist", "Old Kites", "The Great Heist")
    bare, dated = (
        match_files([clues_of(stem, Parsed("srt", turns=(SAID,)))], twice)[0]
        for stem in ("the great heist", "2021-12-23 the great heist")
    )
    assert (bare.verdict, bare.second is not None) == ("unsure", True)
    assert (dated.verdict, dated.episode) == ("sure", 2)


def test_a_transcript_far_longer_than_the_episode_speaks_against_its_number() -> None:
    turns = (Turn("hello there", None, 0.0, 5.0), Turn("goodbye", None, 7200.0, 7205.0))
    found = match_files([clues_of("ep042", Parsed("srt", turns=turns))], feed(*SHOW))[0]
    assert found.verdict != "sure"


# --- any input ---------------------------------------------------------------------------------------------------

_STEMS = st.one_of(st.text(max_size=40), st.sampled_from(["ep042", "042", "The Great Heist", "2021-03-04", "s2e5", ""]))


@settings(max_examples=60)
@given(st.lists(_STEMS, max_size=12), st.lists(st.tuples(_STEMS, st.none() | st.integers(0, 60)), max_size=8))
def test_no_episode_gets_two_files_and_every_file_gets_an_answer(
    stems: list[str], episodes: list[tuple[str, int | None]]
) -> None:
    known = [known_by(title, number=number) for title, number in episodes]
    found = match_files([clues_of(stem, Parsed("srt", turns=(SAID,))) for stem in stems], known)
    assert len(found) == len(stems)
    joined = [match.episode for match in found if match.verdict == "sure"]
    assert len(set(joined)) == len(joined)
    assert all(match.reason and 0 <= match.confidence <= 1 for match in found)
