"""Use cases: what commands and the command line ask for, over the ports. Decisions stay in ``bot.rules``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.commands.registry import Registry
    from bot.ports import Clock, QuoteIndex, Storage
    from bot.services.alert_work import AlertWork
    from bot.services.episodes import Episodes
    from bot.services.feed_work import FeedWork
    from bot.services.poller import Poller
    from bot.services.quotes import Quotes
    from bot.services.random_lines import RandomLines
    from bot.services.resources import Resources
    from bot.services.shows import Shows
    from bot.services.summaries import Summaries


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a command may use, built once by the composition root."""

    storage: Storage
    index: QuoteIndex
    quotes: Quotes
    random_lines: RandomLines
    summaries: Summaries
    episodes: Episodes
    #: Makes ``FeedWork`` at the first call and gives the same one afterwards.
    feed_work: Callable[[], FeedWork]
    #: The same for ``AlertWork``.
    alert_work: Callable[[], AlertWork]
    clock: Clock
    registry: Registry

    @property
    def shows(self) -> Shows:
        return self.feed_work().shows

    @property
    def poller(self) -> Poller:
        return self.feed_work().poller

    @property
    def resources(self) -> Resources:
        return self.feed_work().resources

    @property
    def alerts(self) -> AlertWork:
        return self.alert_work()
