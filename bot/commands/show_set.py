"""``/pullquote show set``: a show's feed, title, language, offset, links, YouTube feed and where it appears."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from typing import Annotated

from bot import texts_shows as texts
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Place, Role, Show
from bot.errors import UsageError
from bot.reply import Action, Field, Reply
from bot.rules.access import carries_credentials
from bot.rules.links import safe_url
from bot.rules.masking import feed_address
from bot.rules.words import tokens
from bot.services.episodes import show_names

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_BRACES = re.compile(r"\{([^{}]*)\}")
#: What a link template may have in braces, and of those what names the moment.
FIELDS, MOMENTS = frozenset(("seconds", "stamp", "key", "number", "guid", "url")), frozenset(("seconds", "stamp"))
_NONE = frozenset(("none", "no", "-", "off"))
_OFFSET = 3600.0

#: What was changed: the option, what it was, what it is.
Change = tuple[str, str, str]


@command(
    "show set", "Change a show: feed, title, language, offset, links, places", role=Role.admin, example="acme offset:12"
)
async def show_set(
    ctx: Context,
    show: Annotated[str, Arg("Which show", length=(1, 200), complete=show_names, rest=True)],
    feed: Annotated[str | None, Arg("The feed's new address", length=(1, 2000))] = None,
    title: Annotated[str | None, Arg("Its title", length=(1, 200))] = None,
    language: Annotated[str | None, Arg("The language that is spoken: en, de, pt-BR", length=(1, 20))] = None,
    offset: Annotated[float | None, Arg("Seconds of ads that come before the transcript's 0:00")] = None,
    link: Annotated[str | None, Arg("A link to a moment, with {seconds} or {stamp}; or none", length=(1, 500))] = None,
    youtube: Annotated[str | None, Arg("The YouTube channel that has it too; or none", length=(1, 2000))] = None,
    private: Annotated[bool | None, Arg("Show it only in its places")] = None,
    places: Annotated[str | None, Arg("Where a private show appears: here, none, or a list", length=(1, 1000))] = None,
    resume: Annotated[bool, Arg("Look at a stopped feed again")] = False,
    yes: Annotated[bool, Arg("Take a feed that shares no episode, without asking")] = False,
) -> Reply:
    meant = await ctx.services.episodes.show(ctx, show)
    fresh, changes = _facts(ctx, meant, title, language, offset, link, private, places)
    if fresh != meant:
        await ctx.services.shows.put(ctx.community, fresh)
    if feed:
        from bot.services.shows import OtherShow  # lazy: its reading takes a tenth of what an answer may take

        try:
            changes.append(await _feed(ctx, fresh, feed, yes))
        except OtherShow as other:
            there = Action(texts.LOOK_THERE, "show set", {"show": meant.slug, "feed": feed, "yes": "yes"}, "danger")
            return Reply(str(other), actions=(there,), outcome="confirm")
    if youtube:
        changes.append(await _youtube(ctx, fresh, youtube))
    if resume:
        before = await ctx.services.storage.feed(meant.id)
        await ctx.services.shows.resume(meant)
        changes.append(("feed", "stopped" if before and before.stopped else texts.NOT_STOPPED, texts.RESUMED))
    if not changes:
        asked = (title, language, offset, link, private, places)
        return await _settings(ctx, meant, any(one is not None for one in asked))
    return Reply("\n".join([texts.was_set(fresh.title, changes), *await _notes(ctx, fresh, changes)]))


async def _notes(ctx: Context, show: Show, changes: list[Change]) -> list[str]:
    """What follows from a change that cannot be seen from its words."""
    now = {name: value for name, _, value in changes}
    notes = [texts.OFFSET_COUNTS] if "offset" in now and show.offset_s else []
    if now.get("youtube", "none") != "none":
        episodes = await ctx.services.storage.stored_episodes(show.id)
        tied = sum(any(edition.kind == "youtube" for edition in one.editions) for one in episodes)
        notes.append(texts.videos_tied(tied, len(episodes)))
    return notes


def _facts(
    ctx: Context, show: Show, title: str | None, language: str | None, offset: float | None, link: str | None,
    private: bool | None, places: str | None,
) -> tuple[Show, list[Change]]:  # fmt: skip
    """The show with what was asked, and what that changes. Raises UsageError for what cannot be."""
    fresh = show
    if title is not None:
        fresh = replace(fresh, title=_title(title))
    if language is not None:
        fresh = replace(fresh, language=_language(language))
    if offset is not None:
        fresh = replace(fresh, offset_s=_offset(offset))
    if link is not None:
        fresh = replace(fresh, link_template=_template(link))
    if private is not None:
        fresh = _private(ctx, fresh, private)
    if places is not None:
        fresh = replace(fresh, places=_places(ctx, places))
    before, after = texts.shown_settings(show, "", ""), texts.shown_settings(fresh, "", "")
    return fresh, [(name, before[name], value) for name, value in after.items() if before[name] != value]


def _title(title: str) -> str:
    if not tokens(title):
        raise UsageError(texts.TITLE_EMPTY)
    return " ".join(title.split())


def _language(language: str) -> str:
    bare = language.strip()
    if not _LANGUAGE.fullmatch(bare):
        raise UsageError(texts.BAD_SHOW_LANGUAGE)
    return bare


def _offset(offset: float) -> float:
    if not -_OFFSET <= offset <= _OFFSET:
        raise UsageError(texts.BAD_OFFSET)
    return round(offset, 3)


def _template(link: str) -> str | None:
    """A safe template: http(s), known fields only, none of them in the host, and a moment among them."""
    if link.strip().casefold() in _NONE:
        return None
    named = set(_BRACES.findall(link))
    bare = _BRACES.sub("x", link.strip())
    host = link.split("://", 1)[-1].split("/", 1)[0]
    if named - FIELDS or not named & MOMENTS or "{" in bare or "}" in bare or "{" in host or not safe_url(bare):
        raise UsageError(texts.BAD_LINK)
    try:
        list(string.Formatter().parse(link))
    except ValueError as err:
        raise UsageError(texts.BAD_LINK) from err
    return link.strip()


def _private(ctx: Context, show: Show, private: bool) -> Show:
    if not private and carries_credentials(show.feed_url):
        raise UsageError(texts.ALWAYS_PRIVATE)
    here = (ctx.place,) if private and not show.places and not ctx.direct else show.places
    return replace(show, private=private, places=here)


def _places(ctx: Context, places: str) -> tuple[Place, ...]:
    bare = places.strip().casefold()
    if bare in _NONE:
        return ()
    found: dict[Place, None] = {}
    for one in places.split(","):
        parts = one.strip().split("/")
        if one.strip().casefold() == "here" and not ctx.direct:
            found[ctx.place] = None
        elif len(parts) == 3 and all(parts):
            found[Place(*parts)] = None
        else:
            raise UsageError(texts.BAD_PLACES)
    return tuple(found)


async def _feed(ctx: Context, show: Show, words: str, sure: bool) -> Change:
    before = await ctx.services.storage.feed(show.id)
    await ctx.progress(texts.LOOKING)
    after = await ctx.services.shows.set_feed(ctx.community, show, words, sure=sure)
    was = feed_address(before.url, private=show.private) if before else ""
    return "feed", was, feed_address(after.url, private=show.private)


async def _youtube(ctx: Context, show: Show, words: str) -> Change:
    before = await ctx.services.storage.feed(show.id, "youtube")
    was = before.url if before else ""
    if words.strip().casefold() in _NONE:
        await ctx.services.shows.drop_youtube(show)
        return "youtube", was, "none"
    await ctx.progress(texts.LOOKING)
    after = await ctx.services.shows.set_feed(ctx.community, show, words, "youtube")
    return "youtube", was, after.url


async def _settings(ctx: Context, show: Show, asked: bool) -> Reply:
    """What is set; for who asked for nothing, how to change it."""
    main, video = await ctx.services.storage.feed(show.id), await ctx.services.storage.feed(show.id, "youtube")
    shown = texts.shown_settings(
        show, feed_address(main.url, private=show.private) if main else "", video.url if video else ""
    )
    return Reply(
        texts.UNCHANGED if asked else "",
        title=show.title,
        fields=tuple(Field(name, value) for name, value in shown.items()),
        footer=texts.NOTHING_TO_SET,
        outcome="same" if asked else "listed",
    )
