"""Reading a place back: page by page to where nothing unknown can stand, then settling every key that was found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot import texts_alerts as texts
from bot.alert_ports import Found, Page, Refused, Unclear
from bot.alerts import Alert
from bot.domain import Role, Viewer
from bot.rules import delivery, retries, twins
from bot.rules.delivery import ReadBack, Reading
from bot.services.outbox_lane import UNREADABLE_S, LaneOver

if TYPE_CHECKING:
    from bot.services.outbox_lane import Work

#: How often one page is asked for before the reading is put off, and how long a platform may make us wait within one.
TRIES, PATIENCE_S = 4, 90.0
#: How much of a queue one reading settles; what is found beyond is looked up by its key.
QUEUE = 1000


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


async def _pages(work: Work, since: datetime, posts: list[Found]) -> Reading | Refused | Unclear:
    began, before = work.desk.clock.now(), ""
    while True:
        page = await _page(work, before)
        if not isinstance(page, Page):
            return page
        posts += page.posts
        if not page.before or page.back_to <= since:
            # Newest first: of two posts with one key the older one is kept.
            found = {one.key: one for one in posts}
            return Reading(began, page.back_to if page.before else None, found)
        if page.before == before:
            return Unclear("the history does not go on")
        before = page.before


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
    twin = ""
    for found in posts:
        alert = queue.get(found.key) or await desk.storage.alert(found.key)
        derived = await _adopt(work, found) if alert is None else False
        verdict = twins.of_history(found, alert, derived)
        if verdict.what == "settle" and alert is not None and alert.id not in queue:
            queue[alert.id] = alert  # held, skipped or ended here, and there all the same
        elif verdict.what == "twin" and _is_news(work, found):
            twin = verdict.reason
            desk.noticed.add(found.message)
    now = desk.clock.now()
    changed = delivery.after_reading(list(queue.values()), reading, now, work.platform.gate.limits.settle_s)
    if changed:
        chores = [chore for alert in changed for chore in await work.chores_for(alert)]
        await work.advance(changed, chores)
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


async def _adopt(work: Work, found: Found) -> bool:
    """A key that nothing stored has: when a known episode gives it, the alert is made as posted, so that it is known
    from now on. Whether that was so."""
    desk, lane = work.desk, work.lane
    if found.kind not in twins.JUDGED:
        return False
    for show in await desk.storage.shows(Viewer(lane.community, Role.operator)):
        items = await desk.storage.known_items(show.id)
        told = await desk.storage.alerts(lane.community, show=show.id, limit=QUEUE)
        guids = (guid for item in items for guid in item.guids)
        subjects = twins.identities(guids, {one.subject for one in told})
        made = twins.derive(found.key, found.kind, lane.place, {show.id: subjects})
        if made is None:
            continue
        key = next((item.episode for item in items if made.subject in twins.identities(item.guids)), None)
        episodes = await desk.storage.stored_episodes(show.id, [key]) if key else []
        alert = twins.adopted(found, made, lane, episodes[0].id if episodes else None, texts.FOUND_THERE)
        await desk.written(lambda: desk.storage.add_alerts([alert], desk.clock.now()))  # noqa: B023
        return True
    return False
