"""A post as the console shows it in plain text: what it says, and which commands do what its buttons do elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from bot import texts_posts
from bot.commands.grammar import write_line
from bot.commands.registry import Registry
from bot.plain import clean, clean_line
from bot.posts import Post


def post_text(registry: Registry, post: Post, edited: bool) -> str:
    """The whole post, safe to print."""
    return clean("\n\n".join((f"{heading(edited)}\n{post.plain()}", "\n".join(buttons(registry, post)))).rstrip())


def heading(edited: bool) -> str:
    return texts_posts.EDITED_POST if edited else texts_posts.NEW_POST


def buttons(registry: Registry, post: Post) -> Iterator[str]:
    """Each button with the line that presses it."""
    for one in post.actions:
        command = registry.get(one.command)
        if command:
            yield clean_line(f"{one.label}: {write_line(command, one.args)}")
