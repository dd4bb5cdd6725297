"""Posts are made here of alerts: read as a member in that place sees the episode, then filled into what a post holds.

What each part looks like, ``bot.rules.post_parts`` decides; nothing is sent here.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import texts_posts as texts
from bot.alerts import Options
from bot.domain import Chapter, CommunityId, EpisodeId, Place, Role, Viewer
from bot.plain import clean
from bot.ports import LineRange
from bot.posts import Post, Thread
from bot.reply import Action, QuoteBlock
from bot.rules import post_parts, templates
from bot.rules.access import may_see
from bot.rules.alert_keys import COMMAND, post_args
from bot.rules.links import episode_url
from bot.rules.news_kinds import kind_of
from bot.rules.post_digest import digest
from bot.rules.post_values import values_of
from bot.rules.reports import id_in
from bot.texts import shorten
from bot.texts_answers import REPORT_OVER

if TYPE_CHECKING:
    from bot.alerts import Alert, AlertState
    from bot.domain import Episode, Show
    from bot.ports import Clock, Storage

__all__ = ["NoPost", "PostMaker", "digest"]

#: Most characters of a post's own text and of a thread's title (Discord docs, 2025-01: 2,000 and 100).
TEXT, THREAD = 1000, 100
#: Episodes whose parts are kept for the next place, and how many highlights are tried for a quote.
KEPT, HIGHLIGHTS = 64, 8


@dataclass(frozen=True, slots=True)
class NoPost:
    """There is nothing to post: why, and what the alert becomes."""

    reason: str
    state: AlertState = "skipped"


@dataclass(frozen=True, slots=True)
class _Content:
    """An episode as every member of a community sees it who may see its show."""

    show: Show
    episode: Episode
    chapters: tuple[Chapter, ...]
    highlight: QuoteBlock | None
    note: str


class PostMaker:
    """Makes posts for any place. Between two changes of storage an episode is read once, however many places it has."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._kept: OrderedDict[tuple[CommunityId, EpisodeId], tuple[int, _Content]] = OrderedDict()

    async def make(self, alert: Alert, options: Options | None) -> Post | NoPost:
        """What this alert's post says now; ``options`` None = the usual ones. For a post that is there already and
        whose episode may not be shown any more: a post that says only that. NoPost where nothing is to be sent, and
        where a post that is there is to be left as it is."""
        if alert.kind in ("trouble", "over"):
            return await self._told(alert)
        if alert.kind == "burst":
            return await self._burst(alert)
        viewer = Viewer(alert.community, place=await self._place(alert))
        content = await self._content(viewer, alert.episode) if alert.episode else None
        if content is None:
            return await self._none(alert, viewer, options)
        if alert.kind == "transcript":
            return await self._transcript(alert, content)
        episode = content.episode
        if episode.published and episode.published > self._clock.now():
            # Nothing came out on a day to come; once it has, the post may say so.
            content = replace(content, episode=replace(episode, published=None))
        return _post(alert, content, options or Options(alert.seen_at))

    # -- of an episode

    async def _content(self, viewer: Viewer, id: EpisodeId) -> _Content | None:
        """None where members in this place may not see it."""
        key, n = (viewer.community, id), await self._storage.last_change()
        kept = self._kept.get(key)
        if kept is None or kept[0] != n:
            read = await self._read(viewer, id)
            if read is None:
                return None
            kept = self._kept[key] = (n, read)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        # What was read for one place holds for others, but for who may see the show.
        return kept[1] if may_see(kept[1].show, viewer) else None

    async def _read(self, viewer: Viewer, id: EpisodeId) -> _Content | None:
        episode = await self._storage.episode(viewer, id)
        shows = await self._storage.shows(viewer) if episode else []
        show = next((one for one in shows if episode and one.id == episode.show), None)
        if episode is None or show is None:
            return None
        chapters = await self._storage.chapters(viewer, episode.id)
        quote, note = await self._quote(viewer, episode)
        return _Content(show, episode, tuple(chapters), quote, note)

    async def _quote(self, viewer: Viewer, episode: Episode) -> tuple[QuoteBlock | None, str]:
        """The first highlight whose lines may be quoted, in the transcript's words, and what must stand beside it."""
        found = await self._storage.highlights(viewer, episode.id) if episode.lines else []
        aligned = [one for one in found if one.first_line is not None and one.last_line is not None][:HIGHLIGHTS]
        ranges = [LineRange(episode.id, one.first_line or 0, one.last_line or 0) for one in aligned]
        for one, lines in zip(aligned, await self._storage.ranges(viewer, ranges), strict=True):
            if post_parts.is_whole(one, lines):
                return post_parts.block(episode, lines), post_parts.labels(episode, lines)
        return None, ""

    async def _none(self, alert: Alert, viewer: Viewer, options: Options | None) -> Post | NoPost:
        """Why there is no post; for one that is there, what stands in its stead."""
        show = await self._show(alert)
        if show is None or alert.episode is None:
            return NoPost(texts.OFF_SHELF if show is None else texts.NO_EPISODE)
        if alert.state == "posted":
            thread = Thread(texts.NOT_SHOWN_THREAD) if options and options.thread != "none" else None
            why = _button(alert, texts.WHY, "why")
            return Post(texts.NOT_SHOWN, alert.id, alert.kind, actions=(why,), thread=thread)
        return NoPost(texts.WITHHELD if may_see(show, viewer) else texts.PRIVATE_HERE)

    async def _transcript(self, alert: Alert, content: _Content) -> Post | NoPost:
        """The word in a post's thread; mentions exactly those who asked for it, on this platform."""
        if not content.episode.lines:
            return NoPost(texts.TRANSCRIPT_GONE)
        asked = [one.id for one in await self._storage.wishes(alert.text) if one.platform == alert.place.platform]
        text = texts.transcript_is_in(post_parts.title_of(content.episode))
        quote = _button(alert, texts.QUOTE, "quote")
        return Post(text, alert.id, alert.kind, people=tuple(dict.fromkeys(asked)), actions=(quote,), quiet=alert.quiet)

    # -- of no episode

    async def _burst(self, alert: Alert) -> Post | NoPost:
        show = await self._show(alert)
        if show is None:
            return NoPost(texts.OFF_SHELF)
        if not may_see(show, Viewer(alert.community, place=alert.place)):
            return NoPost(texts.PRIVATE_HERE)
        text, name = _text(alert.text) or texts.SAYS_NOTHING, post_parts.said(show.title, post_parts.NAME)
        actions = (_button(alert, texts.EPISODES, "episodes"),)
        return Post(text, alert.id, alert.kind, show=name, actions=actions, quiet=alert.quiet)

    async def _told(self, alert: Alert) -> Post | NoPost:
        """A trouble or its all-clear, for moderators. A withdrawn episode asks what shall become of it, and a reported
        line is a card of its own."""
        if alert.kind == "trouble" and (report := id_in(alert.text)):
            from bot.services.report_cards import card

            return await card(self._storage, alert, report) or NoPost(REPORT_OVER)
        actions = [_button(alert, texts.STATE, "state")]
        if alert.kind == "trouble" and await withdrawn_episode(self._storage, alert):
            actions = [_button(alert, texts.HIDE, "hide"), _button(alert, texts.KEEP, "keep")]
        # No platform takes a message without words.
        text = _text(alert.text) or texts.SAYS_NOTHING
        return Post(text, alert.id, alert.kind, actions=tuple(actions), quiet=alert.quiet)

    async def _show(self, alert: Alert) -> Show | None:
        """The alert's show, whoever may see it."""
        shows = await self._storage.shows(Viewer(alert.community, Role.operator))
        return next((one for one in shows if one.id == alert.show), None)

    async def _place(self, alert: Alert) -> Place:
        """Where the alert is read; a thread counts as the place of the post that it is under."""
        under = await self._storage.alert(alert.text) if alert.kind == "transcript" else None
        return under.place if under else alert.place


async def withdrawn_episode(storage: Storage, alert: Alert) -> EpisodeId | None:
    """The withdrawn episode that a trouble asks about, hide or keep; None for any other, and once that is over."""
    for one in await storage.troubles(alert.community):
        kind, _, id = one.source.partition(":")
        if one.id == alert.subject and kind == "withdrawn":
            return EpisodeId(id)
    return None


def _post(alert: Alert, content: _Content, options: Options) -> Post:
    show, episode = content.show, content.episode
    kind = kind_of(episode.title, episode.kind)
    # Whom should a post call for an episode that is gone again?
    quiet = alert.quiet or episode.withdrawn is not None
    values = values_of(show, episode, kind, mention=bool(options.mention) and not quiet)
    shown = content.chapters[: post_parts.CHAPTERS]
    return Post(
        text=_filled(options.template, values) or texts.default_text(values["show"], values["title"]),
        key=alert.id,
        kind=alert.kind,
        title=post_parts.title_of(episode),
        url=post_parts.address(episode_url(episode.editions)),
        show=values["show"],
        image=post_parts.picture(show, episode),
        summary=post_parts.said(episode.summary, post_parts.SUMMARY),
        facts=post_parts.facts(episode, kind),
        chapters=post_parts.moments(episode, shown),
        more_chapters=len(content.chapters) - len(shown),
        highlight=content.highlight,
        note=content.note,
        links=post_parts.links(episode),
        actions=(
            _button(alert, texts.CHAPTERS, "chapters"),
            _button(alert, texts.QUOTE, "quote"),
            _button(alert, texts.LISTEN, "listen"),
        ),
        published=episode.published,
        mention="" if quiet else options.mention,
        quiet=quiet,
        mark=texts.WITHDRAWN if episode.withdrawn else "",
        thread=_thread(options, values),
        publish=options.publish,
    )


def _thread(options: Options, values: dict[str, str]) -> Thread | None:
    values = values | {"mention": ""}
    if options.thread == "none":
        return None
    title = post_parts.said(_filled(options.thread_title, values), THREAD) or shorten(values["title"], THREAD)
    return Thread(title, options.thread == "forum", options.tag)


def _filled(template: str, values: dict[str, str]) -> str:
    """A moderator's template with the values in it; "" where there is none or nothing comes of it."""
    return _text(templates.fill(template, values)) if template else ""


def _text(text: str) -> str:
    return shorten(clean(text).strip(), TEXT)


def _button(alert: Alert, label: str, do: str) -> Action:
    return Action(label, COMMAND, post_args(alert.id, alert.kind, do))
