"""What a recogniser made up is marked, what people say again is not, and nothing marked is ever chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Chapter, Line, Turn
from bot.formats import parse
from bot.rules.garble import marked
from bot.rules.lines import transcript_of
from bot.rules.passages import passages
from bot.rules.summary import summarise
from bot.rules.wellformed import quotable

BEFORE = ["We talk about a thing that matters.", "And it goes on from there for long."]


def garbled(*texts: str, speakers: tuple[str | None, ...] = (None,)) -> list[str]:
    """What is marked of cues that stand between two sound ones on each side."""
    said = [*BEFORE, *texts, *BEFORE[::-1]]
    cues = [Turn(text, speakers[n % len(speakers)], n * 3.0, n * 3 + 2.9, cue=True) for n, text in enumerate(said)]
    return [line.text for line in transcript_of(cues).lines if line.garbled]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["Thank you."] * 8, id="a sentence again and again"),
        pytest.param(["you"] * 12, id="a word in cues of its own"),
        pytest.param([" ".join(["you"] * 14)], id="a word in one cue"),
        pytest.param(["I'm going to go ahead and do that"] * 5, id="a phrase without full stops"),
        pytest.param(["Thank you.", "Bye."] * 8, id="two sentences in turn"),
        pytest.param(["[Music]"] * 5, id="notes of music"),
        pytest.param(["[Music] [Music] [Music]", "(upbeat music)", "♪♪"], id="notes of several kinds"),
        pytest.param(["Subtitles by the Amara.org community"], id="credits"),
        pytest.param(["Sous-titres réalisés par la communauté d'Amara.org"], id="credits in French"),
        pytest.param(["Transcribed by https://otter.ai"], id="a service's signature"),
        pytest.param(["xkcd qwrt zpsd fghj klmn bcdf"], id="no vowels"),
        pytest.param(["a" * 60], id="a letter for ever"),
    ],
)
def test_loops_and_noise_are_marked_whole_and_their_neighbours_are_not(texts: list[str]) -> None:
    assert garbled(*texts) == texts


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["No, no, no, no!", "No. No. No. No."], id="no no no no"),
        pytest.param(["Thank you."] * 3, id="thanks all around"),
        pytest.param(["Ten, nine, eight, seven, six, five, four, three, two, one, zero!"], id="a countdown"),
        pytest.param(["We will, we will rock you."] * 3, id="a chorus"),
        pytest.param(["U-S-A! U-S-A! U-S-A! U-S-A!"], id="a chant"),
        pytest.param(["[laughs]"], id="one note of a sound"),
        pytest.param(["HTML, CSS, PHP, SQL, XML, RSS, DNS, TCP, SSH."], id="initials"),
        pytest.param(["Captions by the way are good.", "Translated by hand, it reads well."], id="talk about captions"),
        pytest.param(["A slogan you know.", "Yes.", "A slogan you know.", "No.", "A slogan you know."], id="a slogan"),
        pytest.param(["Ich glaube, dass Straßenbahnen schön sind."], id="another language"),
        pytest.param(["Rhythm. Why? My, my. Shy gypsy.", "Strč prst skrz krk."], id="odd but real words"),
    ],
)
def test_what_people_say_again_is_not_marked(texts: list[str]) -> None:
    assert garbled(*texts) == []


def test_answers_of_two_people_are_no_loop() -> None:
    assert garbled(*["Yeah."] * 14, speakers=("Ann", "Bob")) == []


def test_an_outburst_in_another_script_is_marked_in_a_long_transcript_only() -> None:
    burst = "ご視聴ありがとうございました"
    cues = [Turn(f"This is sentence number {n}.", None, n * 3.0, n * 3 + 2.9, cue=True) for n in range(40)]
    long = [*cues[:20], Turn(burst, None, 58.0, 59.5, cue=True), *cues[20:]]
    assert [line.text for line in marked(transcript_of(long).lines) if line.garbled] == [burst]
    assert not any(line.garbled for line in transcript_of([Turn(burst), Turn("Thanks.")]).lines)


def test_words_in_no_time_are_marked_unless_all_times_are_so() -> None:
    words = "All " + " ".join(f"word{n}" for n in range(20)) + "."
    cues = [Turn(f"This is sentence {n} of it.", None, n * 3.0, n * 3 + 2.9, cue=True) for n in range(40)]
    odd = [*cues[:20], Turn(words, None, 59.7, 59.9, cue=True), *cues[20:]]
    assert [line.text for line in transcript_of(odd).lines if line.garbled] == [words]
    rushed = [Turn(words, None, n * 0.1, n * 0.1 + 0.09, cue=True) for n in range(40)]
    assert sum(line.garbled for line in transcript_of(rushed).lines if line.text != words) == 0


def test_the_hash_and_the_words_do_not_depend_on_what_is_garbled() -> None:
    made = transcript_of([Turn(text, None, n * 3.0, n * 3 + 2.9, cue=True) for n, text in enumerate(["you"] * 12)])
    assert all(line.garbled for line in made.lines)
    assert [(line.n, line.first_word, line.text) for line in made.lines] == [(n, n, "you") for n in range(12)]
    sound = tuple(replace(line, garbled=False) for line in made.lines)
    assert marked(sound) == made.lines


def test_garbled_lines_are_in_no_passage_and_never_chosen() -> None:
    lines = [
        Line(
            n,
            0,
            "Ann",
            n * 4.0,
            n * 4 + 3.5,
            True,
            n * 12,
            12,
            f"Bridges number {n} carry far more weight than people believe today.",
        )
        for n in range(9)
    ]
    lines[4] = replace(lines[4], garbled=True)
    held = {n for one in passages(lines) for n in range(one.first_line, one.last_line + 1)}
    assert held == {0, 1, 2, 3, 5, 6, 7, 8}
    assert 4 not in {line.n for line in quotable(lines)}
    assert quotable(lines)
    chosen = summarise([Chapter(1, 0.0, None, "Bridges")], lines, keep=9)[0].lines
    assert chosen
    assert 4 not in {line.n for line in chosen}


@given(
    st.lists(
        st.text(alphabet="no a[]♪.\ufffd字é", min_size=1, max_size=60).map(lambda t: " ".join(t.split()) or "x"),
        max_size=40,
    )
)
def test_marking_changes_nothing_but_the_mark(texts: list[str]) -> None:
    lines = transcript_of([Turn(text, None, n * 2.0, n * 2 + 1.5, cue=True) for n, text in enumerate(texts)]).lines
    bare = [replace(line, garbled=False) for line in lines]
    assert [replace(line, garbled=False) for line in marked(bare)] == bare


def test_hardly_any_line_of_real_transcripts_is_marked(shared: Path) -> None:
    files = sorted((shared / "corpus" / "changelog" / "practicalai").glob("*.md"))[:40]
    files += sorted((shared / "corpus" / "syntax" / "transcripts").glob("*.srt"))[:40]
    lines = [line for file in files for line in transcript_of(parse(file.read_bytes(), file.name).turns).lines]
    assert len(lines) > 20_000
    # One who says "sick" thirteen times in a row is the only one of 1.5 million lines.
    assert [line.text for line in lines if line.garbled and "sick, sick" not in line.text] == []


def test_thanks_to_viewers_that_return_at_once_are_made_up_and_one_is_not() -> None:
    said = ["We bake.", "Thanks for watching!", "Thanks for watching!", "Thanks for watching!"]
    lines = transcript_of([Turn(text, None, 3.0 * n, 3.0 * n + 2, cue=True) for n, text in enumerate(said)]).lines
    assert [line.garbled for line in lines] == [False, True, True, True]
    assert not any(line.garbled for line in transcript_of([Turn(text) for text in said[:2]]).lines)
