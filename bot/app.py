"""The composition root: builds storage, index, services and surfaces. The only module that sees all rooms."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from adapters.fetch import LazyFetcher
from bot import texts
from bot.commands.registry import load
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY, Person, Place, Problem, Role, Viewer
from bot.errors import PullquoteError
from bot.logs import set_up_logs
from bot.rules.ids import new_id
from bot.services import Services
from bot.services.episodes import Episodes
from bot.services.quotes import Quotes
from bot.services.random_lines import RandomLines
from bot.services.summaries import Summaries
from bot.settings import Settings, read_settings
from storage import open_storage
from storage.index import open_index

if TYPE_CHECKING:
    from adapters.console import Progress
    from adapters.fetch.client import HttpFetcher
    from adapters.workers import Workers
    from bot.feed_ports import Fetcher
    from bot.ports import Clock, Offload, Storage
    from bot.services.feed_work import FeedWork
    from bot.services.sources import Source

T = TypeVar("T")

#: The console is one place of the community's own; who sits at it is the operator.
CONSOLE = Place("console", "local", "console")


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """What the command line asks of the rest of the program."""

    settings: Settings

    @asynccontextmanager
    async def services(self, *, sample: bool = False) -> AsyncIterator[Services]:
        """Everything, opened and closed in order. With ``sample``, the sample show while there is nothing else."""
        storage = await self._open(self.settings.data_dir, self.settings.storage_url)
        try:
            if sample and not self.settings.tokens_set() and await _is_empty(storage):
                own = _built(storage, self.settings.index_dir, self.settings)
                async with own as mine, self._sample(mine) as services:
                    yield services
            else:
                async with _built(storage, self.settings.index_dir, self.settings) as services:
                    yield services
        finally:
            await storage.close()

    @asynccontextmanager
    async def _sample(self, own: Services) -> AsyncIterator[Services]:
        folder = self.settings.data_dir / "sample"
        storage = await self._open(folder, f"sqlite:///{folder / 'pullquote.db'}")
        try:
            async with _built(storage, folder / "index", self.settings) as services:
                if await _is_empty(storage):
                    await _import_sample(services)
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
        """Answer on this terminal, or line by line from a pipe, until the input ends."""
        from adapters.console import run_console
        from bot.services.background import running
        from bot.services.follower import catch_up_if_free
        from bot.services.sample_shows import at_hand

        async with self.services(sample=True) as services:
            zone = await self.zone(services)
            if not sys.stdin.isatty():
                # A pipe asks at once: what was imported before must be found.
                await catch_up_if_free(services.storage, services.index)
            notice, example = await _welcome(services)
            async with running(services), _running_own(services):
                await run_console(
                    services.registry,
                    lambda progress: self.context(at_hand(services), progress, zone),
                    stdin=sys.stdin,
                    stdout=sys.stdout,
                    history=self.settings.data_dir / "console_history",
                    example=example,
                    notice=notice,
                )

    def collect(self, paths: Sequence[Path]) -> tuple[list[Source], list[Problem]]:
        """The files under the paths."""
        from adapters.files import collect

        return collect(paths)


def open_app(environment: Mapping[str, str] | None = None) -> App:
    """Read the settings and set up logs. Raises SettingsError."""
    settings = read_settings(os.environ if environment is None else environment)
    set_up_logs(settings.level, settings.log_format, settings.secrets())
    return App(settings)


@asynccontextmanager
async def _built(storage: Storage, index_dir: Path, settings: Settings) -> AsyncIterator[Services]:
    index = await asyncio.to_thread(open_index, index_dir)
    clock = SystemClock()
    quotes = Quotes(storage, index)
    fetcher, offload = LazyFetcher(lambda: _fetcher(settings)), LateWorkers()

    def feed_work() -> FeedWork:
        return _feed_work(storage, fetcher, offload, clock, settings.feed_limit)

    try:
        yield Services(
            storage=storage,
            index=index,
            quotes=quotes,
            random_lines=RandomLines(storage, quotes),
            summaries=Summaries(storage),
            episodes=Episodes(storage, clock),
            feed_work=cache(feed_work),
            clock=clock,
            registry=load(),
        )
    finally:
        await fetcher.close()
        await offload.close()
        index.close()


def _feed_work(storage: Storage, fetcher: Fetcher, offload: Offload, clock: Clock, limit: int) -> FeedWork:
    """What feeds need; loading it takes as long as a short answer."""
    from bot.services.discovery import Discovery
    from bot.services.feed_work import FeedWork
    from bot.services.poller import Poller
    from bot.services.resources import Resources
    from bot.services.shows import Shows

    poller = Poller(storage, fetcher, offload, clock, limit)
    shows = Shows(storage, Discovery(fetcher, offload, limit), poller, clock)
    return FeedWork(shows, poller, Resources(storage, fetcher, offload, clock))


def _beside(sample: Services, own: Services) -> FeedWork:
    """The sample's feeds, where adding a show adds it to one's own."""
    from bot.services.sample_shows import SampleShows

    return replace(sample.feed_work(), shows=SampleShows(sample.shows, own))


@asynccontextmanager
async def _running_own(services: Services) -> AsyncIterator[None]:
    """Beside a sample, the background work of the shows that may be added meanwhile."""
    from bot.services.background import running
    from bot.services.sample_shows import own_of

    own = own_of(services)
    async with running(own) if own else nullcontext():
        yield


class LateWorkers:
    """The ``Offload`` whose processes, and all that starts them, are loaded with the first work."""

    def __init__(self) -> None:
        self._inner: Workers | None = None

    async def run(self, work: Callable[..., T], *given: object, seconds: float = 30.0) -> T:
        if self._inner is None:
            from adapters.workers import Workers

            self._inner = Workers()
        return await self._inner.run(work, *given, seconds=seconds)

    async def close(self) -> None:
        if self._inner is not None:
            await self._inner.close()


def _fetcher(settings: Settings) -> HttpFetcher:
    from importlib.metadata import version

    from adapters.fetch import Manners, user_agent
    from adapters.fetch.client import HttpFetcher
    from bot.rules.addresses import read_allow_list

    agent = user_agent(version("pullquote"), settings.contact_url)
    return HttpFetcher(agent, read_allow_list(settings.allow_hosts), None, Manners())


async def _is_empty(storage: Storage) -> bool:
    return not await storage.shows(Viewer(DEFAULT_COMMUNITY, Role.operator))


async def _import_sample(services: Services) -> None:
    from bot import sample
    from bot.services.ingest import Importer, Wish
    from bot.services.sources import Source

    sources = [
        Source(name, name.rpartition(".")[0], sample.SHOW_SLUG, lambda data=data: data)  # type: ignore[misc]
        for name, data in sample.files()
    ]
    importer = Importer(services.storage, services.index, DEFAULT_COMMUNITY)
    await importer.run(sources, Wish(sample.SHOW_SLUG, sample.SHOW_TITLE))


async def _welcome(services: Services) -> tuple[str, str]:
    """The line above the console's welcome, and a command that works with what is there."""
    from bot import sample

    shows = await services.storage.shows(Viewer(DEFAULT_COMMUNITY, Role.operator))
    if [show.slug for show in shows] == [sample.SHOW_SLUG]:
        return texts.SAMPLE_NOTICE, texts.SAMPLE_EXAMPLE
    return "", "/quote"


def _with_progress(context: Context, progress: Progress) -> Context:
    return replace(context, progress=progress)
