"""Chapter files of every family that tools write: what is read, kept, dropped and refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats import parse

THREE = [(0.0, "Intro"), (90.0, "Middle"), (3723.5, "End")]


def read(text: str, name: str = "") -> Parsed:
    return parse(text.encode(), name)


def told(parsed: Parsed) -> list[tuple[float, str]]:
    return [(one.start_s, one.title) for one in parsed.chapters]


PSC = """<?xml version="1.0" encoding="utf-8"?>
<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">
  <psc:chapter start="00:00:00" title="Intro" href="https://a.example/" image="pics/1.jpg"/>
  <psc:chapter start="00:01:30.000" title="Middle"/>
  <psc:chapter start="01:02:03.5" title="End" href="javascript:1"/>
</psc:chapters>"""
MATROSKA = """<?xml version="1.0"?>
<!-- <!DOCTYPE Chapters SYSTEM "matroskachapters.dtd"> -->
<!DOCTYPE Chapters SYSTEM "matroskachapters.dtd">
<Chapters><EditionEntry>
  <ChapterAtom><ChapterTimeStart>00:00:00.000000000</ChapterTimeStart>
    <ChapterDisplay><ChapterString>Intro</ChapterString><ChapterLanguage>eng</ChapterLanguage></ChapterDisplay>
    <ChapterDisplay><ChapterString>Anfang</ChapterString></ChapterDisplay></ChapterAtom>
  <ChapterAtom><ChapterTimeStart>00:01:30.000000000</ChapterTimeStart>
    <ChapterDisplay><ChapterString>Middle</ChapterString></ChapterDisplay></ChapterAtom>
  <ChapterAtom><ChapterTimeStart>3723500000000</ChapterTimeStart>
    <ChapterDisplay><ChapterString>End</ChapterString></ChapterDisplay></ChapterAtom>
</EditionEntry></Chapters>"""
APPLE = """<?xml version="1.0" encoding="UTF-8"?>
<TextStream version="1.1"><TextStreamHeader/>
  <TextSample sampleTime="00:00:00.000">Intro</TextSample>
  <TextSample sampleTime="00:01:30.000" text="Middle"/>
  <TextSample sampleTime="01:02:03.500">End</TextSample>
</TextStream>"""
FFMETADATA = """;FFMETADATA1
title=The show\\=case
; a comment
[CHAPTER]
TIMEBASE=1/1000
START=0
END=90000
title=Intro
[CHAPTER]
TIMEBASE=1/10
START=900
END=37235
title=Mid\\
dle
[CHAPTER]
START=3723500000000
END=3800000000000
title=End
[STREAM]
title=no chapter
"""
OGM = """CHAPTER02NAME=Middle
CHAPTER02=00:01:30.000
CHAPTER01=00:00:00.000
CHAPTER01NAME=Intro
CHAPTER03=01:02:03.500
CHAPTER03NAME=End
"""
MP4CHAPS = """## total-duration: 01:10:00.000
00:00:00.000 Intro
00:01:30.000 Middle <https://a.example/b_(c)>
01:02:03.500 End <javascript:alert(1)>
"""
VTT = """WEBVTT - Chapters

Chapter 1
00:00:00.000 --> 00:01:30.000
Intro

Chapter 2
00:01:30.000 --> 01:02:03.500
<b>Middle</b>

Chapter 3
01:02:03.500 --> 01:10:00.000
End
"""
JSON = json.dumps(
    {"version": "1.2.0", "chapters": [{"startTime": start, "title": title} for start, title in THREE]},
)
PODIGEE = json.dumps(
    [
        {"title": title, "start_time": stamp}
        for (_, title), stamp in zip(THREE, ("0", "00:01:30", "01:02:03.500"), strict=True)
    ]
)
PODLOVE = json.dumps(
    {
        "title": "x",
        "duration": "01:10:00.000",
        "chapters": [
            {"start": "00:00:00.000", "title": "Intro", "href": "", "image": ""},
            {"start": "00:01:30.000", "title": "Middle"},
            {"start": "01:02:03.500", "title": "End"},
        ],
    }
)


@pytest.mark.parametrize(
    ("text", "format", "source"),
    [
        pytest.param(PSC, "psc", "psc", id="psc"),
        pytest.param(
            PSC.replace(' xmlns:psc="http://podlove.org/simple-chapters"', ""), "psc", "psc", id="psc-undeclared"
        ),
        pytest.param(PSC.replace("psc:chapter", "chapter"), "psc", "psc", id="psc-without-prefix"),
        pytest.param(MATROSKA, "matroska-chapters", "json", id="matroska"),
        pytest.param(APPLE, "apple-chapters", "json", id="apple"),
        pytest.param(FFMETADATA, "ffmetadata", "json", id="ffmetadata"),
        pytest.param(FFMETADATA.replace("\n", "\r\n"), "ffmetadata", "json", id="ffmetadata-crlf"),
        pytest.param(OGM, "ogm-chapters", "json", id="ogm"),
        pytest.param(MP4CHAPS, "mp4chaps", "json", id="mp4chaps"),
        pytest.param(VTT, "vtt-chapters", "json", id="webvtt"),
        pytest.param(JSON, "json-chapters", "json", id="podcasting"),
        pytest.param(PODIGEE, "json-chapters", "json", id="podigee"),
        pytest.param(PODLOVE, "json-chapters", "json", id="podlove"),
    ],
)
def test_every_family_is_read(text: str, format: str, source: str) -> None:
    found = read(text)
    assert (found.format, {one.source for one in found.chapters}) == (format, {source})
    # A line break inside a title is a blank.
    assert [(start, title.replace("Mid dle", "Middle")) for start, title in told(found)] == THREE


def test_links_and_pictures_are_kept_and_nothing_else_becomes_one() -> None:
    found = read(PSC, "https://a.example/feed/chapters.psc").chapters
    assert [(one.url, one.image) for one in found] == [
        ("https://a.example/", "https://a.example/feed/pics/1.jpg"),
        (None, None),
        (None, None),
    ]
    assert read(PSC, "chapters.psc").chapters[0].image is None
    assert [one.url for one in read(MP4CHAPS).chapters] == [None, "https://a.example/b_(c)", None]


def test_hidden_chapters_are_kept_as_hidden() -> None:
    items = [
        {"startTime": 0, "title": "A"},
        {"startTime": 9, "img": "https://a.example/i.png", "toc": False},
        {"startTime": 20, "title": "B", "toc": True},
    ]
    found = read(json.dumps({"version": "1.2.0", "chapters": items})).chapters
    assert [(one.n, one.title, one.hidden, one.image) for one in found] == [
        (1, "A", False, None),
        (2, "B", False, None),
        (3, "", True, "https://a.example/i.png"),
    ]


def test_a_hidden_atom_is_hidden_and_the_shown_edition_is_read() -> None:
    text = MATROSKA.replace("<ChapterAtom>", "<ChapterAtom><ChapterFlagHidden>1</ChapterFlagHidden>", 1)
    assert [one.hidden for one in read(text).chapters] == [False, False, True]
    two = MATROSKA.replace(
        "<EditionEntry>",
        "<EditionEntry><EditionFlagHidden>1</EditionFlagHidden><ChapterAtom><ChapterTimeStart>5</ChapterTimeStart>"
        "</ChapterAtom></EditionEntry><EditionEntry><EditionFlagDefault>1</EditionFlagDefault>",
    )
    assert told(read(two)) == THREE


def test_starts_that_are_no_times_are_named_and_skipped() -> None:
    starts = ("-00:00:01", "99:99:99", "", "nan", "1e400", "00:00:05.5")
    body = "".join(f'<psc:chapter start="{start}" title="t"/>' for start in starts)
    found = read(f'<psc:chapters xmlns:psc="http://podlove.org/simple-chapters">{body}</psc:chapters>')
    assert told(found) == [(5.5, "t")]
    assert len(found.problems) == 5


@pytest.mark.parametrize("declared", ['<!ENTITY a "x">', '<!ENTITY a SYSTEM "file:///etc/hostname">'])
def test_xml_that_declares_entities_is_refused(declared: str) -> None:
    text = f'<?xml version="1.0"?><!DOCTYPE chapters [{declared}]>{PSC.split("?>", 1)[1]}'
    with pytest.raises(UnknownFormat):
        read(text)


def test_cut_off_xml_keeps_its_whole_chapters() -> None:
    found = read(PSC[: PSC.index('<psc:chapter start="01')] + "<psc:chapter sta")
    assert told(found) == THREE[:2]
    assert any("damaged" in problem.reason for problem in found.problems)


def cues(*texts: str, length_s: int, gap_s: int = 0, head: str = "WEBVTT") -> str:
    def stamp(seconds: int) -> str:
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"

    step = length_s + gap_s
    blocks = [f"{stamp(step * n)} --> {stamp(step * n + length_s)}\n{text}" for n, text in enumerate(texts)]
    return "\n\n".join((head, *blocks)) + "\n"


TITLES = ("Welcome", "Why it broke", "How we mended it", "Good bye")


@pytest.mark.parametrize(
    ("text", "name", "chapters"),
    [
        pytest.param(cues(*TITLES, length_s=300), "", True, id="few-long-and-seamless"),
        pytest.param(cues(*TITLES, length_s=10), "ep1.chapters.vtt", True, id="its-name-says-so"),
        pytest.param(cues(*TITLES, length_s=10, head="WEBVTT\nKind: chapters"), "", True, id="its-header-says-so"),
        pytest.param(cues(*TITLES, length_s=3), "", False, id="short-cues"),
        pytest.param(cues(*TITLES, length_s=60), "ep1.transcript.vtt", False, id="its-name-says-transcript"),
        pytest.param(cues(*TITLES, length_s=60, gap_s=60), "", False, id="gaps"),
        pytest.param(cues(*(f"<v Ann>{title}" for title in TITLES), length_s=300), "", False, id="voices"),
        pytest.param(
            cues(*("and then we went on to say " * 40,) * 4, length_s=120), "", False, id="two-minute-cues-of-speech"
        ),
        pytest.param(
            cues(*("so what I mean is this " * 12,) * 4, length_s=40),
            "ep1.chapters.vtt",
            False,
            id="speech-under-that-name",
        ),
        pytest.param(cues("We are here.", "You came, too.", "That is good.", length_s=30), "", False, id="sentences"),
    ],
)
def test_cues_are_chapters_only_on_evidence(text: str, name: str, chapters: bool) -> None:
    found = parse(text.encode(), name)
    assert (found.format == "vtt-chapters", bool(found.chapters), bool(found.turns)) == (
        chapters,
        chapters,
        not chapters,
    )


def test_a_json_cue_is_a_chapter_with_its_link() -> None:
    text = cues('{"title": "A", "url": "https://a.example/"}', '{"title": "B", "img": "x:y"}', length_s=60)
    found = parse(text.encode(), "chapters.vtt").chapters
    assert [(one.title, one.url, one.image) for one in found] == [("A", "https://a.example/", None), ("B", None, None)]


def test_ten_thousand_chapters_are_the_most() -> None:
    items = [{"startTime": n, "title": str(n)} for n in range(10_050)]
    found = read(json.dumps({"chapters": items}))
    assert len(found.chapters) == 10_000
    assert found.problems


PIECES = (
    PSC, MATROSKA, APPLE, FFMETADATA, OGM, MP4CHAPS, VTT, JSON, PODIGEE, PODLOVE,
    "<", ">", "\\", "\n", "\n\n", "=", "[CHAPTER]", "-->", "&#0;", "&x;", "]]>", "9" * 20,
    '"', "]", "}", "\0",
)  # fmt: skip


@given(
    st.sampled_from(PIECES[:10]),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(PIECES[10:])), max_size=6),
    st.floats(0, 1),
)
def test_damaged_files_are_read_or_refused(text: str, cuts: list[tuple[float, str]], end: float) -> None:
    for at, piece in cuts:
        text = text[: int(at * len(text))] + piece + text[int(at * len(text)) + 1 :]
    try:
        found = read(text[: max(1, int(end * len(text)))])
    except UnknownFormat:
        return
    starts = [one.start_s for one in found.chapters if not one.hidden]
    assert starts == sorted(starts)
    assert all(0 <= start <= 360_000 for start in starts)


@given(
    st.sampled_from(
        (
            ";FFMETADATA1\n",
            "<psc:chapters>",
            "<Chapters><EditionEntry>",
            "<TextStream>",
            "WEBVTT chapters\n\n",
            "CHAPTER01=",
            "00:00:00.000 ",
        )
    ),
    st.text(max_size=300),
)
def test_any_text_behind_a_known_beginning_is_read_or_refused(head: str, rest: str) -> None:
    try:
        found = read(head + rest, "chapters.vtt")
    except UnknownFormat:
        return
    assert not any(letter < " " or letter in "\u202e\u2066" for one in found.chapters for letter in one.title)


def test_half_characters_in_chapter_xml_cost_no_chapter() -> None:
    xml = (
        '<TextStream version="1.1"><TextSample sampleTime="00:00:01.000">One&#xD800;</TextSample>'
        '<TextSample sampleTime="00:01:00.000">Two &nbsp; &amp; three</TextSample></TextStream>'
    )
    found = parse(xml.encode(), "chapters.xml")
    assert [(one.start_s, one.title) for one in found.chapters] == [(1, "One\ufffd"), (60, "Two & three")]
