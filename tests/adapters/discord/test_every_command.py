"""Every command × Discord: asked once as people reach it there (typed, or behind a button), it answers once, within all
limits, and as privately as its reply says. A command without a row fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
import simcord
from structlog.testing import capture_logs

from bot.commands.codec import write
from bot.commands.registry import load
from bot.domain import DEFAULT_COMMUNITY, Role, SavedQuote
from bot.rules.references import anchor_ref
from tests.adapters.discord.room import Room
from tests.commands.alert_room import BASE, SLUG, AlertWorld
from tests.feeds_made import Item, feed

WORDS = "lit a fire on the rocks"
EPISODE = "Lamps and lighthouses"
SECOND = f"{BASE}/second.xml"


@dataclass(frozen=True, slots=True)
class Row:
    """``given`` may name what the room holds: {anchor}, {saved}. ``outcome`` is the reply's; a ``form`` opens as a
    modal, and ``public`` is seen by everybody."""

    outcome: str
    given: Mapping[str, Any] = field(default_factory=dict)
    form: bool = False
    public: bool = False


KETTLE = {"show": SLUG, "place": "here"}

ROWS = {
    "about": Row("listed"),
    "alerts clone": Row("done", {"show": SLUG, "to": "<#{staff}>", "place": "here"}),
    "alerts edit": Row("done", {**KETTLE, "trailer": "skip"}),
    "alerts list": Row("listed"),
    "alerts pause": Row("done", KETTLE),
    "alerts preview": Row("found", {"show": SLUG, "template": "{{title}} is out"}),
    "alerts resume": Row("same", KETTLE),
    "alerts template": Row("confirm", {"show": SLUG}, form=True),
    "alerts test": Row("done", KETTLE),
    "app": Row("listed"),
    "audit": Row("listed", KETTLE),
    "chapter": Row("found", {"chapter": "boats on the reef", "episode": EPISODE}),
    "chapters": Row("listed", {"episode": EPISODE}),
    "claim": Row("user_error", {"code": "ABCD-EFGH"}),
    "context": Row("found", {"anchor": "{anchor}"}),
    "episode": Row("found", {"episode": EPISODE}),
    "episodes": Row("listed", {"show": "harbour"}),
    "fix": Row("confirm", {"words": WORDS, "text": "So I lit a fire on the rock and waved a lantern until dawn."}),
    "held": Row("listed"),
    "help": Row("listed"),
    "history": Row("listed"),
    "join": Row("not_found", {"other": "storms", "into": "nowhere"}),
    "keep": Row("user_error", {"episode": EPISODE}),
    "link": Row("done"),
    "listen": Row("found", {"episode": EPISODE}),
    "match": Row("found", {"words": WORDS, "skip": 1}),
    "post": Row("not_found", {"key": "abcdefghijklmnopqrstuvwx", "do": "chapters"}),
    "privacy": Row("listed"),
    "quiet": Row("done", {"hours": "22:00-07:00"}),
    "quote": Row("found", {"words": WORDS}),
    "quotes chat": Row("listed"),
    "quotes delete": Row("done", {"id": "{saved}"}),
    "quotes edit": Row("listed", {"id": "{saved}"}, form=True),
    "quotes export": Row("done", {"format": "markdown"}),
    "quotes forget": Row("not_found", {"id": "abcdefghijkl"}),
    "quotes import": Row(
        "done",
        {
            "file": (
                "quotes.csv",
                b"text,show,title\nThe lamp went out on the third night.,harbour,Lamps and lighthouses\n",
            )
        },
    ),
    "quotes keep": Row("not_found", {"id": "abcdefghijkl"}),
    "quotes list": Row("listed"),
    "quotes never": Row("done"),
    "quotes said": Row("not_found", {"id": "abcdefghijkl"}),
    "quotes save": Row("done", {"words": "the lamp went out on the third night", "note": "for the talk"}),
    "quotes show": Row("found", {"id": "{saved}"}),
    "reports": Row("listed"),
    "roles": Row("done", {"subject": "discord:123", "role": "editor"}),
    "settings": Row("done", {"name": "answers", "value": "public"}),
    "share": Row("found", {"anchor": "{anchor}"}, public=True),
    "show add": Row("done", {"url": SECOND}),
    "show back": Row("not_found", {"id": "abcdefghijkl", "name": "acme"}),
    "show export": Row("listed"),
    "show list": Row("listed"),
    "show remove": Row("done", {"show": "kitchen", "yes": True}),
    "show set": Row("done", {"show": "harbour", "offset": 12.5}),
    "shows": Row("listed"),
    "speakers alias": Row("done", {"label": "Bo", "name": "Bo Sailor", "show": "harbour"}),
    "speakers list": Row("listed", {"episode": EPISODE}),
    "speakers name": Row("done", {"label": "Bo", "name": "Bo Sailor", "episode": EPISODE}),
    "speakers undo": Row("not_found"),
    "split": Row("not_found", {"episode": "nowhere"}),
    "status": Row("listed"),
    "subscribe": Row("done", {"show": SLUG, "place": "<#{staff}>"}),
    "undo": Row("not_found", {"id": "abcdefghijkl"}),
    "unshare": Row("done", {"by": "discord:{max}"}),
    "unsubscribe": Row("done", KETTLE),
    "why": Row("found", {"episode": "latest", "show": SLUG, "place": "here"}),
    "withhold": Row("confirm", {"words": WORDS}),
    "wrong": Row("confirm", {"words": WORDS}, form=True),
}


def test_every_command_has_a_row() -> None:
    assert set(ROWS) == {command.name for command in load().all()}


@pytest.fixture
async def furnished(room: Room) -> dict[str, str]:
    """What rows refer to: a show with a feed that is posted in #general, a saved line, the anchor of one."""
    kettle = AlertWorld(room.world.as_("ada", Role.admin))
    await kettle.add_show()
    room.world.web.put(SECOND, feed(BASE + "/2", [Item(1, "Second kettle")]), etag='"1"')
    with capture_logs():
        subscribed = await room.max.slash(room.general, "pullquote subscribe", show=SLUG, place="here")
        assert subscribed.acknowledged
        await room.max.slash(room.general, "quotes save", words=WORDS)
    [saved] = await room.world.storage.records(DEFAULT_COMMUNITY, "saved_quote")
    assert isinstance(saved, SavedQuote)
    return {"anchor": anchor_ref(saved.anchor), "saved": saved.id, "max": str(room.max.id), "staff": str(room.staff.id)}


@pytest.mark.parametrize("name", sorted(ROWS))
async def test_every_command_answers_once(room: Room, furnished: dict[str, str], name: str) -> None:
    row, command = ROWS[name], load().get(name)
    assert command is not None
    given = {key: one.format(**furnished) if isinstance(one, str) else one for key, one in row.given.items()}
    with capture_logs() as logs:
        asked = await (_typed if command.listed else _pressed)(room, command.call.removeprefix("/"), name, given)
    requests = [(one["command"], one["outcome"]) for one in logs if one["event"] == "request"]
    assert requests == [(name, row.outcome)]
    assert not [one for one in logs if one["log_level"] in ("warning", "error")]
    answers = [one for one in (asked.response, *asked.followups) if one is not None]
    assert (len(answers), asked.modal is not None) == ((0, True) if row.form else (1, False))
    assert all(one.ephemeral is not row.public for one in answers)


@pytest.mark.parametrize("name", sorted(one.name for one in load().all() if one.menu))
async def test_every_menu_of_a_message_answers_once(room: Room, furnished: dict[str, str], name: str) -> None:
    command = load().get(name)
    assert command is not None
    message = await room.max.send(room.general, f"> {WORDS}")
    with capture_logs() as logs:
        asked = await room.mia.context_menu(room.general, command.menu, message)
    assert [one["command"] for one in logs if one["event"] == "request"] == [name]
    assert asked.response is not None
    assert asked.response.ephemeral
    assert asked.followups == []


async def _typed(room: Room, call: str, name: str, given: Mapping[str, Any]) -> simcord.InteractionResult:
    return await room.max.slash(room.general, call, **given)


async def _pressed(room: Room, call: str, name: str, given: Mapping[str, Any]) -> simcord.InteractionResult:
    """A button of a message of ours, as it was sent however long ago."""
    code = write(name, {key: str(one) for key, one in given.items()})
    assert len(code) <= 100
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Press", custom_id=code))
    channel = room.client.get_channel(room.general.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("Here", view=view)
    view.stop()
    return await room.max.click(message, custom_id=code)
