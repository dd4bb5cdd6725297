"""What the core asks of the outside: Protocols only. Adapters and storage implement them; nothing is built here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from bot.alert_ports import AlertStore
from bot.chat_ports import ChatStore
from bot.domain import (
    Anchor,
    Candidate,
    Change,
    Chapter,
    CommunityId,
    Episode,
    EpisodeId,
    EpisodeImport,
    Highlight,
    HistoryEntry,
    IndexedEpisode,
    Line,
    Outcome,
    Person,
    Place,
    Record,
    RecordKind,
    Report,
    Show,
    ShowId,
    Viewer,
)
from bot.feed_ports import FeedStore

T = TypeVar("T")


class Clock(Protocol):
    """Time, so that tests can move it."""

    def now(self) -> datetime:
        """The present, aware UTC."""
        ...


class Offload(Protocol):
    """CPU work off the event loop, where it can neither stall nor crash the bot."""

    async def run(self, work: Callable[..., T], *given: object, seconds: float = 30.0) -> T:
        """``work(*given)``; both must be picklable (a function of a module, plain data). What the work raises is
        raised; WorkFailed when it took longer than ``seconds``, too much memory, or brought its process down."""
        ...


@dataclass(frozen=True, slots=True)
class LineRange:
    """Lines ``first`` to ``last`` of one episode, both included."""

    episode: EpisodeId
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What storing an episode did. ``lost`` names overlays whose words are no longer in the transcript."""

    episode: EpisodeId
    outcome: Outcome
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """A speaker as the community names them, with how many turns and words they have."""

    name: str | None
    turns: int
    words: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of what a viewer can see."""

    shows: int
    episodes: int
    transcripts: int
    lines: int
    words: int


class Storage(FeedStore, AlertStore, ChatStore, Protocol):
    """The truth. One implementation per database, all held to tests/storage/contract.

    For all methods: times are aware UTC; ids are the core's; a write is one transaction that also moves the change
    counter; driver errors arrive as ``bot.errors.StorageError`` and leave nothing half done. Whoever opened a
    storage closes it. Reads take a ``Viewer`` and answer only from its community's shelf, without private shows it
    may not see, and with that community's aliases, fixes and withholds applied: a hidden or erased line is not
    returned by any of them.
    """

    async def close(self) -> None: ...

    # -- communities and shelves
    async def link_workspace(self, community: CommunityId, platform: str, workspace: str) -> None:
        """Let a workspace belong to ``community``, which is made if new."""
        ...

    async def community_of(self, platform: str, workspace: str) -> CommunityId | None: ...

    async def put_show(self, community: CommunityId, show: Show) -> Show:
        """Create or update a show and put it on the community's shelf under ``show.slug``."""
        ...

    async def shelve(self, community: CommunityId, show: ShowId, slug: str) -> None:
        """Put a show that exists on another shelf too. Private shows of credentialed feeds are refused."""
        ...

    async def unshelve(self, community: CommunityId, show: ShowId) -> None: ...

    async def shows(self, viewer: Viewer) -> list[Show]:
        """All shows that the viewer may see, by title."""
        ...

    # -- episodes
    async def episodes(
        self, viewer: Viewer, show: ShowId | None = None, *, limit: int | None = None, offset: int = 0
    ) -> list[Episode]:
        """Newest first (by date, then number, then key); withheld episodes are left out."""
        ...

    async def episode(self, viewer: Viewer, episode: EpisodeId) -> Episode | None: ...

    async def chapters(self, viewer: Viewer, episode: EpisodeId, *, hidden: bool = False) -> list[Chapter]:
        """In order of time; with ``hidden``, those that only change the picture too, after the others."""
        ...

    async def highlights(self, viewer: Viewer, episode: EpisodeId) -> list[Highlight]:
        """Those that touch a hidden line are left out; those not aligned to a line are included."""
        ...

    async def speakers(self, viewer: Viewer, show: ShowId | None = None) -> list[SpeakerCount]:
        """Who speaks, most words first, after aliases; without speakers who are withheld as hidden or erased."""
        ...

    async def speaker_counts(self, viewer: Viewer, episode: EpisodeId) -> list[SpeakerCount]: ...

    async def spoken_as(self, viewer: Viewer, name: str, show: ShowId | None = None) -> frozenset[str]:
        """The source's own labels of whoever this community calls ``name``: what the index knows them by."""
        ...

    async def spoken_in(self, viewer: Viewer, show: ShowId | None = None, name: str | None = None) -> list[EpisodeId]:
        """Episodes with lines that the viewer may see; with ``name``, lines of whoever is called so. In no order."""
        ...

    async def counts(self, viewer: Viewer) -> Counts: ...

    # -- lines
    async def lines(self, viewer: Viewer, episode: EpisodeId) -> list[Line]:
        """The whole transcript as this viewer may see it; withheld lines leave a gap in ``n``."""
        ...

    async def ranges(self, viewer: Viewer, ranges: Sequence[LineRange]) -> list[list[Line]]:
        """As ``lines``, for many short ranges at once, in the order asked; empty where nothing may be seen."""
        ...

    async def fixed_ranges(self, viewer: Viewer) -> list[LineRange]:
        """Where this community's fixes change the words: the index does not know those words."""
        ...

    async def anchor(self, viewer: Viewer, lines: LineRange) -> Anchor | None:
        """The anchor of these lines; ``text`` is what the viewer sees. None when nothing of them may be seen."""
        ...

    async def resolve(self, viewer: Viewer, anchor: Anchor) -> LineRange | None:
        """The lines where the anchor's words stand now; None when they are gone or withheld."""
        ...

    # -- ingest
    async def save_episode(
        self, community: CommunityId, show: ShowId, episode: EpisodeImport, *, catalogue: int | None = None
    ) -> Saved:
        """Store one episode in one transaction: new, changed or the same. A changed transcript replaces the old
        lines whole, and every community's overlays on it are found again by their words.

        ``catalogue`` is what ``FeedStore.catalogue`` said when this episode was found to be new. Raises StorageConflict
        when episodes came or went since: it may be one of those."""
        ...

    async def join_episodes(self, community: CommunityId, kept: EpisodeId, other: EpisodeId, by: str) -> HistoryEntry:
        """Make two episodes of one show one, in one transaction: ``kept`` keeps its id and key and takes what it lacks
        (``bot.rules.merging``: whichever alone stands in a feed tells title and facts first), with the transcript,
        feed items, resources and every community's overlays of ``other``, which is gone: its id leads to ``kept`` in
        every read, and an import under its key goes there. Raises UserError when both hold a transcript or stand in
        two shows, NotFound for an unknown one. A ``Joining`` in the history that can be undone: then both stand as
        before, but for what was changed since; UserError when they cannot."""
        ...

    async def split_episode(
        self, community: CommunityId, episode: EpisodeId, by: str
    ) -> tuple[EpisodeId, HistoryEntry]:
        """Take apart what was joined wrongly: the feed's part (items, resources, facts, enclosures) stays under this
        id and key; the transcript with every overlay on it becomes a new episode (its id is returned), with what its
        own episode was before it was joined, else with what ``bot.rules.merging.parted`` gives it. Raises UserError
        when there is nothing to take apart: no transcript, no feed, or a transcript that came from the feed. In the
        history, and can be undone. A withhold of the whole episode holds for both parts."""
        ...

    async def last_change(self) -> int: ...

    async def changes_since(self, n: int, limit: int = 1000) -> list[Change]:
        """Changes > n in order. Whoever has seen change n never later meets a change <= n."""
        ...

    async def indexed_episode(self, episode: EpisodeId) -> IndexedEpisode | None:
        """Raw lines for the index's builder alone: no overlay is applied."""
        ...

    async def indexed_episodes(self) -> list[EpisodeId]:
        """Every episode that has a transcript, for a rebuild."""
        ...

    # -- records: overlays, settings, grants, saved quotes; each change is in the history and can be undone
    async def put(self, community: CommunityId, record: Record, by: str) -> HistoryEntry:
        """Create or replace the record with this id."""
        ...

    async def drop(self, community: CommunityId, kind: RecordKind, id: str, by: str) -> HistoryEntry | None:
        """Remove a record; None when there is none."""
        ...

    async def record(self, community: CommunityId, kind: RecordKind, id: str) -> Record | None: ...

    async def records(self, community: CommunityId, kind: RecordKind) -> list[Record]:
        """All of one kind, oldest first."""
        ...

    async def settle(self, community: CommunityId, report: Report, by: str) -> Report | None:
        """Put a report that is no longer open, if it still is: None. Else nothing is changed, and how it stands is
        told. NotFound when there is none."""
        ...

    async def lost(self, community: CommunityId) -> list[str]:
        """Ids of fixes, withholds, nicknames and saved quotes whose words are no longer found."""
        ...

    async def history(self, community: CommunityId, *, limit: int = 20, offset: int = 0) -> list[HistoryEntry]:
        """Newest first."""
        ...

    async def undo(self, community: CommunityId, entry: str | None, by: str) -> HistoryEntry:
        """Take back one entry (None = the latest that stands). Raises NotFound for an unknown id, UserError when
        it was undone already or the record has changed since."""
        ...

    # -- what a place and a person saw, and state behind buttons
    async def note_shown(self, community: CommunityId, place: Place, anchor: Anchor) -> None:
        """Remember that a random quote was shown; the last 50 a place are kept. This, ``set_focus`` and ``cache`` may
        be dropped while another process writes: no answer waits for them."""
        ...

    async def recently_shown(self, community: CommunityId, place: Place) -> list[Anchor]: ...

    async def set_focus(self, viewer: Viewer, episode: EpisodeId, at: datetime) -> None:
        """The episode last shown to ``viewer.person`` in ``viewer.place``."""
        ...

    async def focus(self, viewer: Viewer, since: datetime) -> EpisodeId | None: ...

    # -- what members choose for themselves: theirs alone, in no history
    async def member_choice(self, community: CommunityId, person: Person, name: str) -> str | None: ...

    async def member_choices(self, community: CommunityId, person: Person) -> dict[str, str]:
        """All that this person chose here, by name."""
        ...

    async def choose(
        self, community: CommunityId, person: Person, name: str, value: str | None, *, patient: bool = True
    ) -> None:
        """Keep a choice in place of the earlier one; None takes it back, and nothing of it stays. Without patience it
        may be dropped while another process writes, so that no answer waits for it."""
        ...

    async def save_state(self, community: CommunityId, body: str) -> str:
        """Keep a button's state; the same body gives the same id, which reads only in this community."""
        ...

    async def state(self, community: CommunityId, id: str) -> str | None: ...

    async def cached(self, key: str) -> str | None: ...

    async def cache(self, key: str, body: str) -> None:
        """Keep a derived text (a chapter summary by transcript hash); may be dropped at any time."""
        ...


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """What to look for. ``words`` are as typed; empty filters mean no filter; ``shows`` is required."""

    words: str
    shows: frozenset[ShowId]
    episode: EpisodeId | None = None
    speakers: frozenset[str] = frozenset()
    limit: int = 1000


class QuoteIndex(Protocol):
    """The derived search index. Reads may run in any thread and see the last commit; one process writes."""

    def candidates(self, query: IndexQuery) -> list[Candidate]:
        """Passages that share words with the query, best first. Promises matches, not scores."""
        ...

    def seen(self) -> int:
        """The last change that the committed index holds; 0 when there is no index."""
        ...

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """Inverse document frequency of each word (natural log, >= 0); a word that is nowhere has the greatest."""
        ...

    def writer(self) -> IndexWriter:
        """Take the writer lock. Raises IndexBusy when another process holds it."""
        ...

    def close(self) -> None: ...


class IndexWriter(Protocol):
    """The one writer. Nothing is seen by readers before ``commit``."""

    def replace(self, episode: IndexedEpisode) -> None:
        """Put this episode's passages in place of those that are there."""
        ...

    def remove(self, episode: EpisodeId) -> None: ...

    def clear(self) -> None: ...

    def commit(self, seen: int) -> None:
        """Make all of it visible, and remember the change number that it stands for."""
        ...

    def close(self) -> None:
        """Give up the lock; what was not committed is dropped."""
        ...
