"""What a template's placeholders stand for in one episode's post: one neutral line each, "" where nothing is known.
Pure."""

from __future__ import annotations

from bot import texts, texts_posts
from bot.alerts import NewsKind
from bot.domain import Episode, Show
from bot.posts import MENTION
from bot.rules import post_parts
from bot.rules.links import episode_url
from bot.rules.stamps import stamp


def values_of(show: Show, episode: Episode, kind: NewsKind, *, mention: bool = False) -> dict[str, str]:
    """For ``bot.rules.templates.fill``: every name of its ``FIELDS``. ``mention``: somebody is to be mentioned."""
    # Only the one mark that is ours may become a mention.
    values = {name: value.replace(MENTION, "") for name, value in _of(show, episode, kind).items()}
    return values | {"mention": MENTION if mention else ""}


def _of(show: Show, episode: Episode, kind: NewsKind) -> dict[str, str]:
    return {
        "show": post_parts.said(show.title, post_parts.NAME),
        "title": post_parts.title_of(episode),
        "number": "" if episode.number is None else str(episode.number),
        "season": "" if episode.season is None else str(episode.season),
        "kind": texts_posts.KINDS.get(kind, ""),
        "explicit": texts_posts.EXPLICIT.lower() if episode.explicit else "",
        "duration": stamp(episode.duration_s) if episode.duration_s else "",
        "date": texts.day(episode.published) if episode.published else "",
        "people": post_parts.people(episode),
        "summary": post_parts.said(episode.summary, post_parts.SUMMARY),
        "link": post_parts.address(episode_url(episode.editions)) or "",
    }
