"""Hostile words everywhere (shows, speakers, notes, names, channels, what people type): every command, by every door,
is answered within Discord's rules and pings nobody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from adapters.discord.chat import Pace
from bot.commands.declare import Command, Param
from bot.commands.registry import load
from bot.domain import (
    DEFAULT_COMMUNITY,
    ChatQuote,
    Edition,
    EpisodeImport,
    Highlight,
    Place,
    Report,
    Role,
    SavedQuote,
    Setting,
    Viewer,
)
from bot.files import Upload
from bot.ports import LineRange
from bot.rules.ids import new_id
from bot.rules.references import ID_MARK, anchor_ref
from tests.adapters.discord.attack import Attacked, attacked
from tests.adapters.discord.hostile import PIECES
from tests.commands.world import indexed
from tests.fakes.discord_wire.components import BUTTON, every
from tests.fakes.discord_wire.people import Answered
from tests.storage.build import chapters, episode_import, show

#: Feeds' and files' lone surrogates are mended where they are read; Discord's words have none.
KEPT = [one for one in PIECES if not re.search("[\ud800-\udfff]", one)]
URLS = (
    "https://a.example/1", "javascript:alert(1)", "https://a.example/(b)_[c]?q=\"'`", "https://discord.gg/abc",
    "https://user:pw@a.example/", "https://a.example/" + "x" * 600, "https://[::1]/", "https://exämple.org/ü",
)  # fmt: skip
DOORS = ("press", "slash", "say", "direct")
#: They change who may ask what.
LEFT_OUT = ("show add", "show remove", "withhold", "roles", "settings")


class Hostile:
    """Draws of one seed, and the names of what was made of them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names: dict[str, list[str]] = {}

    def text(self, most: int = 12) -> str:
        made = "".join(self.random.choices(KEPT, k=self.random.randint(1, most)))
        return made * 200 if self.random.random() < 0.05 else made

    def value(self, param: Param) -> str:
        draw = self.random
        if param.choices:
            return draw.choice(param.choices)
        if param.type is bool:
            return "yes"
        if param.type in (int, float):
            return str(draw.randint(1, 3))
        if self.names.get(param.name) and draw.random() < 0.7:
            return draw.choice(self.names[param.name])
        return self.text(8) if draw.random() < 0.6 else " ".join(draw.choices(("storm", "lamp", "fire"), k=4))

    def args(self, command: Command) -> dict[str, str]:
        wanted = [one for one in command.params if one.required or self.random.random() < 0.35]
        return {one.name: self.value(one) for one in wanted if one.type is not Upload}


async def furnish(it: Attacked, hostile: Hostile) -> None:
    """Two shows of nothing but hostile text, with lines that people saved, reported and said."""
    storage, now, general = it.world.storage, it.world.clock.now(), it.home.general
    here, mia = Place("discord", it.home.guild.id, general.id), f"discord:{it.mia['id']}"
    viewer = Viewer(DEFAULT_COMMUNITY, Role.operator)
    episodes, words, ids = [], [], []
    for n in range(2):
        made = await storage.put_show(DEFAULT_COMMUNITY, show(f"h{n}", hostile.text()))
        for m in range(2):
            await storage.save_episode(DEFAULT_COMMUNITY, made.id, _episode(hostile, f"e{m}"))
        for episode in await storage.episodes(viewer, made.id, limit=5):
            episodes.append(ID_MARK + episode.id)
            anchor = await storage.anchor(viewer, LineRange(episode.id, 0, 0))
            assert anchor is not None
            words.append(anchor_ref(anchor))
            quote = SavedQuote(new_id(), anchor, mia, now, hostile.text(2), hostile.text(20)[:300])
            report = Report(
                new_id(), anchor, "text", mia, note=hostile.text()[:300], at=now, reporter_name=hostile.text(3)
            )
            await storage.put(DEFAULT_COMMUNITY, quote, mia)
            await storage.put(DEFAULT_COMMUNITY, report, mia)
            name, said = hostile.text(3), hostile.text(30)[:2000]
            chat = ChatQuote(new_id(), here, mia, name, mia, said, now, now, "https://discord.com/channels/1/2/3")
            await storage.keep_chat_quote(DEFAULT_COMMUNITY, chat)
            ids += [quote.id, report.id, chat.id]
    await indexed(storage, it.world.index)
    await storage.put(DEFAULT_COMMUNITY, Setting("|chat_quotes", "chat_quotes", "on"), "test")
    hostile.names = {"show": ["h0", "h1"], "episode": episodes, "words": words, "anchor": words, "id": ids}
    it.mia["global_name"], it.mo["global_name"] = hostile.text(4), hostile.text(4)
    it.wire.state.role(it.home.guild, hostile.text(4)[:90])
    it.wire.state.channel(it.home.guild, hostile.text(3)[:90], "forum", tags=[hostile.text(2)[:18]])


def _episode(hostile: Hostile, key: str) -> EpisodeImport:
    line = f"{hostile.text(5)[:900]} storm lamp fire boat.".replace("\n", " ")
    return episode_import(
        key,
        ((hostile.text(3), line), (hostile.text(3), line)),
        title=hostile.text(),
        published=datetime(2024, 3, 1, tzinfo=UTC),
        summary=hostile.text(30),
        people=(hostile.text(3),),
        editions=tuple(Edition(kind, hostile.random.choice(URLS)) for kind in ("page", "youtube", "audio")),
        chapters=chapters(*((n * 1.0, hostile.text(8)) for n in range(30))),
        highlights=(Highlight(hostile.text(9), 1.0, 0, 0),),
    )


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[Attacked]:
    async with attacked(tmp_path) as made:
        yield made


@pytest.mark.parametrize("seed", range(3))
async def test_hostile_words_by_every_door_are_within_the_rules_and_ping_nobody(it: Attacked, seed: int) -> None:
    hostile = Hostile(seed)
    await furnish(it, hostile)
    commands = [one for one in load().all() if one.name not in LEFT_OUT]
    for _ in range(120):
        command = hostile.random.choice(commands)
        got = await _asked(it, hostile, command)
        assert got is None or got.kind != "nothing", command.name
    assert [(one.route, one.problem) for one in it.wire.refused()] == []
    said = [one for channel in it.wire.state.channels.values() for one in channel.messages.values()]
    assert [one.notified for one in said if one.data["author"]["id"] == it.bot["id"] and one.notified] == []


async def _asked(it: Attacked, hostile: Hostile, command: Command) -> Answered | None:
    args, door = hostile.args(command), hostile.random.choice(DOORS)
    user, general = it.mo if command.moderator else it.mia, it.home.general
    if door == "press":
        return await _pressed_on(it, hostile, await it.press(user, general, command.name, args))
    if door == "slash" and command.listed:
        return await _pressed_on(it, hostile, await it.slash(user, general, command.name, args))
    it.surface.client._pace = Pace()
    options = (f'{name}:"{value}"' if hostile.random.random() < 0.5 else value for name, value in args.items())
    line = " ".join([hostile.random.choice((command.call, command.name)), *options])
    await it.say(user, general if door == "say" else it.wire.state.dm(user["id"]), line[:2000])
    return None


async def _pressed_on(it: Attacked, hostile: Hostile, got: Answered) -> Answered:
    """And one of the answer's own buttons."""
    message = got.message
    parts = every(message.data["components"]) if message else ()
    codes = [one["custom_id"] for one in parts if one["type"] == BUTTON and "custom_id" in one]
    if message is None or message.deleted or not codes:
        return got
    user = it.wire.state.users[got.interaction.user["id"]]
    return await it.wire.press(message, hostile.random.choice(codes), user)
