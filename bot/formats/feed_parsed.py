"""A ``Feed`` as what an import takes: one ``Parsed`` with an item for each episode. Nothing is read here."""

from __future__ import annotations

from bot.domain import Edition, Highlight, Parsed
from bot.feeds import Feed, FeedItem, Soundbite
from bot.formats.front_matter import edition_of
from bot.formats.problems import Problems
from bot.rules.chapter_sources import numbered


def parsed(feed: Feed, problems: Problems) -> Parsed:
    """``title`` is the show's; live items are no episodes."""
    problems.extend(feed.problems)
    page = edition_of(feed.link or "")
    return Parsed(
        "feed",
        title=feed.title or None,
        author=feed.author or None,
        summary=feed.summary,
        editions=(page,) if page else (),
        language=feed.language,
        problems=problems.all(),
        items=tuple(_item(item) for item in feed.items),
    )


def _item(item: FeedItem) -> Parsed:
    chapters = item.chapters or item.note_chapters
    source = "psc" if item.chapters else "notes"
    return Parsed(
        "feed",
        title=item.title or None,
        author=item.author or None,
        number=item.number,
        guid=item.guid,
        published=item.published or item.updated,
        duration_s=item.duration_s,
        summary=item.summary,
        people=people(item),
        editions=editions(item),
        season=item.season,
        chapters=numbered(chapters, source, item.duration_s),
        highlights=(*item.note_highlights, *map(highlight, item.soundbites)),
        language=item.language,
        problems=item.problems,
    )


def people(item: FeedItem) -> tuple[str, ...]:
    """The author first, then everybody who is credited as being heard."""
    heard = [credit.name for credit in item.credits if credit.group == "cast"]
    return tuple(dict.fromkeys(filter(None, (item.author, *heard))))


def editions(item: FeedItem) -> tuple[Edition, ...]:
    """The page, the audio, and YouTube where the item is one of its videos."""
    found = [edition_of(item.link or "")]
    found += [edition_of(one.url, audio=not one.type.startswith(("image/", "video/"))) for one in item.enclosures[:1]]
    if item.video_id:
        found.append(edition_of(f"https://www.youtube.com/watch?v={item.video_id}"))
    kept = [one for one in found if one is not None]
    return tuple({one.url: one for one in reversed(kept)}[url] for url in dict.fromkeys(one.url for one in kept))


def highlight(bite: Soundbite) -> Highlight:
    """A soundbite without a title has no words until its lines are known."""
    return Highlight(bite.title, bite.start_s, end_s=bite.start_s + bite.duration_s)
