"""Captions that roll: each cue shows again what the one before it showed, and every phrase is wanted once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

#: So many words of a cue are compared: no screen shows more.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue as a source has it: words without tags, its times if they can be used, and who the source says speaks."""

    text: str
    start_s: float | None
    end_s: float | None
    line: int | None = None
    speaker: str | None = None
    #: Times inside the cue: (index of the word that follows, seconds).
    marks: tuple[tuple[int, float], ...] = ()
    #: Words before which the source says that somebody else begins to speak, though not who.
    voices: tuple[int, ...] = ()


def unrolled(cues: list[Cue]) -> list[Cue]:
    """The cues without the words that the one before showed, when most of them begin with such words; the words keep
    the time of the cue that showed them first."""
    if len(cues) < 3:
        return cues
    words = [cue.text.split(None, _SHOWN)[:_SHOWN] if len(cue.text) < 1000 else [] for cue in cues]
    again = [0, *(_overlap(a, b) for a, b in itertools.pairwise(words))]
    repeats = [n for n, shared in enumerate(again) if shared > 1 or (shared and shared < len(words[n]))]
    if 2 * len(repeats) < len(cues) - 1 or len(repeats) < 2 or not any(again[n] < len(words[n]) for n in repeats):
        return cues
    return [
        replace(cue, text=" ".join(cue.text.split()[shared:]), marks=(), voices=()) if shared else cue
        for cue, said, shared in zip(cues, words, again, strict=True)
        if shared < len(said) or not shared
    ]


def _overlap(before: Sequence[str], words: Sequence[str]) -> int:
    """How many words at the end of ``before`` begin ``words``; the longest such run."""
    for size in range(min(len(before), len(words)), 0, -1):
        if before[-size] == words[0] and before[-size:] == words[:size]:
            return size
    return 0
