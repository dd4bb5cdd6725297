"""What is done to posts that are there: a thread, publishing, an edit. Each may be done twice without harm."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import texts_alerts as texts
from bot.alert_ports import Outcome, Refused, Sent
from bot.alerts import Alert, Chore
from bot.errors import PullquoteError, StorageConflict
from bot.logs import get_logger
from bot.posts import Post
from bot.rules import retries
from bot.rules.post_digest import brings_transcript, digest, has_transcript
from bot.services.growth import word_of
from bot.services.pacing import SHORT_REST_S

if TYPE_CHECKING:
    from bot.services.outbox_lane import Work

log = get_logger(__name__)

#: What failed for a reason that may pass is tried again after this, doubling; what a person must allow, after longer.
FIRST_S, LONGEST_S, FORBIDDEN_FIRST_S, FORBIDDEN_LONGEST_S = 30.0, 3600.0, 3600.0, 86400.0


async def one_chore(work: Work) -> bool:
    """Do the first chore of the place that is due; False when there is none."""
    now = work.desk.clock.now()
    due = await work.desk.storage.chores(work.lane.place, now)
    if not due:
        return False
    chore = due[0]
    alert = await work.desk.storage.alert(chore.alert)
    if alert is None or alert.state != "posted" or not alert.message or now >= chore.expires_at:
        await _end(work, chore)
        return True
    await _do(work, chore, alert)
    return True


async def _do(work: Work, chore: Chore, alert: Alert) -> None:
    options = await work.options(alert)
    try:
        post = await work.desk.posts.make(alert, options)
    except PullquoteError:
        raise
    except Exception as error:  # a bug with one episode keeps nothing else waiting
        log.error("a post cannot be made anew", alert=alert.id, exc_info=error)
        wait = retries.backoff_s(chore.attempts + 1, first_s=FORBIDDEN_FIRST_S, longest_s=FORBIDDEN_LONGEST_S)
        await _put_off(work, chore, wait, type(error).__name__)
        return
    if not isinstance(post, Post):
        log.info("a post is left as it is", alert=alert.id, reason=post.reason)
        await _end(work, chore)
        return
    wait = _wait_s(work, chore)
    if wait > SHORT_REST_S:
        await _put_off(work, chore, wait, chore.error)
        return
    await work.desk.sleep(wait)
    if _is_done(chore, alert, post):
        await _end(work, chore)
        return
    outcome = await work.ask("chore", lambda: _asked(work, chore, alert, post))
    _note(work, chore)
    await _after(work, chore, alert, post, outcome)


def _wait_s(work: Work, chore: Chore) -> float:
    gate, place = work.platform.gate, work.lane.place
    return max(gate.place_free_s(place), gate.publish_free_s(place) if chore.kind == "publish" else 0.0)


def _note(work: Work, chore: Chore) -> None:
    work.platform.gate.noted(work.lane.place)
    if chore.kind == "publish":
        work.platform.gate.noted_publish(work.lane.place)


def _is_done(chore: Chore, alert: Alert, post: Post) -> bool:
    """Nothing to ask for: the post says already what it should, or the thread is known or no longer wished for."""
    if chore.kind == "edit":
        return digest(post) == alert.digest
    if chore.kind == "thread":
        return bool(alert.thread) or post.thread is None
    return False


def _asked(work: Work, chore: Chore, alert: Alert, post: Post) -> Awaitable[Outcome]:
    messenger = work.platform.messenger
    if chore.kind == "edit":
        return messenger.edit(alert.place, alert.message, alert.thread, post)
    if chore.kind == "publish":
        return messenger.publish(alert.place, alert.message)
    assert post.thread is not None
    return messenger.open_thread(alert.place, alert.message, post.thread)


async def _after(work: Work, chore: Chore, alert: Alert, post: Post, outcome: Outcome) -> None:
    match outcome:
        case Sent():
            changed = _changed(chore, alert, post, outcome)
            await _tell_thread(work, chore, changed, post)
            await _end(work, chore, changed)
            await work.notices.works(work.lane, chore.kind)
        case Refused(why="deleted"):
            await _end(work, chore, replace(alert, state="deleted", reason=texts.DELETED_SINCE))
        case Refused(why="unsupported" | "invalid"):
            log.warning("a chore is given up", alert=alert.id, chore=chore.kind, reason=outcome.reason)
            await work.notices.chore(work.lane, chore.kind, outcome.reason)
            await _end(work, chore)
        case Refused(why="forbidden"):
            await work.notices.chore(work.lane, chore.kind, outcome.reason)
            wait = retries.backoff_s(chore.attempts + 1, first_s=FORBIDDEN_FIRST_S, longest_s=FORBIDDEN_LONGEST_S)
            await _put_off(work, chore, wait, outcome.reason)
        case _:
            asked_s = outcome.retry_after_s if isinstance(outcome, Refused) else None
            wait = retries.backoff_s(chore.attempts + 1, first_s=FIRST_S, longest_s=LONGEST_S)
            await _put_off(work, chore, max(wait, asked_s or 0.0), outcome.reason)
            # A limit on this kind of request alone (publishing, renaming threads) keeps no post waiting.
            if isinstance(outcome, Refused) and (outcome.why != "busy" or outcome.everywhere):
                await work.refused(outcome)


def _changed(chore: Chore, alert: Alert, post: Post, sent: Sent) -> Alert | None:
    if chore.kind == "thread":
        return replace(alert, thread=sent.thread or alert.thread)
    return replace(alert, digest=digest(post)) if chore.kind == "edit" else None


async def _tell_thread(work: Work, chore: Chore, alert: Alert | None, post: Post) -> None:
    """In a thread that opened only after the transcript was there, whoever asked to be told of it is told at once."""
    if chore.kind != "thread" or alert is None or not alert.thread or not has_transcript(digest(post)):
        return
    storage, now = work.desk.storage, work.desk.clock.now()
    if brings_transcript(alert.digest, digest(post)) or await storage.wishes(alert.id):
        await work.desk.written(lambda: storage.add_alerts([word_of(alert, now)], now))


async def _end(work: Work, chore: Chore, alert: Alert | None = None) -> None:
    storage = work.desk.storage
    try:
        await work.desk.written(lambda: storage.end_chore(chore, alert))
    except StorageConflict:  # somebody changed the alert meanwhile: it is done again, with what is there then
        await _put_off(work, chore, 1.0, "")


async def _put_off(work: Work, chore: Chore, seconds: float, error: str) -> None:
    now: datetime = work.desk.clock.now()
    later = replace(chore, due_at=now + timedelta(seconds=seconds), attempts=chore.attempts + 1, error=error)
    await work.desk.written(lambda: work.desk.storage.put_chores([later]))
