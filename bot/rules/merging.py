"""What two episodes are as one, and what a transcript takes along when it is cut off. Pure; storage keeps both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain import Chapter, Edition, EpisodeImport, Highlight
from bot.rules.chapter_sources import SOURCES

T = TypeVar("T")


def merged(kept: EpisodeImport, other: EpisodeImport, *, kept_fed: bool, other_fed: bool) -> EpisodeImport:
    """One episode of two, under the key of ``kept``. ``_fed``: it stands in a feed.

    Whichever alone stands in a feed tells title and facts first (a file's title is often its stem), else ``kept``; the
    other one fills what is missing. It counts as withdrawn only if each that was in a feed is.
    """
    first, second = (other, kept) if other_fed and not kept_fed else (kept, other)
    polled = [each for each, fed in ((kept, kept_fed), (other, other_fed)) if fed]
    gone = [each.withdrawn for each in polled if each.withdrawn]
    return replace(
        first,
        key=kept.key,
        number=_given(first.number, second.number),
        season=_given(first.season, second.season),
        guid=_given(first.guid, second.guid),
        published=_given(first.published, second.published),
        duration_s=_given(first.duration_s, second.duration_s),
        summary=first.summary or second.summary,
        kind=second.kind if first.kind in (None, "full") else first.kind,
        explicit=_given(first.explicit, second.explicit),
        image=_given(first.image, second.image),
        withdrawn=max(gone) if gone and len(gone) == len(polled) else None,
        people=_joined(first.people, second.people, str.casefold),
        editions=_editions(first.editions or (), second.editions or ()),
        chapters=_chapters(first.chapters or (), second.chapters or ()),
        highlights=_joined(first.highlights, second.highlights, _said),
    )


def parted(whole: EpisodeImport, told: EpisodeImport | None, key: str) -> tuple[EpisodeImport, EpisodeImport]:
    """(the feed's part, what goes with the transcript under ``key``).

    Nobody wrote down which file told what, so the rule is: with the transcript go chapters of a page and highlights
    that stand on its lines by their words; soundbites, other chapters, outlets, people and every fact are the feed's.
    ``told`` is what the transcript's episode was before it was joined, when that is known: then it is that again.
    """
    going = tuple(each for each in whole.highlights or () if each.end_s is None and each.first_line is not None)
    staying = tuple(
        replace(each, first_line=None, last_line=None) for each in whole.highlights or () if each not in going
    )
    paged = tuple(each for each in whole.chapters or () if each.source == "page")
    rest = tuple(each for each in whole.chapters or () if each.source != "page")
    feeds = replace(whole, chapters=_numbered(rest), highlights=staying)
    if told is not None:
        return feeds, replace(told, key=key)
    return feeds, EpisodeImport(
        key, whole.title, summary="", people=(), editions=(), chapters=_numbered(paged), highlights=going, kind="full"
    )


def _given(first: T | None, second: T | None) -> T | None:
    return second if first is None else first


def _joined(first: Sequence[T] | None, second: Sequence[T] | None, name: Callable[[T], object]) -> tuple[T, ...]:
    """All of the first, then what only the second has."""
    known = {name(each) for each in first or ()}
    return (*(first or ()), *(each for each in second or () if name(each) not in known))


def _said(highlight: Highlight) -> object:
    return highlight.text.casefold() or (highlight.start_s, highlight.end_s)


def _editions(first: Sequence[Edition], second: Sequence[Edition]) -> tuple[Edition, ...]:
    """Of each kind those of whoever tells first."""
    kinds = {each.kind for each in first}
    return (*first, *(each for each in second if each.kind not in kinds))


def _chapters(first: Sequence[Chapter], second: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """One list as a whole: two are never mixed. The better source, else whoever tells first."""
    return tuple(second if second and (not first or _rank(second) < _rank(first)) else first)


def _rank(chapters: Sequence[Chapter]) -> int:
    return min(SOURCES.index(each.source) if each.source in SOURCES else len(SOURCES) for each in chapters)


def _numbered(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    return tuple(replace(each, n=n) for n, each in enumerate(chapters, 1))
