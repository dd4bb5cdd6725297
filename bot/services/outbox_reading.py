"""Reading a place back: page by page to where nothing unknown can stand, then settling every key that was found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from bot import texts_alerts as texts
from bot.alert_ports import Found, Page, Refused, Unclear
from bot.alerts import Alert
from bot.domain import Role, ShowId, Viewer
from bot.rules import delivery, retries, twins
from bot.rules.alert_keys import alert_id
from bot.rules.delivery import ReadBack, Reading
from bot.services.outbox_lane import UNREADABLE_S, LaneOver

if TYPE_CHECKING:
    from bot.services.outbox_lane import Work

#: How often one page is asked for before the reading is put off, and how long a platform may make us wait within one.
TRIES, PATIENCE_S = 4, 90.0
#: How much of a queue one reading settles; what is found beyond is looked up by its key.
QUEUE = 1000
#: So many episodes are named before others get their turn.
SLICE = 200
#: More pages are not read of a place to which nothing is to be sent.
WARM_PAGES = 20


@dataclass(frozen=True, slots=True)
class Named:
    """What a key was made of, and the key of the episode within its show; "" = not known."""

    made: twins.Derived
    episode: str


async def read_back(work: Work, head: Alert, step: ReadBack) -> bool:
    """Read, and settle; False when the place could not be read this time."""
    posts: list[Found] = []
    answer = await _pages(work, step.since, posts)
    if isinstance(answer, Reading):
        work.desk.unread.pop(work.lane.place, None)
        work.desk.unreadable.pop(work.lane.place, None)
        await _settle(work, answer, posts)
        return True
    if isinstance(answer, Refused):
        if answer.why in ("forbidden", "unsupported", "invalid"):
            await _unreadable(work, answer)
            return True
        await work.refused(answer)
    await _later(work, head, answer)
    return False


async def warm_up(work: Work) -> bool:
    """Read the place although nothing is to be sent there yet. Nothing is told of what does not work or seems to be
    another copy's: an episode may be known later, and who sends looks again. False when it gave way."""
    queue, posts = await work.desk.storage.queue(work.lane.place, QUEUE), list[Found]()
    since = delivery.reading_since(work.lane, work.desk.clock.now(), delivery.longest(queue, delivery.OLDEST))
    answer = await _pages(work, since, posts)
    if isinstance(answer, Reading):
        await _settle(work, answer, posts)
        return True
    return work.idle is None or work.idle()


async def _pages(work: Work, since: datetime, posts: list[Found]) -> Reading | Refused | Unclear:
    began, before = work.desk.clock.now(), ""
    shows_absence = work.desk.unclear_s(work.lane.place) <= 0
    for n in count(1):
        page = await _page(work, before)
        if not isinstance(page, Page):
            return page
        posts += page.posts
        if not page.before or page.back_to <= since:
            # Newest first: of two posts with one key the older one is kept.
            found = {one.key: one for one in posts}
            return Reading(began, page.back_to if page.before else None, found, shows_absence)
        if work.idle is not None and (n >= WARM_PAGES or not work.idle()):
            return Unclear("that is for when something is to be sent")
        if page.before == before:
            return Unclear("the history does not go on")
        before = page.before
    raise AssertionError("unreachable")


async def _page(work: Work, before: str) -> Page | Refused | Unclear:
    """One page; a fault in the middle of many pages does not throw the others away."""
    messenger, place = work.platform.messenger, work.lane.place
    tries = TRIES if before else 1
    for attempt in range(1, tries + 1):
        answer = await work.ask("read", lambda: messenger.history(place, before))
        if isinstance(answer, Page) or work.desk.stopping.is_set():
            break
        if isinstance(answer, Refused) and (answer.why != "busy" or (answer.retry_after_s or 0.0) > PATIENCE_S):
            break
        asked_s = answer.retry_after_s if isinstance(answer, Refused) else None
        if attempt < tries:
            with work.waiting():
                await work.desk.sleep(retries.wait_s(attempt, work.desk.random.random(), asked_s))
    return answer


async def _later(work: Work, head: Alert, failed: Refused | Unclear) -> None:
    now, jitter = work.desk.clock.now(), work.desk.random.random()
    loop_now = asyncio.get_running_loop().time()
    since, failures = work.desk.unread.get(work.lane.place, (loop_now, 0))
    work.desk.unread[work.lane.place] = since, failures + 1
    failing_since = now - (loop_now - since) * retries.SECOND
    asked_s = failed.retry_after_s if isinstance(failed, Refused) else None
    after = delivery.after_failed_reading(head, failed.reason, now, failing_since, failures + 1, jitter, asked_s)
    await work.advance([after])


async def _unreadable(work: Work, refused: Refused) -> None:
    """Believed for a while; the alerts whose turn comes are held, each with the reason."""
    why = refused.reason or refused.why
    work.desk.unreadable[work.lane.place] = why, asyncio.get_running_loop().time() + UNREADABLE_S
    await work.notices.unreadable(work.lane, why)


async def _settle(work: Work, reading: Reading, posts: Sequence[Found]) -> None:
    """Write what the reading tells of the whole lane, then that it was read; silence it when a twin was met."""
    desk, lane = work.desk, work.lane
    queue = {one.id: one for one in await desk.storage.queue(lane.place, QUEUE)}
    twin, bursts, names = "", set[ShowId | None](), dict[str, Named]()
    for found in posts:
        alert = queue.get(found.key) or await desk.storage.alert(found.key)
        adopted = await _adopt(work, found, names) if alert is None else None
        if alert is None and found.kind not in twins.JUDGED:
            work.sentry.read(found)
        if adopted is not None and adopted.kind == "burst":
            bursts.add(adopted.show)
        derived = adopted is not None
        verdict = twins.of_history(found, alert, derived)
        if verdict.what == "settle" and alert is not None and alert.id not in queue:
            queue[alert.id] = alert  # held, skipped or ended here, and there all the same
        elif verdict.what == "twin" and _is_news(work, found):
            twin = verdict.reason
            if work.idle is None:
                desk.noticed.add(found.message)
    now = desk.clock.now()
    changed = delivery.after_reading(list(queue.values()), reading, now, work.platform.gate.limits.settle_s)
    waiting = list(queue.values())
    changed += [
        delivery.ended(one, delivery.End("skipped", texts.SUMMED_UP))
        for one in waiting
        if twins.told_already(one, reading.found, waiting, bursts)
    ]
    if changed:
        chores = [chore for alert in changed for chore in await work.chores_for(alert)]
        await work.advance(changed, chores)
    if twin and work.idle is not None:
        return
    newest = max((found.at for found in posts), default=None)
    await desk.written(lambda: desk.storage.vouch(lane.place, desk.run, newest))
    fresh = await desk.storage.lane(lane.place)
    if fresh is None:
        raise LaneOver
    work.lane = fresh
    if twin:
        await work.silence(twin)
        raise LaneOver


def _is_news(work: Work, found: Found) -> bool:
    """Not told of before: what stands before the newest known post was read by somebody already."""
    known = work.lane.known_until
    return found.message not in work.desk.noticed and (known is None or found.at > known)


async def _adopt(work: Work, found: Found, names: dict[str, Named]) -> Alert | None:
    """A key that nothing stored has: when a known episode gives it, the alert is made as posted, so that it is known
    from now on. None when nothing gives it. ``names`` is filled once a reading."""
    desk, lane = work.desk, work.lane
    if found.kind not in twins.JUDGED:
        return None
    if not names:
        await _name(work, names)
    named = names.get(found.key)
    if named is None or named.made.kind != found.kind:
        return None
    episodes = await desk.storage.stored_episodes(named.made.show, [named.episode]) if named.episode else []
    alert = twins.adopted(found, named.made, lane, episodes[0].id if episodes else None, texts.FOUND_THERE)
    await desk.written(lambda: desk.storage.add_alerts([alert], desk.clock.now()))
    return alert


async def _name(work: Work, names: dict[str, Named]) -> None:
    """What every known episode of the community's shows would be announced by in this place, and its key there."""
    desk, lane = work.desk, work.lane
    for show in await desk.storage.shows(Viewer(lane.community, Role.operator)):
        told = await desk.storage.alerts(lane.community, show=show.id, limit=QUEUE)
        subjects = dict.fromkeys((one.subject for one in told), "")
        for n, item in enumerate(await desk.storage.known_items(show.id)):
            subjects |= dict.fromkeys(twins.identities([item]), item.episode)
            if n % SLICE == 0:
                await asyncio.sleep(0)
        for n, (subject, episode) in enumerate(subjects.items()):
            for made in twins.derivable(show.id, subject):
                names[alert_id(lane.place, show.id, subject, made.kind)] = Named(made, episode)
            if n % SLICE == 0:
                await asyncio.sleep(0)
