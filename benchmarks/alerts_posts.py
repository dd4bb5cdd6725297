"""Posts without an episode read for them, for what is measured of sending alone."""

from __future__ import annotations

from typing import cast

from bot.alerts import Alert, Options
from bot.posts import Post
from bot.services.posts import PostMaker
from tests.platform_messenger import fake_post


class PlainPosts:
    """As ``PostMaker``: one line of text, and the key in a button."""

    async def make(self, alert: Alert, options: Options | None) -> Post:
        return fake_post(alert.id, alert.text or f"New: {alert.subject}", alert.kind)


def plain_posts() -> PostMaker:
    return cast(PostMaker, PlainPosts())
