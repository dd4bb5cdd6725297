"""The connection to Discord's life: log in, connect, be told what happens there, close. What is said there is made
elsewhere: commands in ``tree``, presses in ``presses``, words in ``chat``, new servers in ``welcome``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import discord

from adapters.discord import chat, gateway
from adapters.discord.chat import Pace
from adapters.discord.contexts import PLATFORM
from bot import texts_discord
from bot.errors import SurfaceError
from bot.logs import get_logger
from bot.services.workspaces import first_start, join

if TYPE_CHECKING:
    from adapters.discord.messenger import DiscordMessenger
    from adapters.discord.tree import Tree
    from bot.services import Services
    from bot.settings import Settings

log = get_logger(__name__)

#: None of these is privileged: words of mentions and direct messages come without the content intent.
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
#: After the last server of a start came, ready is told after so long; asking works before (seconds).
QUIET_S = 0.4
#: A log-in that hangs is begun again; waits between two of them.
LOGIN_S, FIRST_WAIT_S = 60.0, 1.0
#: So long is waited for answers under way, from when nothing new is begun, and for the connection to close.
ANSWERS_S, CLOSE_S = 3.0, 1.0
#: A bot that is in more servers than this at its first start has moved here: they know it already.
MOVED = 5


class PullquoteClient(discord.Client):
    """discord.py's client with our ears. ``services`` are set before it connects."""

    services: Services
    tree: Tree

    def __init__(self, settings: Settings, **options: Any) -> None:
        from adapters.discord.attempts import TRACE
        from adapters.discord.messenger import DiscordMessenger

        gateway.set_addresses(settings)
        gateway.take_over_log()
        gateway.bound_waits()
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody listens to it
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=QUIET_S,
            http_trace=TRACE,
            **options,
        )
        gateway.guard(self)
        self.settings = settings
        self.messenger: DiscordMessenger = DiscordMessenger(self)
        self.when_ready: Callable[[], None] = lambda: None
        #: The servers of a first start have joined; until then one that is linked to nothing may yet be.
        self.joined = asyncio.Event()
        self._starting = True
        self._first = False
        self._met: set[int] = set()
        self._pace = Pace()
        self._syncing: asyncio.Task[str] | None = None

    async def application_info(self) -> discord.AppInfo:
        """Where a server that only speaks Discord's language does not know this, the application is the account."""
        try:
            return await super().application_info()
        except (discord.HTTPException, KeyError, TypeError) as error:
            if isinstance(error, discord.HTTPException) and (error.status == 401 or gateway.is_lost(error)):
                raise
            log.warning("nothing is known of the bot's application", error=str(error))
            return gateway.unknown_application(self)

    async def setup_hook(self) -> None:
        from adapters.discord.sync import sync
        from adapters.discord.tree import build

        if not hasattr(self, "services"):  # logged in only to ask and to post
            return
        if not hasattr(self, "tree"):
            self.tree = build(self, self.services)
        # Beside the connection: who asks by words or presses does not wait for a list of commands.
        self._syncing = asyncio.create_task(sync(self.tree, self.services, self.settings.discord_dev_server))

    async def syncing_ended(self) -> None:
        """What was not sent yet is sent at the next start."""
        if self._syncing is not None:
            self._syncing.cancel()
            await asyncio.gather(self._syncing, return_exceptions=True)

    # -- what happens there

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        from adapters.discord import presses

        if interaction.type is discord.InteractionType.component:
            await presses.pressed(interaction, self.services)
        elif interaction.type is discord.InteractionType.modal_submit:
            await presses.submitted(interaction, self.services)

    async def on_message(self, message: discord.Message) -> None:
        if self.user is not None and message.author.id == self.user.id:
            self.messenger.saw(message)
        else:
            await chat.heard(self, message, self.services, self._pace)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("an event was not handled", event_type=event_method)

    # -- servers

    async def on_connect(self) -> None:
        """The servers' ids are known: at the first start of all these join; ``contexts`` waits for that."""
        storage, ids = self.services.storage, [str(one.id) for one in self.guilds]
        try:
            if self._starting and self._first:  # another shard's
                for id in ids:
                    await join(storage, PLATFORM, id, trusted=True)
            elif self._starting:
                self._first = await first_start(storage, PLATFORM, ids)
        finally:
            self.joined.set()

    async def on_ready(self) -> None:
        log.info("connected to Discord", servers=len(self.guilds), shards=self.shard_count or 1)
        if self._starting:
            self._starting = False
            self.when_ready()
        for guild in list(self.guilds):
            await self._meet(guild)

    async def on_resumed(self) -> None:
        log.info("the connection to Discord was resumed")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._meet(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._meet(guild)

    async def _meet(self, guild: discord.Guild) -> None:
        """Once a server and run; whether it was met before, storage knows."""
        from adapters.discord import welcome

        if self._starting or guild.unavailable or guild.id in self._met:
            return
        self._met.add(guild.id)
        moved = self._first and len(self.guilds) > MOVED
        await welcome.arrived(self, guild, self.services, quiet=moved)


class ShardedClient(PullquoteClient, discord.AutoShardedClient):
    """The same over several connections."""


def client_of(settings: Settings, services: Services | None = None) -> PullquoteClient:
    """A client that is not connected; without ``services`` they are set before it is."""
    options = gateway.sharding(settings.discord_shards) if settings.discord_shards else None
    client = PullquoteClient(settings) if options is None else ShardedClient(settings, **options)
    if services is not None:
        client.services = services
    return client


class DiscordSurface:
    """Discord as a ``bot.surface_ports.Surface``."""

    platform = PLATFORM

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.client = client_of(settings)
        self._logged_in = False
        self._hushed = 0.0

    @property
    def messenger(self) -> DiscordMessenger:
        return self.client.messenger

    async def run(self, services: Services, ready: Callable[[], None]) -> None:
        """As the port says."""
        self.client.services, self.client.when_ready = services, ready
        try:
            await self._connected()
        finally:
            await self._close()

    async def login(self) -> PullquoteClient:
        """Log in to ask and to post, without being told anything; ``close`` ends it. Raises SurfaceError."""
        try:
            await self._log_in()
        except Exception as error:
            refused = gateway.refusal(error)
            if refused is None and not gateway.is_lost(error):
                raise
            raise refused or SurfaceError(texts_discord.unreached(str(error))) from error
        return self.client

    async def close(self) -> None:
        """End what ``login`` began."""
        await self._close()

    def hush(self) -> None:
        if not self._hushed:
            self._hushed = asyncio.get_running_loop().time()
            gateway.hush(self.client)

    async def _connected(self) -> None:
        """Log in and stay connected; what may pass is waited out. Raises SurfaceError."""
        wait_s = FIRST_WAIT_S
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._log_in()
                await self._starts_left()
                await self.client.connect(reconnect=True)
                return
            except Exception as error:
                refused = gateway.refusal(error)
                if refused is not None:
                    raise refused from error
                await self._lost(error, wait_s)
            await asyncio.sleep(wait_s)
            lasted = asyncio.get_running_loop().time() - began > 2 * gateway.LONGEST_WAIT_S
            wait_s = FIRST_WAIT_S if lasted else min(2 * wait_s, gateway.LONGEST_WAIT_S)

    async def _log_in(self) -> None:
        """Raises what discord.py does. After a log-in that failed, or a connection that fell over, all is made anew."""
        client = self.client
        if client.is_closed():
            client.clear()
            self._logged_in = False
        if self._logged_in:
            return
        await client.http.close()
        client.http.connector = discord.utils.MISSING
        async with asyncio.timeout(LOGIN_S):
            await client.login(self._settings.discord_token)
        self._logged_in = True

    async def _starts_left(self) -> None:
        """Discord counts how often a bot connects in a day; who goes on above that loses the token."""
        try:
            _, _, limit = await self.client.http.get_bot_gateway()
            left, wait_s = int(limit["remaining"]), int(limit["reset_after"]) / 1000
        except (*gateway.LOST, discord.HTTPException, KeyError, TypeError, ValueError) as error:
            log.debug("Discord does not say how many starts are left", error=str(error))
            return
        if left <= 0:
            log.error(texts_discord.no_starts_left(wait_s))
            await asyncio.sleep(wait_s)

    async def _lost(self, error: Exception, wait_s: float) -> None:
        socket: Any = self.client.ws  # none yet, although discord.py types it so; its connect() stumbles over that
        if gateway.is_lost(error) or socket is None:
            say = log.warning if wait_s == FIRST_WAIT_S else log.debug  # once, not every minute of a long night
            say(texts_discord.UNREACHED, why=str(error) or type(error).__name__, again_in_s=wait_s)
        else:
            log.error("the connection to Discord fell over", exc_info=error, again_in_s=wait_s)
        if socket is not None and socket.open:
            await socket.close()

    async def _close(self) -> None:
        """No more requests; those under way are answered; then the connection ends."""
        self.hush()
        await self.client.syncing_ended()
        under_way = gateway.answering()
        if under_way:
            left_s = self._hushed + ANSWERS_S - asyncio.get_running_loop().time()
            _, late = await asyncio.wait(under_way, timeout=max(0.0, left_s))
            for task in late:
                task.cancel()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self.client.close()
        except TimeoutError:
            await self.client.http.close()
