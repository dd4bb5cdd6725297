"""From parsed turns to the lines of a transcript: joined cues, sentences, word positions, moments, hash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b

from bot.domain import Line, Made, Transcript, Turn
from bot.rules.moments import Mark, Timeline
from bot.rules.sentences import pieces
from bot.rules.words import count_words

#: Cues of one speaker are read as one text unless the speaker pauses longer than this.
PAUSE_S = 2.0
#: Joined cues are cut here, so that a file without end is never one text.
LONGEST_JOINED_CUES = 400


def transcript_of(
    turns: Sequence[Turn], *, duration_s: float | None = None, language: str = "en", made: Made = "publisher"
) -> Transcript:
    """Cut turns into lines with speaker and moment. Turn texts must be collapsed; empty turns are left out."""
    spoken = [(n, turn) for n, turn in enumerate(turns) if turn.text]
    timeline = _timeline([turn for _, turn in spoken], duration_s)
    lines: list[Line] = []
    at = 0
    for first, turn in _joined(spoken):
        borders = frozenset(word for word, _ in turn.marks) if turn.cue else frozenset()
        for piece in pieces(turn.text, borders):
            words = count_words(piece)
            start_s, exact = timeline.start(at)
            lines.append(
                Line(len(lines), first, turn.speaker, start_s, timeline.end(at + words), exact, at, words, piece)
            )
            at += words
    return Transcript(tuple(lines), hash_of(lines), made, language)


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
        own = [Mark(at, turn.start_s)] if turn.start_s is not None else []
        own += [Mark(at + word, start_s) for word, start_s in turn.marks]
        if own and turn.end_s is not None:
            own[-1] = replace(own[-1], end_s=turn.end_s)
        marks += own
        at += count_words(turn.text)
    return Timeline([mark for mark in marks if mark.word < at], at, duration_s)


def _joined(turns: Sequence[tuple[int, Turn]]) -> Iterator[tuple[int, Turn]]:
    """Neighbouring cues of one speaker as one turn with a mark a cue: a sentence may run over several cues."""
    group: list[tuple[int, Turn]] = []
    words = 0
    for n, turn in turns:
        if group and not (words < LONGEST_JOINED_CUES and _continues(group[-1][1], turn)):
            yield _join(group)
            group, words = [], 0
        group.append((n, turn))
        words += count_words(turn.text)
    if group:
        yield _join(group)


def _continues(before: Turn, after: Turn) -> bool:
    if not (before.cue and after.cue) or before.speaker != after.speaker:
        return False
    if before.end_s is None or after.start_s is None:
        return True
    return after.start_s - before.end_s <= PAUSE_S


def _join(group: list[tuple[int, Turn]]) -> tuple[int, Turn]:
    first, head = group[0]
    if len(group) == 1:
        return first, head
    marks: list[tuple[int, float]] = []
    at = 0
    for _, turn in group:
        # A border is wanted even where a cue has no time of its own: it is where a line may end.
        marks.append((at, turn.start_s or 0.0))
        at += count_words(turn.text)
    return first, replace(head, text=" ".join(turn.text for _, turn in group), marks=tuple(marks))
