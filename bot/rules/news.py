"""What a place is told of the episodes that a poll found: one alert each, skips included, with its reason.

Pure and repeatable: the same news give the same ids, whatever order they come in. Nothing is stored or sent here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import texts_news as texts
from bot.alerts import Alert, AlertKind, AlertState, News, Options
from bot.domain import CommunityId, Place, ShowId
from bot.rules.alert_keys import alert_id
from bot.rules.filters import refusal
from bot.rules.news_kinds import kind_of

__all__ = ["decide", "kind_of"]

#: A date further ahead than this is no release; the moment of being seen stands for it.
_AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Rationed:
    """What is not told although nobody refused it: reasons by identity, and those the burst line stands for."""

    skipped: dict[str, str] = field(default_factory=dict)
    burst: Sequence[News] = ()
    beyond: int = 0


def decide(
    news: Sequence[News],
    community: CommunityId,
    place: Place,
    show: ShowId,
    subscription_id: str,
    options: Options,
    now: datetime,
    *,
    recent: int,
    summed_up: bool,
    show_title: str = "",
) -> list[Alert]:
    """One alert for each news item, oldest first, and at most one burst line behind them.

    ``recent``: alerts of kind new, not skipped, made for this place and show in the last hour. ``summed_up``: a burst
    line was made for them in the last hour. ``show_title`` is named in the burst line.
    """
    ordered = _once(sorted(news, key=_order))
    refused = {one.identity: why for one in ordered if (why := _refused(one, options))}
    opened = sum(one.older for one in ordered) > 1
    rationed = _ration([one for one in ordered if one.identity not in refused], opened, options, recent)
    skipped = refused | rationed.skipped
    desk = _Desk(community, place, show, subscription_id, options, now)
    alerts = [desk.alert(one, skipped.get(one.identity, "")) for one in ordered]
    if rationed.beyond and not summed_up:
        beyond = rationed.beyond + max(one.further for one in ordered)
        text = texts.burst_line(beyond, show_title)
        alerts.append(desk.burst(rationed.burst[0], text, texts.burst_why(beyond, options.burst_cap)))
    return alerts


def _ration(wanted: Sequence[News], opened: bool, options: Options, recent: int) -> _Rationed:
    """Skip what a feed shows that opened to older items, and in a burst what is old or beyond the cap.

    One older item alone may be an episode with a wrong date; two and more at once are a feed that reaches further back.
    """
    skipped = {one.identity: texts.REACHES_BACK for one in wanted if opened and one.older}
    kept = [one for one in wanted if one.identity not in skipped]
    came, recent = len(kept), max(0, recent)
    if came + recent <= options.burst_cap:
        return _Rationed(skipped)
    fresh = [one for one in kept if not _old(one, options)]
    skipped |= {one.identity: texts.old_in_burst(came, options.age_days) for one in kept if _old(one, options)}
    # The newest first, and what waits for a moderator anyway only where there is room.
    ranked = sorted(reversed(fresh), key=lambda one: getattr(options, one.kind) == "hold")
    beyond = ranked[max(0, options.burst_cap - recent) :]
    why = texts.beyond_cap(came, len(fresh) - len(beyond), options.burst_cap, recent)
    return _Rationed(skipped | {one.identity: why for one in beyond}, fresh, len(beyond))


def _refused(one: News, options: Options) -> str:
    """Why this place does not want it; "" when it does. A pause of the bot's own refuses nothing."""
    if options.paused and options.paused_by != "bot":
        return texts.while_paused(options.paused)
    if getattr(options, one.kind) == "skip":
        return texts.kind_skipped(one.kind)
    return refusal(one, options.filters)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Whom the alerts are for, and when they are made."""

    community: CommunityId
    place: Place
    show: ShowId
    subscription: str
    options: Options
    now: datetime

    def alert(self, one: News, skipped: str) -> Alert:
        handling = getattr(self.options, one.kind)
        if skipped:
            return self._made(one, "new", "skipped", skipped)
        if handling == "hold":
            return self._made(one, "new", "held", texts.kind_held(one.kind))
        paused, delay = self.options.paused, self.options.delay_min
        reason = texts.announced(one.kind, one.seen_at, one.reason, handling == "quiet", delay, paused)
        return self._made(one, "new", "waiting", reason, quiet=handling == "quiet")

    def burst(self, first: News, text: str, reason: str) -> Alert:
        """Without mention or notification: the posts before it had theirs."""
        return self._made(first, "burst", "waiting", reason, quiet=True, text=text)

    def _made(
        self, one: News, kind: AlertKind, state: AlertState, reason: str, *, quiet: bool = False, text: str = ""
    ) -> Alert:
        delay = timedelta(minutes=self.options.delay_min)
        return Alert(
            id=alert_id(self.place, self.show, one.identity, kind),
            community=self.community,
            place=self.place,
            kind=kind,
            subject=one.identity,
            state=state,
            reason=reason,
            seen_at=one.seen_at,
            due_at=self.now + delay,
            order_at=self.now + delay,
            # A delay that was wished for does not use up the age.
            expires_at=one.seen_at + timedelta(days=self.options.age_days) + delay,
            show=self.show,
            subscription=self.subscription,
            quiet=quiet,
            text=text,
        )


def _once(news: Iterable[News]) -> list[News]:
    """The first of each identity."""
    found: dict[str, News] = {}
    for one in news:
        found.setdefault(one.identity, one)
    return list(found.values())


def _order(one: News) -> tuple[datetime, int, str, str]:
    return _date(one), -1 if one.number is None else one.number, one.key, one.identity


def _date(one: News) -> datetime:
    if one.published is None or one.published > one.seen_at + _AHEAD:
        return one.seen_at
    return one.published


def _old(one: News, options: Options) -> bool:
    return one.older or _date(one) < one.seen_at - timedelta(days=options.age_days)
