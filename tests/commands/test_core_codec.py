"""Buttons: every action fits, comes back the same, and in its own community only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.codec import LENGTH, decode, encode
from bot.domain import DEFAULT_COMMUNITY, CommunityId
from bot.errors import NotFound
from bot.reply import Action
from bot.rules.ids import from_int

OTHER = CommunityId("other")


class MemoryStates:
    """The state of buttons as a storage keeps it: by community."""

    def __init__(self) -> None:
        self._bodies: dict[tuple[CommunityId, str], str] = {}

    async def save_state(self, community: CommunityId, body: str) -> str:
        id = from_int(len(self._bodies))
        self._bodies[community, id] = body
        return id

    async def state(self, community: CommunityId, id: str) -> str | None:
        return self._bodies.get((community, id))


TEXT = st.text(st.characters(), max_size=120)  # with lone surrogates, which feeds can hold


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=65), st.dictionaries(TEXT, TEXT, max_size=5))
async def test_an_action_comes_back_the_same(command: str, args: dict[str, str]) -> None:
    states = MemoryStates()
    code = await encode(Action("Label", command, args), states, DEFAULT_COMMUNITY)
    assert len(code) <= LENGTH
    assert code.isascii()
    assert code.isprintable()
    assert code.startswith("v1|")
    assert await decode(code, states, DEFAULT_COMMUNITY) == Action("", command, args)


async def test_a_small_action_needs_no_storage_and_reads_well() -> None:
    code = await encode(Action("Next", "speakers name", {"words": "move fast"}), MemoryStates(), DEFAULT_COMMUNITY)
    assert code == "v1|speakers+name|words=move+fast"


async def test_a_stored_action_reads_only_in_its_community() -> None:
    states = MemoryStates()
    code = await encode(Action("Next", "quote", {"words": "x" * 200}), states, DEFAULT_COMMUNITY)
    assert code == "v1|#aaaaaaaaaaaa"
    with pytest.raises(NotFound, match="too old"):
        await decode(code, states, OTHER)


@pytest.mark.parametrize(
    "code",
    ["", "v1", "v1|", "v0|quote", "v2|quote", "quote", "v1|quote|words", "v1|#unknown", "v1|#", "v1|quote|a=%ff"],
)
async def test_what_cannot_be_read_is_too_old(code: str) -> None:
    with pytest.raises(NotFound, match="too old"):
        await decode(code, MemoryStates(), DEFAULT_COMMUNITY)


@given(TEXT)
async def test_any_damage_is_read_or_too_old(code: str) -> None:
    try:
        await decode(f"v1|{code}", MemoryStates(), DEFAULT_COMMUNITY)
    except NotFound:
        return
