"""A quote's way on Discord: asked, looked around in, shared."""

from __future__ import annotations

from bot import texts
from tests.adapters.discord.acting import answer_of
from tests.adapters.discord.room import Room


async def test_a_line_is_found_and_shared_with_everybody(room: Room) -> None:
    before = room.general.last_message
    found = answer_of(await room.mia.slash(room.general, "quote", words="lit a fire on the rocks"))
    assert found.ephemeral
    assert "So I lit a fire on the rocks and waved a lantern until dawn." in found.content
    assert (room.general.last_message and room.general.last_message.id) == (before and before.id)
    shared = answer_of(await room.mia.click(found.message, label=texts.SHARE))
    assert not shared.ephemeral
    assert texts.shared_by("mia") in shared.content
    around = answer_of(await room.max.click(shared.message, label=texts.MORE_CONTEXT))
    assert around.ephemeral
    assert "We had no radio at all." in around.content


async def test_that_nothing_fits_is_said_privately_and_first(room: Room) -> None:
    answer = answer_of(await room.mia.slash(room.general, "quote", words="purple elephants dance tango"))
    assert answer.ephemeral
    assert answer.content.startswith((texts.CLOSEST, texts.NOTHING_AT_ALL))
