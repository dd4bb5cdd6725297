"""Whatever comes in: a ``Parsed`` or ``UnknownFormat`` with one clear reason, in time that grows with the size."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats import parse

SAMPLES = [
    "WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000\n<v Ann>Hi &amp; <i>you</i></v>\n\n00:03.000 --> 00:04.000\nBye\n",
    "1\n00:00:01,000 --> 00:00:02,000\nAnn: Hi\n\n2\n00:00:03,000 --> 00:00:04,000\nBob: {\\an8}Bye\n",
    '{"version":"1.0.0","segments":[{"speaker":"Ann","startTime":0.5,"endTime":1,"body":"Hi you"}]}',
    '{"version":"1.2.0","chapters":[{"startTime":0,"title":"One"},{"startTime":60,"title":"Two"}]}',
    "**Ann Lee:** \\[00:01\\] Hi *you* [x](https://e.org).\n\nMore `code`.\n\n"
    "**Break:** \\[01:00\\] to \\[02:00\\]\n\n**Bob**: Bye.\n",
    'A page\n\nAnn Lee\n\nChapters\n\n00:00 - One\n10:00 - Two\n\nHighlights:\n\n00:10 - "So."\n\nIntro:\n\n'
    "[00:00:00] Ann: Hello [00:00:05] all.\n\n[00:00:09] Bob: Hi.\n\nAbout the author\n\nName\nAnn Lee\n",
    "---\ntitle: A\nnumber: 1\ndate: 1499860800000\n---\n\n* 0:10 - **One** [x](https://e.org)\n* 5:00\n\n  Two\n",
    "<cite>Ann:</cite><time>0:05</time><p>Hi &amp; all</p><script>x</script><!-- c --><p>Bye</p>",
    '<rss version="2.0"><channel><title>S</title><item><title>A</title><guid>1</guid>'
    "<description>&lt;p&gt;00:00 One&lt;br&gt;10:00 Two&lt;/p&gt;</description></item></channel></rss>",
]
PIECES = st.sampled_from(
    [
        b'"',
        b"{",
        b"[",
        b"]",
        b"<",
        b"&",
        b"*",
        b"**",
        b"`",
        b" --> ",
        b"\n\n",
        b"\r",
        b":",
        b"00:00",
        b"9" * 30,
        b"\0",
        b"\xff",
        b"#",
        b"---\n",
        b"NaN",
        b"&#xD800;",
        b"\\",
        b"](",
        b"WEBVTT",
        b"<v ",
        b"NOTE",
        b"\\ud800",
        b"\xef\xbb\xbf",
    ]
)


def read(data: bytes, name: str = "") -> Parsed | None:
    try:
        found = parse(data, name)
    except UnknownFormat as err:
        refused = str(err)
    else:
        for one in (found, *found.items):
            hold(one)
        return found
    assert refused
    assert "\n" not in refused
    return None


def hold(found: Parsed) -> None:
    """What every parser promises, whatever it was given."""
    for turn in found.turns:
        assert turn.text == " ".join(turn.text.split()) != ""
        assert all(0 < word <= turn.text.count(" ") and 0 <= at <= 360_000 for word, at in turn.marks)
        assert turn.speaker is None or turn.speaker.strip()
        turn.text.encode()
    for chapter in found.chapters:
        assert 0 <= chapter.start_s <= 360_000
        chapter.title.encode()
    assert [c.n for c in found.chapters] == list(range(1, len(found.chapters) + 1))
    assert all(problem.reason and "\n" not in problem.reason for problem in found.problems)
    (found.summary + (found.title or "") + (found.author or "")).encode()


@given(st.binary(max_size=400), st.sampled_from(["", "a.vtt", "a.md", "a.json"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    read(data, name)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    read(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=400)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30), PIECES | st.binary(max_size=3)), max_size=8),
)
def test_any_damage_to_a_sound_file_is_survived(sample: str, damage: list[tuple[int, int, bytes]]) -> None:
    data = sample.encode()
    for at, lost, put in damage:
        data = data[:at] + put + data[at + lost :]
    read(data)


@given(st.sampled_from(SAMPLES), st.integers(0, 500))
def test_any_truncated_file_is_survived(sample: str, length: int) -> None:
    read(sample.encode()[:length])


@pytest.mark.parametrize("sample", SAMPLES[:-1])  # XML declares its own encoding
@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_every_encoding_reads_the_same(sample: str, encoding: str) -> None:
    plain, other = parse(sample.encode()), parse(sample.encode(encoding))
    assert (plain.format, plain.turns, plain.chapters) == (other.format, other.turns, other.chapters)


def test_line_ends_do_not_matter() -> None:
    for sample in SAMPLES:
        assert parse(sample.encode()) == parse(sample.replace("\n", "\r\n").encode())


def test_latin_1_is_guessed_and_reported() -> None:
    text = "00:00:00 Le café était fermé.\n00:00:05 Où est l'été à présent ?\n00:00:10 Là-bas, déjà passé.\n"
    found = parse(text.encode("latin-1"))
    assert found.turns[0].text == "Le café était fermé."
    assert "not UTF-8" in found.problems[0].reason


def test_a_letter_cut_in_half_does_not_change_the_encoding() -> None:
    found = parse("00:00 Où est le café ?\n00:05 Là-bas, tout près de l'été".encode()[:-1])
    assert found.turns[0].text == "Où est le café ?"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\xef\xbb\xbf", "empty"),
        (b"\0\0\0\0", "empty"),
        (b"ID3\x04" + b"\0\1" * 90, "MP3"),
        (b"\x1f\x8b\x08\0abc", "gzip"),
        (b"PK\x03\x04aaaa", "zip"),
        (bytes(range(256)) * 9, "binary"),
        (b"Hello there.", "no times"),
    ],
)
def test_a_file_that_is_nothing_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnknownFormat, match=reason):
        parse(data)


HEADS = {
    "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\n{}\n",
    "markdown": "**Ann:** Hi.\n\n**Bob:** {}\n\n**Ann:** x\n",
    "page": "Title\n\n00:00 - Intro\n09:00 - Next\n\nTranscript\n\n[00:00:00] Ann: {}\n[00:00:09] Bob: Hi.\n",
    "html": "<p>00:00 Intro</p><p>10:00 {}</p>",
}
UNITS = [
    "a ",
    "[",
    "[a](",
    "<",
    "<a ",
    "<!--",
    "&#",
    "`",
    "\\[",
    "[00:00:01] ",
    "(",
    "A: ",
    "00:00 ",
    "**A",
    "_a_ ",
    " ",
    "{\\",
    "<v ",
]


@pytest.mark.parametrize("head", HEADS)
def test_a_huge_cue_takes_linear_time(head: str) -> None:
    for unit in UNITS:
        small, large = (_seconds(HEADS[head].replace("{}", unit * (size // len(unit)))) for size in (60_000, 480_000))
        assert large < max(0.5, 30 * small), (unit, small, large)


def test_five_megabytes_in_one_cue_are_read() -> None:
    for head in HEADS.values():
        assert _seconds(head.replace("{}", "some words " * 460_000)) < 5


def _seconds(text: str) -> float:
    before = time.process_time()
    read(text.encode())
    return time.process_time() - before


def test_hostile_and_odd_files_end_well_and_soon(shared: Path) -> None:
    for folder in ("hostile", "transcripts", "chapters"):
        for file in sorted((shared / "inputs" / folder).iterdir()):
            before = time.process_time()
            read(file.read_bytes(), file.name)
            assert time.process_time() - before < 30, file.name  # a guard against a stall, not a timing
