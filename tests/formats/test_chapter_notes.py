"""Lists of times in show notes: every dress they come in, and what is no list of chapters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Chapter
from bot.errors import UnknownFormat
from bot.formats import parse
from bot.formats.chapters_notes import of_notes
from bot.formats.problems import Problems

THREE = [(0.0, "Intro"), (90.0, "Middle"), (3723.0, "End")]


def told(chapters: tuple[Chapter, ...]) -> list[tuple[float, str]]:
    return [(one.start_s, one.title) for one in chapters]


def in_file(text: str) -> list[tuple[float, str]]:
    try:
        return told(parse(text.encode(), "notes.md").chapters)
    except UnknownFormat:
        return []


def each(pattern: str, between: str = "\n") -> str:
    """The three chapters in one dress: ``{t}`` the time, ``{s}`` in seconds, ``{w}`` the title, ``{n}`` the number."""
    rows = (("00:00", "Intro", 0), ("01:30", "Middle", 90), ("1:02:03", "End", 3723))
    return between.join(pattern.format(t=t, w=w, s=s, n=n) for n, (t, w, s) in enumerate(rows, 1))


DRESSES = {
    "brackets": each("[{t}] {w}"),
    "round-brackets": each("({t}) {w}"),
    "round-brackets-and-dash": each("({t}) - {w}"),
    "bullet-and-dash": each("- {t} – {w}"),
    "time-last-in-round-brackets": each("{w} ({t})"),
    "time-last-in-brackets": each("* {w} [{t}]"),
    "time-last-behind-a-dash": each("{w} - {t}"),
    "time-last-bare": each("{w} {t}"),
    "time-last-behind-dots": each("{w} ........ {t}"),
    "title-on-the-next-line": each("{t}\n{w}", "\n\n"),
    "title-two-lines-down": each("({t})\n\n{w}", "\n\n"),
    "title-in-a-bullet-below": each("{t}\n\n* {w}", "\n\n"),
    "time-on-the-next-line": each("{w}\n{t}", "\n\n"),
    "time-on-the-next-line-without-gaps": each("{w}\n({t})"),
    "numbered": each("{n}. {t} {w}"),
    "numbered-time-last": each("{n}. {w} ({t})"),
    "numbered-with-a-bracket": each("{n}) {w} {t}"),
    "chapter-number-first": each("Chapter {n}: {t} {w}"),
    "bold-time": each("**{t}** {w}"),
    "bold-line": each("**{t} - {w}**"),
    "picture-first": each("⏱ {t} {w}"),
    "bar": each("{t} | {w}"),
    "tab": each("{t}\t{w}"),
    "columns": "Title,Start\n" + each("{w},{t}"),
    "table": "| Time | Topic |\n|---|---|\n" + each("| {t} | {w} |"),
    "table-time-last": "| Topic | Time |\n|:--|--:|\n" + each("| {w} | {t} |"),
    "table-with-numbers": "| # | Time | Topic |\n|---|---|---|\n" + each("| {n} | {t} | {w} |"),
    "linked-time": each("- [{t}](https://y.example/?t={s}) {w}"),
    "linked-time-last": each("- {w} [{t}](https://y.example/?t={s})"),
    "links-to-moments": each("- [{w}](https://y.example/#t={s})"),
    "hours-minutes-seconds": "0h00m00s Intro\n0h01m30s Middle\n1h02m03s End",
    "minutes-seconds": "0m00s Intro\n1m30s Middle\n62m03s End",
    "one-line": "In this episode: " + each("{t} {w}", " "),
    "one-line-in-brackets": each("({t}) {w}", " "),
    "one-line-with-bars": each("{t} {w}", " | "),
    "after-prose": "A talk with Ann about 3 things.\n\nTimestamps:\n"
    + each("{t} {w}")
    + "\n\nFollow us: https://a.example",
    "html-list": "<ul>" + each("<li>{t} {w}</li>", "") + "</ul>",
    "html-ordered-time-last": "<ol>" + each("<li>{w} ({t})</li>", "") + "</ol>",
    "html-breaks": "<p>" + each("{t} – {w}", "<br/>") + "</p>",
    "html-linked-time": "<p>" + each('<a href="https://a.example/e#t={s}">{t}</a> {w}', "<br>") + "</p>",
    "html-links-to-moments": "<ul>" + each('<li><a href="#t={s}">{w}</a></li>', "") + "</ul>",
    "html-table": "<table>" + each("<tr><td>{t}</td><td>{w}</td></tr>", "") + "</table>",
    "html-table-time-last": "<table>" + each("<tr><td>{w}</td><td>{t}</td></tr>", "") + "</table>",
    "html-definitions": "<dl>" + each("<dt>{t}</dt><dd>{w}</dd>", "") + "</dl>",
}


@pytest.mark.parametrize("text", DRESSES.values(), ids=DRESSES.keys())
def test_a_list_is_read_in_any_dress(text: str) -> None:
    assert in_file(text) == THREE
    assert told(of_notes(text, Problems())) == THREE


NO_LISTS = {
    "times-of-day-in-prose": "We meet at 5:30 pm and talk.\nThen at 6:45 pm we go home.\nIt was fun.",
    "lines-that-open-with-times-of-day": "5:30 pm was when it began.\n6:45 pm was when it ended.\n",
    "an-evening": "Doors 7:00 PM\nTalk 7:30 PM\nDrinks 9:00 PM",
    "an-agenda": "Agenda\n9:00 Registration\n10:30 Coffee\n12:00 Lunch\n",
    "opening-hours": "Monday 09:00 - 17:00\nTuesday 09:00 - 17:00\nFriday 10:00 - 12:00",
    "broadcasts": "Live Mondays 20:00\nRepeat Tuesdays 20:30\nOnline Wednesdays 21:00",
    "verses": "Romans 8:28\nJohn 13:16\n1 Corinthians 13:17\nGenesis 31:27",
    "verses-with-words": "Readings\n3:16 For God so loved the world\n8:28 All things work\n",
    "results": "Lakers 98:95\nBulls 101:99\nHeat 88:87",
    "handball": "Germany - France 28:25\nSpain - Denmark 30:29",
    "ratios": "The ratio was 16:09.\nMix it 1:10 and then 1:20, and drink.\n",
    "prices": "Price: 12:99\nOther 3:50 EUR",
    "a-sponsor": "Use code SAVE at https://a.example by 11:59.\nThe offer ends 12:00 midnight ET.\nCall 24:07.",
    "dates": "Recorded 2021-05-04 12:30\nPublished 2021-05-05 13:45\nEdited 2021-05-06 14:00",
    "songs-and-their-lengths": "1. Song 3:45\n2. Tune 4:12\n3. Air 2:58\n4. Tale 5:01",
    "songs-in-brackets": "One (3:45)\nTwo (4:12)\nThree (2:58)\nFour (5:01)\nFive (2:10)",
    "a-conversation-about-a-clock": "The clock said 10:10 and the train left at 10:25 as ever, so we ran for 11:05.",
    "one-time": "The best part is at 12:34.\n\n12:34 is when it happens.",
    "links-to-moments-of-others": "[A talk](https://y.example/a?t=90)\n[Another](https://y.example/b?t=120)",
}


@pytest.mark.parametrize("text", NO_LISTS.values(), ids=NO_LISTS.keys())
def test_what_is_no_list_of_chapters_gives_none(text: str) -> None:
    assert in_file(text) == []
    assert told(of_notes(text, Problems())) == []


def test_a_transcript_with_stamps_gives_no_chapters() -> None:
    said = (
        "and so we went on to talk about that for quite a while because it was what people wanted to hear from us then"
    )
    lines = "\n".join(f"[{n // 6:02}:{n % 6 * 10:02}] {said}" for n in range(30))
    assert in_file(lines) == []
    assert of_notes(lines, Problems()) == ()


def test_paragraphs_with_a_stamp_now_and_then_give_no_chapters() -> None:
    said = "And then we went there. It was what nobody had thought of before, and so we stayed for a good while. " * 3
    paragraphs = [f"\\[{n * 3}:10\\] {said}" + f"\n\nYes. {said}" * 3 for n in range(8)]
    assert of_notes("\n\n".join(paragraphs), Problems()) == ()


def test_long_questions_as_titles_are_chapters() -> None:
    asked = "I am new here and have two of them. What would you do with such a thing, and why not say so before?"
    text = "\n\n".join(f"{n * 4}:10 - {asked}\n\n* Nobody knows\n* Ask again" for n in range(8))
    assert told(of_notes(text, Problems())) == [(n * 240.0 + 10, asked) for n in range(8)]


def test_quotes_with_times_are_no_chapters() -> None:
    text = "Chapters\n0:00 Intro\n5:00 Depth\n\nHighlights\n1:10 - “We broke it.”\n6:20 - “Nobody saw.”\n"
    assert in_file(text) == [(0.0, "Intro"), (300.0, "Depth")]
    assert told(of_notes(text, Problems())) == [(0.0, "Intro"), (300.0, "Depth")]


def test_a_chapter_keeps_its_own_link_but_not_one_to_its_own_moment() -> None:
    text = (
        '<p>00:00 <a href="https://a.example/x">Topic</a><br>'
        '<a href="https://y.example/?t=90">01:30</a> Other<br>'
        '02:30 <a href="javascript:alert(1)">Third</a></p>'
    )
    assert [(c.title, c.url) for c in of_notes(text, Problems())] == [
        ("Topic", "https://a.example/x"),
        ("Other", None),
        ("Third", None),
    ]


def test_a_list_out_of_order_is_sorted_and_says_so() -> None:
    problems = Problems()
    found = of_notes("0:00 A\n9:00 B\n5:00 C\n12:00 D\n15:00 E", problems)
    assert told(found) == [(0.0, "A"), (300.0, "C"), (540.0, "B"), (720.0, "D"), (900.0, "E")]
    assert any("out of order" in problem.reason for problem in problems.all())


def test_a_list_under_its_heading_may_be_one_chapter() -> None:
    assert in_file("Chapters\n12:00 The only one\n") == [(720.0, "The only one")]


def test_times_that_cannot_be_are_named_and_skipped() -> None:
    problems = Problems()
    assert told(of_notes("00:60 Bad\n00:30 A\n01:30 B", problems)) == [(30.0, "A"), (90.0, "B")]
    assert any("00:60" in problem.reason for problem in problems.all())


def test_the_duration_bounds_the_list() -> None:
    assert told(of_notes("0:00 A\n5:00 B\n50:00 C", Problems(), 600)) == [(0.0, "A"), (300.0, "B")]


PIECES = (
    "00:00", "1:02:03", "[", "]", "(", ")", "](", "#t=9", "?t=1m2s", "|", "<a href='#t=5'>", "</a>", "<li>", "\n", " ",
    "- ", "1. ", "**", "\\", "Chapter 3", "1h2m3s", "at", "Intro", "“x”", "&lt;", "99:99", "#", ",", "....", "x" * 40,
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_notes_are_read(pieces: list[str]) -> None:
    found = of_notes("".join(pieces), Problems(), 3600)
    assert [one.start_s for one in found] == sorted(one.start_s for one in found)
    assert all(0 <= one.start_s < 3600 for one in found)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece", ["00:00 ", "[0:00](", "0:00|", "<a href='t=1'>", "((", "1. ", "**0:00", ". ", "John 3:16 ", "0:00\n"]
)
def test_hostile_notes_take_no_longer_than_they_are_long(piece: str) -> None:
    of_notes(piece * (200_000 // len(piece)), Problems())
    in_file(piece * (200_000 // len(piece)))
