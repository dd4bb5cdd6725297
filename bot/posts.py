"""What a post says, before a platform has dressed it. Frozen values; plain text, which the renderer escapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.reply import Action, QuoteBlock

#: Where in a post's text the mention stands; a renderer puts it there, or before the text when this is not in it.
MENTION = "\ufffc"


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value of a post: ``Length  48 min``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A chapter with its time: ``12:40 The whistle``, linked to the moment where that is known."""

    stamp: str
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread under the post, or, in a forum, the post itself. ``tag`` is a forum tag's name or id."""

    title: str
    forum: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One message. ``text`` stands alone in a notification; ``MENTION`` in it is where the mention goes. Everything
    else may be dressed as the platform likes.

    ``key`` (an alert's id) and ``kind`` travel in the ``custom_id`` of ``actions`` (command ``post``, see
    ``bot.rules.alert_keys``) or in the message's metadata, so that the post is known again. ``mention`` is the exact id
    of a role or user group, ``people`` exact user ids: nothing else is ever mentioned. ``quiet``: no notification.
    ``mark``: what has become of the episode ("withdrawn by its publisher"). ``note`` must be said beside the highlight
    (a machine's transcript, a moderator's correction).
    """

    text: str
    key: str = ""
    kind: str = "new"
    title: str = ""
    url: str | None = None
    show: str = ""
    image: str | None = None
    summary: str = ""
    facts: tuple[Fact, ...] = ()
    chapters: tuple[Moment, ...] = ()
    more_chapters: int = 0
    highlight: QuoteBlock | None = None
    note: str = ""
    links: tuple[Link, ...] = ()
    actions: tuple[Action, ...] = ()
    published: datetime | None = None
    mention: str = ""
    people: tuple[str, ...] = ()
    quiet: bool = False
    mark: str = ""
    thread: Thread | None = None
    publish: bool = False

    def plain(self) -> str:
        """The whole post as text: the console's form, and the fallback of every renderer."""
        head = [self.mark, self.unmentioned()]
        if self.title and self.title not in self.text:
            head.append(self.title)
        if self.url and self.url not in self.text and all(self.url != one.url for one in self.links):
            head.append(self.url)
        blocks = (
            "\n".join(filter(None, head)),
            self.facts_line(),
            self.summary,
            "\n".join(self._chapter_rows()),
            "\n".join(self._quote_rows()),
            "\n".join(f"{one.label}  {one.url}" for one in self.links),
        )
        return "\n\n".join(filter(None, blocks))

    def unmentioned(self) -> str:
        """The text where nobody is mentioned."""
        return self.text.replace(f"{MENTION} ", "").replace(MENTION, "").strip()

    def facts_line(self) -> str:
        """All facts on one line."""
        return " · ".join(f"{one.label} {one.value}".strip() for one in self.facts)

    def _chapter_rows(self) -> Iterator[str]:
        for one in self.chapters:
            yield f"{one.stamp}  {one.title}" + (f"  {one.url}" if one.url else "")
        if self.more_chapters:
            yield more_chapters(self.more_chapters)

    def _quote_rows(self) -> Iterator[str]:
        if self.highlight:
            yield f"“{self.highlight.text}”"
            yield f"— {self.highlight.attribution()}"
            yield from filter(None, (self.note, self.highlight.url))


def more_chapters(count: int) -> str:
    """What stands below the first chapters."""
    return f"… and {count} more"
