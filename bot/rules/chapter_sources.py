"""Which of several lists of chapters an episode keeps, and how a list is put in order. Pure decisions on chapters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain import Chapter

#: Where chapters come from, best first: the publisher's chapters file, chapters inside the feed, tags of the audio,
#: a list on the episode's page, a list of times in the show notes. The last two are derived.
SOURCES = ("json", "psc", "audio", "page", "notes")
#: What earlier versions stored: a list of times in a feed's show notes.
_OLD = {"feed": "notes"}
#: So many chapters that begin after the end, and more of them than not, say that the duration is wrong.
_LATE = 3


def rank(source: str) -> int:
    """0 is the best; a source that nobody knows ranks with the show notes."""
    source = _OLD.get(source, source)
    return SOURCES.index(source) if source in SOURCES else len(SOURCES) - 1


def chosen(
    offers: Iterable[Sequence[Chapter]], stored: Sequence[Chapter], duration_s: float | None
) -> tuple[Chapter, ...] | None:
    """The chapters that the episode has from now on; None = the stored ones stay.

    Each offer is one source's list (its chapters name it). The best source wins however short its list is, and what
    is stored is only replaced from the same or a better one. A list with nothing but hidden chapters comes last.
    """
    lists = [found for offer in offers if (found := numbered(offer, _source(offer), duration_s))]
    best = min(lists, key=_order, default=None)
    if best is None or (stored and _order(stored) < _order(best)):
        return None
    return best


def _order(chapters: Sequence[Chapter]) -> tuple[bool, int]:
    return all(one.hidden for one in chapters), rank(_source(chapters))


def _source(chapters: Sequence[Chapter]) -> str:
    return chapters[0].source if chapters else ""


def numbered(chapters: Sequence[Chapter], source: str, duration_s: float | None) -> tuple[Chapter, ...]:
    """Sorted by time, each once, none that begins after the end; visible ones are counted from 1, hidden ones after
    them. A chapter ends where it says, at the latest where the next one begins or the episode ends."""
    end = believed(chapters, duration_s)
    inside = [one for one in chapters if end is None or one.start_s < end]
    ordered = _once(sorted(inside, key=lambda one: one.start_s))
    visible = [one for one in ordered if not one.hidden]
    hidden = [one for one in ordered if one.hidden]
    ended = (*_ended(visible, visible, end), *_ended(hidden, ordered, end))
    return tuple(replace(one, n=n, source=source) for n, one in enumerate(ended, 1))


def believed(chapters: Iterable[Chapter], duration_s: float | None) -> float | None:
    """The duration, unless the chapters disprove it: most of their times, and at least three, lie after it."""
    if duration_s is None or duration_s <= 0:
        return None
    starts = {one.start_s for one in chapters}
    late = sum(start >= duration_s for start in starts)
    return None if late >= _LATE and 2 * late > len(starts) else duration_s


def _once(ordered: Iterable[Chapter]) -> list[Chapter]:
    """Without repeats of one time and title, and without the untitled one of two at one time; what a repeat knows of
    links and pictures is kept. Two titles at one time are two chapters."""
    kept: list[Chapter] = []
    for one in ordered:
        twin = next((n for n in _same_time(kept, one) if one.title in (kept[n].title, "") or not kept[n].title), None)
        if twin is None:
            kept.append(one)
        else:
            kept[twin] = _merged(kept[twin], one)
    return kept


def _same_time(kept: Sequence[Chapter], one: Chapter) -> Iterable[int]:
    n = len(kept) - 1
    # Of many at one time only the last few are compared: a hostile list must not take quadratic time.
    while n >= max(0, len(kept) - 20) and kept[n].start_s == one.start_s:
        if kept[n].hidden == one.hidden:
            yield n
        n -= 1


def _merged(first: Chapter, second: Chapter) -> Chapter:
    return replace(
        first, title=first.title or second.title, url=first.url or second.url, image=first.image or second.image
    )


def _ended(chapters: Sequence[Chapter], following: Sequence[Chapter], end: float | None) -> Iterable[Chapter]:
    starts = [one.start_s for one in following]
    for one in chapters:
        after = bisect_right(starts, one.start_s)
        latest = starts[after] if after < len(starts) else end
        yield replace(one, end_s=_end(one, latest))


def _end(chapter: Chapter, latest: float | None) -> float | None:
    own = chapter.end_s if chapter.end_s is not None and chapter.end_s > chapter.start_s else None
    if latest is None:
        return own
    return min(own, latest) if own is not None else latest
