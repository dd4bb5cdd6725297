"""A Post as a Discord message: plain content for notifications, an embed with the rest, buttons. Pure: the codes of a
post's buttons always fit. Limits: ``limits.py``; escaping: ``escape.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import discord

from adapters.discord import codes, layouts, limits
from adapters.discord.escape import address, bare_line, inner, linked, marked, marked_line, silent
from adapters.discord.layouts import Button, Pressables
from adapters.discord.limits import cut, fitted
from adapters.discord.rendered import Rendered
from bot import texts_messages as texts
from bot.posts import MENTION, more_chapters

if TYPE_CHECKING:
    from bot.posts import Post
    from bot.reply import QuoteBlock

__all__ = ["Rendered", "rendered_post", "thread_name"]

#: Most characters of the parts of content and embed, escapes included; the chapters take what is left.
MARK, TITLE, ADDRESS = 150, 300, 400
#: As many as fit into content with what they are told, of the 100 that may be named.
PEOPLE = 40
FACTS, SUMMARY, QUOTE, ABOUT, NOTE, STAMP = 700, 800, 800, 300, 300, 40


def rendered_post(post: Post) -> Rendered:
    """The whole post. Only ``post.mention`` and ``post.people`` are ever mentioned, and only when it is sent."""
    links = tuple(made for one in post.links if (made := layouts.link_button(one.label, one.url)))
    buttons = tuple(Button(one.label, codes.own_code(one), one.style) for one in post.actions)
    rows, left = layouts.rows(Pressables(buttons=buttons, links=links))
    # What no button takes is written out.
    left += [
        Button(one.label, url=written)
        for one in post.links
        if not layouts.link_button(one.label, one.url) and (written := address(one.url))
    ]
    role = _id(post.mention)
    people = tuple(found for one in post.people if (found := _id(one)))[:PEOPLE]
    embed = _embed(post, left)
    return Rendered(
        _content(post, role, people),
        (embed,) if embed else (),
        tuple(rows),
        roles=(role,) if role else (),
        people=people,
        silent=post.quiet,
    )


def thread_name(title: str) -> str:
    """A thread's or forum post's title as Discord takes it."""
    return cut(bare_line(title), limits.THREAD) or texts.NO_NAME


def _id(text: str) -> int | None:
    """An id of Discord's, nothing else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None


# --- what a notification shows ------------------------------------------------------------------------------------


def _content(post: Post, role: int | None, people: tuple[int, ...]) -> str:
    mark = fitted(post.mark, MARK, inner)
    title = fitted(post.title, TITLE, inner) if post.title not in post.text else ""
    url = silent(post.url) or ""
    called = " ".join(f"<@{one}>" for one in people)
    mention = f"<@&{role}>" if role else ""
    below = _lines(f"**{title}**" if title else "", url if len(url) <= ADDRESS else "")
    above = f"**{mark}**" if mark else ""
    room = limits.CONTENT - len(above) - len(below) - len(mention) - len(called) - 4
    text = _mentioning(post.text, mention, room)
    return _lines(above, " ".join(filter(None, (called, text))), below) or texts.NO_NAME


def _mentioning(text: str, mention: str, room: int) -> str:
    """The text, with the mention where it belongs; what is too long is cut after it."""
    before, there, after = text.partition(MENTION)
    after = after.replace(MENTION, "")
    if not mention:
        return fitted(f"{before}{after.lstrip() if not before.strip() else after}".strip(), room, marked)
    if not there:
        before, after = "", f" {text}"
    head = fitted(before, room, marked)
    return f"{head}{mention}{fitted(after, room - len(head), marked)}".strip()


def _lines(*blocks: str) -> str:
    return "\n".join(filter(None, blocks))


# --- what stands beside it ----------------------------------------------------------------------------------------


def _embed(post: Post, left: list[Button]) -> discord.Embed | None:
    embed = discord.Embed()
    if post.show:
        embed.set_author(name=cut(bare_line(post.show), limits.AUTHOR))
    if post.title:
        embed.title = fitted(post.title, limits.TITLE, marked_line)
        embed.url = address(post.url)
    if (picture := address(post.image)) and picture.startswith("https://"):
        embed.set_thumbnail(url=picture)
    about = [fitted(post.summary, SUMMARY, marked), _small(fitted(post.facts_line(), FACTS, inner))]
    line = ["\n".join(_highlight(post.highlight)) if post.highlight else "", _small(fitted(post.note, NOTE, inner))]
    room = limits.DESCRIPTION - sum(len(one) + 2 for one in (*about, *line))
    rows = "\n".join(_rows(post, left, room))
    # Of an episode a line is the last that is told; where the line itself is the news, it comes first.
    blocks = [*about, rows, *line] if post.title else [*line, *about, rows]
    embed.description = "\n\n".join(filter(None, blocks)) or None
    return embed if embed.title or embed.description else None


def _small(text: str) -> str:
    return f"-# {text}" if text else ""


def _rows(post: Post, left: list[Button], room: int) -> Iterator[str]:
    """Chapters, as many as fit, each linked to its moment; then links that are no buttons."""
    missing = post.more_chapters
    for one in post.chapters:
        row = f"{linked(one.stamp, one.url)} {inner(one.title)}"
        room -= len(row) + 1
        if room < 40:
            missing += 1
        elif missing == post.more_chapters:
            yield row
        else:
            missing += 1
    if missing:
        yield more_chapters(missing)
    for link in left:
        row = linked(link.label, link.url)
        room -= len(row) + 1
        if room >= 40:
            yield row


def _highlight(quote: QuoteBlock) -> Iterator[str]:
    words = fitted(quote.text, QUOTE, lambda text: marked(text).replace("\n", "\n> "))
    yield f"> “{words}”"
    about = [quote.speaker, quote.episode, quote.show]
    told = fitted(" · ".join(filter(None, about)), ABOUT, inner)
    moment = linked(cut(quote.moment, STAMP), address(quote.url, ADDRESS)) if quote.moment else ""
    yield "— " + " · ".join(filter(None, (told, moment)))
