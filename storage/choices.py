"""What members choose for themselves. In no history and followed by nobody: a choice is gone when it is taken back."""

from __future__ import annotations

from contextlib import nullcontext

from bot.domain import CommunityId, Person
from storage.places import spared
from storage.shelves import known
from storage.view import Room


class Choices(Room):
    """The part of ``Storage`` about members' own choices."""

    async def member_choice(self, community: CommunityId, person: Person, name: str) -> str | None:
        return (await self.member_choices(community, person)).get(name)

    async def member_choices(self, community: CommunityId, person: Person) -> dict[str, str]:
        async with self._db.reading() as t:
            rows = await t.rows("member_choices", {"community": community, "person": str(person)})
        return {row["name"]: row["value"] for row in rows}

    async def choose(
        self, community: CommunityId, person: Person, name: str, value: str | None, *, patient: bool = True
    ) -> None:
        of = {"community": community, "person": str(person), "name": name}
        with nullcontext() if patient else spared("choose"):
            async with self._db.writing(patient=patient) as t:
                await known(t, community)
                if value is None:
                    await t.run("unchoose", of)
                else:
                    await t.run("choose", {**of, "value": value})
