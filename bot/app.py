"""The composition root: builds storage, index, services and surfaces. The only module that sees all rooms."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from adapters.fetch import LazyFetcher
from adapters.late_workers import LateWorkers
from bot import texts_discord
from bot.commands.registry import load
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY, Person, Place, Problem, Role
from bot.errors import PullquoteError, SurfaceError
from bot.first_run import first_code, import_sample, is_empty, serving, welcome
from bot.logs import set_up_logs
from bot.rules.ids import new_id
from bot.services import Services
from bot.services.building import build_alert_work, build_feed_work
from bot.services.episodes import Episodes
from bot.services.quotes import Quotes
from bot.services.random_lines import RandomLines
from bot.services.summaries import Summaries
from bot.settings import Settings, read_settings
from storage import open_storage
from storage.index import open_index

if TYPE_CHECKING:
    from adapters.console import Progress
    from adapters.console.posts import ConsoleMessenger
    from adapters.fetch.client import HttpFetcher
    from bot.alert_ports import Messenger
    from bot.desk_ports import Desk
    from bot.ports import Storage
    from bot.services.alert_work import AlertWork
    from bot.services.alerting import Port
    from bot.services.feed_work import FeedWork
    from bot.services.sources import Source
    from bot.surface_ports import Surface
    from bot.web_ports import Route

#: The console is one place of the community's own; who sits at it is the operator.
CONSOLE = Place("console", "local", "console")
#: Those that people ask on beside the console.
PLATFORMS = ("discord",)
#: So long do piped commands wait at their end for what they brought about to be posted, in seconds.
SETTLED_S = 10.0


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """What the command line asks of the rest of the program."""

    settings: Settings
    _surfaces: dict[str, Surface] = field(default_factory=dict)

    def surface(self, platform: str) -> Surface | None:
        """The one surface of a platform, made with the first use; None where no token is set for it."""
        if platform == "discord" and self.settings.discord_token and platform not in self._surfaces:
            from adapters.discord.client import DiscordSurface

            self._surfaces[platform] = DiscordSurface(self.settings)
        return self._surfaces.get(platform)

    def _platforms(self) -> list[Surface]:
        return [one for name in PLATFORMS if (one := self.surface(name))]

    @asynccontextmanager
    async def desk(self, platform: str) -> AsyncIterator[Desk]:
        """As the port says (``bot.cli.program``)."""
        from adapters.discord.desk import desk_of

        surface = self.surface(platform)
        if surface is None:
            raise SurfaceError(texts_discord.BAD_TOKEN)
        async with desk_of(surface, self.settings.discord_web_url) as desk:
            yield desk

    @asynccontextmanager
    async def services(self, *, sample: bool = False, posting: bool = True) -> AsyncIterator[Services]:
        """Everything, opened and closed in order. With ``sample``, the sample show while there is nothing else;
        without ``posting`` the console is the only platform there is: what is due elsewhere is another process's."""
        others = self._platforms if posting else list
        storage = await self._open(self.settings.data_dir, self.settings.storage_url)
        try:
            if sample and not self.settings.tokens_set() and await is_empty(storage):
                own = _built(storage, self.settings.index_dir, self.settings, list)
                async with own as mine, self._sample(mine) as services:
                    yield services
            else:
                async with _built(storage, self.settings.index_dir, self.settings, others) as services:
                    yield services
        finally:
            await storage.close()

    @asynccontextmanager
    async def _sample(self, own: Services) -> AsyncIterator[Services]:
        folder = self.settings.data_dir / "sample"
        storage = await self._open(folder, f"sqlite:///{folder / 'pullquote.db'}")
        try:
            async with _built(storage, folder / "index", self.settings, list) as services:
                if await is_empty(storage):
                    await import_sample(services)
                yield replace(services, feed_work=cache(lambda: _beside(services, own)))
        finally:
            await storage.close()

    async def _open(self, folder: Path, url: str) -> Storage:
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        except OSError as err:
            raise PullquoteError(
                f"{folder} cannot be made ({err.strerror}). Set PULLQUOTE_DATA_DIR to a folder that can be written."
            ) from err
        return await open_storage(url)

    def context(self, services: Services, progress: Progress | None = None, zone: str | None = None) -> Context:
        """One request of whoever sits at this machine, who is the operator."""
        person = Person("console", os.environ.get("USER") or "operator")
        made = Context(
            services, person, Role.operator, DEFAULT_COMMUNITY, CONSOLE, new_id(), timezone=ZoneInfo(zone or "UTC")
        )
        return made if progress is None else _with_progress(made, progress)

    async def zone(self, services: Services) -> str | None:
        """The time zone that the community chose for the console, if it did."""
        from bot.services.preferences import preference

        return await preference(services.storage, DEFAULT_COMMUNITY, CONSOLE, "timezone")

    async def console(self) -> None:
        """Answer on this terminal, or line by line from a pipe, until the input ends or the program is told to end."""
        from bot.ending import until_told
        from bot.services.follower import catch_up_if_free

        async with self.services(sample=True, posting=False) as services:
            if not sys.stdin.isatty():
                # A pipe asks at once: what was imported before must be found.
                await catch_up_if_free(services.storage, services.index)
            async with self._running(services):
                await until_told(self._converse(services))

    @asynccontextmanager
    async def _running(self, services: Services) -> AsyncIterator[None]:
        """Background work; beside a sample also that of the shows that may be added meanwhile."""
        from bot.services.background import running
        from bot.services.sample_shows import own_of

        own = own_of(services)
        async with (
            running(services, None if own else self.port()),
            running(own, self.port()) if own else nullcontext(),
        ):
            yield

    async def _converse(self, services: Services, beside: str = "") -> None:
        from adapters.console import run_console
        from bot.services.alerting import settled
        from bot.services.sample_shows import at_hand, own_of

        own, piped = own_of(services), not sys.stdin.isatty()
        zone = await self.zone(services)
        notice, example = await welcome(services)
        code = "" if piped or own else await first_code(services, discord=bool(beside))
        messenger = _console(services)
        if own:  # its posts are shown on the same terminal
            _console(own).show = lambda post, edited: messenger.show(post, edited) if messenger.show else None
        await run_console(
            services.registry,
            lambda progress: self.context(at_hand(services), progress, zone),
            stdin=sys.stdin,
            stdout=sys.stdout,
            history=self.settings.data_dir / "console_history",
            example=example,
            notice="\n".join(filter(None, (beside, notice, code))),
            messenger=messenger,
            # What piped commands brought about is posted before the program ends.
            at_end=(lambda: settled(at_hand(services), SETTLED_S)) if piped else None,
        )

    async def serve(self, *, console: bool = False) -> None:
        """Every platform with a token, until the program is told to end; with ``console`` this terminal beside them."""
        from bot.ending import INTERRUPT, TERM, until_told
        from bot.services.background import running
        from bot.services.connecting import connected

        async with self.services() as services:
            code = "" if console else await first_code(services, discord=bool(self.settings.discord_token))
            for line in filter(None, () if console else (await serving(services), code)):
                print(line, flush=True)  # noqa: T201 - the code is for whoever reads this terminal, and for no log
            ready = (lambda platform: None) if console else _say_ready
            async with connected(services, self._platforms(), ready) as there, running(services, self.port()):
                work = self._converse(services, texts_discord.BESIDE) if console else None
                await until_told(there.beside(work), (TERM,) if console else (TERM, INTERRUPT))

    def port(self) -> Port | None:
        """How the web port is opened; None while nobody outside knows how to reach it."""
        if not self.settings.public_url:
            return None

        def port(routes: Sequence[Route]) -> AbstractAsyncContextManager[object]:
            from urllib.parse import urlsplit

            from adapters.web import serve

            base = urlsplit(self.settings.public_url).path
            return serve(self.settings.http_host, self.settings.http_port, routes, base=base)

        return port

    def collect(self, paths: Sequence[Path]) -> tuple[list[Source], list[Problem]]:
        """The files under the paths."""
        from adapters.files import collect

        return collect(paths)


def open_app(environment: Mapping[str, str] | None = None, *, given: Mapping[str, str] | None = None) -> App:
    """Read the settings and set up logs; what is ``given`` counts before all else. Raises SettingsError."""
    settings = read_settings({**(os.environ if environment is None else environment), **(given or {})})
    set_up_logs(settings.level, settings.log_format, settings.secrets())
    return App(settings)


@asynccontextmanager
async def _built(
    storage: Storage, index_dir: Path, settings: Settings, surfaces: Callable[[], Sequence[Surface]]
) -> AsyncIterator[Services]:
    index = await asyncio.to_thread(open_index, index_dir)
    clock = SystemClock()
    quotes = Quotes(storage, index)
    fetcher, offload = LazyFetcher(lambda: _fetcher(settings)), LateWorkers()

    def alert_work(console: Messenger) -> AlertWork:
        messengers = [console, *(one.messenger for one in surfaces())]
        return build_alert_work(storage, fetcher, clock, settings, messengers)

    alerts = LateAlerts(alert_work, index_dir.parent)

    def feed_work() -> FeedWork:
        return build_feed_work(storage, fetcher, offload, clock, settings.feed_limit, alerts.wake)

    try:
        yield Services(
            storage=storage,
            index=index,
            quotes=quotes,
            random_lines=RandomLines(storage, quotes),
            summaries=Summaries(storage),
            episodes=Episodes(storage, clock),
            feed_work=cache(feed_work),
            alert_work=alerts,
            clock=clock,
            registry=load(),
        )
    finally:
        await alerts.close()
        await fetcher.close()
        await offload.close()
        index.close()


class LateAlerts:
    """Makes the ``AlertWork`` with the first use; what nobody uses is neither woken nor closed."""

    def __init__(self, make: Callable[[ConsoleMessenger], AlertWork], folder: Path) -> None:
        self._make = make
        self._folder = folder
        self._made: AlertWork | None = None

    @cached_property
    def console(self) -> ConsoleMessenger:
        """The platform that is always there."""
        from adapters.console.posts import ConsoleMessenger

        return ConsoleMessenger(self._folder)

    def __call__(self) -> AlertWork:
        if self._made is None:
            self._made = self._make(self.console)
        return self._made

    def wake(self) -> None:
        if self._made is not None:
            self._made.outbox.wake()

    async def close(self) -> None:
        for messenger in self._made.messengers.values() if self._made else ():
            await messenger.close()


def _say_ready(platform: str) -> None:
    print(texts_discord.ready(platform), flush=True)  # noqa: T201


def _console(services: Services) -> ConsoleMessenger:
    assert isinstance(services.alert_work, LateAlerts)
    return services.alert_work.console


def _beside(sample: Services, own: Services) -> FeedWork:
    """The sample's feeds, where adding a show adds it to one's own."""
    from bot.services.sample_shows import SampleShows

    return replace(sample.feed_work(), shows=SampleShows(sample.shows, own))


def _fetcher(settings: Settings) -> HttpFetcher:
    from importlib.metadata import version

    from adapters.fetch import Manners, user_agent
    from adapters.fetch.client import HttpFetcher
    from bot.rules.addresses import read_allow_list

    agent = user_agent(version("pullquote"), settings.contact_url)
    return HttpFetcher(agent, read_allow_list(settings.allow_hosts), None, Manners())


def _with_progress(context: Context, progress: Progress) -> Context:
    return replace(context, progress=progress)
