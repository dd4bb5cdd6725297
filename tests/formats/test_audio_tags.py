"""Chapters in the tags of audio files, from byte ranges: ID3, MP4 (Nero and QuickTime), Ogg, Opus, FLAC."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnknownFormat
from bot.formats import parse
from bot.formats.audio_tags import Needs, read
from tests.formats.audio_build import (
    AUDIO,
    FRAMES,
    FTYP,
    LENGTHS,
    MVHD,
    PAIRS,
    SAMPLES,
    SOUND,
    WANT,
    WHOLE,
    atom,
    chap,
    chpl,
    comments,
    ctoc,
    fetched,
    flac,
    id3,
    ogg,
    quicktime,
    synchsafe,
    tag,
    text_track,
    told,
    u32,
)

# --- ID3 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [3, 4])
def test_id3_chapters_are_read(version: int) -> None:
    data = tag(*FRAMES, id3.TIT2(encoding=3, text=["The episode"]), version=version) + AUDIO
    found, _ = fetched(data)
    assert (found.format, found.title, {one.source for one in found.chapters}) == ("audio", "The episode", {"audio"})
    assert told(found) == WANT
    assert parse(data, "ep.mp3").chapters == found.chapters


def test_a_chapter_keeps_its_link_and_not_its_picture() -> None:
    picture = id3.APIC(encoding=3, mime="image/png", type=0, desc="", data=b"x" * 50)
    link = id3.WXXX(encoding=3, desc="chapter url", url="https://a.example/")
    bad = id3.WXXX(encoding=3, desc="", url="javascript:1")
    found, _ = fetched(tag(chap("a", 0, "A", link, picture), chap("b", 5, "B", bad)))
    assert [(one.url, one.image) for one in found.chapters] == [("https://a.example/", None), (None, None)]
    assert any("picture" in problem.reason for problem in found.problems)


def test_what_the_table_of_contents_does_not_list_is_hidden() -> None:
    tables = (ctoc("toc", "a", "sub"), ctoc("sub", "c", flags=1))
    found, _ = fetched(tag(*FRAMES, *tables))
    assert [(one.title, one.hidden) for one in found.chapters] == [("Intro", False), ("End", False), ("Größe ❤", True)]


@pytest.mark.parametrize(
    "table", [ctoc("toc"), ctoc("toc", "x", "y"), ctoc("toc", "toc")], ids=["empty", "others", "loop"]
)
def test_a_table_of_contents_that_lists_none_hides_none(table: object) -> None:
    found, _ = fetched(tag(*FRAMES, table))
    assert told(found) == WANT


def test_chapters_behind_a_large_picture_are_found_without_fetching_it() -> None:
    body, picture = tag(*FRAMES)[10:], b"\0image/png\0\3\0" + b"\1" * 3_000_000
    first = b"APIC" + synchsafe(len(picture)) + b"\0\0" + picture
    found, asked = fetched(b"ID3\4\0\0" + synchsafe(len(first) + len(body)) + first + body)
    assert told(found) == WANT
    assert asked < 300_000


def test_the_first_of_several_tags_with_chapters_counts() -> None:
    found, _ = fetched(tag(id3.TIT2(encoding=3, text=["One"])) + tag(*FRAMES) + AUDIO)
    assert told(found) == WANT


def test_a_tag_that_lies_about_its_size_gives_what_is_there() -> None:
    data = bytearray(tag(*FRAMES))
    data[6:10] = b"\x7f\x7f\x7f\x7f"
    found, _ = fetched(bytes(data))
    assert told(found) == WANT


def test_an_unsynchronised_tag_is_read() -> None:
    data = tag(*FRAMES, id3.TIT2(encoding=1, text=["ÿþ"]), version=3)
    body = data[10:].replace(b"\xff", b"\xff\0")
    found, _ = fetched(b"ID3\x03\0\x80" + synchsafe(len(body)) + body)
    assert told(found) == WANT


def test_audio_without_chapters_is_read_and_refused_as_a_file() -> None:
    for data in (AUDIO, tag(id3.TIT2(encoding=3, text=["One"])) + AUDIO):
        assert fetched(data)[0].chapters == ()
        with pytest.raises(UnknownFormat, match="without chapters"):
            parse(data, "x.mp3")


# --- Vorbis comments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ogg(b"\x01vorbis" + b"\0" * 23, b"\x03vorbis" + comments(*PAIRS) + b"\x01"), id="vorbis"),
        pytest.param(ogg(b"OpusHead" + b"\0" * 11, b"OpusTags" + comments(*PAIRS)), id="opus"),
        pytest.param(
            ogg(b"OpusHead" + b"\0" * 11, b"OpusTags" + comments("PICTURE=" + "x" * 200_000, *PAIRS)),
            id="opus-over-many-pages",
        ),
        pytest.param(
            ogg(b"fishead\0", serial=1) + ogg(b"OpusHead", b"OpusTags" + comments(*PAIRS)), id="behind-a-skeleton"
        ),
        pytest.param(flac((0, b"\0" * 34), (6, b"\1" * 500_000), (4, comments(*PAIRS)), (1, b"\0" * 50)), id="flac"),
    ],
)
def test_comments_are_read(data: bytes) -> None:
    found, asked = fetched(data)
    assert told(found) == WANT
    assert [one.url for one in found.chapters] == [None, None, "https://a.example/"]
    assert (found.title, len(found.problems)) == ("The episode", 1)
    assert asked < 300_000


# --- MP4 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False], ids=["moov-first", "moov-last"])
@pytest.mark.parametrize("spread", [0, 3_000_000], ids=["together", "spread"])
def test_a_quicktime_chapter_track_is_read(first: bool, spread: int) -> None:
    found, asked = fetched(quicktime(moov_first=first, spread=spread), 64 * 1024)
    assert told(found) == WANT
    assert found.duration_s == 4000
    assert found.chapters[-1].end_s == 4000
    assert asked < 2_500_000


def test_titles_of_one_chunk_follow_each_other() -> None:
    body = b"".join(SAMPLES)
    moov = atom(b"moov", MVHD, SOUND, text_track([len(FTYP) + 8], [len(one) for one in SAMPLES], LENGTHS, per_chunk=3))
    found, _ = fetched(FTYP + atom(b"mdat", body) + moov)
    assert told(found) == WANT


def test_neros_list_is_read() -> None:
    moov = atom(b"moov", MVHD, atom(b"udta", chpl(*WANT)))
    for data in (FTYP + moov + atom(b"mdat", b"\0" * 9), FTYP + atom(b"mdat", b"\0" * 900_000) + moov):
        found, asked = fetched(data)
        assert told(found) == WANT
        assert asked < 100_000
        assert parse(data, "x.m4a").chapters == found.chapters


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(FTYP + u32(0) + b"moov", id="size-0"),
        pytest.param(FTYP + u32(1) + b"mdat" + b"\xff" * 8, id="size-of-64-bits"),
        pytest.param(FTYP + u32(4) + b"free" + b"\0" * 50, id="smaller-than-its-head"),
        pytest.param(FTYP + atom(b"free") * 20_000, id="many-atoms"),
        pytest.param(FTYP + u32(0xFFFFFFFF) + b"moov" + b"\0" * 100, id="huge"),
        pytest.param(FTYP + atom(b"moov", MVHD, SOUND, text_track([2**31], [2**31], [1])), id="a-title-beyond-the-end"),
        pytest.param(
            FTYP + atom(b"moov", MVHD, atom(b"udta", atom(b"chpl", u32(0x01000000, 0), b"\xff\0"))), id="cut-list"
        ),
        pytest.param(
            FTYP
            + atom(b"moov", MVHD, SOUND, text_track([9] * 9, [0] * 9, [1] * 9).replace(u32(1, 1), u32(2**32 - 1, 1))),
            id="a-million-chapters",
        ),
    ],
)
def test_hostile_sizes_end_in_no_chapters(damaged: bytes) -> None:
    try:
        found, _ = fetched(damaged)
    except UnknownFormat:
        return
    assert len(found.chapters) <= 2_000


def test_nothing_is_asked_for_beyond_four_mebibytes() -> None:
    huge = atom(b"free", b"\0" * 200)[:8]
    data = FTYP + b"".join(struct.pack(">I4s", 300_000, b"free") + b"\0" * 299_992 for _ in range(60)) + huge
    with pytest.raises(UnknownFormat):
        fetched(data, rounds=200)


def test_a_range_that_the_server_has_not_ends_the_asking() -> None:
    data = FTYP + atom(b"mdat", b"\0" * 500_000) + atom(b"moov", MVHD, atom(b"udta", chpl(*WANT)))
    first = read({0: data[:100]}, None)
    assert isinstance(first, Needs)
    with pytest.raises(UnknownFormat):
        read({0: data[:100], first.spans[0][0]: b""}, None)


@pytest.mark.parametrize("data", [b"", b"RIFF\0\0\0\0WAVE", b"hello", b"\xff\xfe\0\0"])
def test_what_is_no_known_audio_is_refused(data: bytes) -> None:
    with pytest.raises(UnknownFormat):
        read({0: data}, len(data))


@settings(max_examples=400)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=8),
    st.floats(0.01, 1),
    st.integers(1, 300),
)
def test_damaged_audio_is_read_or_refused(data: bytes, cuts: list[tuple[float, bytes]], end: float, head: int) -> None:
    changed = bytearray(data)
    for at, piece in cuts:
        place = int(at * len(changed))
        changed[place : place + len(piece)] = piece
    changed = changed[: max(1, int(end * len(changed)))]
    try:
        found, _ = fetched(bytes(changed), head, rounds=2_000)
    except UnknownFormat:
        return
    assert all(0 <= one.start_s <= 360_000 for one in found.chapters)


@given(
    st.sampled_from((b"ID3\x04\0\0", b"ID3\x03\0\x80", b"OggS\0", b"fLaC", FTYP, b"\xff\xfb")), st.binary(max_size=400)
)
def test_any_bytes_behind_a_known_beginning_are_read_or_refused(head: bytes, rest: bytes) -> None:
    try:
        fetched(head + rest, 16, rounds=2_000)
    except UnknownFormat as err:
        known = str(err)
        assert known
