"""A Reply as a Discord message. Limits: ``limits.py``; escaping: ``escape.py``. No command is known here by name.

Whatever holds quotes is plain content (for notifications, for copying on a phone, for who switched embeds off) with an
embed that adds where each line stands; lists are components v2; a sentence is a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import discord

from adapters.discord import codes, layouts, limits
from adapters.discord.escape import address, bare_line, inner, linked, marked, marked_line, silent
from adapters.discord.layouts import Button, Menu, Option, Pressables
from adapters.discord.limits import cut, fitted
from adapters.discord.post_render import rendered_post
from adapters.discord.rendered import Attached, Rendered, attachment_name
from bot import texts_messages as texts

if TYPE_CHECKING:
    from bot.domain import CommunityId
    from bot.files import File
    from bot.posts import Post
    from bot.reply import Field, Link, QuoteBlock, Reply
    from bot.services import Services

__all__ = ["Rendered", "rendered"]

PICTURE = "picture.png"
#: Most characters of the parts of content beside the quotes, which take what is left.
LEAD, HEAD, FOOT, ADDRESS = 500, 300, 400, 500


async def rendered(reply: Reply, services: Services, community: CommunityId) -> Rendered:
    """The reply as a message. Raises StorageError where the state of a large button cannot be stored."""
    pressables = await _pressables(reply, services, community)
    files, notes = _files(reply)
    if reply.post:
        return _as_posted(reply, reply.post, pressables)
    if reply.quotes:
        return _quoting(reply, pressables, files, notes)
    if reply.title or reply.fields or len(sentence := _sentence(reply, notes)) > limits.CONTENT:
        return _listing(reply, pressables, files, notes)
    made, left = layouts.rows(pressables)
    links = [*left, *_too_long(reply.links)]
    content = _joined([sentence, *_written(links, limits.CONTENT - len(sentence))])
    if not (content.strip() or files):
        content = texts.NO_NAME
    return Rendered(content, components=tuple(made), files=files)


# --- what can be pressed -----------------------------------------------------------------------------------------


async def _pressables(reply: Reply, services: Services, community: CommunityId) -> Pressables:
    buttons = [Button(one.label, await codes.code_of(one, services, community), one.style) for one in reply.actions]
    links = tuple(made for one in reply.links if (made := layouts.link_button(one.label, one.url)))
    return Pressables(await _menus(reply, services, community), tuple(buttons), links)


async def _menus(reply: Reply, services: Services, community: CommunityId) -> tuple[Menu, ...]:
    if not reply.choices or not reply.choices.options:
        return ()
    options = [
        Option(one.label, await codes.code_of(one.action, services, community), one.detail)
        for one in reply.choices.options
    ]
    return layouts.menus_of(reply.choices.prompt, options)


def _written(left: Sequence[Button], room: int) -> list[str]:
    """Links that are no buttons, as lines, as many as fit."""
    rows = [f"{marked_line(one.label)} {url}" for one in left if (url := silent(one.url))]
    return _whole(rows, room - 2)


def _too_long(links: Iterable[Link]) -> list[Button]:
    """Addresses that no button takes and that a text does."""
    return [
        Button(one.label, url=found)
        for one in links
        if not layouts.link_button(one.label, one.url) and (found := address(one.url))
    ]


# --- files -------------------------------------------------------------------------------------------------------


def _files(reply: Reply) -> tuple[tuple[Attached, ...], str]:
    """What is attached, and what must be said of it."""
    files, note = [], ""
    if reply.picture:
        files.append(Attached(PICTURE, reply.picture.data, cut(bare_line(reply.picture.alt), limits.ALT)))
    if reply.file:
        attached, note = _file(reply.file)
        files.append(attached)
    return tuple(files), note


def _file(file: File) -> tuple[Attached, str]:
    """Too large: its first lines."""
    name = attachment_name(file.name) or texts.FILE_NAME
    about = cut(bare_line(file.about), limits.ALT)
    if len(file.data) <= limits.FILE:
        return Attached(name, file.data, about), ""
    first = file.data[: limits.FILE]
    whole = first[: first.rfind(b"\n") + 1] or first
    return Attached(name, whole, about), texts.file_cut(limits.FILE // 2**20)


# --- a sentence --------------------------------------------------------------------------------------------------


def _sentence(reply: Reply, note: str) -> str:
    url = silent(reply.url)
    return _joined([marked(reply.text), url or "", note, _small(reply.footer)])


def _small(footer: str | None) -> str:
    """Subtext, line by line."""
    return "\n".join(f"-# {inner(line)}" for line in (footer or "").split("\n") if bare_line(line))


def _joined(blocks: Iterable[str]) -> str:
    return "\n".join(block for block in blocks if block)


# --- quotes ------------------------------------------------------------------------------------------------------


def _quoting(reply: Reply, pressables: Pressables, files: tuple[Attached, ...], note: str) -> Rendered:
    made, left = layouts.rows(pressables)
    quotes = reply.quotes
    shared = _shared(quotes)
    url = next(filter(None, (silent(one) for one in (reply.url, *(quote.url for quote in quotes)))), "")
    before = [
        fitted(reply.title or "", HEAD, lambda text: _bold(inner(text))),
        _of_all(reply) if shared and len(quotes) > 1 else "",
        fitted(reply.text, LEAD, marked),
    ]
    after = [
        url if len(url) <= ADDRESS else "",
        note,
        fitted(reply.footer or "", FOOT, _small),
    ]
    room = limits.CONTENT - len(_joined([*before, *after])) - len(texts.CONTINUES) - 4
    told = [_quote(one, alone=not shared or len(quotes) == 1) for one in quotes]
    shown = _whole(told, room, more=False) or [_cut_quote(quotes[0], room)]
    rest = told[len(shown) :]
    content = _joined([*before, *shown, texts.CONTINUES if rest else "", *after])
    content = _joined([content, *_written([*left, *_too_long(reply.links)], limits.CONTENT - len(content))])
    embed = _beside(reply, shared, rest)
    return Rendered(content, (embed,) if embed else (), tuple(made), files=files)


def _shared(quotes: Sequence[QuoteBlock]) -> bool:
    """Whether all of them are of one episode."""
    return len({(one.show, one.episode) for one in quotes}) == 1


def _of_all(reply: Reply) -> str:
    """Episode and show, where they stand nowhere else."""
    first = reply.quotes[0]
    if first.episode and first.episode in (reply.footer or ""):
        return ""
    return fitted(" · ".join(filter(None, (first.episode, first.show))), HEAD, marked_line)


def _bold(text: str) -> str:
    return f"**{text}**" if text else ""


def _quote(quote: QuoteBlock, *, alone: bool) -> str:
    """The words in a block of their own, and below whose they are; ``alone``: with episode and show."""
    about = (quote.speaker, *((quote.episode, quote.show) if alone else ()), quote.moment or "")
    words = marked(f"“{cut(quote.text, limits.TEXTS)}”").replace("\n", "\n> ")
    return f"> {words}\n— {inner(' · '.join(filter(None, about)))}"


def _cut_quote(quote: QuoteBlock, room: int) -> str:
    """A quote alone that is longer than a message: its attribution stays whole where it can."""
    below = fitted(quote.attribution(), HEAD, inner)
    words = fitted(quote.text, max(room - len(below) - 8, 0), lambda text: marked(text).replace("\n", "\n> "))
    return f"> “{words}”\n— {below}"


def _beside(reply: Reply, shared: bool, rest: Sequence[str]) -> discord.Embed | None:
    """Where each line stands, linked to the moment; what else belongs to it; quotes that found no room above."""
    first = reply.quotes[0]
    embed = discord.Embed()
    if shared and first.episode:
        embed.title = fitted(first.episode, limits.TITLE, marked_line)
        embed.url = address(reply.url) or address(first.url)
    if shared and first.show:
        embed.set_author(name=cut(bare_line(first.show), limits.AUTHOR))
    # What stands above already and leads nowhere else is not said twice.
    said = {None, embed.url if len(reply.quotes) == 1 else None}
    rows = [*rest, *(_where(one, shared) for one in reply.quotes if address(one.url) not in said)]
    rows += [_row(one) for one in reply.fields]
    embed.description = "\n".join(_whole(rows, limits.DESCRIPTION)) or None
    return embed if embed.title or embed.description else None


def _where(quote: QuoteBlock, shared: bool) -> str:
    name = quote.moment or quote.episode or quote.show
    about = (quote.speaker, *(() if shared else (quote.episode, quote.show)))
    return " · ".join(filter(None, (_bold(linked(name, quote.url)), *map(inner, about))))


# --- a post, before it is one --------------------------------------------------------------------------------------


def _as_posted(reply: Reply, post: Post, pressables: Pressables) -> Rendered:
    """As it would look, below what it is; with the answer's buttons instead of its own, which lead nowhere yet."""
    mark = " · ".join(filter(None, (reply.title, post.mark)))
    shown = rendered_post(replace(post, mark=mark, actions=(), mention="", people=()))
    links = tuple(found for one in post.links if (found := layouts.link_button(one.label, one.url)))
    made, _ = layouts.rows(replace(pressables, links=links))
    told = discord.Embed(description=fitted(reply.footer or "", FOOT, _small)) if reply.footer else None
    return Rendered(shown.content, (*shown.embeds, *((told,) if told else ())), tuple(made))


# --- lists -------------------------------------------------------------------------------------------------------


def _listing(reply: Reply, pressables: Pressables, files: tuple[Attached, ...], note: str) -> Rendered:
    made, left = layouts.rows(pressables)
    head = _head(reply)
    foot = _joined([note, fitted(reply.footer or "", 2 * FOOT, _small)])
    room = limits.TEXTS - len(head) - len(foot) - 2
    lead = fitted(reply.text, room if not reply.fields else room // 2, marked)
    rows = [_row(one) for one in reply.fields]
    rows += [linked(one.label, one.url) for one in (*left, *_too_long(reply.links))]
    body = "\n".join(_whole(rows, room - len(lead)))
    inner = [layouts.text(one) for one in (_joined([head, lead]), body, foot) if one]
    for one in files:
        inner.append(layouts.gallery(one.name, one.alt) if one.name == PICTURE else layouts.attached(one.name))
    return Rendered(components=(layouts.container([*inner, *made]),), layout=True, files=files)


def _head(reply: Reply) -> str:
    if not reply.title:
        return silent(reply.url) or ""
    title = cut(reply.title, limits.TITLE)
    return f"### {linked(title, reply.url)}"


@lru_cache(maxsize=1024)  # lists show the same shows, episodes and chapters to everybody
def _row(row: Field) -> str:
    """``**label** value``, its first part linked."""
    value = cut(row.value, limits.TEXTS)
    if row.label:
        return f"{_bold(linked(cut(row.label, limits.TITLE), row.url))} {_value(value)}".rstrip()
    return linked(value, row.url) if address(row.url) else marked(value)


def _value(text: str) -> str:
    first, line_break, below = text.partition("\n")
    return f"{inner(first)}{line_break}{marked(below)}"


def _whole(rows: Sequence[str], room: int, *, more: bool = True) -> list[str]:
    """As many rows as fit, none of them cut; then how many are missing."""
    if sum(len(row) + 1 for row in rows) <= room + 1:
        return list(rows)
    kept: list[str] = []
    more = more and len(texts.and_more(len(rows))) <= room
    room -= len(texts.and_more(len(rows))) + 1 if more else 0
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            break
        kept.append(row)
    return [*kept, texts.and_more(len(rows) - len(kept))] if more else kept
