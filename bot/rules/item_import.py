"""What a judged feed item makes of its episode: parts to store, things to fetch, and what the feed says of its show.

A part that the feed does not speak of is None, which leaves the stored one as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import Chapter, Edition, Episode, EpisodeImport, Highlight
from bot.feed_memory import FeedState, PollChanges, Resource, ShowFacts
from bot.feeds import Feed, FeedItem
from bot.rules.chapter_sources import chosen
from bot.rules.editions import address as video_address
from bot.rules.editions import is_premiere, kind_of, paired
from bot.rules.item_names import number_in, usable_date
from bot.rules.item_news import news_of
from bot.rules.item_people import people_of, usual_authors
from bot.rules.item_verdicts import Judged, Verdict
from bot.rules.links import safe_url
from bot.rules.words import collapse

_AUDIO = ("audio/", "application/ogg")


def episode_of(
    item: FeedItem,
    feed: Feed,
    key: str,
    stored: Episode | None,
    *,
    now: datetime,
    first_seen: datetime | None = None,
    chapters: Sequence[Chapter] = (),
    usual: frozenset[str] | None = None,
) -> EpisodeImport:
    """One episode from its item in the show's main feed. ``chapters`` are the stored ones; ``usual`` what
    ``usual_authors(feed)`` gave, so that it is not counted for every item.

    A date that cannot be (the epoch, far ahead) is kept out until it is corrected: ``first_seen`` stands for it.
    """
    number = item.number if item.number is not None else number_in(item.title)
    people = people_of(item, feed, usual_authors(feed) if usual is None else usual)
    date = usable_date(item.published, now) or (stored.published if stored else None) or first_seen
    length = item.duration_s or (stored.duration_s if stored else None)
    return EpisodeImport(
        key,
        collapse(item.title) or (stored.title if stored else key.replace("-", " ").capitalize()),
        number=number if number is not None else stored.number if stored else None,
        season=item.season if item.season is not None else stored.season if stored else None,
        guid=item.guid or (stored.guid if stored else None),
        published=date,
        duration_s=length,
        summary=item.summary or None,
        people=people or None,
        editions=editions_of(item, stored) or None,
        chapters=chosen((item.chapters, item.note_chapters), chapters, length),
        highlights=highlights_of(item) or None,
        kind=item.kind,
        explicit=item.explicit if item.explicit is not None else feed.explicit,
        image=safe_url(item.image),
    )


def editions_of(item: FeedItem, stored: Episode | None) -> tuple[Edition, ...]:
    """The item's page, audio and video; stored ones of other kinds stay, and a stored offset stays with its kind."""
    found: dict[str, Edition] = {}
    if link := safe_url(item.link):
        kind = kind_of(link) or "page"
        found[kind] = Edition(kind, link)
    for media in (*item.enclosures, *item.alternates):
        url = safe_url(media.url)
        kind = "video" if media.type.startswith("video/") else "audio"
        if url:
            found.setdefault(kind, Edition(kind, url))
    before = {one.kind: one for one in stored.editions} if stored else {}
    kept = [replace(before[kind], url=one.url) if kind in before else one for kind, one in found.items()]
    return (*kept, *(one for one in before.values() if one.kind not in found))


def highlights_of(item: FeedItem) -> tuple[Highlight, ...]:
    """Soundbites, then lists of times and quotes in the notes; in order of time, each moment once."""
    bites = [Highlight(one.title, one.start_s, end_s=one.start_s + one.duration_s) for one in item.soundbites]
    found = {(one.start_s, one.text): one for one in (*item.note_highlights, *bites)}
    return tuple(sorted(found.values(), key=lambda one: (one.start_s is None, one.start_s or 0.0)))


def resources_of(item: FeedItem, key: str, spoken_language: str = "en") -> tuple[Resource, ...]:
    """What the item points to: all transcripts, chapter files, and its audio when no chapters are offered elsewhere.

    A transcript without a language is in the one that is spoken.
    """
    spoken = item.language or spoken_language
    found = [
        Resource(key, "transcript", one.url, one.type, one.language or spoken, one.rel) for one in item.transcripts
    ]
    found += [Resource(key, "chapters", one.url, one.type) for one in item.chapters_links]
    if not item.chapters and not item.chapters_links:
        audio = [one for one in item.enclosures if not one.type or one.type.lower().startswith(_AUDIO)]
        found += [Resource(key, "audio", one.url, one.type) for one in audio[:1]]
    return tuple({(one.kind, one.url): one for one in reversed(found)}.values())[::-1]


def show_facts(feed: Feed) -> ShowFacts:
    """What the feed says about its show; a page that is no address is none."""
    return ShowFacts(
        title=collapse(feed.title) or None,
        author=collapse(feed.author or feed.owner) or None,
        summary=feed.summary or feed.subtitle or None,
        image=safe_url(feed.image),
        page_url=safe_url(feed.link),
        language=feed.language or None,
    )


def offering_chapters(judged: Judged) -> list[str]:
    """Keys of stored episodes for which the feed offers chapters: ``changes`` must know what they have already."""
    return [one.key for one in judged.stored if one.kind != "new" and (one.item.chapters or one.item.note_chapters)]


def changes(
    judged: Judged,
    feed: Feed,
    state: FeedState,
    episodes: Iterable[Episode],
    now: datetime,
    *,
    chapters: Mapping[str, Sequence[Chapter]] | None = None,
    language: str = "en",
    baseline: bool = True,
) -> PollChanges:
    """All that a judged poll changes. ``episodes``: all of the show; ``chapters``: the stored ones of those that
    ``offering_chapters`` names, by key; ``language``: the one spoken in the show, where the feed names none. Of a
    ``baseline`` nothing is news."""
    stored = {one.key: one for one in episodes}
    if judged.role == "youtube":
        return PollChanges(state, _videos(judged, stored, now), judged.items)
    usual = usual_authors(feed)
    made = [
        _import(one, n, feed, stored.get(one.key), now, (chapters or {}).get(one.key, ()), usual)
        for n, one in enumerate(judged.stored)
    ]
    news = () if baseline else news_of(judged, made, feed, now, stored.values())
    made += [replace(_as_stored(stored[key]), withdrawn=now) for key in judged.withdrawn if key in stored]
    spoken = feed.language or language
    resources = [one for verdict in judged.stored for one in resources_of(verdict.item, verdict.key, spoken)]
    return PollChanges(state, tuple(made), judged.items, tuple(resources), show_facts(feed), news=news)


def _import(
    verdict: Verdict,
    n: int,
    feed: Feed,
    stored: Episode | None,
    now: datetime,
    chapters: Sequence[Chapter],
    usual: frozenset[str],
) -> EpisodeImport:
    seen = verdict.known.first_seen if verdict.known else now
    # Items without dates keep the feed's order, newest first, below the moment they were first seen.
    first_seen = seen - timedelta(seconds=n)
    made = episode_of(
        verdict.item, feed, verdict.key, stored, now=now, first_seen=first_seen, chapters=chapters, usual=usual
    )
    return replace(made, withdrawn=False) if stored and stored.withdrawn else made


def _videos(judged: Judged, stored: Mapping[str, Episode], now: datetime) -> tuple[EpisodeImport, ...]:
    """Each episode with its video tied to it; nothing else of it changes."""
    made = []
    for one in judged.stored:
        episode, edition = stored.get(one.key), None
        if episode:
            edition = paired([one.item], [episode], now)[0].edition or _video(one.item, now)
        if episode and edition:
            others = [other for other in episode.editions if other.kind != "youtube"]
            made.append(replace(_as_stored(episode), editions=(*others, edition)))
    return tuple(made)


def _video(item: FeedItem, now: datetime) -> Edition | None:
    url = safe_url(video_address(item))
    return Edition("youtube", url, premiere=is_premiere(item, now), exact=False) if url else None


def _as_stored(episode: Episode) -> EpisodeImport:
    """The episode as it is, to change one part of it."""
    return EpisodeImport(
        episode.key, episode.title, episode.number, episode.season, episode.guid, episode.published,
        episode.duration_s,
    )  # fmt: skip
