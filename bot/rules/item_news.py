"""Which judged items of a poll are to be announced, as the rules of announcing see them. Pure; nothing is sent here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts import News
from bot.domain import Episode, EpisodeImport
from bot.feeds import Feed
from bot.rules.alert_keys import identity
from bot.rules.item_memory import FeedNames
from bot.rules.item_names import usable_date
from bot.rules.item_verdicts import Judged, Verdict
from bot.rules.news_kinds import kind_of

#: An episode whose files were imported before its feed told of it is news while it is so young.
YOUNG = timedelta(days=7)
#: More news of one poll are a flood: for each of these every subscription gets an answer, and thousands have one.
MOST = 100


def news_of(
    judged: Judged, made: Sequence[EpisodeImport], feed: Feed, now: datetime, known: Iterable[Episode] = ()
) -> tuple[News, ...]:
    """The news of a poll after the baseline, at most the newest ``MOST``, oldest first. ``made``: what is stored, in
    the order of ``judged.stored``; what the rules see of an episode is what members will see of it. ``known``: the
    episodes that are there. A guid that one of them has tells another episode from nothing."""
    if judged.role != "main":
        return ()
    names = FeedNames(feed, now)
    shared = {guid for guid in names.guids if names.shared(guid)}
    taken = {one.guid: one.key for one in known if one.guid}
    found = [
        (usable_date(one.item.published, now) or now, -n, _news(one, episode, shared, taken, now))
        for n, (one, episode) in enumerate(zip(judged.stored, made, strict=False))
        if _is_news(one, now)
    ]
    found.sort(key=lambda one: one[:2])
    further = sum(now - date <= YOUNG for date, _, _ in found[:-MOST])
    return tuple(replace(news, further=further) for _, _, news in found[-MOST:])


def flood_of(judged: Judged) -> int:
    """How many episodes a poll brought when they are more than are looked at for posts; else 0."""
    count = len(judged.of("new")) if judged.role == "main" else 0
    return count if count > MOST else 0


def _is_news(one: Verdict, now: datetime) -> bool:
    if one.kind == "new":
        return True
    published = usable_date(one.item.published, now)
    return one.joined and published is not None and now - published <= YOUNG


def _news(
    one: Verdict, episode: EpisodeImport, shared: Collection[str], taken: Mapping[str, str], now: datetime
) -> News:
    item = one.item
    used = item.guid is not None and taken.get(item.guid, one.key) != one.key
    return News(
        one.key,
        identity(item, (item.guid,) if used and item.guid else shared),
        episode.title,
        kind_of(episode.title, item.kind),
        now,
        one.reason,
        published=usable_date(item.published, now),
        number=episode.number,
        season=episode.season,
        explicit=episode.explicit,
        duration_s=episode.duration_s,
        people=episode.people or (),
        older=one.older,
    )
