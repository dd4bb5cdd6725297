"""What feed items point to: transcripts, chapters and the heads of audio files, fetched politely, newest episode first.

All that is known stands in ``Resource`` rows: a stop at any moment loses nothing, and whoever comes next goes on. What
landed is never lost to a later failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain import Episode, EpisodeImport, ShowId
from bot.errors import WorkFailed
from bot.feed_memory import Resource, ResourceState
from bot.feed_ports import AUDIO_HEAD_LIMIT, CHAPTERS_LIMIT, TRANSCRIPT_LIMIT, Fetched, Fetcher, Request
from bot.logs import get_logger
from bot.rules import chapter_sources
from bot.rules.resource_schedule import (
    failed,
    postponed,
    set_aside,
    settled,
    stump,
    unchanged,
    words_of,
)
from bot.rules.transcript_choice import is_translation, ranked
from bot.services.politeness import Hosts
from bot.services.readers import (
    AUDIO_S,
    CHAPTERS_S,
    TRANSCRIPT_S,
    ReadChapters,
    ReadTranscript,
    read_audio,
    read_chapters,
    read_transcript,
)
from bot.services.together import together

if TYPE_CHECKING:
    from bot.ports import Clock, Offload, Storage

log = get_logger(__name__)

#: Called with (done, total, what was fetched).
Progress = Callable[[int, int, str], None]
#: How many episodes are worked on at a time, and how many requests one host gets at a time.
EPISODES_AT_ONCE, PER_HOST = 8, 3
#: More resources than any show has.
ALL = 1_000_000
#: So often may an audio file's reader ask for further parts; the first is what holds the tags of most files.
ROUNDS, FIRST_SPAN = 8, (0, 65_535)
RANGE_NOT_THERE = 416

TRANSLATED = "in another language than is spoken: never quoted"
BETTER, IMPORTED = "a better transcript is used", "the transcript that was imported is used"
BETTER_CHAPTERS = "chapters of a better source are used"
NO_BETTER = "it is no better than what is stored"


def _silent(done: int, total: int, name: str) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Landed:
    """What a run brought: new or changed transcripts and lists of chapters, and what could not be had."""

    transcripts: int = 0
    chapters: int = 0
    failed: int = 0
    episodes: int = 0


@dataclass(slots=True)
class _Job:
    """One episode on its way: what is stored of it, what it points to, and what this run may look at."""

    show: ShowId
    episode: Episode
    language: str
    now: datetime
    resources: list[Resource]
    landed: Landed
    hosts: Hosts
    words: int = field(default=0)

    def of(self, kind: str) -> list[Resource]:
        return [one for one in self.resources if one.kind == kind]

    def is_due(self, one: Resource) -> bool:
        return one.state == "wanted" if one.next_at is None else one.next_at <= self.now

    def put(self, changed: Resource) -> None:
        """Take the resource's new state in place of its old one."""
        self.resources = [changed if _same(one, changed) else one for one in self.resources]


class Resources:
    """Fetches what is due and stores what it holds."""

    def __init__(self, storage: Storage, fetcher: Fetcher, offload: Offload, clock: Clock) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._offload = offload
        self._clock = clock

    async def fetch(
        self,
        show: ShowId | None = None,
        *,
        limit: int = ALL,
        at_once: int = EPISODES_AT_ONCE,
        hosts: Hosts | None = None,
        watch: Progress = _silent,
    ) -> Landed:
        """Everything due of one show or all, at most ``limit`` resources; the newest episodes first."""
        due = await self._storage.due_resources(self._clock.now(), limit, show)
        waiting = list(dict.fromkeys((home, one.episode) for home, one in due))
        waiting.reverse()
        total, landed = len(waiting), Landed()
        turns = hosts or Hosts(2 * at_once, PER_HOST)

        async def work() -> None:
            while waiting:
                home, key = waiting.pop()
                await self._episode(home, key, landed, turns)
                landed.episodes += 1
                watch(landed.episodes, total, key)

        await together(work() for _ in range(min(at_once, total)))
        return landed

    async def _episode(self, show: ShowId, key: str, landed: Landed, hosts: Hosts) -> None:
        found = await self._storage.stored_episodes(show, [key])
        home = await self._storage.stored_show(show)
        if not found or home is None:
            return
        resources = await self._storage.resources(show, key)
        language = home.language or "en"
        job = _Job(show, found[0], language, self._clock.now(), resources, landed, hosts)
        await self._transcripts(job)
        await self._chapters(job)
        await self._audio(job)
        await self._storage.note_resources(show, [one for one in job.resources if one not in resources])

    # -- transcripts

    async def _transcripts(self, job: _Job) -> None:
        for one in job.of("transcript"):
            if is_translation(one.language, job.language) and one.state != "translation":
                job.put(set_aside(one, "translation", TRANSLATED))
        candidates = [one for one in job.of("transcript") if one.state != "translation"]
        used = next((one for one in candidates if one.state == "used"), None)
        if job.episode.lines and used is None:
            self._spare(job, candidates, IMPORTED)
            return
        for n, one in enumerate(ranked(candidates, job.language)):
            if job.is_due(one):
                one = await self._transcript(job, one)
            if one.state == "used":
                rest = [other for other in ranked(candidates, job.language)[n + 1 :]]
                self._spare(job, rest, BETTER)
                return

    def _spare(self, job: _Job, others: Iterable[Resource], why: str) -> None:
        for other in others:
            if other.state in ("wanted", "used", "failed"):
                job.put(set_aside(other, "spare", why))

    async def _transcript(self, job: _Job, one: Resource) -> Resource:
        """Fetch a candidate; its new state, which is ``used`` when the episode's lines come from it."""
        fetched = await self._get(job, one, TRANSCRIPT_LIMIT)
        digest = _digest(fetched)
        if fetched.status != "ok" or (digest == one.hash and one.state in ("used", "empty")):
            return self._kept(job, one, fetched)
        read = await self._read_transcript(job, one, fetched.body)
        one = replace(one, hash=digest)
        why = read.why if read.transcript is None else await self._too_short(job, one, read)
        if read.transcript is None or why:
            state: ResourceState = "used" if one.state == "used" else "empty"
            job.put(done := settled(one, fetched, state, job.now, job.episode.published, why))
            return done
        done = settled(one, fetched, "used", job.now, job.episode.published, read.why)
        await self._store(job, EpisodeImport(job.episode.key, job.episode.title, transcript=read.transcript), done)
        job.landed.transcripts += 1
        return done

    async def _read_transcript(self, job: _Job, one: Resource, body: bytes) -> ReadTranscript:
        language = one.language or job.language
        try:
            return await self._offload.run(
                read_transcript, body, _name(one.url), language, job.episode.duration_s, seconds=TRANSCRIPT_S
            )
        except WorkFailed as err:
            return ReadTranscript(None, str(err))

    async def _too_short(self, job: _Job, one: Resource, read: ReadTranscript) -> str:
        if one.state != "used" or not job.episode.lines or read.transcript is None:
            return ""
        stored = await self._storage.indexed_episode(job.episode.id)
        return stump(words_of(stored.lines), words_of(read.transcript.lines)) if stored else ""

    # -- chapters

    async def _chapters(self, job: _Job) -> None:
        for one in job.of("chapters"):
            if not job.is_due(one):
                continue
            fetched = await self._get(job, one, CHAPTERS_LIMIT)
            digest = _digest(fetched)
            if fetched.status != "ok" or digest == one.hash:
                self._kept(job, one, fetched)
                continue
            read = await self._offloaded(read_chapters, CHAPTERS_S, fetched.body, _name(one.url))
            await self._take_chapters(job, replace(one, hash=digest), fetched, read)

    async def _take_chapters(self, job: _Job, one: Resource, fetched: Fetched, read: ReadChapters) -> None:
        stored = await self._storage.stored_chapters(job.show, job.episode.key)
        chosen = chapter_sources.chosen([read.chapters], stored, job.episode.duration_s) if read.chapters else None
        if chosen is None:
            worse: ResourceState = "spare" if read.chapters else "empty"
            state = "used" if one.state == "used" else worse
            job.put(settled(one, fetched, state, job.now, job.episode.published, read.why or NO_BETTER))
            return
        done = settled(one, fetched, "used", job.now, job.episode.published)
        await self._store(job, EpisodeImport(job.episode.key, job.episode.title, chapters=chosen), done)
        job.landed.chapters += 1

    async def _audio(self, job: _Job) -> None:
        """Chapters in the audio file's tags, only where nothing better is there; looked for once a file."""
        for one in job.of("audio"):
            if not job.is_due(one):
                continue
            stored = await self._storage.stored_chapters(job.show, job.episode.key)
            if stored and chapter_sources.rank(stored[0].source) < chapter_sources.rank("audio"):
                job.put(set_aside(one, "spare", BETTER_CHAPTERS))
                continue
            fetched, read = await self._heard(job, one)
            if fetched.status != "ok":
                self._kept(job, one, fetched)
            else:
                await self._take_chapters(job, one, fetched, read)
                job.put(replace(_now(job, one), next_at=None))

    async def _heard(self, job: _Job, one: Resource) -> tuple[Fetched, ReadChapters]:
        """The chapters in an audio file, asked for part by part, at most 4 MiB of it."""
        parts: dict[int, bytes] = {}
        total: int | None = None
        spans: Sequence[tuple[int, int]] = (FIRST_SPAN,)
        fetched = Fetched("failed", one.url)
        for _ in range(ROUNDS):
            for first, last in spans:
                left = AUDIO_HEAD_LIMIT - sum(map(len, parts.values()))
                if left <= 0:
                    return fetched, ReadChapters(why="its tags are larger than is looked at")
                fetched = await self._get(job, one, left, (first, min(last, first + left - 1)))
                total = fetched.total or total
                if fetched.code == RANGE_NOT_THERE and parts:
                    fetched = replace(fetched, status="ok", body=b"", offset=first)
                if fetched.status != "ok":
                    return fetched, ReadChapters(why=fetched.reason)
                # A server without ranges sends the file from its start, whatever was asked for.
                parts[fetched.offset] = fetched.body
            read = await self._offloaded(read_audio, AUDIO_S, parts, total)
            if read.needs is None:
                return fetched, read
            spans = read.needs.spans
        return fetched, ReadChapters(why="its tags are scattered over too many places")

    # -- what they share

    async def _get(self, job: _Job, one: Resource, limit: int, span: tuple[int, int] | None = None) -> Fetched:
        if job.hosts.resting_until(one.url, job.now):
            return Fetched("busy", one.url, "its host wants to be left alone for a while")
        again = span is None and one.fetched_at is not None
        etag, modified = (one.etag, one.modified) if again else (None, None)
        async with job.hosts.turn(one.url):
            fetched = await self._fetcher.fetch(Request(one.url, limit, etag, modified, span))
        job.hosts.note(fetched, one.url, job.now)
        return fetched

    def _kept(self, job: _Job, one: Resource, fetched: Fetched) -> Resource:
        """The resource after an answer that brought nothing new: what came from it before stays."""
        until = job.hosts.resting_until(one.url, job.now)
        if fetched.status in ("ok", "unchanged"):
            changed = unchanged(one, job.now, job.episode.published)
        elif fetched.status == "busy" and until:
            changed = postponed(one, until, fetched.reason)
        else:
            changed = failed(one, fetched, job.now, job.episode.published)
            job.landed.failed += 1
        job.put(changed)
        return changed

    async def _offloaded(self, work: Callable[..., ReadChapters], seconds: float, *given: object) -> ReadChapters:
        try:
            return await self._offload.run(work, *given, seconds=seconds)
        except WorkFailed as err:
            return ReadChapters(why=str(err))

    async def _store(self, job: _Job, wanted: EpisodeImport, done: Resource) -> None:
        """The part and the state of where it came from, together; what gave it before is spare from now on."""
        before = [one for one in job.of(done.kind) if one.state == "used" and not _same(one, done)]
        spared = [set_aside(one, "spare", BETTER) for one in before]
        for one in (done, *spared):
            job.put(one)
        saved = await self._storage.store_fetched(job.show, wanted, [done, *spared])
        if saved.lost:
            log.warning("corrections lost their words", episode=saved.episode, lost=len(saved.lost))


def _now(job: _Job, one: Resource) -> Resource:
    return next(other for other in job.resources if _same(one, other))


def _same(one: Resource, other: Resource) -> bool:
    return (one.kind, one.url) == (other.kind, other.url)


def _digest(fetched: Fetched) -> str | None:
    return blake2b(fetched.body, digest_size=16).hexdigest() if fetched.status == "ok" else None


def _name(url: str) -> str:
    """The last step of the address: a hint for the parser, without the query, which may hold a secret."""
    return urlsplit(url).path.rpartition("/")[2][-200:]
