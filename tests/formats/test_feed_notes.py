"""Show notes inside of a feed: whatever list of times stands there is read as in notes of any other source."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Chapter
from bot.formats import feed_html, hypertext
from bot.formats.chapters_notes import of_notes
from bot.formats.feed import parse_feed
from bot.formats.feed_notes import plain, read
from bot.formats.problems import Problems

TITLES = ("Intro", "Middle", "End")
ROWS = tuple(zip(("00:00", "01:30", "1:02:03"), (0, 90, 3723), TITLES, strict=True))
THREE = [(0.0, "Intro"), (90.0, "Middle"), (3723.0, "End")]
E = "https://a.example/e"


def each(pattern: str, between: str = "") -> str:
    return between.join(pattern.format(t=t, s=s, w=w) for t, s, w in ROWS)


DRESSES = {
    "links-around-titles": each(f'<li><a href="{E}?t={{s}}">{{w}}</a></li>'),
    "links-to-fragments": each('<p><a href="#t={s}">{w}</a></p>'),
    "links-with-escaped-ampersands": each(f'<p><a href="{E}?v=1&amp;t={{s}}s">{{w}}</a></p>'),
    "links-around-times": each(f'<a href="{E}#t={{s}}">{{t}}</a> {{w}}', "<br>"),
    "links-around-both": each(f'<a href="{E}#t={{t}}">{{t}} - {{w}}</a>', "<br />\n"),
    "minutes-and-seconds": "<p>0m00s Intro</p><p>1m30s Middle</p><p>62m03s End</p>",
    "title-below": each("<p>{t}</p><p>{w}</p>"),
    "title-above": each("{w}\n({t})", "\n\n"),
    "table": "<table><tbody>" + each("<tr><td>{t}</td><td>{w}</td></tr>") + "</tbody></table>",
    "table-with-heads": "<table><tr><th>Time</th><th>Topic</th></tr>" + each("<tr><td>{t}</td><td>{w}</td></tr>"),
    "definitions": "<dl>" + each("<dt>{t}</dt><dd>{w}</dd>") + "</dl>",
    "ordered": "<ol>" + each("<li>{w} ({t})</li>") + "</ol>",
    "bold-times": "<p>" + each("<strong>{t}</strong> {w}", "<br>") + "</p>",
    "spans-and-styles": each('<p><span style="color: red">{t}</span>&nbsp;&ndash;&nbsp;<b>{w}</b></p>'),
    "capital-tags": "<UL>" + each("<LI>{t} {w}</LI>") + "</UL>",
    "divisions": each("<div><div>{t} | {w}</div></div>"),
    "colons-as-references": each("<p>{t} {w}</p>").replace(":", "&#58;"),
    "preformatted": "<pre>" + each("{t} {w}", "\n") + "</pre>",
    "text": each("{t} - {w}", "\n"),
    "text-with-windows-line-ends": each("{t} {w}", "\r\n"),
    "markdown-table": "| Time | Topic |\n|---|---|\n" + each("| {t} | {w} |\n"),
    "under-a-heading": "<h2>Chapters</h2><ul>" + each("<li>{t} {w}</li>") + "</ul><h2>Links</h2><p>None</p>",
    "beside-quotes": each("<p>{t} {w}</p>") + "<h3>Quotes</h3><p>05:00 “We broke it.”</p>",
    "beside-a-script": "<script>1:00 x</script>" + each("<p>{t} {w}</p>") + "<!-- 2:00 y -->",
}


def told(chapters: tuple[Chapter, ...]) -> list[tuple[float, str]]:
    return [(one.start_s, one.title) for one in chapters]


@pytest.mark.parametrize("notes", DRESSES.values(), ids=DRESSES.keys())
def test_a_list_in_a_feed_is_read_in_any_dress(notes: str) -> None:
    assert told(read(notes)[0]) == THREE
    assert read(notes)[0] == of_notes(notes, Problems())


@pytest.mark.parametrize("notes", [one for one in DRESSES.values() if "<" in one and "&" not in one])
def test_tags_that_were_escaped_once_too_often_are_tags(notes: str) -> None:
    escaped = html.escape(notes)
    assert told(read(escaped)[0]) == told(of_notes(escaped, Problems())) == THREE


def test_a_tag_that_somebody_speaks_of_is_a_word() -> None:
    assert told(read("00:00 Why &lt;div&gt;\n05:00 And &lt;p&gt;")[0]) == [(0.0, "Why <div>"), (300.0, "And <p>")]
    assert told(read("<p>00:00 Why &lt;div&gt;<br>05:00 So</p>")[0]) == [(0.0, "Why <div>"), (300.0, "So")]


def test_a_chapter_in_a_feed_keeps_its_link() -> None:
    [first, second] = read(f'<p>00:00 Hello<br>05:00 <a href="{E}">The queen</a></p>')[0]
    assert (first.url, second.url, second.title) == (None, E, "The queen")


def test_one_time_is_a_chapter_only_under_a_heading_for_chapters() -> None:
    assert told(read("<h2>Chapters</h2><p>12:00 The only one</p>")[0]) == [(720.0, "The only one")]
    assert read("<h2>Notes</h2><p>12:00 The only one</p>") == ((), ())


def test_highlights_stand_below_their_heading_in_any_dress() -> None:
    rows = "".join(f'<li><a href="{E}#t={s}">“{w}”</a></li>' for s, w in ((73, "We broke it."), (330, "Bees know.")))
    for notes in (rows, "<li>01:13 We broke it.</li><li>05:30 Bees know.</li>"):
        found = read(f"<h3>Highlights</h3><ul>{notes}</ul>")
        assert [(one.start_s, one.text) for one in found[1]] == [(73.0, "We broke it."), (330.0, "Bees know.")]
        assert found[0] == ()
    assert [one.text for one in read("Quotes\n05:30 - “Bees know.”")[1]] == ["Bees know."]


PIECES = (
    "00:00 ", "01:30 ", "12:30 - ", "45:00 – ", "1:02:03 ", "Intro", "The queen", "Winter, again?", "<p>", "</p>",
    "<br>", "<br/>\n", "<li>", "</li>", "\n", " ", "<h3>", "</h3>", "<H2 class='x'>", "Chapters", "About the host",
    "Quotes", "Agenda", "Transcript", f"<a href='{E}'>", "</a>", f'<a href="{E}?t=90">', "#t=30", "<strong>",
    "</strong>", "&amp;", "&nbsp;", "&lt;b&gt;", "&#58;", "<td>", "</td>", "<!-- x -->", "<script>1:00</script>",
    "1m30s ", "- ", "(", ")", "[", "]", "# ", "5 h", " < ", "<i", "<Section>", "<Li>", "<title>", "\t", "\xa0", "2. ",
    "ten words that stand here to say nothing at all ", "é Über", "to 5", "3 pm",
)  # fmt: skip
STARTS = (
    "",
    "<p>00:00 Hello<br>12:30 Bees<br>",
    "<ul><li>00:00 Hello</li><li>12:30 Bees</li></ul>",
    "0:00 A\n9:00 B\n",
)


@given(st.sampled_from(STARTS), st.lists(st.sampled_from(PIECES), max_size=14))
@settings(max_examples=500, deadline=None)
def test_the_quick_way_finds_what_the_other_finds(start: str, pieces: list[str]) -> None:
    notes = start + "".join(pieces)
    assert read(notes)[0] == of_notes(notes, Problems())


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(max_examples=300, deadline=None)
def test_the_quick_lines_are_those_of_the_slower_reader(pieces: list[str]) -> None:
    text = "".join(pieces).replace("#", "")
    lines = feed_html.lines(text)
    if lines is not None:
        shown = (" ".join(line.replace(feed_html.LINK, "").split()) for line in lines)
        assert [line for line in shown if line not in ("", "#")] == hypertext.lines(text)


@given(st.text("<>/abpl &;\n'\"=!-", max_size=60))
def test_any_text_becomes_words(text: str) -> None:
    assert isinstance(plain(text), str)
    assert isinstance(read(text + "00:00 a\n10:00 b"), tuple)


def as_html(markdown: str) -> str:
    """As a host turns its members' Markdown into a feed's HTML: headings, list items, paragraphs, links, bold."""
    out = []
    for line in markdown.split("\n"):
        text = re.sub(r"\[([^\]\[]*)\]\(([^()\s]*)\)", r'<a href="\2">\1</a>', html.escape(line, quote=False))
        text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
        if match := re.match(r"#+ (.*)", text):
            out.append(f"<h2>{match[1]}</h2>")
        elif match := re.match(r"[*-] (.*)", text):
            out.append(f"<li>{match[1]}</li>")
        elif text.strip():
            out.append(f"<p>{text}</p>")
    return "\n".join(out)


def test_real_show_notes_have_the_same_chapters_inside_of_a_feed(shared: Path) -> None:
    pages = [page.read_text("utf-8") for page in sorted((shared / "corpus" / "syntax" / "shows").glob("*.md"))]
    notes = [as_html(page.split("\n---", 1)[-1]) for page in pages]
    items = "".join(
        f"<item><guid>{n}</guid><description><![CDATA[{text}]]></description></item>" for n, text in enumerate(notes)
    )
    feed = parse_feed(f"<rss><channel><title>T</title>{items}</channel></rss>".encode())
    assert [item.note_chapters for item in feed.items] == [of_notes(text, Problems()) for text in notes]
    assert sum(len(item.note_chapters) for item in feed.items) == 1121
