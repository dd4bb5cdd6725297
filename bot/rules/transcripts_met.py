"""What happens when an episode that has a transcript is given another: one of the same talk, as good or better,
replaces it, a poorer one does not, and one of other words asks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from bot.domain import Line
from bot.rules.labels import is_generic
from bot.rules.words import tokens

#: So much of the shorter transcript's sequences of words must be in the longer one; two transcripts of one talk share
#: more, unless a machine heard one of them badly; two talks share their greetings and advertisements.
_SAME_TALK = 0.45
_MOST_WORDS = 30_000
_RUN = 3


class Meeting(Enum):
    """What the new transcript is to the stored one."""

    replaces = "replaces"
    poorer = "poorer"
    other = "other"


def meeting(stored: Sequence[Line], given: Sequence[Line], *, sure: bool) -> Meeting:
    """``sure``: the file named the episode itself, so that its words need not be alike (they may be corrected)."""
    if not stored:
        return Meeting.replaces
    if not sure and not _same_talk(stored, given):
        return Meeting.other
    return Meeting.poorer if _quality(given) < _quality(stored) and _same_talk(stored, given) else Meeting.replaces


def _quality(lines: Sequence[Line]) -> tuple[bool, bool]:
    """Times first, then names."""
    timed = sum(1 for line in lines if line.start_s is not None)
    named = sum(1 for line in lines if line.speaker and not is_generic(line.speaker))
    return timed * 2 > len(lines), named * 2 > len(lines)


def _same_talk(stored: Sequence[Line], given: Sequence[Line]) -> bool:
    one, other = _runs(stored), _runs(given)
    least = min(len(one), len(other))
    return len(one & other) >= _SAME_TALK * least if least else False


def _runs(lines: Sequence[Line]) -> set[tuple[str, ...]]:
    """Every three words in a row, of the beginning."""
    words: list[str] = []
    for line in lines:
        words.extend(tokens(line.text))
        if len(words) >= _MOST_WORDS:
            break
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
