"""``setup discord`` and ``doctor discord``, over a Discord on loopback: answers in, what is there afterwards out."""

from __future__ import annotations

import asyncio
import re
import stat
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from bot.app import App, open_app
from bot.cli import setup
from bot.cli.doctor import doctor
from bot.cli.setup import setup_discord
from bot.cli.talk import Left, Talk
from bot.domain import DEFAULT_COMMUNITY
from tests import feeds_made as made
from tests.fakes.discord_wire.permissions import bits
from tests.fakes.discord_wire.state import Channel
from tests.fakes.discord_wire.wire import Wire, wire
from tests.feed_host import FeedHost, feed_host


class Script(Talk):
    """A person who gives these answers, and then leaves; remembers what was said."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.heard: list[str] = []

    def say(self, text: str) -> None:
        self.heard.append(text)

    def ask(self, question: str, default: str = "", *, secret: bool = False) -> str:
        self.heard.append(question + ("(secret)" if secret else ""))
        if not self.answers:
            raise Left
        return self.answers.pop(0) or default

    @property
    def text(self) -> str:
        return "\n".join(self.heard)


@pytest.fixture
async def discord() -> AsyncIterator[Wire]:
    async with wire() as running:
        yield running


class Opened:
    """Opens the program as ``pullquote`` does, with this environment."""

    def __init__(self, discord: Wire, folder: Path) -> None:
        self.dotenv = folder / ".env"
        self.environment = {
            "PULLQUOTE_DATA_DIR": str(folder / "data"),
            "PULLQUOTE_DISCORD_API_URL": discord.api_url,
            "PULLQUOTE_DISCORD_GATEWAY_URL": discord.gateway_url,
        }

    def __call__(self, given: Mapping[str, str] | None = None) -> App:
        return open_app({**self.environment, **(given or {})})


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as running:
        running.put("/feed.xml", made.feed(running.url(""), [made.Item(1, "Kettle number 1")]), "application/rss+xml")
        yield running


@pytest.fixture
def opened(discord: Wire, host: FeedHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.chdir(tmp_path)
    opened = Opened(discord, tmp_path)
    opened.environment["PULLQUOTE_ALLOW_HOSTS"] = host.allow
    return opened


def server(discord: Wire) -> dict[str, Channel]:
    """A server with a channel for all, one for news and one that only moderators see."""
    guild = discord.state.guild("Harbour", bot=True)
    channels = {name: discord.state.channel(guild, name, "text") for name in ("lounge", "episodes", "mod-room")}
    discord.state.overwrite(channels["mod-room"], guild.id, deny=bits("view_channel"))
    discord.state.overwrite(channels["mod-room"], discord.state.bot["id"], allow=bits("view_channel"))
    return channels


async def test_setup_ends_with_a_test_post_and_everything_kept(discord: Wire, host: FeedHost, opened: Opened) -> None:
    channels = server(discord)
    talk = Script(discord.token, "", "Europe/Lisbon", host.url("/feed.xml"), "episodes")
    assert await setup_discord(opened, talk) == 0, talk.text
    assert talk.answers == []
    [post] = discord.log.posted
    assert post.channel == channels["episodes"].id
    async with open_app(opened.environment).services() as services:
        settings = {one.name: one.value for one in await services.storage.records(DEFAULT_COMMUNITY, "setting")}  # type: ignore[union-attr]
        [subscription] = await services.storage.records(DEFAULT_COMMUNITY, "subscription")
        guild = channels["lounge"].guild
        assert settings["timezone"] == "Europe/Lisbon"
        assert settings["moderators"] == f"discord/{guild}/{channels['mod-room'].id}"
        assert subscription.place == f"discord/{guild}/{channels['episodes'].id}"  # type: ignore[union-attr]
        assert await services.storage.community_of("discord", guild) == DEFAULT_COMMUNITY


async def test_the_token_is_kept_where_nobody_else_reads_it_and_is_never_said(discord: Wire, opened: Opened) -> None:
    server(discord)
    opened.dotenv.write_text("# mine\nPULLQUOTE_LOG_LEVEL=warning\n")
    talk = Script(discord.token)
    assert await setup_discord(opened, talk) == 1  # left after the first step
    lines = opened.dotenv.read_text().splitlines()
    assert lines == ["# mine", "PULLQUOTE_LOG_LEVEL=warning", f"PULLQUOTE_DISCORD_TOKEN={discord.token}"]
    assert stat.S_IMODE(opened.dotenv.stat().st_mode) == 0o600
    assert discord.token not in talk.text
    assert "Token(secret)" in talk.heard


async def test_a_token_that_is_not_accepted_is_asked_for_again_and_not_kept(discord: Wire, opened: Opened) -> None:
    talk = Script("MTIz.wrong.token")
    assert await setup_discord(opened, talk) == 1
    assert "Discord does not accept the bot's token" in talk.text
    assert not opened.dotenv.exists()


async def test_the_invitation_asks_for_exactly_what_is_needed(discord: Wire, opened: Opened) -> None:
    server(discord)
    talk = Script(discord.token)
    await setup_discord(opened, talk)
    [address] = re.findall(r"https://discord\.com/oauth2/\S+", talk.text)
    asked = dict(part.split("=") for part in address.partition("?")[2].split("&"))
    assert asked["client_id"] == discord.state.app["id"]
    assert asked["scope"] == "bot+applications.commands"
    assert int(asked["permissions"]) == bits(
        "view_channel", "send_messages", "send_messages_in_threads", "create_public_threads", "embed_links",
        "attach_files", "read_message_history",
    )  # fmt: skip


async def test_setup_waits_until_the_bot_is_in_a_server(
    discord: Wire, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "LOOK_EVERY_S", 0.05)
    talk = Script(discord.token)
    going = asyncio.create_task(setup_discord(opened, talk))
    while "Waiting until" not in talk.text:  # noqa: ASYNC110 - the conversation has no event to wait for
        await asyncio.sleep(0.01)
    server(discord)
    assert await going == 1
    assert "The bot is in “Harbour”." in talk.text


async def test_a_channel_where_something_is_missing_is_named_and_chosen_anew(
    discord: Wire, host: FeedHost, opened: Opened
) -> None:
    channels = server(discord)
    discord.state.overwrite(channels["episodes"], discord.state.bot["id"], deny=bits("embed_links"))
    talk = Script(discord.token, "", "UTC", host.url("/feed.xml"), "episodes", "lounge")
    assert await setup_discord(opened, talk) == 0, talk.text
    assert "Embed Links" in talk.text
    assert [one.channel for one in discord.log.posted] == [channels["lounge"].id]


async def test_what_is_no_channel_or_zone_is_asked_again(discord: Wire, opened: Opened) -> None:
    server(discord)
    talk = Script(discord.token, "nowhere", "", "Lisbon", "Europe/Lisbon", "")
    assert await setup_discord(opened, talk) == 0, talk.text
    assert "There is no such channel" in talk.text
    assert "Europe/Lisbon" in talk.text.partition("Lisbon")[2]
    assert "nothing to post yet" in talk.text


# --- doctor ------------------------------------------------------------------------------------------------------


async def test_doctor_looks_at_the_account_the_servers_and_every_place(
    discord: Wire, host: FeedHost, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    channels = server(discord)
    await setup_discord(opened, Script(discord.token, "", "UTC", host.url("/feed.xml"), "episodes"))
    program = opened({"PULLQUOTE_DISCORD_TOKEN": discord.token})
    assert await doctor(program, "discord", as_json=False) == 0
    said = capsys.readouterr().out
    assert "discord: account" in said
    assert "“Harbour”" in said
    assert "everything that it needs" in said
    discord.state.overwrite(channels["episodes"], discord.state.bot["id"], deny=bits("send_messages"))
    assert await doctor(opened({"PULLQUOTE_DISCORD_TOKEN": discord.token}), "discord", as_json=False) == 1
    assert "Send Messages" in capsys.readouterr().out


async def test_doctor_says_that_the_token_is_not_accepted(
    discord: Wire, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await doctor(opened({"PULLQUOTE_DISCORD_TOKEN": "x.y.z"}), "discord", as_json=False) == 1
    said = capsys.readouterr().out
    assert "does not accept" in said
    assert "x.y.z" not in said


async def test_doctor_without_a_token_says_what_to_do(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert await doctor(opened(), "discord", as_json=False) == 1
    assert "pullquote setup discord" in capsys.readouterr().out
