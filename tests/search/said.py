"""Lines for search tests, made by hand; no storage enters here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain import EpisodeId, IndexedEpisode, Line, ShowId
from bot.rules.alignment import Aligned, Alignment, Text
from bot.rules.ids import from_int
from bot.rules.spans import words_of

SHOW = ShowId("harbour")


def lines(*texts: str, speaker: str | None = "Ann", pause_s: float | None = None, first: int = 0) -> list[Line]:
    """Lines of one speaker; with ``pause_s`` each takes a second and is followed by such a pause."""
    made: list[Line] = []
    word = 0
    for at, text in enumerate(texts):
        start = None if pause_s is None else at * (1 + pause_s)
        count = len(text.split())
        end = None if start is None else start + 1
        made.append(Line(first + at, at, speaker, start, end, start is not None, word, count, text))
        word += count
    return made


def episode(number: int, said: Iterable[Line], show: ShowId = SHOW) -> IndexedEpisode:
    return IndexedEpisode(EpisodeId(from_int(number)), show, "en", tuple(said))


def even(words: Iterable[str]) -> Mapping[str, float]:
    """Every word is as rare as any other."""
    return dict.fromkeys(words, 2.0)


def align(asked: str, *texts: str) -> Aligned | None:
    return Alignment(asked, even).align(Text.of(*words_of(lines(*texts))))
