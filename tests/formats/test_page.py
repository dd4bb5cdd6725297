"""Pages, notes and time-stamped lines: written here, and the real page of the shared inputs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats import parse

PAGE = """The Bees of Winter

By Ann Lee

We talk about bees with Bob Ray.

Timestamps:

(00:00) Hello
(05:10) – The queen
1:02:03 : Goodbye

Key quotes

"A hive is a promise." (05:30)

Show notes

Read more at the library.

Transcript:

[00:00:00] Ann: Welcome back, everyone, to the show about bees.

[00:00:09] Bob Ray: Thanks, Ann. Note: I kept [00:00:12] every hive [inaudible 00:00:14] alive.

A second paragraph of mine.

[00:00:30] Ann: That was all.

About the author

Name
Ann Lee
Role
Keeper
"""


def read(text: str, name: str = "") -> Parsed:
    return parse(text.encode(), name)


def said(parsed: Parsed) -> list[tuple[str | None, float | None, str]]:
    return [(turn.speaker, turn.start_s, turn.text) for turn in parsed.turns]


def test_the_seed_page_gives_all_that_it_holds(shared: Path) -> None:
    [file] = (shared / "seed").glob("*.txt")
    page = parse(file.read_bytes(), file.name)
    assert (page.format, page.title, page.author) == ("page", "What is an AI Engineer?", "Raza Habib")
    assert (len(page.chapters), len(page.highlights), len(page.turns)) == (9, 4, 198)
    assert Counter(turn.speaker for turn in page.turns) == {"Shawn Wang": 135, "Raza Habib": 63}
    assert page.problems == ()
    assert page.summary.startswith("In this week’s episode of the High Agency Podcast")
    assert page.chapters[2].title == "Skills and characteristics of AI Engineers"
    assert page.highlights[3].start_s == 39 * 60 + 30
    assert page.turns[3].marks == ((66, 60.0),)
    assert not any("[00" in turn.text for turn in page.turns)


def test_a_page_with_other_headings_and_separators_is_read() -> None:
    page = read(PAGE)
    assert (page.format, page.title, page.author) == ("page", "The Bees of Winter", "Ann Lee")
    assert [(c.start_s, c.title) for c in page.chapters] == [(0, "Hello"), (310, "The queen"), (3723, "Goodbye")]
    assert [(h.start_s, h.text) for h in page.highlights] == [(330, "A hive is a promise.")]
    assert page.summary == "We talk about bees with Bob Ray."


def test_a_short_name_becomes_the_one_known_person() -> None:
    assert [turn.speaker for turn in read(PAGE).turns] == ["Ann Lee", "Bob Ray", "Ann Lee"]


def test_an_ambiguous_short_name_stays_short() -> None:
    text = PAGE.replace("Bob Ray", "Ann Ray")
    assert [turn.speaker for turn in read(text).turns] == ["Ann", "Ann Ray", "Ann"]


def test_marks_inside_a_turn_are_no_words_and_noises_are() -> None:
    turn = read(PAGE).turns[1]
    assert turn.text == ("Thanks, Ann. Note: I kept every hive [inaudible 00:00:14] alive. A second paragraph of mine.")
    assert turn.marks == ((5, 12.0),)


def test_a_page_without_an_author_has_none() -> None:
    page = read(PAGE.replace("By Ann Lee\n\n", "").split("About the author")[0])
    assert (page.title, page.author) == ("The Bees of Winter", None)
    assert page.turns[0].speaker == "Ann"


def test_names_above_their_words_are_read_with_and_without_times() -> None:
    clocked = read("## Transcript\n\nGuest (00:00:01):\nFirst point.\n\n(00:02:00):\nSecond point.")
    assert said(clocked) == [("Guest", 1, "First point."), ("Guest", 120, "Second point.")]
    bare = read("# A title\n\n## Transcript\n\nLenny:\nWelcome here.\n\nTest Guest:\nThanks a lot.\n")
    assert said(bare) == [("Lenny", None, "Welcome here."), ("Test Guest", None, "Thanks a lot.")]


def test_plain_time_stamped_lines_are_cues_without_a_speaker() -> None:
    found = read("00:00:00 Welcome to the show.\n\n00:04 Today we talk of bees\n[00:00:09] and of honey.\n")
    assert found.format == "timed-text"
    assert said(found) == [
        (None, 0, "Welcome to the show."),
        (None, 4, "Today we talk of bees"),
        (None, 9, "and of honey."),
    ]
    assert all(turn.cue for turn in found.turns)


def test_a_time_that_goes_back_is_dropped_and_its_words_stay() -> None:
    found = read("00:00 One two three.\n00:05 Four five six.\n00:02 Seven eight nine.\n00:09 Ten eleven twelve.\n")
    assert [turn.start_s for turn in found.turns] == [0, 5, None, 9]
    assert [problem.line for problem in found.problems] == [3]


def test_an_absurd_time_is_dropped_and_its_words_stay() -> None:
    found = read("00:00:00 Ann: One two three.\n99999999:00:00 Bob: Four five.\n00:00:09 Ann: Six seven eight.\n")
    assert [turn.start_s for turn in found.turns] == [0, None, 9]
    assert [problem.line for problem in found.problems] == [2]


@pytest.mark.parametrize("word", ["Note", "Example", "Question"])
def test_a_word_with_a_colon_is_no_speaker(word: str) -> None:
    lines = [f"00:0{n} {word}: this is one of several lines." for n in range(9)]
    assert {turn.speaker for turn in read("\n".join(lines)).turns} == {None}


def test_a_time_stamped_list_is_chapters_and_not_a_transcript() -> None:
    notes = read("(00:00) Chapter 1\n(12:00) Chapter 2\n(01:01:30) - Chapter 3\n")
    assert notes.format == "notes"
    assert [(c.n, c.start_s, c.end_s, c.title) for c in notes.chapters] == [
        (1, 0, 720, "Chapter 1"),
        (2, 720, 3690, "Chapter 2"),
        (3, 3690, None, "Chapter 3"),
    ]


def test_times_at_the_end_or_above_their_titles_make_chapters_too() -> None:
    ends = read("Intro - 00:00\nSvelte 101 - 05:00\nOutro - 50:00\n")
    assert [c.title for c in ends.chapters] == ["Intro", "Svelte 101", "Outro"]
    above = read("(00:00)\n\nWelcome\n\n(05:45)\n\nA Guest\n")
    assert [c.title for c in above.chapters] == ["Welcome", "A Guest"]


def test_chapters_out_of_order_are_sorted_and_reported() -> None:
    notes = read("00:00 First\n15:00 Third\n05:00 Second\n")
    assert [c.title for c in notes.chapters] == ["First", "Second", "Third"]
    assert [problem.line for problem in notes.problems] == [3]


def test_impossible_clocks_are_no_chapters() -> None:
    with pytest.raises(UnknownFormat):
        read("<p>00:60 Bad Seconds</p><p>99:99 Bad Both</p>")


def test_a_clock_inside_a_title_is_no_chapter() -> None:
    notes = read(
        "<div><p>Starts at 1:00 sharp.</p><p>“The Steps at 3:33” by Ann (Story starts around 00:05:00)<br>By Jo</p>"
        "<p>“Random” by David (Story starts around 00:25:20)</p></div>"
    )
    assert [c.start_s for c in notes.chapters] == [300, 1520]
    assert notes.chapters[0].title == "“The Steps at 3:33” by Ann"


def test_front_matter_gives_title_number_date_and_address() -> None:
    notes = read(
        "---\nnumber: 7\ntitle: 'Bees: a start'\ndate: 1499860800000\nurl: https://example.org/a.mp3\n---\n"
        "Hello.\n\n## Notes\n* 00:10 - **One** [link](https://example.org/x)\n* 04:20: Two\n"
    )
    assert (notes.title, notes.number, notes.summary) == ("Bees: a start", 7, "Hello.")
    assert notes.published is not None
    assert notes.published.isoformat() == "2017-07-12T12:00:00+00:00"
    assert [(e.kind, e.url) for e in notes.editions] == [("audio", "https://example.org/a.mp3")]
    assert [(c.title, c.url) for c in notes.chapters] == [("One link", "https://example.org/x"), ("Two", None)]


def test_a_chapter_beyond_the_known_end_is_skipped() -> None:
    notes = read("---\ntitle: A\nduration: 30:00\n---\n00:00 One\n10:00 Two\n31:00 Three\n")
    assert [(c.title, c.end_s) for c in notes.chapters] == [("One", 600), ("Two", 1800)]
    assert len(notes.problems) == 1


def test_bold_names_beside_times_and_part_headings_are_a_transcript() -> None:
    page = read(
        "# Ep 5: Hi\n\n*Hosted by Ann Lee*\n\nA blurb.\n\n## Timestamps\n- **00:00** Intro\n"
        "- **[12:30](https://example.org/?t=750)** – The thing\n\n## Transcript\n\n"
        "**Ann Lee** [00:00:00]: Hello all.\n\n**Bob Ray** [00:00:10]: Thanks.\n\n## Part two\n\n"
        "**Ann Lee** [00:01:00]: More of it.\n\n## Links\n\n- [x](https://example.org)\n"
    )
    assert (page.format, page.title, page.author) == ("page", "Ep 5: Hi", "Ann Lee")
    assert [(c.start_s, c.title) for c in page.chapters] == [(0, "Intro"), (750, "The thing")]
    assert said(page) == [
        ("Ann Lee", 0, "Hello all."),
        ("Bob Ray", 10, "Thanks."),
        ("Ann Lee", 60, "More of it."),
    ]


def test_a_transcript_may_follow_the_chapters_without_a_heading() -> None:
    page = read("An Episode\n\nChapters:\n0:00 Intro\n1:00 Big: thing\n\nAnn Lee: Hi.\n\nBob: Yes.\n\nAnn Lee: So.\n")
    assert [c.title for c in page.chapters] == ["Intro", "Big: thing"]
    assert [turn.speaker for turn in page.turns] == ["Ann Lee", "Bob", "Ann Lee"]


def test_an_html_page_reads_as_its_text_does() -> None:
    page = read(
        "<html><head><title>Bees</title></head><body><h1>Bees</h1><p>By Ann Lee</p><h2>Chapters</h2>"
        "<ul><li>00:00 – A</li><li>05:00 – B</li></ul><h2>Transcript</h2><p>[00:00:00] Ann: Hello all.</p>"
        "<p>[00:00:10] Bob Ray: Thanks &amp; hi.</p></body></html>"
    )
    assert (page.title, page.author, [c.title for c in page.chapters]) == ("Bees", "Ann Lee", ["A", "B"])
    assert said(page) == [("Ann Lee", 0, "Hello all."), ("Bob Ray", 10, "Thanks & hi.")]


def test_a_negative_time_is_dropped_and_its_words_stay() -> None:
    found = read("-00:00:05 One two three.\n00:00:05 Four five six.\n00:00:08 Seven eight nine.\n")
    assert [turn.start_s for turn in found.turns] == [None, 5, 8]
    assert [problem.line for problem in found.problems] == [1]


def test_generic_labels_stay_and_unknown_is_nobody() -> None:
    found = read("Speaker 1: Hi.\nSpeaker 2: Hello.\nUnknown: Hm.\nSpeaker 1: Bye.\n")
    assert [turn.speaker for turn in found.turns] == ["Speaker 1", "Speaker 2", None, "Speaker 1"]


def test_text_without_times_names_or_details_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="no times"):
        read("Just a letter to a friend.\n\nIt says: nothing.\n")


def test_real_show_notes_give_the_expected_chapters(shared: Path) -> None:
    import json

    folder = shared / "inputs"
    for file in sorted((folder / "chapters").glob("Syntax__shows-*")):
        want = json.loads((folder / "expected" / "chapters" / f"{file.name}.json").read_text())["chapters"]
        got = parse(file.read_bytes(), file.name).chapters
        assert [c.start_s for c in got] == sorted(start for start, _ in want), file.name
        for chapter, (_, title) in zip(got, sorted(want, key=lambda item: item[0]), strict=True):
            assert not title or chapter.title == title or title.startswith("["), file.name


def test_a_transcript_goes_on_below_headings_of_its_own() -> None:
    text = "# Rye\n\n## Transcript\n\nAnn: We bake.\n\nBo: Bread.\n\n## The oven\n\nAnn: It is hot.\n\nBo: Yes.\n"
    text += "\n## Thanks\n\nTo our friends: you know who you are.\n"
    assert [turn.text for turn in parse(text.encode()).turns] == ["We bake.", "Bread.", "It is hot.", "Yes."]
