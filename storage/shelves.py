"""Communities, their workspaces and shelves, and the numbering of changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from bot.domain import Change, CommunityId, EpisodeId, Show, ShowId, Viewer
from bot.errors import NotFound, UserError
from bot.rules.access import carries_credentials
from storage.database import Transaction
from storage.rows import instant, to_change
from storage.view import Room

ChangeKind = Literal["transcript", "episode", "overlay", "removed"]


async def changed(t: Transaction, kind: ChangeKind, episode: EpisodeId | None = None) -> None:
    """Number a change inside the writing transaction: numbers follow the order of commits, without gaps."""
    await all_changed(t, [(kind, episode)])


async def all_changed(t: Transaction, changes: Sequence[tuple[ChangeKind, EpisodeId | None]]) -> None:
    """Number many changes at once, in their order."""
    if changes:
        row = await t.one("move_counter", {"count": len(changes)})
        first = (row["n"] if row else 0) - len(changes) + 1
        await t.many("add_change", [(n, *change) for n, change in enumerate(changes, first)])


async def known(t: Transaction, community: CommunityId) -> None:
    """A community begins with the first thing that it owns."""
    await t.run("make_community", {"community": community})


class Shelves(Room):
    """The part of ``Storage`` about communities and shelves."""

    async def link_workspace(self, community: CommunityId, platform: str, workspace: str) -> None:
        async with self._db.writing() as t:
            await known(t, community)
            await t.run("link_workspace", {"community": community, "platform": platform, "workspace": workspace})
            await changed(t, "overlay")

    async def community_of(self, platform: str, workspace: str) -> CommunityId | None:
        async with self._db.reading() as t:
            row = await t.one("community_of", {"platform": platform, "workspace": workspace})
        return CommunityId(row["community"]) if row else None

    async def put_show(self, community: CommunityId, show: Show) -> Show:
        secret = carries_credentials(show.feed_url)
        async with self._db.writing() as t:
            await known(t, community)
            row, id, ours = await self._find_show(t, community, show, secret)
            show = replace(show, id=id, private=show.private or secret)
            if row is None:
                row = await self._add_show(t, show)
            elif ours:
                await t.run("update_show", {**_of_show(show), "row": row})
            await self._put_shelf(t, community, row, show)
            await changed(t, "overlay")
        return show

    async def shelve(self, community: CommunityId, show: ShowId, slug: str) -> None:
        async with self._db.writing() as t:
            await known(t, community)
            row = await t.one("show_by_id", {"id": show})
            if row is None:
                raise NotFound(f"there is no show {show}")
            if carries_credentials(row["feed_url"]):
                raise UserError("this show's feed address holds a secret: it is never shared between communities")
            await self._put_shelf(t, community, row["row"], Show(show, slug, slug))
            await changed(t, "overlay")

    async def unshelve(self, community: CommunityId, show: ShowId) -> None:
        async with self._db.writing() as t:
            row = await t.one("shelved_show", {"community": community, "show": show})
            if row is not None:
                await t.run("drop_shelf", {"community": community, "row": row["row"]})
                of = {"community": community, "show": show, "row": row["row"]}
                await t.run("end_troubles_of_show", {**of, "now": instant(datetime.now(UTC))})
                await changed(t, "overlay")

    async def shows(self, viewer: Viewer) -> list[Show]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
        return list(view.visible(viewer).values())

    async def last_change(self) -> int:
        async with self._db.reading() as t:
            row = await t.one("counter")
        return row["n"] if row else 0

    async def changes_since(self, n: int, limit: int = 1000) -> list[Change]:
        async with self._db.reading() as t:
            return [to_change(row) for row in await t.rows("changes_since", {"n": n, "limit": limit})]

    async def _find_show(
        self, t: Transaction, community: CommunityId, show: Show, secret: bool
    ) -> tuple[int | None, ShowId, bool]:
        """Which stored show is meant: its row, id and whether this community has it. By id, else by feed address."""
        known_id = await t.one("show_by_id", {"id": show.id})
        if known_id is not None:
            ours = await t.one("shelved_show", {"community": community, "show": show.id}) is not None
            if not ours and carries_credentials(known_id["feed_url"]):
                raise UserError("this show's feed address holds a secret: it is never shared between communities")
            return known_id["row"], show.id, ours
        if show.feed_url:
            for row in await t.rows("shows_by_feed", {"community": community, "feed_url": show.feed_url}):
                if row["ours"] or not secret:
                    return row["row"], ShowId(row["id"]), bool(row["ours"])
        return None, show.id, True

    async def _add_show(self, t: Transaction, show: Show) -> int:
        row = await t.one("add_show", _of_show(show))
        assert row is not None
        return int(row["row"])

    async def _put_shelf(self, t: Transaction, community: CommunityId, row: int, show: Show) -> None:
        if not show.slug:
            raise UserError("a show needs a name on the shelf")
        owner = await t.one("slug_owner", {"community": community, "slug": show.slug})
        if owner is not None and owner["id"] != show.id:
            raise UserError(f"another show is called {show.slug!r} on this shelf: choose another name")
        of = {"community": community, "row": row}
        heard = {"offset_s": show.offset_s, "link_template": show.link_template}
        await t.run("put_shelf", {**of, **heard, "slug": show.slug, "private": show.private})
        await t.run("drop_private_places", of)
        await t.run("drop_private_roles", of)
        places = [(community, row, n, p.platform, p.workspace, p.channel) for n, p in enumerate(show.places)]
        await t.many("add_private_place", places)
        await t.many("add_private_role", [(community, row, n, role) for n, role in enumerate(show.roles)])


def _of_show(show: Show) -> dict[str, object]:
    return {
        "id": show.id,
        "title": show.title,
        "feed_url": show.feed_url,
        "page_url": show.page_url,
        "language": show.language,
        "author": show.author,
        "summary": show.summary,
        "image": show.image,
    }
