"""Who has no rights gets none by any door: other communities, unlinked servers, user installs, forged buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.discord.chat import Pace
from bot import logs, texts_discord
from bot.commands.declare import Command
from bot.commands.registry import load
from bot.domain import DEFAULT_COMMUNITY, Report, Role, SavedQuote, Setting, Viewer
from bot.ports import LineRange
from bot.rules.ids import new_id
from bot.rules.references import ID_MARK, anchor_ref, parse_anchor_ref
from bot.services.first_admin import code
from bot.services.linking import link_code
from tests.adapters.discord.attack import Attacked, attacked
from tests.commands.world import OTHER
from tests.fakes.discord_wire.problems import Json
from tests.fakes.discord_wire.state import Channel

VAULT = ("canning", "The Vault", "Dee", "The merger")
ORCHARD = ("Prune the", "Orchard Hour", "Pruning")
HARBOUR = ("Harbour Tales", "lit a fire", "Lamps and", "Slow bread", "Storms at sea", "Kitchen Talk")


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[Attacked]:
    async with attacked(tmp_path) as made:
        yield made


async def refs(it: Attacked) -> dict[str, list[str]]:
    """Names of things of both communities and of the private show, as buttons and people write them."""
    storage = it.world.storage
    everything = Viewer(DEFAULT_COMMUNITY, Role.operator)
    found: dict[str, list[str]] = {}
    anchors, episodes, shows = [], [], []
    for viewer in (everything, Viewer(OTHER, Role.operator)):
        for show in await storage.shows(viewer):
            shows.append(show.slug)
            for episode in await storage.episodes(viewer, show.id, limit=5):
                episodes += [ID_MARK + episode.id, f"{show.slug}/{episode.key}"]
                anchor = await storage.anchor(viewer, LineRange(episode.id, 0, 0))
                if anchor is not None:
                    anchors.append(anchor_ref(anchor))
                    quote = SavedQuote(new_id(), anchor, "discord:1", it.world.clock.now(), None, "a note")
                    await storage.put(viewer.community, quote, "discord:1")
                    report = Report(
                        new_id(),
                        anchor,
                        "text",
                        "discord:1",
                        note="wrong",
                        at=it.world.clock.now(),
                        reporter_name="Rita",
                    )
                    await storage.put(viewer.community, report, "discord:1")
                    found.setdefault("id", []).extend([quote.id, report.id])
    found["show"] = shows
    found["episode"] = episodes
    found["anchor"] = anchors
    found["words"] = anchors
    return found


def calls(command: Command, known: dict[str, list[str]]) -> list[dict[str, str]]:
    """Each parameter with each name that it may take; the others as little as is needed."""
    least = {one.name: known.get(one.name, ["x"])[0] for one in command.params if one.required}
    made = [least]
    for param in command.params:
        for value in known.get(param.name, ()):
            made.append({**least, param.name: value})
    if command.name == "reports":
        made += [{"id": id, "do": do} for id in known["id"] for do in ("dismiss", "withhold", "text")]
    if command.name == "post":
        made += [{"key": "x", "id": id, "do": "withhold"} for id in known["id"]]
    return [one for one in made if len(str(one)) < 400]


#: Who, where, and what is none of their business there.
CASES = {
    "a member": ("mia", "home", VAULT + ORCHARD),
    "a member of another community": ("mia", "other", VAULT + HARBOUR),
    "a moderator of a server that is linked to none": ("mo", "stranger", VAULT + HARBOUR + ORCHARD),
    "a moderator elsewhere, with the app installed for themselves": ("mo", "foreign", VAULT + ORCHARD),
    "a moderator in a direct message": ("mo", "direct", VAULT + ORCHARD),
}
#: What a member may do changes something too: lines are theirs to save, and words in chat.
OWN = ("quotes save",)


def where(it: Attacked, name: str) -> Channel:
    guilds = {"home": it.home.guild, "other": it.other, "stranger": it.stranger, "foreign": it.foreign}
    return it.general(guilds[name]) if name in guilds else it.wire.state.dm(it.mo["id"])


@pytest.mark.parametrize("case", CASES)
async def test_no_code_that_anybody_writes_shows_or_changes_what_is_not_theirs(it: Attacked, case: str) -> None:
    who, place, secrets = CASES[case]
    known, user, channel = await refs(it), it.mo if who == "mo" else it.mia, where(it, place)
    before = it.owned()
    for command in load().all():
        if command.name in OWN:
            continue
        for args in calls(command, known):
            mark = len(it.wire.said)
            got = await it.press(user, channel, command.name, args)
            said = it.since(mark)
            assert got.kind != "nothing", (command.name, args)
            assert [one for one in secrets if one in said] == [], (command.name, args)
            assert it.owned() == before, (command.name, args)
    assert [one for one in it.wire.refused() if "recipient_id" not in one.text] == []


async def test_a_moderator_elsewhere_reaches_nothing_of_another_community(it: Attacked) -> None:
    known = await refs(it)
    for command in [one for one in load().all() if one.moderator and one.name not in ("show add", "show remove")]:
        for args in calls(command, known):
            mark = len(it.wire.said)
            await it.press(it.mo, it.general(it.other), command.name, args)
            assert [one for one in VAULT + HARBOUR if one in it.since(mark)] == [], (command.name, args)


# --- a private show ---------------------------------------------------------------------------------------------

WORDS = "factory will be announced before Christmas"


@pytest.fixture
async def dia(it: Attacked) -> Json:
    """Somebody whose role sees the private show, wherever in the server they are; answers are public there."""
    role, storage = it.wire.state.role(it.home.guild, "Board")["id"], it.world.storage
    made = it.wire.state.user("dia")
    it.wire.state.join(it.home.guild, made, role)
    vault = next(one for one in await storage.shows(Viewer(DEFAULT_COMMUNITY, Role.operator)) if one.slug == "vault")
    await storage.put_show(DEFAULT_COMMUNITY, replace(vault, roles=(role,)))
    await storage.put(DEFAULT_COMMUNITY, Setting("|answers", "answers", "public"), "test")
    return made


async def test_who_may_see_a_private_show_sees_it_alone(it: Attacked, dia: Json) -> None:
    general, told = it.home.general, {"episode": "vault/merger"}
    asked: dict[str, dict[str, str]] = {
        "quote": {"words": WORDS}, "chapters": told, "episode": told, "shows": {}, "quotes list": {},
        "quotes export": {"whose": "all"},
    }  # fmt: skip
    for command, given in asked.items():
        got = await it.wire.slash(dia, general, command, **given)
        assert got.private, command
    found = await it.wire.slash(dia, general, "quote", words=WORDS)
    assert "canning" in found.text
    for button in ("More context", "Save", "Share"):
        pressed = await it.wire.press(found.message, button)
        assert pressed.private, button
    assert "canning" not in pressed.text


async def test_words_in_chat_tell_nobody_of_a_private_show(it: Attacked, dia: Json) -> None:
    [anchor] = [one for one in (await refs(it))["anchor"] if await _of_vault(it, one)]
    lines = [
        f"quote {WORDS}", "quotes list", "/quotes export whose:all", "shows", "episode vault/merger",
        "the latest episode of the vault", f"what did dee say about the {WORDS}", anchor, f"/context {anchor}",
        f"/share {anchor}", f"/wrong {anchor}", "listen vault/merger", f"match {WORDS}",
    ]  # fmt: skip
    for line in lines:
        for channel in (it.home.general, it.wire.state.dm(dia["id"])):
            mark = len(it.wire.said)
            await it.say(dia, channel, line)
            it.surface.client._pace = Pace()
            assert [one for one in VAULT if one in it.since(mark)] == [], line


@pytest.mark.parametrize("line", ["reports", "status", "history", "show list", "alerts list", "why vault/merger"])
async def test_a_moderators_answer_by_direct_message_tells_nothing_private(it: Attacked, line: str) -> None:
    """Asked where the private show may be seen: the answer goes where it may not."""
    await refs(it)
    mark = len(it.wire.said)
    await it.say(it.mo, it.board, f"/pullquote {line}")
    said = it.wire.said[mark:]
    assert any(texts_discord.ANSWERED_DIRECTLY in one.text for one in said)
    assert [one for one in VAULT if one in it.since(mark)] == []


async def _of_vault(it: Attacked, anchor: str) -> bool:
    found = parse_anchor_ref(anchor)
    viewer = Viewer(DEFAULT_COMMUNITY, Role.operator)
    episode = await it.world.storage.episode(viewer, found.episode) if found else None
    return episode is not None and episode.show_slug == "vault"


async def test_no_code_token_or_secret_of_a_feed_is_written_down(it: Attacked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor an interaction's token, however Discord fails; also where everything is logged."""
    monkeypatch.setattr(logs._Setup, "level", 10)
    storage, clock = it.world.storage, it.world.clock
    link, claim = await link_code(storage, DEFAULT_COMMUNITY, clock), await code(storage, DEFAULT_COMMUNITY, clock)
    url = "https://feeds.example/rss?token=s3cr3tT0ken"
    with capture_logs() as written:
        await it.press(it.mo, it.general(it.other), "link", {"code": link})
        await it.slash(it.mo, it.general(it.stranger), "link", {"code": link})
        await it.say(it.mia, it.wire.state.dm(it.mia["id"]), f"claim {claim}")
        await it.slash(it.mo, it.home.general, "show add", {"url": url})
        await it.say(it.mo, it.home.general, f"/pullquote show add {url}")
        for fault in ("reset_before", "ban", "busy"):
            it.wire.faults.next(fault, "POST /interactions")
            await it.press(it.mia, it.home.general, "help", {})
    assert len(written) > 8
    secrets = (link, claim or "", "s3cr3tT0ken", it.wire.token, "wire-15")
    shown = repr(written)
    assert [one for one in secrets if one in shown or one.replace("-", "") in shown] == []
