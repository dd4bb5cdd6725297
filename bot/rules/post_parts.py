"""The parts of a post about an episode: facts, links, moments, picture, one quote. Pure; everything that feeds say is
one neutral line here, without control or direction characters. A platform's markup is the renderer's business."""

from __future__ import annotations

from collections.abc import Sequence

from bot import texts, texts_posts
from bot.domain import Chapter, EditionKind, Episode, Highlight, Line, Show
from bot.plain import clean_line
from bot.posts import Fact, Link, Moment
from bot.reply import QuoteBlock
from bot.rules.access import told_address
from bot.rules.links import moment_link, moment_url, safe_url
from bot.rules.stamps import shown_moment, stamp

#: Most characters of each part: Discord's embed title is 256, a phone shows fewer.
TITLE, NAME, SUMMARY, CHAPTER, QUOTE = 250, 100, 300, 100, 300
#: Chapters, names of people and links that a post holds.
CHAPTERS, PEOPLE, LINKS = 8, 6, 6
#: A longer address fits neither a Discord button (512) nor a message.
ADDRESS = 500
#: Where people listen first; the enclosure last.
_ORDER: tuple[EditionKind, ...] = (
    "page", "youtube", "spotify", "apple", "overcast", "pocketcasts", "video", "other", "audio",
)  # fmt: skip


def said(text: str, most: int) -> str:
    """Feed text as one line of at most ``most`` characters, cut at a word."""
    return texts.shorten(clean_line(text[: 20 * most]), most)


def title_of(episode: Episode) -> str:
    return said(episode.title, TITLE) or texts_posts.UNTITLED


def address(url: str | None) -> str | None:
    """A link that a post may carry."""
    found = safe_url(url)
    return found if found and len(found) <= ADDRESS else None


def picture(show: Show, episode: Episode) -> str | None:
    """The episode's artwork, else the show's; https only, and of a private show none that tells a secret."""
    for url in (episode.image, show.image):
        told = told_address(url, ()) if show.private else url
        if told and told.startswith("https://") and address(told):
            return told
    return None


def facts(episode: Episode, kind: str) -> tuple[Fact, ...]:
    """What is known of it in a few words; ``kind`` as news tells it."""
    rows = (
        (texts_posts.KIND, texts_posts.KINDS.get(kind, "")),
        (texts_posts.SEASON, "" if episode.season is None else str(episode.season)),
        (texts_posts.EPISODE, "" if episode.number is None else str(episode.number)),
        (texts_posts.LENGTH, stamp(episode.duration_s) if episode.duration_s and episode.duration_s >= 1 else ""),
        (texts_posts.EXPLICIT, texts_posts.YES if episode.explicit else ""),
        (texts_posts.PEOPLE, people(episode)),
        (texts_posts.OUT, texts.day(episode.published) if episode.published else ""),
        (texts_posts.TRANSCRIPT, texts_posts.QUOTABLE if episode.lines else ""),
    )
    return tuple(Fact(label, value) for label, value in rows if value)


def people(episode: Episode) -> str:
    names = list(dict.fromkeys(filter(None, (said(name, NAME) for name in episode.people))))
    return texts_posts.and_more(names[:PEOPLE], len(names) - len(names[:PEOPLE]))


def links(episode: Episode) -> tuple[Link, ...]:
    """Where it can be heard, seen and read, each address once; a premiere says that it is one."""
    found: dict[str, Link] = {}
    for edition in sorted(episode.editions, key=lambda one: (one.premiere, _ORDER.index(one.kind))):
        url = address(edition.url)
        if url and url not in found:
            found[url] = Link(texts.edition_named(edition.kind, edition.premiere), url)
    return tuple(found.values())[:LINKS]


def moments(episode: Episode, chapters: Sequence[Chapter]) -> tuple[Moment, ...]:
    """The first chapters, each linked to its moment, else to its publisher's own address."""
    return tuple(
        Moment(
            stamp(one.start_s),
            said(one.title, CHAPTER) or texts.chapter_row(one.n, "").strip(),
            address(moment_url(episode, one.start_s)) or address(one.url),
        )
        for one in chapters[:CHAPTERS]
    )


def is_whole(highlight: Highlight, lines: Sequence[Line]) -> bool:
    """Whether all lines that a highlight aligns to may be quoted by the bot itself, as the words of one person."""
    if highlight.first_line is None or highlight.last_line is None or not lines:
        return False
    asked = highlight.last_line - highlight.first_line + 1
    return (
        len(lines) == asked
        and all(line.featured and not line.garbled for line in lines)
        # Of whom nobody knows who they are, two turns may be two people.
        and len({line.speaker or line.turn for line in lines}) == 1
    )


def block(episode: Episode, lines: Sequence[Line]) -> QuoteBlock:
    """Whole lines of one speaker as a quote: the transcript's words, never the page's. The post around it names show
    and episode."""
    first, link = lines[0], moment_link(episode, lines[0].start_s)
    moment = shown_moment(first.start_s, first.exact and (link is None or link.exact))
    speaker = said(first.speaker or "", NAME) or texts.SPEAKER_UNKNOWN
    words = said(" ".join(line.text for line in lines), QUOTE)
    return QuoteBlock(words, speaker, "", "", moment, address(link.url) if link else None)


def labels(episode: Episode, lines: Sequence[Line]) -> str:
    """What must be said beside a quote: a machine's transcript, a moderator's correction."""
    found = [texts.MACHINE_MADE] if episode.made == "machine" else []
    found += [texts.FIXED] if any(line.fixed for line in lines) else []
    return " ".join(found)
