"""What a community makes of raw lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Level
from bot.rules.overlays import NONE, Overlays, PlacedFix, PlacedWithhold, apply, reach, repeats, shown_name
from tests.storage.build import TURNS, lines_of

LINES = lines_of()
#: Line 3 is words 23 to 30: "The lamp went out on the third night."
LAMP, LAMP_WORDS = 23, 8
HIDING = [Level.hidden, Level.erased]


def texts(overlays: Overlays) -> dict[int, str]:
    return {line.n: line.text for line in apply(LINES, overlays)}


def test_without_overlays_the_lines_are_the_same_objects() -> None:
    assert all(one is two for one, two in zip(apply(LINES, NONE), LINES, strict=True))


@pytest.mark.parametrize(
    ("label", "name"),
    [
        pytest.param("Raza", "Raza Habib", id="the show's alias"),
        pytest.param("RAZA ", "Raza Habib", id="compared by tokens"),
        pytest.param("Shawn", "Sean", id="the episode's alias wins"),
        pytest.param("Speaker 1", "Guest of today", id="generic, named in this episode"),
        pytest.param("SPEAKER_00", None, id="generic"),
        pytest.param("Speaker 2", None, id="generic: the show's alias does not count"),
        pytest.param("Unknown", None, id="unknown"),
        pytest.param("Ann Lee", "Ann Lee", id="as written"),
        pytest.param(None, None, id="nobody"),
    ],
)
def test_a_speaker_is_called(label: str | None, name: str | None) -> None:
    overlays = Overlays(
        episode_aliases={"shawn": "Sean", "speaker 1": "Guest of today"},
        show_aliases={"raza": "Raza Habib", "shawn": "Swyx", "speaker 2": "Wrong"},
    )
    assert shown_name(label, overlays) == name


@pytest.mark.parametrize(
    ("first", "words", "value", "shown"),
    [
        pytest.param(LAMP, 8, "It was dark.", {3: "It was dark."}, id="a whole line"),
        pytest.param(LAMP + 1, 1, "big light", {3: "The big light went out on the third night."}, id="one word by two"),
        pytest.param(LAMP + 6, 2, "fourth day.", {3: "The lamp went out on the fourth day."}, id="the end"),
        pytest.param(LAMP + 5, 4, "x", {3: "The lamp went out on x", 4: "did you do then?"}, id="over two lines"),
        pytest.param(LAMP, 13, "One.", {3: "One.", 4: None}, id="a line emptied"),
        pytest.param(LAMP, 8, "", {3: None}, id="all words taken out"),
    ],
)
def test_a_text_fix_replaces_its_words(first: int, words: int, value: str, shown: dict[int, str | None]) -> None:
    raw = {line.n: line.text for line in LINES}
    got = texts(Overlays(fixes=(PlacedFix(first, words, "text", value),)))
    assert got == {n: text for n, text in {**raw, **shown}.items() if text is not None}


def test_a_later_text_fix_wins_where_two_overlap() -> None:
    fixes = (
        PlacedFix(LAMP, 3, "text", "A"),
        PlacedFix(LAMP + 2, 2, "text", "B"),
        PlacedFix(LAMP + 6, 1, "text", "C"),
    )
    assert texts(Overlays(fixes=fixes))[3] == "The lamp B on the C night."


def test_a_fixed_line_keeps_the_sources_place() -> None:
    [line] = [each for each in apply(LINES, Overlays(fixes=(PlacedFix(LAMP, 8, "text", "One."),))) if each.n == 3]
    assert (line.first_word, line.words, line.fixed) == (LAMP, 8, True)


def test_speaker_and_time_fixes_change_their_lines() -> None:
    fixes = (PlacedFix(LAMP, 8, "speaker", "Cy"), PlacedFix(LAMP, 13, "time", "100", 11.5))
    shown = {line.n: line for line in apply(LINES, Overlays(fixes=fixes))}
    assert (shown[3].speaker, shown[3].start_s, shown[3].exact) == ("Cy", 100.0, True)
    assert (shown[4].speaker, shown[4].start_s, shown[4].end_s) == ("Ann", 104.0, 106.5)
    assert shown[5] == LINES[5]


def test_a_time_fix_on_a_source_without_times_sets_its_first_line() -> None:
    bare = lines_of(timed=False)
    shown = apply(bare, Overlays(fixes=(PlacedFix(LAMP, 13, "time", "100"),)))
    assert [line.start_s for line in shown[3:5]] == [100.0, None]


@pytest.mark.parametrize("level", HIDING)
@pytest.mark.parametrize(
    ("first", "words", "gone"),
    [(LAMP, 8, {3}), (LAMP + 7, 1, {3}), (LAMP + 7, 2, {3, 4}), (0, 200, set(range(8))), (LAMP, 0, set())],
)
def test_a_withhold_of_any_word_hides_the_line(level: Level, first: int, words: int, gone: set[int]) -> None:
    overlays = Overlays(withholds=(PlacedWithhold(first, words, level),))
    assert set(range(8)) - set(texts(overlays)) == gone


@pytest.mark.parametrize("level", HIDING)
def test_a_withheld_person_is_hidden_under_every_name(level: Level) -> None:
    persons = {"bo lund": level}
    assert {line.speaker for line in apply(LINES, Overlays(persons={"bo": level}))} == {"Ann"}
    assert {line.speaker for line in apply(LINES, Overlays(show_aliases={"bo": "Bo Lund"}, persons=persons))} == {"Ann"}
    renamed = Overlays(show_aliases={"bo": "Bo Lund"}, persons={"bo": level})
    assert {line.speaker for line in apply(LINES, renamed)} == {"Ann"}


def test_a_line_fixed_to_a_withheld_person_is_hidden_and_one_fixed_away_is_shown() -> None:
    fixes = (PlacedFix(0, 7, "speaker", "Bo"), PlacedFix(LAMP, 8, "speaker", "Ann"))
    shown = {line.n for line in apply(LINES, Overlays(fixes=fixes, persons={"bo": Level.hidden}))}
    assert shown == {1, 3, 4, 5}


def test_not_featured_lines_are_shown_and_marked() -> None:
    marked = [
        Overlays(withholds=(PlacedWithhold(LAMP, 8, Level.not_featured),)),
        Overlays(persons={"bo": Level.not_featured}),
        Overlays(episode=Level.not_featured),
    ]
    assert [{line.n for line in apply(LINES, each) if not line.featured} for each in marked] == [
        {3},
        {2, 3, 6, 7},
        set(range(8)),
    ]


@pytest.mark.parametrize("level", HIDING)
def test_a_withheld_episode_has_no_lines(level: Level) -> None:
    assert apply(LINES, Overlays(episode=level)) == []
    assert reach(LINES, Overlays(episode=level)) is level


def test_the_strictest_withhold_reaches() -> None:
    overlays = Overlays(
        withholds=(PlacedWithhold(LAMP, 8, Level.hidden), PlacedWithhold(LAMP, 1, Level.not_featured)),
        persons={"ann": Level.erased},
    )
    assert reach(LINES[3:4], overlays) is Level.hidden
    assert reach(LINES[3:5], overlays) is Level.erased
    assert reach(LINES[2:3], overlays) is None


def test_a_page_repeats_a_hidden_line() -> None:
    hidden = [LINES[3]]
    assert repeats("the lamp, it went out on the third night", hidden)
    assert not repeats("So I lit a fire on the rocks and waved a lantern until dawn.", hidden)
    assert not repeats("", hidden)


spans = st.tuples(st.integers(0, 70), st.integers(0, 20))


def a_fix(span: tuple[int, int], text: str) -> PlacedFix:
    return PlacedFix(span[0], span[1], "text", text)


def a_withhold(span: tuple[int, int], level: Level) -> PlacedWithhold:
    return PlacedWithhold(span[0], span[1], level)


@given(
    st.lists(st.builds(a_fix, spans, st.sampled_from(["", "x", "y z"]))),
    st.lists(st.builds(a_withhold, spans, st.sampled_from(list(Level)))),
    st.integers(0, 7),
    st.integers(0, 7),
)
def test_any_stretch_reads_as_it_does_in_the_whole(
    fixes: list[PlacedFix], withholds: list[PlacedWithhold], first: int, last: int
) -> None:
    overlays = Overlays(fixes=tuple(fixes), withholds=tuple(withholds))
    whole = [line for line in apply(LINES, overlays) if first <= line.n <= last]
    assert apply(LINES[first : last + 1], overlays) == whole
    hidden = [each for each in withholds if each.level is not Level.not_featured]
    for line in whole:
        own = set(range(line.first_word, line.first_word + line.words))
        assert not any(own & set(range(each.first_word, each.first_word + each.words)) for each in hidden)


def test_a_label_that_only_looks_generic_stays_a_name() -> None:
    lines = [replace(line, speaker="Guest House Records") for line in lines_of(TURNS)]
    assert apply(lines, NONE) == lines


def test_overlays_and_parsers_agree_on_what_is_generic() -> None:
    from bot.formats import speakers
    from bot.rules.labels import is_generic

    labels = ["Speaker 1", "SPEAKER_00", "Unknown", "Unidentified Speaker 2", "Guest B", "Q", "12", "S3", "spk_4"]
    names = ["Ann", "Guest", "Speaker Pelosi", "Voice of America", "Host Hostess", "Abe", "A B"]
    assert all(is_generic(label) and speakers.is_generic(label) for label in labels)
    assert not any(is_generic(name) or speakers.is_generic(name) for name in names)
