"""From parsed turns to the lines of a transcript: joined cues, sentences, word positions, moments, hash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise

from bot.domain import Line, Made, Transcript, Turn
from bot.rules.garble import marked, stand_alone
from bot.rules.moments import Mark, Timeline
from bot.rules.sentences import pieces
from bot.rules.words import count_words

#: Cues of one speaker are read as one text unless the speaker pauses longer than this.
PAUSE_S = 2.0
#: Where nothing is punctuated, a silence of this length ends a line. Words that have a time each (see ``DENSE``) are
#: said within ``WORD_S`` of it.
SILENCE_S, WORD_S, DENSE = 0.7, 0.5, 2
#: What captions put before the words of another voice.
_OPENERS = "-‐–—>"
#: Joined cues are cut here, so that a file without end is never one text.
LONGEST_JOINED_CUES = 400


def transcript_of(
    turns: Sequence[Turn], *, duration_s: float | None = None, language: str = "en", made: Made = "publisher"
) -> Transcript:
    """Cut turns into lines with speaker and moment; stretches that loop or are no speech are marked as garbled. Turn
    texts must be collapsed; empty turns are left out. The hash does not depend on what is garbled."""
    spoken = [(n, told) for n, turn in enumerate(turns) if (told := _opened(turn)).text]
    timeline = _timeline([turn for _, turn in spoken], duration_s)
    lines: list[Line] = []
    at = 0
    for stretch in _joined([(n, part) for n, turn in spoken for part in _by_voice(turn)]):
        for piece in pieces(stretch.text, stretch.pauses, stretch.cues):
            words = count_words(piece)
            start_s, exact = timeline.start(at)
            end_s = timeline.end(at + words)
            lines.append(Line(len(lines), stretch.first, stretch.speaker, start_s, end_s, exact, at, words, piece))
            at += words
    return Transcript(marked(lines), hash_of(lines), made, language)


def hash_of(lines: Sequence[Line]) -> str:
    """A hash over the words, speakers and times of a transcript, 32 hexadecimal digits."""
    digest = blake2b(digest_size=16)
    for line in lines:
        digest.update(f"{line.speaker}\t{line.start_s}\t{line.turn}\t{line.text}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _timeline(turns: Sequence[Turn], duration_s: float | None) -> Timeline:
    marks: list[Mark] = []
    at = 0
    for turn in turns:
        starts = [] if turn.start_s is None else [(at, turn.start_s)]
        starts += [(at + word, start_s) for word, start_s in turn.marks]
        if starts:
            marks += [Mark(word, start_s) for word, start_s in starts[:-1]]
            marks.append(Mark(*starts[-1], turn.end_s))
        at += count_words(turn.text)
    return Timeline([mark for mark in marks if mark.word < at], at, duration_s)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of one speaker that are read as one text. ``cues`` are the indexes of words where a cue begins, ``pauses``
    of those before which nothing was said for a while."""

    first: int
    speaker: str | None
    text: str
    pauses: frozenset[int] = frozenset()
    cues: frozenset[int] = frozenset()


def _joined(turns: Sequence[tuple[int, Turn]]) -> Iterator[_Stretch]:
    """Neighbouring cues of one speaker as one stretch: a sentence may run over several cues. Cues that are no speech
    or say the same again stay apart, so that they spoil no sentence beside them."""
    group: list[Turn] = []
    first = words = 0
    apart = _apart([turn for _, turn in turns])
    for at, (n, turn) in enumerate(turns):
        joins = group and words < LONGEST_JOINED_CUES and at not in apart and at - 1 not in apart
        if group and not (joins and _continues(group[-1], turn)):
            yield _stretch(first, group)
            group, words = [], 0
        if not group:
            first = n
        group.append(turn)
        words += count_words(turn.text)
    if group:
        yield _stretch(first, group)


def _opened(turn: Turn) -> Turn:
    """The turn without the dashes and chevrons with which another voice begins in it."""
    if not turn.voices:
        return turn
    words: list[str] = []
    voices: list[int] = []
    for at, word in enumerate(turn.text.split(" ")):
        bare = word.lstrip(_OPENERS) if at in turn.voices else word
        if at in turn.voices:
            voices.append(len(words))
        words += [bare] if bare else []
    return replace(turn, text=" ".join(words), voices=tuple(dict.fromkeys(voices)), marks=())


def _by_voice(turn: Turn) -> list[Turn]:
    """The turn cut where another voice begins, each part with the times of the whole."""
    cuts = [word for word in turn.voices if word]
    if not cuts:
        return [turn]
    words = turn.text.split(" ")
    parts = pairwise([0, *cuts, len(words)])
    return [
        replace(turn, text=" ".join(words[start:end]), marks=(), voices=(0,) if start or 0 in turn.voices else ())
        for start, end in parts
        if start < end
    ]


def _apart(turns: Sequence[Turn]) -> set[int]:
    """The indexes of such cues."""
    found = stand_alone([turn.text for turn in turns]) if any(turn.cue for turn in turns) else set()
    for at, (before, after) in enumerate(pairwise(turns)):
        if before.cue and after.cue and before.text == after.text:
            found.update((at, at + 1))
    return found


def _continues(before: Turn, after: Turn) -> bool:
    if not (before.cue and after.cue) or before.speaker != after.speaker or 0 in after.voices:
        return False
    if before.start_s is not None and after.start_s is not None and after.start_s < before.start_s - PAUSE_S:
        return False  # the source goes back: what follows was said at another time
    if before.end_s is None or after.start_s is None:
        return True
    return after.start_s - before.end_s <= PAUSE_S


def _stretch(first: int, group: list[Turn]) -> _Stretch:
    head = group[0]
    if len(group) == 1:
        return _Stretch(first, head.speaker, head.text, _silences(head) if len(head.marks) > 1 else frozenset())
    pauses: list[int] = []
    cues: list[int] = []
    at = count_words(head.text)
    for before, turn in pairwise(group):
        (pauses if _is_silence(before, turn) else cues).append(at)
        at += count_words(turn.text)
    text = " ".join([turn.text for turn in group])
    return _Stretch(first, head.speaker, text, frozenset(pauses), frozenset(cues))


def _is_silence(before: Turn, after: Turn) -> bool:
    """Whether nothing is said between two cues; when the source does not say, each cue stands for itself."""
    return before.end_s is None or after.start_s is None or after.start_s - before.end_s >= SILENCE_S


def _silences(turn: Turn) -> frozenset[int]:
    """The words of a turn before which there is a silence, when nearly every word has a time of its own."""
    marks = turn.marks if turn.start_s is None else ((0, turn.start_s), *turn.marks)
    if len(marks) * DENSE < count_words(turn.text):
        return frozenset()
    gaps = ((word, start_s - at_s - WORD_S * (word - at)) for (at, at_s), (word, start_s) in pairwise(marks))
    return frozenset(word for word, gap_s in gaps if gap_s >= SILENCE_S)
